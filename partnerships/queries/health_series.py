"""Scores over time. Those of two configuration versions are never compared: a new version starts a new series."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Window

from core.actions import visible
from core.actor import Actor
from partnerships.models import HealthSnapshot, Partnership
from partnerships.registry import HealthScope
from partnerships.rules.health import Trend, TrendRules, health_trend

Point = tuple[date, float, str]


@dataclass(frozen=True)
class Series:
    """The scores of one partnership under one configuration version: (day, score, band), oldest first, one per day."""

    version: int
    points: list[Point]

    @property
    def started_on(self) -> date:
        """Where a chart draws the marker of this version."""
        return self.points[0][0]

    def trend(self, rules: TrendRules) -> Trend:
        """Where the latest scores of this series are heading."""
        return health_trend([(day.toordinal(), score) for day, score, _band in self.points], rules)


@visible("partnerships.view_partnerships")
def series_of(actor: Actor, partnership: Partnership, *, since: date | None = None) -> list[Series]:
    """A partnership's scores by configuration version, the oldest version first; a version without any is left out.

    The last one is the series to speak of trends with. ``since`` leaves out what is older than a day.
    """
    rows = HealthSnapshot.objects.filter(partnership=partnership)
    if since is not None:
        rows = rows.filter(as_of__gte=since)
    values = rows.order_by("config_version", "as_of", "pk").values_list("config_version", "as_of", "score", "band")
    return _split(values)


def weekly_scores(scope: HealthScope) -> dict[int, float]:
    """Each partnership's latest score that is at least a week old and of the scope's version.

    It is what a band is confirmed against; a score of another version confirms nothing.
    """
    rows = HealthSnapshot.objects.filter(
        as_of__lte=scope.as_of - timedelta(days=7), config_version=scope.config.version
    )
    if scope.partnership_ids is not None:
        rows = rows.filter(partnership_id__in=scope.partnership_ids)
    rows = rows.order_by("partnership_id", "-as_of", "-pk").distinct("partnership_id")
    return dict(rows.values_list("partnership_id", "score"))


def snapshots_since(partnerships: Sequence[int], since: date) -> dict[int, list[tuple[date, float]]]:
    """(day, score) of each partnership since a day, oldest first, of its latest version alone.

    The sparklines of a list in one statement.
    """
    latest = Window(Max("config_version"), partition_by="partnership_id")
    series: defaultdict[int, list[tuple[date, float]]] = defaultdict(list)
    rows = HealthSnapshot.objects.filter(partnership_id__in=partnerships, as_of__gte=since)
    rows = rows.annotate(latest=latest).filter(config_version=F("latest")).order_by("as_of", "pk")
    for partnership, day, score in rows.values_list("partnership_id", "as_of", "score"):
        series[partnership].append((day, score))
    return series


def _split(rows: Iterable[tuple[int, date, float, str]]) -> list[Series]:
    days: defaultdict[int, dict[date, Point]] = defaultdict(dict)
    for version, day, score, band in rows:
        days[version][day] = (day, score, band)
    return [Series(version, list(points.values())) for version, points in days.items()]
