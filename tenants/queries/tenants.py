"""Finding the office behind an address and proving that somebody belongs to it: the only unscoped reads."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core.actor import Actor
from tenants.models.tenants import Membership, Tenant
from tenants.models.users import User


@dataclass(frozen=True, slots=True)
class Access:
    """A proven membership: the office and the actor in it."""

    tenant: Tenant
    actor: Actor


def actor_of(
    membership: Membership, *, request_id: str = "", read_only: bool = False, token_id: int | None = None
) -> Actor:
    """The actor of a membership whose tenant and user are loaded."""
    return Actor(
        tenant_id=membership.tenant_id,
        user_id=membership.user_id,
        role=membership.role,
        name=membership.user.name,
        email=membership.user.email,
        request_id=request_id,
        time_zone=membership.user.time_zone or membership.tenant.time_zone,
        currency=membership.tenant.currency,
        read_only=read_only,
        token_id=token_id,
        role_label=str(membership.get_role_display()),
    )


def access_by_user(slug: str, user: User, *, request_id: str = "") -> Access | None:
    """One statement answers whether the office exists, is active, and this user is a member of it now."""
    membership = (
        Membership.objects.filter(tenant__slug=slug, tenant__is_active=True, user=user, ended_at=None)
        .select_related("tenant")
        .first()
    )
    if membership is None:
        return None
    membership.user = user
    return Access(membership.tenant, actor_of(membership, request_id=request_id))


def active_tenant(slug: str) -> Tenant | None:
    return Tenant.objects.filter(slug=slug, is_active=True).first()


def active_tenant_ids() -> list[int]:
    return list(Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))


def offices_of(user: User) -> QuerySet[Membership]:
    """The offices a signed-in person may enter, by name."""
    return (
        Membership.objects.filter(user=user, ended_at=None, tenant__is_active=True)
        .select_related("tenant")
        .order_by("tenant__name")
    )


def currency_of(actor: Actor) -> str:
    """The base currency of the actor's office."""
    return actor.currency or Tenant.objects.values_list("currency", flat=True).get(pk=actor.tenant_id)


def lock_office(actor: Actor) -> None:
    """Let one writer at a time change what holds across an office's rows, such as a tree; until the commit."""
    Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant_id)
