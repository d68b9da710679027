"""How long agreements take, and in whose court.

The clock starts when the request is complete and stops when the agreement is executed. Days are working days, Monday
to Friday; holidays differ between the two sides and are not taken out. An agreement that is still open has not taken
"so far" days: it has taken *at least* that many. Kaplan and Meier's estimator (J. Am. Stat. Assoc. 53, 1958) counts it
in that way; leaving open ones out, or counting them as finished, would both flatter the office.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from agreements.rules.workflow import ON_HOLD, PARTNER

RENEWAL_LEAD = 1.5
ENOUGH = 5  # finished ones below which a median says little
DAYS_PER_WEEK, WORKING_DAYS_PER_WEEK = 7, 5


def working_days(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when end is not after start.

    Additive: working_days(a, b) + working_days(b, c) = working_days(a, c) for a ≤ b ≤ c.
    """
    return max(0, _since_the_first_monday(end) - _since_the_first_monday(start))


def _since_the_first_monday(day: date) -> int:
    """Working days from 1 January of the year 1, a Monday, up to and including the day."""
    weeks, rest = divmod(day.toordinal(), DAYS_PER_WEEK)
    return weeks * WORKING_DAYS_PER_WEEK + min(rest, WORKING_DAYS_PER_WEEK)


class Moved(NamedTuple):
    """One event as the clock sees it: the day, where the work stood from then on, and in whose court."""

    on: date
    workflow: str
    court: str


@dataclass(frozen=True)
class Reading:
    """The clock of one agreement on one day, in working days.

    total: from complete request to execution, or to the day of reading. hold: on hold. by_court: the rest, by
    whose turn it was; its values and hold add up to total. running: not executed yet.
    """

    total: int
    hold: int
    by_court: dict[str, int] = field(default_factory=dict)
    running: bool = True

    @property
    def partner(self) -> int:
        return self.by_court.get(PARTNER, 0)

    @property
    def net(self) -> int:
        """What is ours: without hold and without the partner's time."""
        return self.total - self.hold - self.partner


def read_clock(
    events: Sequence[Moved], complete_on: date | None, executed_on: date | None, today: date
) -> Reading | None:
    """The clock of an agreement from its events in the order they happened; None before the request is complete.

    An event before ``complete_on`` only says where the work stood then. Events after execution do not count.
    """
    if complete_on is None:
        return None
    end = executed_on if executed_on is not None else max(today, complete_on)
    hold, courts = 0, defaultdict(int)
    for index, event in enumerate(events):
        start = max(event.on, complete_on)
        until = min(events[index + 1].on if index + 1 < len(events) else end, end)
        days = working_days(start, until)
        if event.workflow == ON_HOLD:
            hold += days
        elif days:
            courts[event.court] += days
    known = hold + sum(courts.values())
    total = working_days(complete_on, end)
    if total > known:  # time before the first event is on record
        courts["office"] += total - known
    return Reading(total, hold, dict(courts), executed_on is None)


@dataclass(frozen=True)
class Duration:
    """How long one agreement took (finished) or has taken at least (not finished)."""

    days: int
    finished: bool


@dataclass(frozen=True)
class Turnaround:
    """What is typical for a group of agreements. median and p80 are None where too few have finished to tell."""

    finished: int
    open: int
    median: int | None
    p80: int | None

    @property
    def dependable(self) -> int | None:
        """The median where enough have finished to plan by it."""
        return self.median if self.finished >= ENOUGH else None


def survival(durations: Iterable[Duration]) -> list[tuple[int, float]]:
    """Kaplan–Meier: (day, share still open after that day) at each day on which an agreement finished.

    Of an agreement finished and another censored on the same day, the finished one counts first.
    """
    cases = sorted(durations, key=lambda case: (case.days, not case.finished))
    steps: list[tuple[int, float]] = []
    share, at_risk, index = 1.0, len(cases), 0
    while index < len(cases):
        day = cases[index].days
        same = [case for case in cases[index:] if case.days == day]
        finished = sum(case.finished for case in same)
        if finished:
            share *= 1 - finished / at_risk
            steps.append((day, share))
        at_risk -= len(same)
        index += len(same)
    return steps


def quantile(steps: Sequence[tuple[int, float]], part: float) -> int | None:
    """The first day by which at least ``part`` of all have finished, as expected; None when the curve stays above."""
    if not 0 < part < 1:
        raise ValueError(f"a part lies between 0 and 1, not at {part}")
    return next((day for day, share in steps if share <= 1 - part + 1e-9), None)


def turnaround(durations: Iterable[Duration]) -> Turnaround:
    """Median and 80th percentile of a group, with open ones as censored."""
    cases = list(durations)
    steps = survival(cases)
    finished = sum(case.finished for case in cases)
    return Turnaround(finished, len(cases) - finished, quantile(steps, 0.5), quantile(steps, 0.8))


def renewal_lead_days(median_days: int | None, default: int = 180) -> int:
    """How many calendar days before the end a renewal has to begin: one and a half times the median turnaround.

    The median is in working days; it is stretched to calendar days. Without a median, ``default``.
    """
    if median_days is None:
        return default
    return math.ceil(RENEWAL_LEAD * median_days * DAYS_PER_WEEK / WORKING_DAYS_PER_WEEK)
