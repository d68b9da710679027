"""API tokens."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.secrets import digest_of, new_secret
from tenants.models.tokens import ApiToken

LONGEST_DAYS = 365


@action("tenants.create_token")
def create_token(*, actor: Actor, name: str, days: int, can_write: bool) -> tuple[ApiToken, str]:
    """A token of the actor's own and its secret, which is shown this once. It lives for 1 to 365 ``days``."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput("days_out_of_range", _("Choose between 1 and 365 days."), field="days")
    secret = new_secret()
    token = ApiToken.objects.create(
        member_id=actor.user_id,
        name=name,
        digest=digest_of(secret),
        hint=secret[-4:],
        can_write=can_write,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token, secret


@action("tenants.revoke_token")
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Make a token useless from the next request on. One's own; administrators may revoke any."""
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.member_id != actor.user_id and actor.role != "administrator":
        raise ActionRefused("not_yours", _("This token belongs to somebody else. Ask an administrator."))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
