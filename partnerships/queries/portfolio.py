"""Reading all partners at once: the list's columns, its totals, and the table of stage by health."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Round, TruncDate
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from core.boards import first_of_each, number_in
from organizations.models import OrganizationTag
from partnerships.choices import Band, Stage, StageMeaning, Tier
from partnerships.models import Partnership
from partnerships.queries.followups import visible_followups
from partnerships.queries.opportunities import WEIGHTED, visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from partnerships.rules.opportunities import CENT
from tenants.models import Tenant

DAY = timedelta(days=1)
MONEY = DecimalField(max_digits=20, decimal_places=2)


class Median(Aggregate):
    """The middle of all values; rows without one are left out."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"
    output_field = DurationField()


@visible("partnerships.view_partnerships")
def portfolio(actor: Actor) -> QuerySet[Partnership]:
    """The office's partnerships as the list shows them.

    Annotated: ``stage_place`` and ``tier_place``, the places in the order of stages and tiers; ``tag_names``;
    ``open_opportunities``, and ``weighted``, what those in the office's ``currency`` are expected to bring (None
    without any value), with ``other_currencies``, how many more have a value in another one; ``open_followups`` of
    which the actor may know. What the actor may not see is None.
    """
    tags = OrganizationTag.objects.filter(organization=OuterRef("organization_id"))
    currency = Tenant.objects.filter(pk=actor.tenant_id).values("currency")
    columns = {
        "stage_place": _place("stage_declared", Stage.values),
        "tier_place": _place("tier", Tier.values),
        "tag_names": ArraySubquery(tags.order_by("tag__name_key").values("tag__name")),
        "currency": Subquery(currency, output_field=CharField()),
        **dict.fromkeys(("open_opportunities", "other_currencies", "open_followups"), _nothing(IntegerField())),
        "weighted": _nothing(MONEY),
    }
    if actor.may("partnerships.view_opportunities"):
        open_ones = visible_opportunities(actor).filter(stage__meaning=StageMeaning.OPEN)
        valued = open_ones.filter(value__isnull=False)
        columns["open_opportunities"] = _number(open_ones)
        columns["other_currencies"] = _number(valued.exclude(currency=Subquery(currency)))
        own_money = valued.filter(currency=Subquery(currency))
        columns["weighted"] = _of_each(own_money, Round(Func(WEIGHTED, function="sum"), 2), MONEY)
    if actor.may("partnerships.view_followups"):
        columns["open_followups"] = _number(visible_followups(actor).filter(done_at=None))
    return visible_partnerships(actor).annotate(**columns)


def _place(name: str, codes: Sequence[str]) -> Case:
    """Where a code stands in its closed list: sorting by the code itself would be by the alphabet."""
    return Case(*(When(**{name: code}, then=Value(place)) for place, code in enumerate(codes)))


def _nothing(kind) -> Cast:
    return Cast(Value(None), kind)


def _of_each(rows: QuerySet, figure: Func, kind) -> Subquery:
    """One figure of the rows that belong to a partnership."""
    own = rows.select_related(None).order_by().filter(partnership=OuterRef("pk"))
    return Subquery(own.annotate(figure=figure).values("figure"), output_field=kind)


def _number(rows: QuerySet) -> Subquery:
    return _of_each(rows, Func(F("pk"), function="count"), IntegerField())


@dataclass(frozen=True, slots=True)
class PortfolioSums:
    """What some partners add up to; None for what was not asked for, or cannot be told."""

    at_risk: int | None = None
    silence: timedelta | None = None
    open_opportunities: int | None = None
    weighted: Decimal | None = None
    open_followups: int | None = None


def portfolio_sums(rows: QuerySet[Partnership], names: Collection[str]) -> PortfolioSums:
    """The sums of ``portfolio`` rows by name, in one statement; none when no name is asked for.

    ``silence``: the median of the days since the last real contact, of those that had any.
    """
    today = Value(timezone.localdate(), output_field=DateField())
    since = ExpressionWrapper(today - TruncDate("health__last_contact_at"), output_field=DurationField())
    sums = {
        "at_risk": Count("pk", filter=Q(health__band=Band.AT_RISK)),
        "silence": Median(since),
        "open_opportunities": Sum("open_opportunities"),
        "weighted": Sum("weighted"),
        "open_followups": Sum("open_followups"),
    }
    wanted = {f"sum_{name}": each for name, each in sums.items() if name in names}
    if not wanted:
        return PortfolioSums()
    found = {name.removeprefix("sum_"): value for name, value in rows.order_by().aggregate(**wanted).items()}
    if found.get("weighted") is not None:
        found["weighted"] = found["weighted"].quantize(CENT, ROUND_HALF_UP)
    return PortfolioSums(**found)


@dataclass(frozen=True, slots=True)
class StageByHealth:
    """How many partners stand in each (stage, band), and when the oldest of their scores was computed."""

    counts: Mapping[tuple[str, str], int]
    oldest: datetime | None

    def total(self, *, stage: str = "", band: str = "") -> int:
        """Of one stage, of one band, or of all."""
        wanted = [each for each in self.counts if stage in ("", each[0]) and band in ("", each[1])]
        return sum(self.counts[each] for each in wanted)


def stage_by_health(rows: QuerySet[Partnership]) -> StageByHealth:
    """The table of the chart, in one statement."""
    groups = rows.order_by().values("stage_declared", "health__band")
    found = list(groups.annotate(number=Count("pk"), oldest=Min("health__computed_at")))
    return StageByHealth(
        {(group["stage_declared"], group["health__band"]): group["number"] for group in found},
        min((group["oldest"] for group in found if group["oldest"]), default=None),
    )


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One declared stage of the board: how many partners stand there, and the first of their cards."""

    key: str
    name: str
    count: int
    cards: Sequence[Partnership]

    @property
    def hidden(self) -> int:
        """How many more there are than cards."""
        return self.count - len(self.cards)


def stage_columns(rows: QuerySet[Partnership], *, per_column: int) -> list[StageColumn]:
    """Every stage with the first of its partners in the order of ``rows``; one statement."""
    cards = first_of_each(rows, "stage_declared", at_most=per_column)
    return [
        StageColumn(code, str(label), number_in(found := cards.get(code, [])), found) for code, label in Stage.choices
    ]
