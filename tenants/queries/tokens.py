"""API tokens and invitations by their secret, and the lists people see of them."""

from django.db.models import QuerySet
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from core.secrets import digest_of
from tenants.models.invitations import Invitation
from tenants.models.tenants import Membership, Tenant
from tenants.models.tokens import ApiToken
from tenants.queries.tenants import Access, actor_of

TOUCH_SECONDS = 60


def access_by_token(tenant: Tenant, secret: str, *, request_id: str = "") -> Access | None:
    """The access a bearer token gives in this tenant's scope, or None; notes at most once a minute that it was used."""
    now = timezone.now()
    token = ApiToken.objects.filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=now).first()
    if token is None:
        return None
    membership = (
        Membership.objects.filter(tenant=tenant, user_id=token.member_id, ended_at=None, user__is_active=True)
        .select_related("user", "tenant")
        .first()
    )
    if membership is None:
        return None
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > TOUCH_SECONDS:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    actor = actor_of(membership, request_id=request_id, read_only=not token.can_write, token_id=token.pk)
    return Access(tenant, actor)


@visible("tenants.view_tokens")
def visible_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """One's own tokens; administrators see everybody's."""
    tokens = ApiToken.objects.select_related("member", "made_with").order_by("-created_at", "-pk")
    return tokens if actor.role == "administrator" or actor.is_system else tokens.filter(member_id=actor.user_id)


def lock_token(pk: int) -> ApiToken:
    """The token, locked until the commit: nobody revokes it or makes another one with it meanwhile."""
    return ApiToken.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_tokens_made_with(token_ids: list[int]) -> list[ApiToken]:
    """The tokens that were made with these *locked* ones and are not revoked, locked too."""
    made = ApiToken.objects.filter(made_with_id__in=token_ids, revoked_at=None)
    return list(made.select_for_update(of=("self",)).order_by("pk"))


@visible("tenants.view_invitations")
def visible_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that nobody has accepted or withdrawn."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("-created_at", "-pk")


def open_invitation(secret: str) -> Invitation | None:
    """The invitation behind a link, while it is good: not accepted, not withdrawn, not expired."""
    return Invitation.objects.filter(
        digest=digest_of(secret), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
