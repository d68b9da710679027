"""API tokens."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.secrets import digest_of, new_secret
from tenants.models.tokens import ApiToken
from tenants.queries.tokens import lock_token, lock_tokens_made_with

LONGEST_DAYS = 365


@action("tenants.create_token")
def create_token(*, actor: Actor, name: str, days: int, can_write: bool) -> tuple[ApiToken, str]:
    """A token of the actor's own and its secret, which is shown this once. It lives for 1 to 365 ``days``.

    One that is made with a token lives no longer than that one, and ends when that one is revoked.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput("days_out_of_range", _("Choose between 1 and 365 days."), field="days")
    expires_at = timezone.now() + timedelta(days=days)
    if actor.token_id is not None:
        _check_maker(lock_token(actor.token_id), expires_at)
    secret = new_secret()
    token = ApiToken.objects.create(
        member_id=actor.user_id,
        name=name,
        digest=digest_of(secret),
        hint=secret[-4:],
        can_write=can_write,
        made_with_id=actor.token_id,
        expires_at=expires_at,
    )
    return token, secret


def _check_maker(maker: ApiToken, expires_at: datetime) -> None:
    """Refuse what the *locked* token may not make: anything once it is revoked, and what would live longer."""
    if maker.revoked_at is not None:
        raise ActionRefused("token_revoked", _("The token that you use was revoked. Make a new one in the browser."))
    if expires_at > maker.expires_at:
        left = (maker.expires_at - timezone.now()).days
        until = date_format(timezone.localtime(maker.expires_at), "j M Y, H:i T")
        message = _("The token that you use lives until %(until)s, less than a day. Make one in the browser.")
        if left > 0:
            message = ngettext(
                "The token that you use lives until %(until)s. Choose %(left)d day.",
                "The token that you use lives until %(until)s. Choose at most %(left)d days.",
                left,
            )
        details = {"until": maker.expires_at.isoformat(), "days": left}
        words = {"until": until, "left": left}
        raise InvalidInput("outlives_maker", message % words, field="days", details=details)


@action("tenants.revoke_token")
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Make a token useless from the next request on, and all that were made with it, and with those.

    One's own; administrators may revoke any.
    """
    token = lock_token(token.pk)
    if token.member_id != actor.user_id and actor.role != "administrator":
        raise ActionRefused("not_yours", _("This token belongs to somebody else. Ask an administrator."))
    if token.revoked_at is None:
        token.revoked_at, ending = timezone.now(), [token]
        while ending:
            ids = [each.pk for each in ending]
            ApiToken.objects.filter(pk__in=ids).update(revoked_at=token.revoked_at)
            ending = lock_tokens_made_with(ids)
    return token
