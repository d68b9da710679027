"""Money: fiscal years, the office's currency, indirect cost, cost shares, leverage, and sums by measure.

What was promised, invoiced, received, spent and given in kind are five accounts of partly the same money. They are
kept side by side (``MeasureSums``) and never added to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
LARGEST = Decimal("999999999999.99")
LARGEST_BASE = Decimal("99999999999999.99")
# The measures that may be corrected by a negative entry: what was booked wrongly, paid back or reversed.
CORRECTABLE = frozenset({"received", "spent"})
PUBLIC_SOURCES = frozenset({"federal", "state", "international"})
OVERDUE_DAYS = 90


def fiscal_year(day: date, start_month: int) -> int:
    """The fiscal year of a day, named by the calendar year in which it ends: with July, 2025-07-01 is in 2026."""
    _check_month(start_month)
    return day.year + (start_month > 1 and day.month >= start_month)


def first_day(year: int, start_month: int) -> date:
    """The day on which a fiscal year begins."""
    _check_month(start_month)
    return date(year - (start_month > 1), start_month, 1)


def last_day(year: int, start_month: int) -> date:
    """The day on which a fiscal year ends."""
    return first_day(year + 1, start_month) - timedelta(days=1)


def _check_month(start_month: int) -> None:
    if not 1 <= start_month <= 12:
        raise ValueError(f"a fiscal year cannot begin in month {start_month}")


def to_cents(amount: Decimal) -> Decimal:
    """Two places, half to even, so that many roundings do not lean to one side."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def base_amount(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount in the office's currency at a rate (office's units for one unit of the amount's currency)."""
    if rate <= 0:
        raise ValueError("a rate is above 0")
    return to_cents(amount * rate)


def overhead(base: Decimal, rate: Decimal) -> Decimal:
    """The indirect cost on a base, at a rate in percent."""
    if not 0 <= rate <= HUNDRED:
        raise ValueError("an overhead rate is 0 to 100 percent")
    return to_cents(base * rate / HUNDRED)


@dataclass(frozen=True, slots=True)
class CostShare:
    """What a participant agreed to bear of a project's cost, and what has come of it.

    Cash and contributions in kind are different things that keep one promise: the only place where they meet.
    """

    agreed: Decimal
    in_cash: Decimal
    in_kind: Decimal

    @property
    def missing(self) -> Decimal:
        """What is still to come; never below 0."""
        return max(Decimal("0.00"), self.agreed - self.in_cash - self.in_kind)

    @property
    def is_met(self) -> bool:
        return self.missing == 0


def cost_share(total_cost: Decimal, percent: Decimal, *, in_cash: Decimal, in_kind: Decimal) -> CostShare:
    """The agreed share of a project's cost against what was received for it and given in kind."""
    if not 0 <= percent <= HUNDRED:
        raise ValueError("a share of the cost is 0 to 100 percent")
    return CostShare(to_cents(total_cost * percent / HUNDRED), in_cash, in_kind)


def leverage(sums_by_source: Mapping[str, Decimal]) -> Decimal | None:
    """Public money for each unit of the partners' own, of one measure; None where partners gave nothing."""
    industry = sums_by_source.get("industry", Decimal(0))
    if industry <= 0:
        return None
    public = sum((amount for source, amount in sums_by_source.items() if source in PUBLIC_SOURCES), Decimal(0))
    return (public / industry).quantize(CENT, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class MeasureSums:
    """One sum for each measure. There is no sum of them all, and none can be made by adding."""

    committed: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    in_kind: Decimal = Decimal(0)

    def __add__(self, other: MeasureSums) -> MeasureSums:
        """Measure by measure."""
        return MeasureSums(*(self.of(name) + other.of(name) for name in MEASURES))

    def of(self, measure: str) -> Decimal:
        if measure not in MEASURES:
            raise ValueError(f"{measure!r} is no measure of money")
        return getattr(self, measure)


MEASURES = tuple(field.name for field in fields(MeasureSums))


def sums_of(entries: Iterable[tuple[str, Decimal]]) -> MeasureSums:
    """The sums of (measure, amount) pairs in one currency."""
    found = dict.fromkeys(MEASURES, Decimal(0))
    for measure, amount in entries:
        if measure not in found:
            raise ValueError(f"{measure!r} is no measure of money")
        found[measure] += amount
    return MeasureSums(**found)


def days_overdue(due_on: date | None, paid_on: date | None, today: date) -> int:
    """How many days an invoice is late; 0 where it is paid, not due, or has no day."""
    if due_on is None or (paid_on is not None and paid_on <= today):
        return 0
    return max(0, (today - due_on).days)
