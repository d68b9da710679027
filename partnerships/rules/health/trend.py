"""Where a series of health scores is heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from partnerships.rules.health.config import TrendRules

IMPROVING, STABLE, DECLINING, UNKNOWN = "improving", "stable", "declining", "unknown"
DAYS_PER_WEEK = 7
DAYS_PER_SLOPE = 30
DEFAULT_TREND = TrendRules()


@dataclass(frozen=True)
class Trend:
    """The latest snapshots of one series.

    slope: points per 30 days, None with fewer than two different days. word: see trend_word.
    change: last score minus first, in points. snapshots: how many were looked at.
    """

    slope: float | None
    word: str
    change: float
    snapshots: int


def theil_sen(points: Sequence[tuple[float, float]]) -> float | None:
    """The median of the slopes between all pairs of (x, y), in y per x; None when all x are equal.

    Theil (1950) and Sen (1968): a few outliers cannot turn it. Pairs with equal x are skipped; the order of
    the points does not matter.
    """
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x1 != x2]
    return median(slopes) if slopes else None


def trend_word(slope: float | None, rules: TrendRules = DEFAULT_TREND) -> str:
    """ "improving", "stable" or "declining" for a slope in points per 30 days; "unknown" for None."""
    if slope is None:
        return UNKNOWN
    if slope >= rules.improving:
        return IMPROVING
    return DECLINING if slope <= rules.declining else STABLE


def health_trend(snapshots: Sequence[tuple[int, float]], rules: TrendRules = DEFAULT_TREND) -> Trend:
    """The trend of (day number, score) snapshots, given in any order and all of one configuration version.

    Only the latest `rules.snapshots` count. Any day numbering will do, such as date.toordinal().
    """
    latest = sorted(snapshots)[-rules.snapshots :]
    per_day = theil_sen(latest)
    slope = None if per_day is None else per_day * DAYS_PER_SLOPE
    change = latest[-1][1] - latest[0][1] if latest else 0.0
    return Trend(slope, trend_word(slope, rules), change, len(latest))


def weekly_trend(scores: Sequence[float], rules: TrendRules = DEFAULT_TREND) -> Trend:
    """The trend of weekly scores, oldest first."""
    return health_trend([(week * DAYS_PER_WEEK, score) for week, score in enumerate(scores)], rules)
