"""Renewals: which agreements end so soon that the next one has to be begun."""

from datetime import date

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
from django.db.models.functions import Coalesce
from django.utils import timezone

from agreements.choices import AgreementKind, RenewalProgress
from agreements.models import Agreement, AgreementPolicy
from agreements.queries.agreements import in_force, in_law, readable, visible_agreements
from agreements.queries.turnaround import typical_turnarounds
from agreements.rules.clock import renewal_lead_days
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor

NOTICE_DAYS = 180


@visible("agreements.view_agreements")
def renewal_leads(actor: Actor) -> dict[str, int]:
    """How many days before its end the renewal of each kind has to begin.

    One and a half times the median turnaround of the kind, in calendar days; where too few were executed for one
    to plan by, what the office's policy says, ``NOTICE_DAYS`` if it says nothing.
    """
    policy = AgreementPolicy.objects.first()
    default = NOTICE_DAYS if policy is None else policy.renewal_notice_days
    known = _known_leads(actor)
    return {kind: known.get(kind, default) for kind in AgreementKind.values}


@visible("agreements.view_agreements")
def renewals_due(actor: Actor, today: date) -> QuerySet[Agreement]:
    """Agreements in force that are meant to be renewed and end within their kind's lead, the first to end first.

    Those whose renewal is executed, or was declined, are not among them; those with a renewal under way are.
    """
    rows = _ending(actor, _lead(actor), today).filter(renewal_intended=True)
    return rows.exclude(renewal_progress=RenewalProgress.DECLINED)


@visible("agreements.view_agreements")
def visible_renewals(actor: Actor) -> QuerySet[Agreement]:
    """Every agreement that ends within its kind's lead as of today, those included that will not be renewed.

    ``begin_on`` is when its renewal had to begin, ``notice_on`` the last day to give notice (None without a notice
    period), ``successor_id`` and ``successor_reference`` the draft that renews it, None where there is none that the
    actor may read.
    """
    lead = _lead(actor)
    drafts = Agreement.objects.filter(
        readable(actor), renews=OuterRef("pk"), amends=None, status__in=BEFORE_EXECUTION
    ).order_by("pk")
    return _ending(actor, lead, timezone.localdate()).annotate(
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


def _known_leads(actor: Actor) -> dict[str, int]:
    """The lead of each kind of which enough were executed to know how long it takes."""
    medians = {kind: each.dependable for kind, each in typical_turnarounds(actor).items()}
    return {kind: renewal_lead_days(median) for kind, median in medians.items() if median is not None}


def _lead(actor: Actor) -> Case:
    """An agreement's lead in days, for use in a statement; the office's policy is read by that statement itself."""
    policy = Subquery(AgreementPolicy.objects.values("renewal_notice_days")[:1])
    known = (When(kind=kind, then=Value(days)) for kind, days in _known_leads(actor).items())
    return Case(*known, default=Coalesce(policy, NOTICE_DAYS), output_field=IntegerField())


def _ending(actor: Actor, lead: Case, today: date) -> QuerySet[Agreement]:
    renewed = Agreement.objects.filter(in_law(), renews=OuterRef("pk"))
    ending = Q(expires_on__lte=ExpressionWrapper(Value(today) + lead, output_field=DateField()))
    rows = visible_agreements(actor).filter(in_force(today), ending, ~Exists(renewed), amends=None)
    return rows.order_by("expires_on", "pk")


def _days_before(day: str, days: object) -> ExpressionWrapper:
    return ExpressionWrapper(F(day) - days, output_field=DateField())
