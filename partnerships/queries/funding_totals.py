"""What money adds up to by fiscal year and one further thing, each measure for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingSource, ResearchDomain
from partnerships.models import FundingEntry
from partnerships.queries.funding import Books, books_of, visible_funding
from partnerships.rules.funding import leverage

YEARS = 10
REST = "rest"


@dataclass(frozen=True, slots=True)
class Grouping:
    """By what money is grouped: the columns of key and name, the words of a closed list, and the ledger's filter."""

    key: object
    name: object | None = None
    words: type | None = None
    filter_name: str = ""


GROUPINGS: Mapping[str, Grouping] = {
    "source": Grouping(F("source"), words=FundingSource, filter_name="source"),
    "domain": Grouping(F("domain"), words=ResearchDomain, filter_name="domain"),
    "channel": Grouping(F("channel"), words=Channel, filter_name="channel"),
    "unit": Grouping(
        Coalesce("project__unit_id", "partnership__unit_id"),
        Coalesce("project__unit__name", "partnership__unit__name"),
        filter_name="unit",
    ),
    "partner": Grouping(F("partnership_id"), F("partnership__organization__name"), filter_name="partnership"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """One sum in the office's currency. ``key``: code or id of the group, empty where the entries have none."""

    by: str
    key: str
    name: str
    fiscal_year: int
    measure: str
    amount: Decimal
    currency: str
    entries: int


def last_years(books: Books, *, count: int = YEARS) -> tuple[int, int]:
    """The first and last of the fiscal years up to the present one."""
    present = books.year_of(timezone.localdate())
    return present - count + 1, present


@visible("partnerships.view_funding")
def funding_totals(
    actor: Actor,
    *,
    by: str = "source",
    measure: str = "",
    first_year: int | None = None,
    last_year: int | None = None,
) -> list[Total]:
    """The sums of the office by fiscal year, group and measure; of the last ten years unless told otherwise.

    Two statements: the office's books, and the sums.
    """
    books = books_of(actor)
    first, last = last_years(books)
    last = last if last_year is None else last_year
    first = last - YEARS + 1 if first_year is None else first_year
    rows = visible_funding(actor).filter(fiscal_year__range=(first, last))
    return totals_of(rows.filter(measure=measure) if measure else rows, by=by, currency=books.currency)


def totals_of(rows: QuerySet[FundingEntry], *, by: str, currency: str) -> list[Total]:
    """The sums of the given entries by year, group and measure, in one statement; the earliest year first."""
    grouping = GROUPINGS[by]
    columns = {"group_key": grouping.key} | ({"group_name": grouping.name} if grouping.name is not None else {})
    found = (
        rows.select_related(None)
        .order_by()
        .values("fiscal_year", "measure", **columns)
        .annotate(amount=Sum("base_amount"), entries=Count("pk"))
        .order_by("fiscal_year", "measure", "group_key")
    )
    return [_total(by, grouping, row, currency) for row in found]


def _total(by: str, grouping: Grouping, row: Mapping, currency: str) -> Total:
    key = "" if row["group_key"] is None else str(row["group_key"])
    name = row.get("group_name") or (str(grouping.words(key).label) if grouping.words and key else "")
    return Total(
        by=by,
        key=key,
        name=name or unnamed(by),
        fiscal_year=row["fiscal_year"],
        measure=row["measure"],
        amount=row["amount"],
        currency=currency,
        entries=row["entries"],
    )


def unnamed(by: str) -> str:
    """What the group is called whose entries have none."""
    return {"unit": _("No unit"), "partner": _("No partner"), "domain": _("Domain not known")}.get(by, _("Not known"))


@dataclass(frozen=True, slots=True)
class Series:
    """One group over the years, of one measure; ``members`` counts the groups behind the rest."""

    key: str
    name: str
    amounts: Sequence[Decimal]
    members: int = 1

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over the years by group, the largest group first; those beyond the first few as one, the rest."""

    years: Sequence[int]
    series: Sequence[Series]
    leverage: Sequence[Decimal | None]

    @property
    def by_year(self) -> list[Decimal]:
        return [sum((each.amounts[place] for each in self.series), Decimal(0)) for place in range(len(self.years))]

    @property
    def total(self) -> Decimal:
        return sum(self.by_year, Decimal(0))


def trend_of(totals: Sequence[Total], years: Sequence[int], *, most: int) -> Trend:
    """The totals of one measure as series over ``years``."""
    if len({total.measure for total in totals}) > 1:
        raise ValueError("a trend is of one measure: different ones are never added")
    places = {year: place for place, year in enumerate(years)}
    names: dict[str, str] = {}
    amounts: dict[str, list[Decimal]] = {}
    for total in totals:
        if total.fiscal_year in places:
            names[total.key] = total.name
            row = amounts.setdefault(total.key, [Decimal(0)] * len(years))
            row[places[total.fiscal_year]] += total.amount
    series = sorted((Series(key, names[key], row) for key, row in amounts.items()), key=_largest_first)
    if len(series) > most:
        kept, rest = series[: most - 1], series[most - 1 :]
        added = [sum((each.amounts[place] for each in rest), Decimal(0)) for place in range(len(years))]
        series = [*kept, Series(REST, _("%d others") % len(rest), added, len(rest))]
    by_source = all(total.by == "source" for total in totals)
    return Trend(years, series, _leverage(series, len(years)) if by_source else [])


def _largest_first(series: Series) -> tuple[Decimal, str]:
    return -series.total, series.name


def _leverage(series: Sequence[Series], years: int) -> list[Decimal | None]:
    return [leverage({each.key: each.amounts[place] for each in series}) for place in range(years)]
