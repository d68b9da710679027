"""Many partnerships' inputs of the formula as arrays, one class per section of inputs.py.

Row i of every array is the i-th partnership. ``present`` says whose section was measured; the numbers of others are
0. Where a partnership has many of something (channels, people, agreements), these lie in arrays of their own, with
the row of each in ``row``, ascending.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from partnerships.rules.health.arithmetic import amount, finite, share
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


def present_of(sections: Sequence[object]) -> Flags:
    return np.fromiter((section is not None for section in sections), np.bool_, len(sections))


def numbers(sections: Sequence[Any], take: Callable[[Any], float]) -> Floats:
    """One number per section, 0 where there is none."""
    return np.fromiter((0.0 if each is None else take(each) for each in sections), np.float64, len(sections))


def rows_of(lengths: Iterable[int]) -> Rows:
    """The row of each element, for lists of these lengths one after another."""
    counts = np.fromiter(lengths, np.intp)
    return np.repeat(np.arange(len(counts)), counts)


def _slice(rows: Rows, index: int) -> slice:
    """Where the elements of a row lie."""
    return slice(*np.searchsorted(rows, [index, index + 1]))


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
            numbers(sections, lambda each: amount("decayed_mass", each.decayed_mass)),
            numbers(sections, lambda each: each.account_age_days),
            numbers(sections, lambda each: each.has_touch) > 0,
            numbers(sections, last),
        )

    def section(self, index: int) -> RecencyInput:
        last = self.last_real_touch_age[index]
        return RecencyInput(
            decayed_mass=float(self.decayed_mass[index]),
            account_age_days=int(self.account_age_days[index]),
            has_touch=bool(self.has_touch[index]),
            last_real_touch_age=None if np.isnan(last) else int(last),
        )


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
            numbers(sections, lambda each: each.account_age_days),
            rows_of(map(len, masses)),
            np.fromiter((mass for _channel, mass in flat), np.float64, len(flat)),
            [channel for channel, _mass in flat],
        )

    def section(self, index: int) -> BreadthInput:
        some = _slice(self.row, index)
        masses = zip(self.channel[some], self.mass[some].tolist(), strict=True)
        return BreadthInput(tuple(masses), int(self.account_age_days[index]))


def _by_channel(section: BreadthInput | None) -> dict[str, float]:
    if section is None:
        return {}
    totals: dict[str, list[float]] = {}
    for channel, mass in section.channel_masses:
        totals.setdefault(channel, []).append(amount(channel, mass))
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
            return np.nan if section.named_share is None else share("named_share", section.named_share)

        external = [() if each is None else each.external for each in sections]
        internal = [() if each is None else each.internal for each in sections]
        return cls(
            present_of(sections),
            numbers(sections, named),
            rows_of(map(len, external)),
            np.fromiter((amount("mass", tie.mass) for each in external for tie in each), np.float64),
            np.fromiter((tie.decision_maker for each in external for tie in each), np.bool_),
            rows_of(map(len, internal)),
            np.fromiter((amount("mass", mass) for each in internal for mass in each), np.float64),
        )

    def section(self, index: int) -> DepthInput:
        external, internal = _slice(self.external_row, index), _slice(self.internal_row, index)
        ties = zip(self.external_mass[external].tolist(), self.external_decides[external].tolist(), strict=True)
        named = self.named_share[index]
        return DepthInput(
            external=tuple(ContactMass(mass, decides) for mass, decides in ties),
            internal=tuple(self.internal_mass[internal].tolist()),
            named_share=None if np.isnan(named) else float(named),
        )


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
        return cls(present_of(sections), *(_amounts(sections, name) for name in names))

    def section(self, index: int) -> ReciprocityInput:
        return ReciprocityInput(
            inbound=float(self.inbound[index]),
            outbound=float(self.outbound[index]),
            gives=float(self.gives[index]),
            gets=float(self.gets[index]),
            ledger_entries=int(self.ledger_entries[index]),
        )


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
            numbers(sections, lambda each: finite("last_365", each.last_365)),
            numbers(sections, lambda each: finite("previous_730", each.previous_730)),
            numbers(sections, lambda each: each.history_months),
        )


@dataclass(frozen=True)
class DeliveryColumns:
    present: Flags
    weight: Floats
    credit: Floats

    @classmethod
    def of(cls, sections: Sequence[DeliveryInput | None]) -> Self:
        return cls(present_of(sections), _amounts(sections, "weight"), _amounts(sections, "credit"))


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
            np.fromiter((amount("annual_value", term.annual_value) for term in flat), np.float64),
            np.fromiter((np.inf if term.days_left is None else term.days_left for term in flat), np.float64),
            np.fromiter((share("renewal_progress", term.renewal_progress) for term in flat), np.float64),
        )


@dataclass(frozen=True)
class TalentColumns:
    present: Flags
    mass: Floats
    covered: Flags

    @classmethod
    def of(cls, sections: Sequence[TalentInput | None]) -> Self:
        covered = numbers(sections, lambda each: each.has_events or each.feed_connected) > 0
        return cls(present_of(sections), _amounts(sections, "mass"), covered)


@dataclass(frozen=True)
class SatisfactionColumns:
    present: Flags
    weight: Floats
    weighted_sum: Floats

    @classmethod
    def of(cls, sections: Sequence[SatisfactionInput | None]) -> Self:
        return cls(present_of(sections), _amounts(sections, "weight"), _amounts(sections, "weighted_sum"))


def _amounts(sections: Sequence[Any], name: str) -> Floats:
    return numbers(sections, lambda each: amount(name, getattr(each, name)))


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
