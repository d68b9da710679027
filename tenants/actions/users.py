"""One's own preferences."""

from core.actions import action
from core.actor import Actor
from tenants.models.users import User


@action("tenants.change_preferences")
def change_preferences(*, actor: Actor, **changes: object) -> User:
    """Change how the pages look for oneself: name, time zone, theme, density, single-key shortcuts."""
    allowed = {"name", "time_zone", "theme", "density", "single_key_shortcuts"}
    user = User.objects.select_for_update().get(pk=actor.user_id)
    for field, value in changes.items():
        if field not in allowed:
            raise TypeError(f"{field} is not a preference")
        setattr(user, field, value)
    user.save(update_fields=sorted(changes))
    return user
