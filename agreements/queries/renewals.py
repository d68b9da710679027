"""Renewals: which agreements end so soon that the next one has to be begun."""

from datetime import date, timedelta

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from agreements.choices import AgreementKind, RenewalProgress
from agreements.models import Agreement, AgreementPolicy
from agreements.queries.agreements import in_force, in_law, readable, visible_agreements
from agreements.queries.turnaround import typical_turnarounds
from agreements.rules.clock import renewal_lead_days
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor


@visible("agreements.view_agreements")
def renewal_leads(actor: Actor) -> dict[str, int]:
    """How many days before its end the renewal of each kind has to begin.

    One and a half times the median turnaround of the kind, in calendar days; without a median what the office's
    policy says, 180 days if it says nothing.
    """
    policy = AgreementPolicy.objects.first()
    default = 180 if policy is None else policy.renewal_notice_days
    medians = {kind: each.median for kind, each in typical_turnarounds(actor).items()}
    return {kind: renewal_lead_days(medians.get(kind), default) for kind in AgreementKind.values}


@visible("agreements.view_agreements")
def renewals_due(actor: Actor, today: date) -> QuerySet[Agreement]:
    """Agreements in force that are meant to be renewed and end within their kind's lead, the first to end first.

    Those whose renewal is executed, or was declined, are not among them; those with a renewal under way are.
    """
    rows = _ending(actor, renewal_leads(actor), today).filter(renewal_intended=True)
    return rows.exclude(renewal_progress=RenewalProgress.DECLINED)


@visible("agreements.view_agreements")
def visible_renewals(actor: Actor) -> QuerySet[Agreement]:
    """Every agreement that ends within its kind's lead as of today, those included that will not be renewed.

    ``begin_on`` is when its renewal had to begin, ``notice_on`` the last day to give notice (None without a notice
    period), ``successor_id`` and ``successor_reference`` the draft that renews it, None where there is none that the
    actor may read.
    """
    leads = renewal_leads(actor)
    drafts = Agreement.objects.filter(
        readable(actor), renews=OuterRef("pk"), amends=None, status__in=BEFORE_EXECUTION
    ).order_by("pk")
    lead = Case(*(When(kind=kind, then=Value(days)) for kind, days in leads.items()), output_field=IntegerField())
    return _ending(actor, leads, timezone.localdate()).annotate(
        begin_on=_days_before("expires_on", lead),
        notice_on=_days_before("expires_on", F("notice_days")),
        successor_id=Subquery(drafts.values("pk")[:1]),
        successor_reference=Subquery(drafts.values("reference")[:1]),
    )


def count_by_owner(rows: QuerySet[Agreement]) -> list[tuple[int | None, str, int]]:
    """Who handles how many of these agreements: id, name and number, the most first; nobody's have neither."""
    found = Agreement.objects.filter(pk__in=rows.order_by().values("pk")).values("owner_id", "owner__name")
    return [
        (each["owner_id"], each["owner__name"] or "", each["number"])
        for each in found.annotate(number=Count("pk")).order_by("-number", "owner__name")
    ]


def _ending(actor: Actor, leads: dict[str, int], today: date) -> QuerySet[Agreement]:
    ending = Q()
    for kind, days in leads.items():
        ending |= Q(kind=kind, expires_on__lte=today + timedelta(days=days))
    renewed = Agreement.objects.filter(in_law(), renews=OuterRef("pk"))
    rows = visible_agreements(actor).filter(in_force(today), ending, ~Exists(renewed), amends=None)
    return rows.order_by("expires_on", "pk")


def _days_before(day: str, days: object) -> ExpressionWrapper:
    return ExpressionWrapper(F(day) - days, output_field=DateField())
