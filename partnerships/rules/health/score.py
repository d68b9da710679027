"""The engagement-health score: weighting, caps, bands and their explanation.

raw = 100·Σ e·s / Σ e over applicable dimensions, with e = weight · coverage and s the dimension's score.
confidence = Σ e / Σ weight of applicable dimensions. Missing data is never counted as zero: it lowers the
confidence alone. score = the least of raw and the limits of the caps in force. Nothing is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from partnerships.rules.health.arithmetic import amount
from partnerships.rules.health.config import BandRules, HealthConfig, StageTargets
from partnerships.rules.health.dimensions import (
    DEFAULT_CONFIG,
    DIMENSIONS,
    DimensionResult,
    agreements_in_view,
    not_applicable,
)
from partnerships.rules.health.inputs import AgreementTerm, HealthInput, RunwayInput

HEALTHY, WATCH, AT_RISK, INSUFFICIENT = "healthy", "watch", "at_risk", "insufficient"
BANDS: tuple[str, ...] = (HEALTHY, WATCH, AT_RISK, INSUFFICIENT)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class ScoredDimension:
    """One dimension in a score: points + lost = 100 · its share of effective weight; both 0 if unscored."""

    code: str
    weight: float
    result: DimensionResult
    points: float
    lost: float


@dataclass(frozen=True)
class Cap:
    """A cap in force, whether or not raw lies above its limit; details hold the numbers that triggered it."""

    code: str
    limit: float
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class HealthScore:
    """The score of one partnership as of one day under one configuration.

    dimensions: every dimension in table order. raw, score: 0 to 100; both 0.0 when nothing is covered, and
    the band is then "insufficient". confidence: 0 to 1. band: without hysteresis; next_band applies that.
    """

    config_version: int
    stage: str
    dimensions: tuple[ScoredDimension, ...]
    raw: float
    caps: tuple[Cap, ...]
    score: float
    confidence: float
    band: str

    def dimension(self, code: str) -> ScoredDimension:
        """The dimension with this code; KeyError when there is none."""
        for scored in self.dimensions:
            if scored.code == code:
                return scored
        raise KeyError(code)


class Message(NamedTuple):
    """One statement for a person: a code to be translated, and the numbers that belong into it."""

    code: str
    params: dict[str, float]


@lru_cache(maxsize=256)
def _weights(config: HealthConfig) -> tuple[float, ...]:
    """The weight of each row of DIMENSIONS; ValueError when the configuration names an unknown dimension."""
    known = {dimension.code for dimension in DIMENSIONS}
    unknown = sorted(code for code, _ in config.weights if code not in known)
    if unknown:
        raise ValueError(f"unknown dimensions in the configuration: {', '.join(unknown)}")
    return tuple(config.weight(dimension.code) for dimension in DIMENSIONS)


def score_health(health: HealthInput, config: HealthConfig = DEFAULT_CONFIG) -> HealthScore:
    """Score one partnership.

    A pure function of its arguments. ValueError for an unknown stage or an unknown dimension in the weights.
    """
    targets = config.targets_for(health.stage)
    weights = _weights(config)
    results: list[DimensionResult] = []
    for dimension in DIMENSIONS:
        section = getattr(health, dimension.code)
        results.append(not_applicable() if section is None else dimension.measure(section, targets, config))
    effective = [weight * result.coverage for weight, result in zip(weights, results, strict=True)]
    covered = math.fsum(effective)
    applicable = math.fsum(w for w, result in zip(weights, results, strict=True) if result.applicable)

    dimensions = []
    for dimension, weight, result, part in zip(DIMENSIONS, weights, results, effective, strict=True):
        available = 100 * (part / covered) if covered > 0 else 0.0
        points = available * (result.score or 0.0)
        dimensions.append(ScoredDimension(dimension.code, weight, result, points, available - points))

    raw = min(100.0, math.fsum(scored.points for scored in dimensions))
    confidence = min(1.0, covered / applicable) if applicable > 0 else 0.0
    scored_dimensions = tuple(dimensions)
    caps = tuple(cap for rule in CAPS if (cap := rule(health, scored_dimensions, targets, config)) is not None)
    score = min([raw, *(cap.limit for cap in caps)])
    return HealthScore(
        config_version=config.version,
        stage=targets.stage,
        dimensions=scored_dimensions,
        raw=raw,
        caps=caps,
        score=score,
        confidence=confidence,
        band=band_of(score, confidence, config.bands),
    )


CapCheck = Callable[[HealthInput, tuple[ScoredDimension, ...], StageTargets, HealthConfig], Cap | None]


def _silence(
    health: HealthInput, dimensions: tuple[ScoredDimension, ...], targets: StageTargets, config: HealthConfig
) -> Cap | None:
    """K1: no real touch for long; counted from the opening of the account if there never was one."""
    if health.recency is None or targets.rank < config.caps.silence_from_rank:
        return None
    last = health.recency.last_real_touch_age
    days = health.recency.account_age_days if last is None else last
    passed = [(step, limit) for step, limit in config.caps.silence if days > step]
    if not passed:
        return None
    step, limit = passed[-1]
    return Cap("K1", limit, {"days": float(days), "threshold": float(step)})


def _single_thread(
    health: HealthInput, dimensions: tuple[ScoredDimension, ...], targets: StageTargets, config: HealthConfig
) -> Cap | None:
    """K2: the partnership hangs on one person outside, or on none."""
    if health.depth is None or targets.rank < config.caps.single_thread_from_rank:
        return None
    ties = next(d.result.details["active_external"] for d in dimensions if d.code == "depth")
    return Cap("K2", config.caps.single_thread, {"active_external": ties}) if ties <= 1 else None


def main_agreement(runway: RunwayInput, config: HealthConfig) -> AgreementTerm | None:
    """The agreement of highest value; of equals the longest. None when none is in view."""

    def importance(agreement: AgreementTerm) -> tuple[float, float, float]:
        left = math.inf if agreement.days_left is None else agreement.days_left
        return amount("annual_value", agreement.annual_value), left, agreement.renewal_progress

    return max(agreements_in_view(runway, config), key=importance, default=None)


def _ending(
    health: HealthInput, dimensions: tuple[ScoredDimension, ...], targets: StageTargets, config: HealthConfig
) -> Cap | None:
    """K3: the main agreement ends and nobody renews it."""
    if health.runway is None or targets.rank < config.caps.ending_from_rank:
        return None
    main = main_agreement(health.runway, config)
    if main is None:
        return None
    if main.days_left is None or main.days_left > config.caps.ending_within_days or main.renewal_progress > 0:
        return None
    return Cap("K3", config.caps.ending, {"days_left": float(main.days_left)})


def _critical_issue(
    health: HealthInput, dimensions: tuple[ScoredDimension, ...], targets: StageTargets, config: HealthConfig
) -> Cap | None:
    """K4: something grave is open."""
    if health.critical_issues <= 0:
        return None
    return Cap("K4", config.caps.critical_issue, {"issues": float(health.critical_issues)})


def _collapse(
    health: HealthInput, dimensions: tuple[ScoredDimension, ...], targets: StageTargets, config: HealthConfig
) -> Cap | None:
    """K5: a weighty, well-covered dimension is near zero; details give each one's score."""
    rules = config.caps
    collapsed = {
        d.code: d.result.score
        for d in dimensions
        if d.result.score is not None
        and d.weight >= rules.collapse_weight - TOLERANCE
        and d.result.coverage >= rules.collapse_coverage
        and d.result.score < rules.collapse_below
    }
    return Cap("K5", rules.collapse, collapsed) if collapsed else None


CAPS: tuple[CapCheck, ...] = (_silence, _single_thread, _ending, _critical_issue, _collapse)


def band_of(score: float, confidence: float, bands: BandRules = DEFAULT_CONFIG.bands) -> str:
    """The band of a score, without hysteresis; a border counts as reached within 1e-9."""
    if confidence < bands.confidence - TOLERANCE:
        return INSUFFICIENT
    if score >= bands.healthy - TOLERANCE:
        return HEALTHY
    return WATCH if score >= bands.watch - TOLERANCE else AT_RISK


def next_band(
    previous_band: str | None,
    previous_score: float | None,
    score: float,
    confidence: float,
    bands: BandRules = DEFAULT_CONFIG.bands,
) -> str:
    """The band to show after this run, given the band shown and the score after the previous weekly run.

    A border between bands is crossed when this score lies beyond it by `bands.hysteresis` points, or when
    this score and the previous one both lie beyond it. Entering and leaving "insufficient" is immediate, and
    so is a first band (previous_band None). Pass the previous *weekly* score, not that of a run on demand,
    or two runs on one day would count as two weeks. ValueError for an unknown band.
    """
    if previous_band is not None and previous_band not in BANDS:
        raise ValueError(f"unknown band: {previous_band}")
    natural = band_of(score, confidence, bands)
    if previous_band in (None, INSUFFICIENT) or natural == INSUFFICIENT:
        return natural
    ascending = (AT_RISK, WATCH, HEALTHY)
    level = ascending.index(previous_band)
    for border, index in ((bands.watch, 1), (bands.healthy, 2)):
        if level < index and _beyond(score - border, previous_score, border, bands.hysteresis):
            level = index
    for border, index in ((bands.healthy, 1), (bands.watch, 0)):
        if level > index and _below(border - score, previous_score, border, bands.hysteresis):
            level = index
    return ascending[level]


def _beyond(distance: float, previous_score: float | None, border: float, hysteresis: float) -> bool:
    confirmed = previous_score is not None and previous_score >= border - TOLERANCE
    return distance >= -TOLERANCE and (distance >= hysteresis - TOLERANCE or confirmed)


def _below(distance: float, previous_score: float | None, border: float, hysteresis: float) -> bool:
    confirmed = previous_score is not None and previous_score < border - TOLERANCE
    return distance > TOLERANCE and (distance >= hysteresis - TOLERANCE or confirmed)


def explain(score: HealthScore) -> list[Message]:
    """Why the score is what it is, most important first, as codes with numbers and without prose.

    band.<band>: score, raw, confidence. cap.<K1…K5>: limit, cost (points it takes from raw), details.
    lost.<dimension>: points, lost, details; largest loss first. unscored.<dimension>: weight; a dimension
    without data. not_applicable.<dimension>: no numbers.
    """
    messages = [Message(f"band.{score.band}", {"score": score.score, "raw": score.raw, "confidence": score.confidence})]
    for cap in sorted(score.caps, key=lambda cap: cap.limit):
        cost = max(0.0, score.raw - cap.limit)
        messages.append(Message(f"cap.{cap.code}", {**cap.details, "limit": cap.limit, "cost": cost}))
    losses = [d for d in score.dimensions if d.result.score is not None and d.lost > 0]
    for scored in sorted(losses, key=lambda d: -d.lost):
        params = {**scored.result.details, "points": scored.points, "lost": scored.lost}
        messages.append(Message(f"lost.{scored.code}", params))
    for scored in score.dimensions:
        if not scored.result.applicable:
            messages.append(Message(f"not_applicable.{scored.code}", {}))
        elif scored.result.score is None:
            messages.append(Message(f"unscored.{scored.code}", {"weight": scored.weight}))
    return messages
