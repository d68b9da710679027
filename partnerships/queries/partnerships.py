"""Reading partnerships."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Band, PartnershipStatus
from partnerships.models import Partnership

SILENT_DAYS = 90


@visible("partnerships.view_partnerships")
def visible_partnerships(actor: Actor) -> QuerySet[Partnership]:
    """The office's partnerships with organization, owner and present health, by organization's name."""
    return Partnership.objects.select_related("organization", "owner", "health").order_by(
        "organization__name_key", "pk"
    )


def lock_partnership(pk: int) -> Partnership:
    """The row, locked and read anew; call inside an action."""
    return Partnership.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)


def silent_for(days: int) -> Q:
    """Partners without real contact for more than ``days``; one never contacted counts once it is that old."""
    since = timezone.now() - timedelta(days=days)
    never = Q(health__last_contact_at=None, started_on__lt=since.date())
    return never | Q(health__last_contact_at__lt=since)


@dataclass(frozen=True, slots=True)
class PortfolioTotals:
    """Counts of active partnerships; ``silent``: no real contact for more than 90 days, or never."""

    partners: int
    healthy: int
    watch: int
    at_risk: int
    insufficient: int
    silent: int
    changed: int


@visible("partnerships.view_partnerships")
def portfolio_totals(actor: Actor, *, owner_id: int | None = None) -> PortfolioTotals:
    """The figures of a portfolio in one statement: one owner's, or the whole office's; changed: in the last 7 days."""
    now = timezone.now()
    rows = Partnership.objects.filter(status=PartnershipStatus.ACTIVE)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    silent = silent_for(SILENT_DAYS)
    totals = rows.aggregate(
        partners=Count("pk"),
        healthy=Count("pk", filter=Q(health__band=Band.HEALTHY)),
        watch=Count("pk", filter=Q(health__band=Band.WATCH)),
        at_risk=Count("pk", filter=Q(health__band=Band.AT_RISK)),
        insufficient=Count("pk", filter=Q(health__band=Band.INSUFFICIENT)),
        silent=Count("pk", filter=silent),
        changed=Count("pk", filter=Q(health__changed_at__gte=now - timedelta(days=7))),
    )
    return PortfolioTotals(**totals)


@visible("partnerships.view_partnerships")
def health_changes(actor: Actor, *, days: int = 30) -> QuerySet[Partnership]:
    """Partnerships whose band or score moved in the last days, latest first."""
    since = timezone.now() - timedelta(days=days)
    return visible_partnerships(actor).filter(health__changed_at__gte=since).order_by("-health__changed_at", "pk")


@visible("partnerships.view_partnerships")
def needing_attention(actor: Actor, *, owner_id: int | None = None) -> QuerySet[Partnership]:
    """Active partnerships that are at risk or silent, the longest silent first."""
    rows = visible_partnerships(actor).filter(status=PartnershipStatus.ACTIVE)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    rows = rows.filter(Q(health__band=Band.AT_RISK) | silent_for(SILENT_DAYS))
    return rows.order_by("health__last_contact_at", "pk")
