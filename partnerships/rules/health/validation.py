"""How well the score tells renewals from lapses.

A case is an agreement, or a membership, that was meant to go on: the score that was known half a year before its end,
and whether it went on. The statements here are the usual ones: AUC with ties counted half (Hanley and McNeil, 1982),
the Brier score and its skill against the base rate (Brier, 1950), expected calibration error over fixed bins, an
isotonic fit by pooling adjacent violators (Ayer and others, 1955), and percentile bootstrap intervals over partners
(Efron, 1979). Nothing here is fitted to the cases that it is tested on: that is the caller's duty.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST_CASES, LEAST_LAPSES = 200, 50
BINS: tuple[float, ...] = (0.25, 0.5, 0.75)
RESAMPLES = 1000
CERTAINTY = 0.95


@dataclass(frozen=True)
class Case:
    """One agreement that was to be renewed: whose, the score known in time (higher is better), and what happened.

    days_silent: days since the last contact known at the same moment, the baseline; None when there never was one.
    """

    partnership: int
    score: float
    renewed: bool
    band: str = ""
    days_silent: int | None = None


def auc(scores: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """P(the score of a renewed one > that of a lapsed one), ties ½; None when one of both kinds is missing.

    By ranks, in n log n. ValueError when the two differ in length.
    """
    if len(scores) != len(outcomes):
        raise ValueError(f"{len(scores)} scores and {len(outcomes)} outcomes")
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return None
    order = sorted(range(len(scores)), key=lambda index: scores[index])
    rank_sum, position = 0.0, 0
    while position < len(order):
        end = position
        while end < len(order) and scores[order[end]] == scores[order[position]]:
            end += 1
        middle = (position + 1 + end) / 2
        rank_sum += middle * sum(outcomes[order[index]] for index in range(position, end))
        position = end
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def brier(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Mean squared difference of probability and outcome; None without cases."""
    if not outcomes:
        return None
    pairs = zip(probabilities, outcomes, strict=True)
    return math.fsum((probability - outcome) ** 2 for probability, outcome in pairs) / len(outcomes)


def base_rate_brier(outcomes: Sequence[bool]) -> float | None:
    """The Brier score of always saying the base rate: p(1 − p)."""
    if not outcomes:
        return None
    rate = sum(outcomes) / len(outcomes)
    return rate * (1 - rate)


def brier_skill(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """1 − Brier / Brier of the base rate: 1 perfect, 0 no better than the base rate; None when there is no spread."""
    reference = base_rate_brier(outcomes)
    return None if not reference else 1 - brier(probabilities, outcomes) / reference


@dataclass(frozen=True)
class Bin:
    """Cases whose probability lies in [low, high): how many, what was said on average, and what came true."""

    low: float
    high: float
    cases: int
    said: float | None
    came_true: float | None


def calibration(
    probabilities: Sequence[float], outcomes: Sequence[bool], borders: Sequence[float] = BINS
) -> tuple[Bin, ...]:
    """What was said against what came true, by bins with fixed borders; the last bin includes 1."""
    edges = [0.0, *borders, 1.0]
    members: list[list[int]] = [[] for _edge in edges[:-1]]
    for index, probability in enumerate(probabilities):
        members[bisect_right(list(borders), probability)].append(index)
    return tuple(
        Bin(
            low,
            high,
            len(inside),
            math.fsum(probabilities[i] for i in inside) / len(inside) if inside else None,
            sum(outcomes[i] for i in inside) / len(inside) if inside else None,
        )
        for low, high, inside in zip(edges, edges[1:], members, strict=False)
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: |said − came true| weighted by cases; None without cases."""
    total = sum(each.cases for each in bins)
    if not total:
        return None
    return math.fsum(each.cases * abs(each.said - each.came_true) for each in bins if each.cases) / total


@dataclass(frozen=True)
class IsotonicFit:
    """A non-decreasing step function from score to probability; below the first step its value is the first's."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __call__(self, score: float) -> float:
        return self.probabilities[max(0, bisect_right(self.scores, score) - 1)]


def fit_isotonic(scores: Sequence[float], outcomes: Sequence[bool]) -> IsotonicFit:
    """The least-squares non-decreasing fit, by pooling adjacent violators. ValueError without cases."""
    if not scores:
        raise ValueError("nothing to fit")
    blocks: list[list[float]] = []  # sum of outcomes, cases, least score
    previous = None
    for score, outcome in sorted(zip(scores, outcomes, strict=True)):
        if score == previous:
            blocks[-1][0] += outcome
            blocks[-1][1] += 1
        else:
            blocks.append([float(outcome), 1.0, score])
        previous = score
    pooled: list[list[float]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and pooled[-2][0] / pooled[-2][1] >= pooled[-1][0] / pooled[-1][1]:
            last = pooled.pop()
            pooled[-1][0] += last[0]
            pooled[-1][1] += last[1]
    return IsotonicFit(tuple(block[2] for block in pooled), tuple(block[0] / block[1] for block in pooled))


def bootstrap(
    cases: Sequence[Case],
    statistic: Callable[[Sequence[Case]], float | None],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    certainty: float = CERTAINTY,
) -> tuple[float, float] | None:
    """The percentile interval of a statistic, drawing whole partners with replacement; None when it has no value.

    A partner's cases stay together, since they are not independent. The same seed answers the same interval.
    """
    groups: dict[int, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.partnership, []).append(case)
    partners = list(groups.values())
    if not partners or statistic(cases) is None:
        return None
    chance = random.Random(seed)
    values = []
    for _round in range(resamples):
        drawn = [case for group in chance.choices(partners, k=len(partners)) for case in group]
        value = statistic(drawn)
        if value is not None:
            values.append(value)
    if not values:
        return None
    values.sort()
    tail = (1 - certainty) / 2
    last = len(values) - 1
    return values[round(tail * last)], values[round((1 - tail) * last)]


def score_auc(cases: Sequence[Case]) -> float | None:
    return auc([case.score for case in cases], [case.renewed for case in cases])


def baseline_auc(cases: Sequence[Case]) -> float | None:
    """The one-line baseline: the shorter since the last contact, the better. Never in contact counts as longest."""
    silence = [math.inf if case.days_silent is None else float(case.days_silent) for case in cases]
    return auc([-days for days in silence], [case.renewed for case in cases])


@dataclass(frozen=True)
class BandRate:
    """How many cases stood in a band, and which share of them was renewed (None without cases)."""

    band: str
    cases: int
    renewed: float | None


def band_rates(cases: Sequence[Case], bands: Sequence[str] = ("healthy", "watch", "at_risk")) -> tuple[BandRate, ...]:
    """The renewal rate of each band, best band first."""
    rates = []
    for band in bands:
        inside = [case.renewed for case in cases if case.band == band]
        rates.append(BandRate(band, len(inside), sum(inside) / len(inside) if inside else None))
    return tuple(rates)


def is_monotone(rates: Sequence[BandRate]) -> bool | None:
    """Whether a better band was renewed more often, throughout; None when fewer than two bands hold cases."""
    known = [each.renewed for each in rates if each.renewed is not None]
    if len(known) < 2:
        return None
    return all(better > worse for better, worse in pairwise(known))


@dataclass(frozen=True)
class Enough:
    """Whether there are cases enough to publish probabilities, and how many are missing."""

    cases: int
    lapses: int

    @property
    def for_probabilities(self) -> bool:
        return self.cases >= LEAST_CASES and self.lapses >= LEAST_LAPSES

    @property
    def for_ranking(self) -> bool:
        """An AUC needs one of each; its interval says how little that is."""
        return 0 < self.lapses < self.cases


def enough(cases: Sequence[Case]) -> Enough:
    return Enough(len(cases), sum(not case.renewed for case in cases))
