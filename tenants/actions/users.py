"""One's own preferences."""

from core.actions import action
from core.actor import Actor
from tenants.choices import Digest
from tenants.models.tenants import Membership
from tenants.models.users import User


@action("tenants.change_preferences")
def change_preferences(*, actor: Actor, digest: str | None = None, **changes: object) -> User:
    """Change how the pages look for oneself: name, time zone, theme, density, single-key shortcuts.

    ``digest`` is how often one gets mail about what needs one, in this office alone; None leaves it.
    """
    allowed = {"name", "time_zone", "theme", "density", "single_key_shortcuts"}
    user = User.objects.select_for_update().get(pk=actor.user_id)
    for field, value in changes.items():
        if field not in allowed:
            raise TypeError(f"{field} is not a preference")
        setattr(user, field, value)
    user.save(update_fields=sorted(changes))
    if digest is not None:
        mine = Membership.objects.select_for_update().get(tenant_id=actor.tenant_id, user_id=actor.user_id)
        if mine.digest != digest:
            mine.digest = Digest(digest)
            mine.save(update_fields=["digest"])
    return user
