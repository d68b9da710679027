"""Reading what the two sides want from each other, gave each other, and learned."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from core.versions import VersionedModel
from partnerships.choices import LedgerDirection, ObjectiveStatus, PartnershipStatus, RatingScale, Side
from partnerships.models import Evaluation, LedgerEntry, Objective, PartnerEvent, Partnership, Review
from partnerships.queries.partnerships import visible_partnerships
from partnerships.rules.projects import missing_side

Record = TypeVar("Record", bound=VersionedModel)

RATING_SCALES = {RatingScale.FIVE.value: (1, 5), RatingScale.TEN.value: (0, 10)}
SETTLED = (ObjectiveStatus.MET, ObjectiveStatus.MISSED, ObjectiveStatus.DROPPED)


@visible("partnerships.view_objectives")
def visible_objectives(actor: Actor) -> QuerySet[Objective]:
    """Objectives with their partner, those due first."""
    rows = Objective.objects.select_related("partnership__organization", "project")
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


@visible("partnerships.view_ledger")
def visible_ledger(actor: Actor) -> QuerySet[LedgerEntry]:
    """What was given and got, latest first, with its partner."""
    return LedgerEntry.objects.select_related("partnership__organization").order_by("-occurred_on", "-pk")


@visible("partnerships.view_reviews")
def visible_reviews(actor: Actor) -> QuerySet[Review]:
    """Reviews with partner and who led them, latest first."""
    return Review.objects.select_related("partnership__organization", "held_by").order_by("-held_on", "-pk")


@visible("partnerships.view_partner_events")
def visible_partner_events(actor: Actor) -> QuerySet[PartnerEvent]:
    """Changes at partners, latest first."""
    return PartnerEvent.objects.select_related("partnership__organization").order_by("-occurred_on", "-pk")


@visible("partnerships.view_evaluations")
def visible_evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """Ratings with who gave them, latest first."""
    rows = Evaluation.objects.select_related("partnership__organization", "project", "contact", "member")
    return rows.order_by("-rated_on", "-pk")


def review_overdue(today: date) -> Q:
    """Active partnerships whose review should have been held before ``today``."""
    return Q(status=PartnershipStatus.ACTIVE, next_review_on__lt=today)


@visible("partnerships.view_partnerships")
def overdue_reviews(actor: Actor, owner_id: int | None = None) -> QuerySet[Partnership]:
    """Active partnerships whose review is overdue, the longest overdue first; of one owner, or all."""
    rows = visible_partnerships(actor).filter(status=PartnershipStatus.ACTIVE, next_review_on__lt=timezone.localdate())
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return rows.order_by("next_review_on", "pk")


def last_reviews(partnership_ids: list[int]) -> dict[int, date]:
    """The day of the latest review of each partnership that has one."""
    rows = Review.objects.filter(partnership_id__in=partnership_ids).values("partnership_id")
    return dict(rows.annotate(latest=Max("held_on")).values_list("partnership_id", "latest").order_by())


def lock_record(model: type[Record], pk: int) -> Record:
    """A row of one of these kinds, locked and read anew; call inside an action."""
    return model.objects.select_for_update(of=("self",)).get(pk=pk)


@dataclass(slots=True)
class Scorecard:
    """The objectives of one partnership: ours, theirs, those of both; ``one_sided`` names the side without any."""

    ours: list[Objective] = field(default_factory=list)
    theirs: list[Objective] = field(default_factory=list)
    one_sided: str = ""


def scorecard_of(objectives: list[Objective], *, today: date) -> Scorecard:
    """Sort objectives into two columns; a shared one stands in both. Each gets ``is_overdue``.

    One-sided is a partnership where open objectives are only one side's: then the aims do not match.
    """
    card = Scorecard()
    for each in objectives:
        is_open = each.status not in SETTLED
        each.is_overdue = is_open and each.due_on is not None and each.due_on < today
        if each.side in (Side.OURS, Side.SHARED):
            card.ours.append(each)
        if each.side in (Side.THEIRS, Side.SHARED):
            card.theirs.append(each)
    card.one_sided = missing_side(each.side for each in objectives if each.status not in SETTLED)
    return card


@dataclass(frozen=True, slots=True)
class Balance:
    """What both sides gave: how often, and (currency, given, got) for each currency in which something was valued."""

    given: int
    got: int
    amounts: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def is_lopsided(self) -> bool:
        """Whether one side gave at least three times and three times as often as the other."""
        return max(self.given, self.got) >= 3 * max(1, min(self.given, self.got))


@visible("partnerships.view_ledger")
def ledger_balance(actor: Actor, partnership: Partnership) -> Balance:
    """The balance of a partner's ledger."""
    rows = LedgerEntry.objects.filter(partnership=partnership).values("direction", "currency").order_by()
    counts: defaultdict[str, int] = defaultdict(int)
    sums: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for direction, currency, number, value in rows.annotate(number=Count("pk"), total=Sum("value")).values_list(
        "direction", "currency", "number", "total"
    ):
        counts[direction] += number
        if value is not None:
            sums[currency][direction] = value
    give, get, nothing = LedgerDirection.GIVE, LedgerDirection.GET, Decimal(0)
    return Balance(
        counts[give],
        counts[get],
        tuple((code, each.get(give, nothing), each.get(get, nothing)) for code, each in sorted(sums.items())),
    )


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """The ratings by one side: how many, and their mean on a scale from 0 to 1."""

    side: str
    number: int
    mean: float


@visible("partnerships.view_evaluations")
def rating_summary(actor: Actor, partnership: Partnership) -> list[RatingSummary]:
    """The mean of a partner's ratings by who rates, each brought to 0..1: 1 to 5 as (x - 1)/4, 0 to 10 as x/10."""
    rows = Evaluation.objects.filter(partnership=partnership).values("rater_side", "scale").order_by()
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for side, scale, number, mean in rows.annotate(number=Count("pk"), mean=Avg("score")).values_list(
        "rater_side", "scale", "number", "mean"
    ):
        lowest, highest = RATING_SCALES[scale]
        sums[side][0] += number
        sums[side][1] += number * (float(mean) - lowest) / (highest - lowest)
    return [RatingSummary(side, int(number), total / number) for side, (number, total) in sorted(sums.items())]
