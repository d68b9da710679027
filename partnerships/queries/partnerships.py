"""Reading partnerships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, F, Func, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Band, PartnershipStatus
from partnerships.models import Partnership
from partnerships.queries.health_configuration import with_health_settings

SILENT_DAYS = 90
# Coordinates of a country alone are no place.
IS_PLACED = Q(organization__latitude__isnull=False) & ~Q(organization__geo_precision="country")


@visible("partnerships.view_partnerships")
def visible_partnerships(actor: Actor) -> QuerySet[Partnership]:
    """The office's partnerships with organization, owner and present health, by organization's name."""
    return Partnership.objects.select_related("organization", "owner", "unit", "health").order_by(
        "organization__name_key", "pk"
    )


@visible("partnerships.view_partnerships")
def partnerships_in_full(actor: Actor) -> QuerySet[Partnership]:
    """The same with what the head of one partner's page says: the parent, and what made the health.

    The office's settings of health come along (``health_config_beside``).
    """
    rows = visible_partnerships(actor).select_related("organization__parent", "health__snapshot")
    return with_health_settings(rows)


def with_counts(rows: QuerySet, counted: Mapping[str, QuerySet]) -> QuerySet:
    """The rows with ``count_<name>``: how many rows each queryset has that names them as ``OuterRef("pk")``."""
    counts = {
        f"count_{name}": Subquery(each.order_by().annotate(number=Func(F("pk"), function="count")).values("number"))
        for name, each in counted.items()
    }
    return rows.annotate(**counts)


def lock_partnership(pk: int) -> Partnership:
    """The row, locked and read anew; call inside an action."""
    return Partnership.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)


def silent_for(days: int) -> Q:
    """Partners without real contact for more than ``days``; one never contacted counts once it is that old."""
    since = timezone.now() - timedelta(days=days)
    never = Q(health__last_contact_at=None, started_on__lt=since.date())
    return never | Q(health__last_contact_at__lt=since)


def needs_attention(today: date) -> Q:
    """Active partnerships that are at risk, silent or overdue for review."""
    why = Q(health__band=Band.AT_RISK) | silent_for(SILENT_DAYS) | Q(next_review_on__lt=today)
    return Q(status=PartnershipStatus.ACTIVE) & why


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
    touched: int


@visible("partnerships.view_partnerships")
def portfolio_totals(actor: Actor) -> tuple[PortfolioTotals, bool]:
    """The figures of the actor's own portfolio and True; of the whole office and False for who owns no partner.

    One statement. ``changed``: in the last 7 days. ``touched``: the office's partners with any real contact.
    """
    now = timezone.now()
    counts = {
        "partners": Count("pk"),
        "healthy": Count("pk", filter=Q(health__band=Band.HEALTHY)),
        "watch": Count("pk", filter=Q(health__band=Band.WATCH)),
        "at_risk": Count("pk", filter=Q(health__band=Band.AT_RISK)),
        "insufficient": Count("pk", filter=Q(health__band=Band.INSUFFICIENT)),
        "silent": Count("pk", filter=silent_for(SILENT_DAYS)),
        "changed": Count("pk", filter=Q(health__changed_at__gte=now - timedelta(days=7))),
        "touched": Count("pk", filter=Q(health__last_contact_at__isnull=False)),
    }
    rows = Partnership.objects.filter(status=PartnershipStatus.ACTIVE)
    own = Case(When(owner_id=actor.user_id, then=Value(True)), default=Value(False))
    groups = {row.pop("own"): row for row in rows.order_by().annotate(own=own).values("own").annotate(**counts)}
    touched = sum(row["touched"] for row in groups.values())
    for row in groups.values():
        row["touched"] = touched
    if True in groups:
        return PortfolioTotals(**groups[True]), True
    return PortfolioTotals(**groups.get(False, dict.fromkeys(counts, 0))), False


@visible("partnerships.view_partnerships")
def health_changes(actor: Actor, *, days: int = 30) -> QuerySet[Partnership]:
    """Partnerships whose band or score moved in the last days, latest first."""
    since = timezone.now() - timedelta(days=days)
    return visible_partnerships(actor).filter(health__changed_at__gte=since).order_by("-health__changed_at", "pk")


@visible("partnerships.view_partnerships")
def needing_attention(actor: Actor, *, today: date, owner_id: int | None = None) -> QuerySet[Partnership]:
    """Active partnerships that are at risk, silent or overdue for review: at risk first, then the longest silent."""
    rows = visible_partnerships(actor).filter(needs_attention(today))
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    first = Case(When(health__band=Band.AT_RISK, then=Value(0)), default=Value(1))
    return rows.order_by(first, "health__last_contact_at", "pk")
