"""Colleagues."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from tenants.models.tenants import Membership
from tenants.models.users import User


@visible("tenants.view_members")
def visible_members(actor: Actor) -> QuerySet[Membership]:
    """The office's memberships, ended ones included, by name."""
    return Membership.objects.filter(tenant_id=actor.tenant_id).select_related("user").order_by("user__name", "pk")


@visible("tenants.view_members")
def everybody(actor: Actor) -> QuerySet[User]:
    """The users who work here or once did: whom records of the past may name."""
    return User.objects.filter(memberships__tenant_id=actor.tenant_id).order_by("name", "pk")


@visible("tenants.view_members")
def colleagues(actor: Actor) -> QuerySet[User]:
    """The users who work here now: what owner and participant fields offer."""
    return User.objects.filter(memberships__tenant_id=actor.tenant_id, memberships__ended_at=None).order_by(
        "name", "pk"
    )


@visible("tenants.view_members")
def mail_of_member(actor: Actor) -> dict[str, object]:
    """Which mail the actor gets in this office: how often about what needs them, and whether last month in figures."""
    rows = Membership.objects.values("digest", "monthly_digest")
    return rows.get(tenant_id=actor.tenant_id, user_id=actor.user_id)
