"""Reading opportunities: the list, the board, what they add up to, and how they moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from core.boards import first_of_each
from partnerships.choices import StageMeaning
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage, Partnership
from partnerships.rules.opportunities import CENT, CLOSED, time_in_stages
from tenants.queries.tenants import currency_of

DAY = timedelta(days=1)
CHANCE = Coalesce(F("probability"), F("stage__probability"))
WEIGHTED = F("value") * CHANCE / Value(Decimal(100))


@visible("partnerships.view_opportunities")
def visible_opportunities(actor: Actor) -> QuerySet[Opportunity]:
    """The office's opportunities with partner, stage and owner; by next step, those without one last."""
    return Opportunity.objects.select_related("partnership__organization", "stage", "owner").order_by(
        F("next_step_on").asc(nulls_last=True), "pk"
    )


@visible("partnerships.view_opportunities")
def opportunities_in_full(actor: Actor) -> QuerySet[Opportunity]:
    """The same with all that one page says of an opportunity."""
    return visible_opportunities(actor).select_related("unit", "need", "capability__unit")


@visible("partnerships.view_opportunities")
def opportunities_with(actor: Actor, partnership: Partnership) -> QuerySet[Opportunity]:
    """The opportunities with one partner in the order of the pipeline."""
    return (
        visible_opportunities(actor).filter(partnership=partnership).order_by("stage__position", "-stage_since", "pk")
    )


@visible("partnerships.view_opportunities")
def titled_alike(actor: Actor, *, partnership_id: int, title: str, but: int | None = None) -> Opportunity | None:
    """Another opportunity with this partner that has the same title; None when there is none."""
    rows = visible_opportunities(actor).filter(partnership_id=partnership_id, title__iexact=title.strip())
    return rows.exclude(pk=but).first()


def lock_opportunity(pk: int) -> Opportunity:
    """The row with its stage and partner, locked and read anew; call inside an action."""
    return Opportunity.objects.select_for_update(of=("self",)).select_related("stage", "partnership").get(pk=pk)


def aged(now: datetime) -> Q:
    """Those that have stood longer in an open stage than the office expects there."""
    limit = ExpressionWrapper(Value(DAY) * (F("stage__expected_days") + 1), output_field=DurationField())
    return Q(stage__meaning=StageMeaning.OPEN, stage__expected_days__isnull=False, stage_since__lte=Value(now) - limit)


def step_overdue(today: object) -> Q:
    """Those not closed whose next step should have been done before ``today``."""
    return Q(next_step_on__lt=today) & ~Q(stage__meaning__in=CLOSED)


# What they add up to


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts and amounts of some opportunities. Amounts stand by currency and are never added across them.

    ``unvalued`` have no value yet. ``weighted``: each value times its probability, to the cent.
    """

    count: int = 0
    aged: int = 0
    unvalued: int = 0
    value: Mapping[str, Decimal] = field(default_factory=dict)
    weighted: Mapping[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count,
            self.aged + other.aged,
            self.unvalued + other.unvalued,
            _added(self.value, other.value),
            _added(self.weighted, other.weighted),
        )


def _added(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {key: one.get(key, Decimal()) + other.get(key, Decimal()) for key in sorted({*one, *other})}


def sums_by_stage(rows: QuerySet[Opportunity]) -> dict[int, Sums]:
    """What the given opportunities add up to in each stage, in one statement; a stage without any is left out."""
    found: dict[int, Sums] = {}
    groups = (
        rows.select_related(None)
        .order_by()
        .values("stage_id", "currency")
        .annotate(
            held=Count("pk"),
            old=Count("pk", filter=aged(timezone.now())),
            valued=Count("value"),
            total=Sum("value"),
            expected=Sum(WEIGHTED),
        )
    )
    for group in groups:
        currency = group["currency"]
        one = Sums(
            group["held"],
            group["old"],
            group["held"] - group["valued"],
            {} if group["total"] is None else {currency: group["total"].quantize(CENT)},
            {} if group["expected"] is None else {currency: group["expected"].quantize(CENT, ROUND_HALF_UP)},
        )
        found[group["stage_id"]] = found.get(group["stage_id"], Sums()) + one
    return found


@dataclass(frozen=True, slots=True)
class PipelineTotals:
    """The open opportunities of one owner or of the whole office.

    ``weighted`` is in the office's ``currency``; ``others`` are further currencies, apart.
    """

    count: int
    aged: int
    overdue: int
    currency: str
    value: Decimal
    weighted: Decimal
    others: Mapping[str, Decimal]


@visible("partnerships.view_opportunities")
def pipeline_totals(actor: Actor, owner_id: int | None = None) -> PipelineTotals:
    """What is in the pipeline: open opportunities, those on hold left out. Two statements."""
    rows = Opportunity.objects.filter(stage__meaning=StageMeaning.OPEN)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    now, today, currency = timezone.now(), timezone.localdate(), currency_of(actor)
    groups = rows.values("currency").annotate(
        held=Count("pk"),
        old=Count("pk", filter=aged(now)),
        late=Count("pk", filter=step_overdue(today)),
        total=Sum("value"),
        expected=Sum(WEIGHTED),
    )
    by_currency = {group["currency"]: group for group in groups.order_by("currency")}
    own = by_currency.get(currency, {})
    return PipelineTotals(
        count=sum(group["held"] for group in by_currency.values()),
        aged=sum(group["old"] for group in by_currency.values()),
        overdue=sum(group["late"] for group in by_currency.values()),
        currency=currency,
        value=_to_cent(own.get("total")),
        weighted=_to_cent(own.get("expected")),
        others={
            code: _to_cent(group["expected"])
            for code, group in by_currency.items()
            if code != currency and group["expected"] is not None
        },
    )


def _to_cent(amount: Decimal | None) -> Decimal:
    return (amount or Decimal()).quantize(CENT, ROUND_HALF_UP)


# The board


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One stage of the board: what stands in it, and the first of its cards."""

    stage: OpportunityStage
    sums: Sums
    cards: Sequence[Opportunity]

    @property
    def key(self) -> int:
        return self.stage.pk

    @property
    def name(self) -> str:
        return self.stage.name

    @property
    def count(self) -> int:
        return self.sums.count

    @property
    def is_aside(self) -> bool:
        """Whether it stands folded at the end: what is on hold, won or lost is not worked on."""
        return self.stage.meaning != StageMeaning.OPEN

    @property
    def hidden(self) -> int:
        """How many more there are than cards."""
        return self.sums.count - len(self.cards)


def board_of(
    stages: Iterable[OpportunityStage],
    rows: QuerySet[Opportunity],
    sums: Mapping[int, Sums],
    *,
    per_column: int,
    widened: int | None = None,
    at_most: int = 300,
) -> list[BoardColumn]:
    """The columns of a board in one statement: every stage in use, and every archived one that holds something.

    ``sums`` are those of ``rows``. Cards keep the order of ``rows``, ``per_column`` in each column; the column of the
    stage ``widened`` has up to ``at_most``.
    """
    cards = first_of_each(rows, "stage_id", at_most=per_column, widened=widened, widest=at_most)
    return [
        BoardColumn(stage, sums.get(stage.pk, Sums()), cards.get(stage.pk, []))
        for stage in stages
        if stage.archived_at is None or stage.pk in sums
    ]


# How they moved


@visible("partnerships.view_opportunities")
def visible_moves(actor: Actor, opportunity: Opportunity) -> QuerySet[OpportunityMove]:
    """An opportunity's moves, newest first."""
    return (
        OpportunityMove.objects.filter(opportunity=opportunity)
        .select_related("from_stage", "to_stage", "moved_by")
        .order_by("-moved_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of an opportunity's way: ``days`` is None for a stage in which it never stood."""

    stage: OpportunityStage
    days: int | None
    is_current: bool


def way_of(
    opportunity: Opportunity, stages: Iterable[OpportunityStage], moves: Sequence[OpportunityMove], *, now: datetime
) -> list[Step]:
    """The stepper: every stage in use and every one it stood in, with the whole days it stood there.

    ``moves`` are those of ``visible_moves``. The time in the stage where it was closed is not counted.
    """
    arrivals = [(move.to_stage_id, move.moved_at) for move in reversed(moves)]
    spent = time_in_stages(arrivals, now) if arrivals else {}
    if opportunity.stage.meaning in CLOSED:
        spent[opportunity.stage_id] = timedelta()
    steps = []
    for stage in stages:
        current = stage.pk == opportunity.stage_id
        if stage.archived_at is None or current or stage.pk in spent:
            days = spent[stage.pk] // DAY if stage.pk in spent else None
            steps.append(Step(stage, days, current))
    return steps
