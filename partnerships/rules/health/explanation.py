"""A score taken apart for display: numbers with one decimal that add up, and what changed since another day.

Rounding each number by itself would leave sums that are a tenth off. Here what is displayed adds up exactly, by the
method of largest remainders: every number is its own value rounded down or up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from partnerships.rules.health.score import HealthScore

CAPS = "caps"


def tenths(value: float) -> int:
    """A number in whole tenths, half up: how a score is displayed."""
    return int((Decimal(repr(float(value))) * 10).to_integral_value(rounding=ROUND_HALF_UP))


def one_decimal(number_of_tenths: int) -> Decimal:
    return Decimal(number_of_tenths).scaleb(-1)


def share_out(values: Sequence[float], total: int) -> list[int]:
    """Each value in tenths, rounded down or up so that they add up to ``total`` tenths; largest remainders go up.

    ``total`` must be the displayed sum of the values: within one tenth per value of it.
    """
    floors = [math.floor(round(value * 10, 6)) for value in values]
    remainders = [value * 10 - floor for value, floor in zip(values, floors, strict=True)]
    short = total - sum(floors)
    order = sorted(range(len(values)), key=lambda place: (-remainders[place], place))
    for place in order[: max(0, short)]:
        floors[place] += 1
    for place in list(reversed(order))[: max(0, -short)]:
        floors[place] -= 1
    return floors


@dataclass(frozen=True)
class Line:
    """One dimension as displayed; got + lost = possible. ``state``: "scored", "unknown" or "not_applicable"."""

    code: str
    got: Decimal
    lost: Decimal
    state: str
    weight: float
    score: float | None
    coverage: float
    details: Mapping[str, float] = field(default_factory=dict)

    @property
    def possible(self) -> Decimal:
        return self.got + self.lost


@dataclass(frozen=True)
class PointsTable:
    """Where the points went, largest loss first; then what is unknown, then what does not apply.

    The lines' ``got`` add up to ``raw``, ``raw`` plus ``held`` (0 or less: what caps take) to ``score``.
    """

    lines: tuple[Line, ...]
    raw: Decimal
    held: Decimal
    score: Decimal

    @property
    def possible(self) -> Decimal:
        return sum((line.possible for line in self.lines), Decimal(0))

    @property
    def lost(self) -> Decimal:
        return self.possible - self.raw


def points_table(score: HealthScore) -> PointsTable:
    """The table as displayed."""
    scored = [each for each in score.dimensions if each.result.score is not None]
    raw = tenths(score.raw)
    got = share_out([each.points for each in scored], raw)
    lost = share_out([each.lost for each in scored], 1000 - raw if scored else 0)
    shown = {each.code: (one_decimal(g), one_decimal(lo)) for each, g, lo in zip(scored, got, lost, strict=True)}
    lines = []
    for each in score.dimensions:
        state = "not_applicable" if not each.result.applicable else "scored" if each.code in shown else "unknown"
        gained, missing = shown.get(each.code, (Decimal(0), Decimal(0)))
        lines.append(
            Line(
                each.code,
                gained,
                missing,
                state,
                each.weight,
                each.result.score,
                each.result.coverage,
                each.result.details,
            )
        )
    states = ("scored", "unknown", "not_applicable")
    lines.sort(key=lambda line: (states.index(line.state), -line.lost, -line.possible))
    final = tenths(score.score)
    return PointsTable(tuple(lines), one_decimal(raw), one_decimal(final - raw), one_decimal(final))


@dataclass(frozen=True)
class Tally:
    """A score with the points of its dimensions, as stored or as just computed."""

    score: float
    raw: float
    points: Mapping[str, float]

    @classmethod
    def of(cls, score: HealthScore) -> Tally:
        return cls(score.score, score.raw, {each.code: each.points for each in score.dimensions})


@dataclass(frozen=True)
class Change:
    """A change as displayed: ``points`` is the difference of the displayed scores, and ``parts`` add up to it.

    A part is (dimension or "caps", points), those in the direction of the change first, largest first.
    """

    points: Decimal
    parts: tuple[tuple[str, Decimal], ...]


def change_between(before: Tally, after: Tally) -> Change:
    """What each dimension and the caps did to the score. Only for two scores of one configuration version."""
    codes = [*after.points, *(code for code in before.points if code not in after.points)]
    values = [after.points.get(code, 0.0) - before.points.get(code, 0.0) for code in codes]
    values.append((after.score - after.raw) - (before.score - before.raw))
    difference = tenths(after.score) - tenths(before.score)
    shown = zip([*codes, CAPS], share_out(values, difference), strict=True)
    sign = -1 if difference < 0 else 1
    parts = sorted(((code, part) for code, part in shown if part), key=lambda each: -sign * each[1])
    return Change(one_decimal(difference), tuple((code, one_decimal(part)) for code, part in parts))
