"""One's own preferences."""

from core.actions import action
from core.actor import Actor
from tenants.choices import Digest
from tenants.models.tenants import Membership
from tenants.models.users import User


@action("tenants.change_preferences")
def change_preferences(
    *, actor: Actor, digest: str | None = None, monthly_digest: bool | None = None, **changes: object
) -> User:
    """Change how the pages look for oneself: name, time zone, theme, density, single-key shortcuts.

    ``digest`` is how often one gets mail about what needs one, and ``monthly_digest`` whether one gets last month in
    figures, both in this office alone; None leaves it.
    """
    allowed = {"name", "time_zone", "theme", "density", "single_key_shortcuts"}
    user = User.objects.select_for_update().get(pk=actor.user_id)
    for field, value in changes.items():
        if field not in allowed:
            raise TypeError(f"{field} is not a preference")
        setattr(user, field, value)
    user.save(update_fields=sorted(changes))
    mail = {"digest": digest and Digest(digest), "monthly_digest": monthly_digest}
    mail = {name: value for name, value in mail.items() if value is not None}
    if mail:
        mine = Membership.objects.select_for_update().get(tenant_id=actor.tenant_id, user_id=actor.user_id)
        changed = [name for name, value in mail.items() if getattr(mine, name) != value]
        for name in changed:
            setattr(mine, name, mail[name])
        if changed:
            mine.save(update_fields=changed)
    return user
