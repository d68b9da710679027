"""Many partnerships' inputs of the formula as arrays, one class per section of inputs.py.

Row i of every array is the i-th partnership. ``present`` says whose section was measured; the numbers of others are
0, and none is above 1e12. Where a partnership has many of something (channels, people, agreements), these lie in
arrays of their own, with the row of each in ``row``, ascending.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from partnerships.rules.health.arithmetic import MAX_MAGNITUDE
from partnerships.rules.health.config import HealthConfig
from partnerships.rules.health.dimensions import agreements_in_view
from partnerships.rules.health.inputs import (
    BreadthInput,
    ContactMass,
    DeliveryInput,
    DepthInput,
    FundingInput,
    HealthInput,
    RecencyInput,
    ReciprocityInput,
    RunwayInput,
    SatisfactionInput,
    TalentInput,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Columns = TypeVar("Columns")

KEPT_DECIMALS = 9


def present_of(sections: Sequence[object]) -> Flags:
    return np.fromiter((section is not None for section in sections), np.bool_, len(sections))


def numbers(sections: Sequence[Any], take: Callable[[Any], float]) -> Floats:
    """One number per section, which has checked its own; 0 where there is none."""
    return _bounded(0.0 if each is None else take(each) for each in sections)


def _bounded(values: Iterable[float | Decimal]) -> Floats:
    return np.clip(np.fromiter(values, np.float64), -MAX_MAGNITUDE, MAX_MAGNITUDE)


def as_kept(values: Floats) -> Floats:
    """Numbers as a snapshot keeps them: to nine decimals, far below what anybody sees, and half as long to write."""
    return np.round(values, KEPT_DECIMALS)


def kept_columns(section: Columns) -> Columns:
    """The columns of a section with their numbers as a snapshot keeps them."""
    numbers_of = {name: each for name, each in vars(section).items() if getattr(each, "dtype", None) == np.float64}
    return replace(section, **{name: as_kept(each) for name, each in numbers_of.items()})


def rows_of(lengths: Iterable[int]) -> Rows:
    """The row of each element, for lists of these lengths one after another."""
    counts = np.fromiter(lengths, np.intp)
    return np.repeat(np.arange(len(counts)), counts)


def _of_rows(row: Rows, values: Any, rows: Rows) -> list[list[Any]]:
    """The elements of each of the rows, of arrays or lists in which row ``row[i]`` has the i-th."""
    starts, ends = np.searchsorted(row, rows).tolist(), np.searchsorted(row, rows, "right").tolist()
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    return [plain[start:end] for start, end in zip(starts, ends, strict=True)]


def _known(values: Floats, rows: Rows) -> list[float | None]:
    """The numbers of the rows, None for NaN."""
    return [None if math.isnan(value) else value for value in values[rows].tolist()]


@dataclass(frozen=True)
class RecencyColumns:
    """``last_real_touch_age`` is NaN where there never was one."""

    present: Flags
    decayed_mass: Floats
    account_age_days: Floats
    has_touch: Flags
    last_real_touch_age: Floats

    @classmethod
    def of(cls, sections: Sequence[RecencyInput | None]) -> Self:
        def last(section: RecencyInput) -> float:
            return np.nan if section.last_real_touch_age is None else section.last_real_touch_age

        return cls(
            present_of(sections),
            numbers(sections, attrgetter("decayed_mass")),
            numbers(sections, attrgetter("account_age_days")),
            numbers(sections, attrgetter("has_touch")) > 0,
            numbers(sections, last),
        )

    def sections(self, rows: Rows) -> list[RecencyInput]:
        return [
            RecencyInput(mass, int(age), touched, None if last is None else int(last))
            for mass, age, touched, last in zip(
                self.decayed_mass[rows].tolist(),
                self.account_age_days[rows].tolist(),
                self.has_touch[rows].tolist(),
                _known(self.last_real_touch_age, rows),
                strict=True,
            )
        ]


@dataclass(frozen=True)
class BreadthColumns:
    """One entry per partnership and channel."""

    present: Flags
    account_age_days: Floats
    row: Rows
    mass: Floats
    channel: Sequence[str]

    @classmethod
    def of(cls, sections: Sequence[BreadthInput | None]) -> Self:
        masses = [_by_channel(section) for section in sections]
        flat = [entry for each in masses for entry in each.items()]
        return cls(
            present_of(sections),
            numbers(sections, attrgetter("account_age_days")),
            rows_of(map(len, masses)),
            _bounded(mass for _channel, mass in flat),
            [channel for channel, _mass in flat],
        )

    def sections(self, rows: Rows) -> list[BreadthInput]:
        channels, masses = (_of_rows(self.row, each, rows) for each in (self.channel, self.mass))
        return [
            BreadthInput(tuple(zip(*each, strict=True)), int(age))
            for *each, age in zip(channels, masses, self.account_age_days[rows].tolist(), strict=True)
        ]


def _by_channel(section: BreadthInput | None) -> dict[str, float]:
    if section is None:
        return {}
    totals: dict[str, list[float]] = {}
    for channel, mass in section.channel_masses:
        totals.setdefault(channel, []).append(mass)
    return {channel: parts[0] if len(parts) == 1 else math.fsum(parts) for channel, parts in totals.items()}


@dataclass(frozen=True)
class DepthColumns:
    """``named_share`` is NaN where there was no touch."""

    present: Flags
    named_share: Floats
    external_row: Rows
    external_mass: Floats
    external_decides: Flags
    internal_row: Rows
    internal_mass: Floats

    @classmethod
    def of(cls, sections: Sequence[DepthInput | None]) -> Self:
        def named(section: DepthInput) -> float:
            return np.nan if section.named_share is None else min(max(section.named_share, 0.0), 1.0)

        external = [() if each is None else each.external for each in sections]
        internal = [() if each is None else each.internal for each in sections]
        return cls(
            present_of(sections),
            numbers(sections, named),
            rows_of(map(len, external)),
            _bounded(tie.mass for each in external for tie in each),
            np.fromiter((tie.decision_maker for each in external for tie in each), np.bool_),
            rows_of(map(len, internal)),
            _bounded(mass for each in internal for mass in each),
        )

    def sections(self, rows: Rows) -> list[DepthInput]:
        masses, decide = (
            _of_rows(self.external_row, each, rows) for each in (self.external_mass, self.external_decides)
        )
        internal = _of_rows(self.internal_row, self.internal_mass, rows)
        return [
            DepthInput(tuple(map(ContactMass, theirs, decide)), tuple(ours), named)
            for theirs, decide, ours, named in zip(
                masses, decide, internal, _known(self.named_share, rows), strict=True
            )
        ]


@dataclass(frozen=True)
class ReciprocityColumns:
    present: Flags
    inbound: Floats
    outbound: Floats
    gives: Floats
    gets: Floats
    ledger_entries: Floats

    @classmethod
    def of(cls, sections: Sequence[ReciprocityInput | None]) -> Self:
        names = ("inbound", "outbound", "gives", "gets", "ledger_entries")
        return cls(present_of(sections), *(numbers(sections, attrgetter(name)) for name in names))

    def sections(self, rows: Rows) -> list[ReciprocityInput]:
        sides = (each[rows].tolist() for each in (self.inbound, self.outbound, self.gives, self.gets))
        entries = map(int, self.ledger_entries[rows].tolist())
        return [ReciprocityInput(*each) for each in zip(*sides, entries, strict=True)]


@dataclass(frozen=True)
class FundingColumns:
    present: Flags
    last_365: Floats
    previous_730: Floats
    history_months: Floats

    @classmethod
    def of(cls, sections: Sequence[FundingInput | None]) -> Self:
        return cls(
            present_of(sections),
            numbers(sections, attrgetter("last_365")),
            numbers(sections, attrgetter("previous_730")),
            numbers(sections, attrgetter("history_months")),
        )


@dataclass(frozen=True)
class DeliveryColumns:
    present: Flags
    weight: Floats
    credit: Floats

    @classmethod
    def of(cls, sections: Sequence[DeliveryInput | None]) -> Self:
        return cls(present_of(sections), *(numbers(sections, attrgetter(name)) for name in ("weight", "credit")))


@dataclass(frozen=True)
class RunwayColumns:
    """The agreements in view. ``days_left`` is infinite for an evergreen one."""

    present: Flags
    row: Rows
    annual_value: Floats
    days_left: Floats
    renewal_progress: Floats

    @classmethod
    def of(cls, sections: Sequence[RunwayInput | None], config: HealthConfig) -> Self:
        terms = [() if each is None else agreements_in_view(each, config) for each in sections]
        flat = [term for each in terms for term in each]
        return cls(
            present_of(sections),
            rows_of(map(len, terms)),
            _bounded(term.annual_value for term in flat),
            np.fromiter((np.inf if term.days_left is None else term.days_left for term in flat), np.float64),
            np.clip([term.renewal_progress for term in flat], 0.0, 1.0),
        )


@dataclass(frozen=True)
class TalentColumns:
    present: Flags
    mass: Floats
    covered: Flags

    @classmethod
    def of(cls, sections: Sequence[TalentInput | None]) -> Self:
        covered = numbers(sections, lambda each: each.has_events or each.feed_connected) > 0
        return cls(present_of(sections), numbers(sections, attrgetter("mass")), covered)


@dataclass(frozen=True)
class SatisfactionColumns:
    present: Flags
    weight: Floats
    weighted_sum: Floats

    @classmethod
    def of(cls, sections: Sequence[SatisfactionInput | None]) -> Self:
        return cls(present_of(sections), *(numbers(sections, attrgetter(name)) for name in ("weight", "weighted_sum")))


@dataclass(frozen=True)
class HealthColumns:
    """The inputs of many partnerships as of one day; a section that is None is measured for none of them."""

    stage: Sequence[str]
    recency: RecencyColumns | None = None
    breadth: BreadthColumns | None = None
    depth: DepthColumns | None = None
    reciprocity: ReciprocityColumns | None = None
    funding: FundingColumns | None = None
    delivery: DeliveryColumns | None = None
    runway: RunwayColumns | None = None
    talent: TalentColumns | None = None
    satisfaction: SatisfactionColumns | None = None
    critical_issues: Floats | None = None


SECTION_COLUMNS: dict[str, Callable[[Sequence[Any], HealthConfig], Any]] = {
    "recency": lambda sections, config: RecencyColumns.of(sections),
    "breadth": lambda sections, config: BreadthColumns.of(sections),
    "depth": lambda sections, config: DepthColumns.of(sections),
    "reciprocity": lambda sections, config: ReciprocityColumns.of(sections),
    "funding": lambda sections, config: FundingColumns.of(sections),
    "delivery": lambda sections, config: DeliveryColumns.of(sections),
    "runway": RunwayColumns.of,
    "talent": lambda sections, config: TalentColumns.of(sections),
    "satisfaction": lambda sections, config: SatisfactionColumns.of(sections),
    "critical_issues": lambda sections, config: numbers(sections, lambda each: each),
}


def columns_of(inputs: Sequence[HealthInput], config: HealthConfig) -> HealthColumns:
    """The same inputs as columns."""
    return HealthColumns(
        [each.stage for each in inputs],
        **{code: make([getattr(each, code) for each in inputs], config) for code, make in SECTION_COLUMNS.items()},
    )


def largest_shares(depth: DepthColumns) -> tuple[list[float | None], list[float | None]]:
    """``ties.largest_share`` of each partnership, on their side and on ours."""

    def of(row: Rows, mass: Floats) -> list[float | None]:
        size = len(depth.present)
        largest = np.zeros(size)
        np.maximum.at(largest, row, mass)
        total = np.bincount(row, mass, size)
        shares = np.divide(largest, total, out=np.zeros(size), where=total > 0)
        return [share if whole > 0 else None for share, whole in zip(shares.tolist(), total.tolist(), strict=True)]

    return of(depth.external_row, depth.external_mass), of(depth.internal_row, depth.internal_mass)
