"""What a tenant may set about engagement health, and the checks on it.

A configuration is immutable, hashable and carries a version. Two scores are comparable only when they were
computed under the same version: a changed configuration starts a new series.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

from partnerships.rules.pipeline import Stage, stage_rank

DAYS_PER_MONTH = 30.4375

ENGAGEMENT_SIZES: dict[str, float] = {"small": 0.5, "standard": 1.0, "major": 2.0}
TALENT_WEIGHTS: dict[str, float] = {
    "industrial_phd": 1.5,
    "secondment": 1.5,
    "hire": 1.0,
    "capstone_team": 0.8,
    "internship": 0.6,
    "coop": 0.6,
    "guest_lecture": 0.2,
    "recruiting_event": 0.2,
}
RENEWAL_PROGRESS: dict[str, float] = {
    "none": 0.0,
    "proposed": 0.25,
    "drafted": 0.5,
    "negotiating": 0.75,
    "awaiting_signature": 0.9,
}
RATING_ROLE_WEIGHTS: dict[str, float] = {"partner": 1.0, "internal": 0.5}


class Weighing(StrEnum):
    """How the health of a group follows from its members: weighted by stage and confidence, the worst, or all alike."""

    WEIGHTED = "weighted"
    WORST = "worst"
    MEAN = "mean"


def gettext_noop(message: str) -> str:
    """Marks a sentence for translation; it is translated where it is shown."""
    return message


class InvalidSetting(ValueError):
    """A setting that cannot be: ``field`` is its path, such as ``caps.single_thread``.

    ``message`` says what is wrong and what would be right, with ``numbers`` to be filled in.
    """

    def __init__(self, field: str, message: str, **numbers: float):
        words = {name: f"{number:g}" for name, number in numbers.items()}
        super().__init__(f"{field}: {message % words}")
        self.field, self.message, self.numbers = field, message, words


def _require(condition: bool, field: str, message: str, **numbers: float) -> None:
    if not condition:
        raise InvalidSetting(field, message, **numbers)


def _require_positive(settings: Any, path: str, *, at_least: float = 0.0, skip: Iterable[str] = ()) -> None:
    for field in fields(settings):
        if field.name in skip:
            continue
        value = getattr(settings, field.name)
        _require(
            math.isfinite(value) and value > 0 and value >= at_least,
            f"{path}.{field.name}",
            gettext_noop("Enter at least %(least)s.") if at_least else gettext_noop("Enter a number above 0."),
            least=at_least,
        )


def _require_between(settings: Any, path: str, least: float, most: float, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(settings, name)
        _require(
            math.isfinite(value) and least <= value <= most,
            f"{path}.{name}",
            gettext_noop("Enter a number from %(least)s to %(most)s."),
            least=least,
            most=most,
        )


@dataclass(frozen=True)
class StageTargets:
    """What is expected of a partnership at one stage; every target is positive.

    touches_per_month: weighted touches (a meeting is 1). channels: effective channels. external_ties and
    internal_ties: effective ties. talent: decayed talent mass. reference_money: annual value, in base
    currency, at which the funding level is one half.
    """

    stage: str
    touches_per_month: float
    channels: float
    external_ties: float
    internal_ties: float
    talent: float
    reference_money: float

    def __post_init__(self) -> None:
        Stage(self.stage)
        _require_positive(self, f"targets.{self.stage}", skip=["stage"])

    @property
    def rank(self) -> int:
        """1 for awareness to 5 for strategic."""
        return stage_rank(self.stage)

    def recency_mass(self, half_life: float) -> float:
        """A* = n·h/(30.4375·ln 2): the decayed mass that n touches a month hold in the long run."""
        return self.touches_per_month * half_life / (DAYS_PER_MONTH * math.log(2))


DEFAULT_TARGETS: tuple[StageTargets, ...] = (
    StageTargets(Stage.AWARENESS.value, 0.25, 1, 1, 1, 1, 10_000),
    StageTargets(Stage.INVOLVEMENT.value, 0.5, 2, 2, 1, 2, 25_000),
    StageTargets(Stage.SUPPORT.value, 1, 3, 2, 2, 3, 75_000),
    StageTargets(Stage.SPONSORSHIP.value, 1.5, 4, 3, 2, 4, 200_000),
    StageTargets(Stage.STRATEGIC.value, 2, 5, 4, 3, 6, 500_000),
)


@dataclass(frozen=True)
class HalfLives:
    """Days after which a record of each kind counts half; at least one day each.

    `ties` and `communication` decay touches, `ledger` gives and gets, `delay` the credit of late work.
    """

    recency: float = 90
    breadth: float = 365
    ties: float = 180
    communication: float = 180
    ledger: float = 365
    delay: float = 30
    talent: float = 365
    ratings: float = 270

    def __post_init__(self) -> None:
        _require_positive(self, "half_lives", at_least=1)


@dataclass(frozen=True)
class CapRules:
    """When a single grave fact holds the score down, whatever the rest says; limits are points from 0 to 100.

    K1 silence: (days without a real touch, limit) in ascending days, from stage rank `silence_from_rank`.
    K2 at most one active external tie. K3 the main agreement ends or has ended without a renewal under way.
    K4 an open critical issue. K5 one weighty and well-covered dimension has collapsed.
    """

    silence: tuple[tuple[int, float], ...] = ((180, 55.0), (365, 35.0))
    silence_from_rank: int = 2
    single_thread: float = 64.0
    single_thread_from_rank: int = 3
    ending: float = 59.0
    ending_from_rank: int = 3
    ending_within_days: int = 60
    lapsed_within_days: int = 90
    critical_issue: float = 49.0
    collapse: float = 69.0
    collapse_weight: float = 0.10
    collapse_coverage: float = 0.5
    collapse_below: float = 0.10

    def __post_init__(self) -> None:
        _require_between(self, "caps", 0, 100, ["single_thread", "ending", "critical_issue", "collapse"])
        _require_between(self, "caps", 0, 1, ["collapse_weight", "collapse_coverage", "collapse_below"])
        _require_between(self, "caps", 1, 6, ["silence_from_rank", "single_thread_from_rank", "ending_from_rank"])
        _require_between(self, "caps", 0, 3650, ["ending_within_days", "lapsed_within_days"])
        limits = [limit for _, limit in self.silence]
        _require(
            all(0 <= limit <= 100 for limit in limits),
            "caps.silence",
            gettext_noop("A cap lies between 0 and 100 points."),
        )
        days = [day for day, _ in self.silence]
        _require(
            days == sorted(set(days)) and all(day >= 1 for day in days),
            "caps.silence",
            gettext_noop("Enter the steps of silence in ascending days."),
        )
        _require(
            limits == sorted(limits, reverse=True),
            "caps.silence",
            gettext_noop("A longer silence must not have a higher limit than a shorter one."),
        )


@dataclass(frozen=True)
class BandRules:
    """healthy from `healthy` points, watch from `watch`, at risk below; no band below `confidence`.

    A band changes only when its border is passed by `hysteresis` points or on two runs in a row.
    """

    healthy: float = 70.0
    watch: float = 45.0
    confidence: float = 0.50
    hysteresis: float = 2.0

    def __post_init__(self) -> None:
        _require_between(self, "bands", 0, 100, ["healthy", "watch"])
        _require(
            0 < self.watch < self.healthy,
            "bands.watch",
            gettext_noop("Watch must begin above 0 and below healthy, which begins at %(healthy)s points."),
            healthy=self.healthy,
        )
        _require_between(self, "bands", 0, 1, ["confidence"])
        _require_between(self, "bands", 0, 50, ["hysteresis"])


@dataclass(frozen=True)
class TrendRules:
    """The number of latest snapshots looked at, and the points per 30 days that count as a trend."""

    snapshots: int = 13
    improving: float = 3.0
    declining: float = -3.0

    def __post_init__(self) -> None:
        _require_between(self, "trend", 2, 520, ["snapshots"])
        _require_between(self, "trend", 0, 1000, ["improving"])
        _require_between(self, "trend", -1000, 0, ["declining"])
        _require(
            self.declining < self.improving,
            "trend.declining",
            gettext_noop("Declining must begin below improving, which begins at %(improving)s points."),
            improving=self.improving,
        )


@dataclass(frozen=True)
class HealthConfig:
    """One version of a tenant's health settings.

    weights: (dimension code, weight) pairs that sum to 1; a dimension left out weighs nothing.
    window_days: touches and ledger entries older than this are ignored. young_days: an account younger than
    this is not blamed for being empty. day_cap: the most touch weight that one day can bring.
    tie_threshold: strength from which a tie is active. roll_up: how the health of a group of partners is made.

    InvalidSetting, a ValueError, when the weights are negative, repeated or do not sum to 1 (within 1e-9), when a stage
    has no targets, or when any number is out of its range.
    """

    version: int
    weights: tuple[tuple[str, float], ...]
    targets: tuple[StageTargets, ...] = DEFAULT_TARGETS
    half_lives: HalfLives = HalfLives()
    caps: CapRules = CapRules()
    bands: BandRules = BandRules()
    trend: TrendRules = TrendRules()
    window_days: int = 730
    young_days: int = 90
    day_cap: float = 2.0
    tie_threshold: float = 0.30
    roll_up: str = Weighing.WEIGHTED.value

    def __post_init__(self) -> None:
        codes = [code for code, _ in self.weights]
        _require(len(codes) == len(set(codes)), "weights", gettext_noop("A dimension has two weights; give it one."))
        for code, weight in self.weights:
            _require(
                math.isfinite(weight) and weight >= 0,
                f"weights.{code}",
                gettext_noop("Enter a weight of zero or more."),
            )
        total = math.fsum(weight for _, weight in self.weights)
        _require(
            abs(total - 1) <= 1e-9,
            "weights",
            gettext_noop("The weights sum to %(total)s %%. Change them until they sum to 100 %%."),
            total=round(100 * total, 6),
        )
        stages = sorted(target.stage for target in self.targets)
        _require(
            stages == sorted(stage.value for stage in Stage),
            "targets",
            gettext_noop("Give the targets of every stage, once."),
        )
        for name, value in (("window_days", self.window_days), ("young_days", self.young_days)):
            _require(1 <= value <= 3650, name, gettext_noop("Enter a number of days from 1 to 3650."))
        _require(math.isfinite(self.day_cap) and self.day_cap > 0, "day_cap", gettext_noop("Enter a weight above 0."))
        _require(
            0 < self.tie_threshold <= 1, "tie_threshold", gettext_noop("Enter a strength above 0 and at most 100 %%.")
        )
        _require(self.roll_up in list(Weighing), "roll_up", gettext_noop("Choose weighted, worst or mean."))

    @cached_property
    def _weight_of(self) -> dict[str, float]:
        return dict(self.weights)

    @cached_property
    def _targets_of(self) -> dict[str, StageTargets]:
        return {target.stage: target for target in self.targets}

    def weight(self, code: str) -> float:
        """The weight of a dimension; 0 for one that this configuration does not name."""
        return self._weight_of.get(code, 0.0)

    def targets_for(self, stage: str) -> StageTargets:
        """The targets of a stage; ValueError for a code that is not a stage."""
        return self._targets_of[Stage(stage).value]


def config_to_dict(config: HealthConfig) -> dict[str, Any]:
    """The configuration as plain values that JSON can carry; config_from_dict reads it back."""
    return asdict(config)


def config_from_dict(data: Mapping[str, Any]) -> HealthConfig:
    """The configuration that config_to_dict wrote, also after a trip through JSON.

    Settings left out take their defaults. ValueError for values out of range, TypeError for unknown names.
    """
    values = dict(data)
    values["weights"] = tuple((str(code), float(weight)) for code, weight in values["weights"])
    if "targets" in values:
        values["targets"] = tuple(StageTargets(**target) for target in values["targets"])
    for name, kind in (("half_lives", HalfLives), ("bands", BandRules), ("trend", TrendRules)):
        if name in values:
            values[name] = kind(**values[name])
    if "caps" in values:
        caps = dict(values["caps"])
        if "silence" in caps:
            caps["silence"] = tuple((int(days), float(limit)) for days, limit in caps["silence"])
        values["caps"] = CapRules(**caps)
    return HealthConfig(**values)
