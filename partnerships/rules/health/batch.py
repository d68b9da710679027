"""The formula for many partnerships at once: score.py and dimensions.py, line by line, over arrays.

``score_health`` is the definition; a property test holds this to it within 1e-9 in every number. Only the details of
caps are left to the definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from math import isnan
from typing import Any

import numpy as np

from partnerships.rules.health.columns import (
    BreadthColumns,
    DeliveryColumns,
    DepthColumns,
    Flags,
    Floats,
    FundingColumns,
    HealthColumns,
    RecencyColumns,
    ReciprocityColumns,
    Rows,
    RunwayColumns,
    SatisfactionColumns,
    TalentColumns,
    as_kept,
)
from partnerships.rules.health.config import BandRules, HealthConfig
from partnerships.rules.health.dimensions import (
    COMMUNICATION_MINIMUM,
    COMMUNICATION_PRIOR,
    DEFAULT_CONFIG,
    DELIVERY_FULL_COVERAGE,
    DELIVERY_PRIOR,
    DELIVERY_PRIOR_WEIGHT,
    DEPTH_DECISION_MAKER,
    DEPTH_EXTERNAL,
    DEPTH_INTERNAL,
    DIMENSIONS,
    FUNDING_DAMPING,
    FUNDING_HISTORY_MONTHS,
    FUNDING_SHORT_COVERAGE,
    LEDGER_PRIOR,
    RUNWAY_DAYS,
    RUNWAY_FROM_RANK,
    RUNWAY_MONEY_UNIT,
    SATISFACTION_FULL_COVERAGE,
    SATISFACTION_PRIOR,
    SATISFACTION_PRIOR_WEIGHT,
)
from partnerships.rules.health.score import AT_RISK, HEALTHY, INSUFFICIENT, TOLERANCE, WATCH

CODES = [dimension.code for dimension in DIMENSIONS]


@dataclass(frozen=True)
class Targets:
    """The targets of each partnership's stage."""

    rank: Floats
    recency_mass: Floats
    channels: Floats
    external_ties: Floats
    internal_ties: Floats
    talent: Floats
    reference_money: Floats


# Scores, coverages and details, each before it is clipped and before it is known whether the dimension applies.
MeasuredColumns = tuple[Floats, Floats, dict[str, Floats]]


@dataclass(frozen=True)
class Measured:
    """One dimension: score and coverage, each 0 to 1, and whether it applies. Without coverage the score is 0.

    ``details`` are those of the definition, NaN where it has none of that name.
    """

    score: Floats
    coverage: Floats
    applicable: Flags
    details: dict[str, Floats]


@dataclass(frozen=True)
class HealthScores:
    """The scores of many partnerships; row i is the i-th. Two-dimensional arrays have a column for each of CODES.

    ``scores`` is NaN where nothing is covered; ``caps`` holds the limits of K1 to K5, infinite where not in force.
    The bands are without hysteresis. ``details`` maps a code to its details by name, NaN where there is no such one.
    """

    scores: Floats
    coverages: Floats
    applicable: Flags
    points: Floats
    lost: Floats
    raw: Floats
    caps: Floats
    score: Floats
    confidence: Floats
    band: np.ndarray
    weights: Floats
    details: dict[str, dict[str, Floats]]

    def dimensions(self, rows: Rows) -> list[dict[str, dict[str, Any]]]:
        """What a snapshot keeps of each dimension, by code, for each of the rows."""
        kept: list[dict[str, dict[str, Any]]] = [{} for _row in rows]
        for column, (code, weight) in enumerate(zip(CODES, self.weights.tolist(), strict=True)):
            names = list(self.details[code])
            detail = zip(*(as_kept(each[rows]).tolist() for each in self.details[code].values()), strict=True)
            measures = zip(
                self.applicable[rows, column].tolist(),
                *(
                    as_kept(each[rows, column]).tolist()
                    for each in (self.scores, self.coverages, self.points, self.lost)
                ),
                strict=True,
            )
            for each, (applicable, score, coverage, points, lost), numbers in zip(
                kept, measures, detail if names else repeat(()), strict=False
            ):
                each[code] = {
                    "score": None if isnan(score) else score,
                    "coverage": coverage,
                    "applicable": applicable,
                    "weight": weight,
                    "points": points,
                    "lost": lost,
                    "details": {name: number for name, number in zip(names, numbers, strict=True) if not isnan(number)},
                }
        return kept


def score_columns(columns: HealthColumns, config: HealthConfig = DEFAULT_CONFIG) -> HealthScores:
    """Score many partnerships. ValueError for an unknown stage."""
    size = len(columns.stage)
    targets = _targets(columns, config)
    weights = np.array([config.weight(code) for code in CODES])
    measured = [_measure(code, getattr(columns, code), targets, config, size) for code in CODES]
    scores, coverages = (np.stack([getattr(each, name) for each in measured], 1) for name in ("score", "coverage"))
    applicable = np.stack([each.applicable for each in measured], 1)
    effective = weights * coverages
    covered = effective.sum(1)
    available = 100 * _ratio(effective, covered[:, None])
    points = available * scores
    raw = np.minimum(points.sum(1), 100.0)
    confidence = np.minimum(_ratio(covered, (weights * applicable).sum(1)), 1.0)
    caps = _caps(columns, targets, scores, coverages, weights, config)
    score = np.minimum(raw, caps.min(1, initial=np.inf))
    return HealthScores(
        scores=np.where(coverages > 0, scores, np.nan),
        coverages=coverages,
        applicable=applicable,
        points=points,
        lost=available - points,
        raw=raw,
        caps=caps,
        score=score,
        confidence=confidence,
        band=bands_of(score, confidence, config.bands),
        weights=weights,
        details={code: each.details for code, each in zip(CODES, measured, strict=True)},
    )


def bands_of(score: Floats, confidence: Floats, bands: BandRules = DEFAULT_CONFIG.bands) -> np.ndarray:
    """The band of each score, without hysteresis."""
    conditions = [
        confidence < bands.confidence - TOLERANCE,
        score >= bands.healthy - TOLERANCE,
        score >= bands.watch - TOLERANCE,
    ]
    return np.select(conditions, [INSUFFICIENT, HEALTHY, WATCH], AT_RISK)


def _targets(columns: HealthColumns, config: HealthConfig) -> Targets:
    table = {stage: number for number, stage in enumerate(dict.fromkeys(columns.stage))}
    chosen = np.fromiter((table[stage] for stage in columns.stage), np.intp, len(columns.stage))
    rows = [config.targets_for(stage) for stage in table]

    def pick(take: Callable[[Any], float]) -> Floats:
        return np.array([take(row) for row in rows], np.float64)[chosen]

    return Targets(
        rank=pick(lambda row: row.rank),
        recency_mass=pick(lambda row: row.recency_mass(config.half_lives.recency)),
        channels=pick(lambda row: row.channels),
        external_ties=pick(lambda row: row.external_ties),
        internal_ties=pick(lambda row: row.internal_ties),
        talent=pick(lambda row: row.talent),
        reference_money=pick(lambda row: row.reference_money),
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    """The quotient, 0 where there is no whole."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def _sums(rows: Rows, values: Floats, size: int) -> Floats:
    return np.bincount(rows, values, size)


def _largest(rows: Rows, values: Floats, size: int) -> Floats:
    """The largest of each row's values, 0 where it has none above."""
    largest = np.zeros(size)
    np.maximum.at(largest, rows, values)
    return largest


def _saturation(value: Floats, target: Floats) -> Floats:
    return -np.expm1(-np.log(4) * value / target)


def tie_strengths(mass: Floats) -> Floats:
    """1 - 2^(-mass) of each."""
    return -np.expm1(-np.log(2) * mass)


def _balance(one: Floats, other: Floats, prior: float) -> Floats:
    return (np.minimum(one, other) + prior) / (np.maximum(one, other) + prior)


def _measure(code: str, section: Any, targets: Targets, config: HealthConfig, size: int) -> Measured:
    if section is None:
        return Measured(np.zeros(size), np.zeros(size), np.zeros(size, np.bool_), {})
    score, coverage, details = MEASURES[code](section, targets, config, size)
    applicable = section.present
    if code == "runway":
        applicable = applicable & ~((_counts(section.row, size) == 0) & (targets.rank < RUNWAY_FROM_RANK))
    coverage = np.where(applicable, np.clip(coverage, 0.0, 1.0), 0.0)
    details = {name: np.where(applicable, each, np.nan) for name, each in details.items()}
    return Measured(np.where(coverage > 0, np.clip(score, 0.0, 1.0), 0.0), coverage, applicable, details)


def _counts(rows: Rows, size: int) -> np.ndarray:
    return np.bincount(rows, minlength=size)


def _recency(section: RecencyColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    age = section.account_age_days
    silent_and_young = (age < config.young_days) & ~section.has_touch
    coverage = np.where(silent_and_young, 0.0, age / config.young_days)
    details = {
        "mass": section.decayed_mass,
        "target": targets.recency_mass,
        "days_since_touch": section.last_real_touch_age,
    }
    return _saturation(section.decayed_mass, targets.recency_mass), coverage, details


def _breadth(section: BreadthColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    kept = section.mass > 0
    row, mass = section.row[kept], section.mass[kept]
    scaled = mass / _largest(row, mass, size)[row]
    part = scaled / _sums(row, scaled, size)[row]
    some = part > 0
    entropy = -_sums(row[some], part[some] * np.log(part[some]), size)
    channels = np.where(_counts(row, size) > 0, np.exp(entropy), 0.0)
    empty_and_young = (channels == 0) & (section.account_age_days < config.young_days)
    details = {"effective_channels": channels, "target": targets.channels}
    return channels / targets.channels, np.where(empty_and_young, 0.0, 1.0), details


def _effective(rows: Rows, strengths: Floats, size: int) -> Floats:
    """How many equal ties the active ones of each row are; they are all of 0.3 and more, so no sum vanishes."""
    return _ratio(_sums(rows, strengths, size) ** 2, _sums(rows, strengths**2, size))


def _active_external(section: DepthColumns, config: HealthConfig) -> Flags:
    return tie_strengths(section.external_mass) >= config.tie_threshold


def _depth(section: DepthColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    external, internal = tie_strengths(section.external_mass), tie_strengths(section.internal_mass)
    active, ours = external >= config.tie_threshold, internal >= config.tie_threshold
    theirs = _effective(section.external_row[active], external[active], size)
    our_side = _effective(section.internal_row[ours], internal[ours], size)
    decided = _counts(section.external_row[active & section.external_decides], size) > 0
    score = (
        DEPTH_EXTERNAL * np.minimum(1.0, theirs / targets.external_ties)
        + DEPTH_INTERNAL * np.minimum(1.0, our_side / targets.internal_ties)
        + DEPTH_DECISION_MAKER * decided
    )
    details = {
        "effective_external": theirs,
        "effective_internal": our_side,
        "active_external": _counts(section.external_row[active], size).astype(np.float64),
        "active_internal": _counts(section.internal_row[ours], size).astype(np.float64),
        "external_target": targets.external_ties,
        "internal_target": targets.internal_ties,
        "decision_maker": decided.astype(np.float64),
    }
    return score, np.nan_to_num(section.named_share, nan=0.0), details


def _reciprocity(section: ReciprocityColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    started = section.inbound + section.outbound >= COMMUNICATION_MINIMUM
    recorded = section.ledger_entries > 0
    parts = started.astype(np.float64) + recorded
    communication = _balance(section.inbound, section.outbound, COMMUNICATION_PRIOR)
    value = _balance(section.gives, section.gets, LEDGER_PRIOR)
    details = {
        "inbound": section.inbound,
        "outbound": section.outbound,
        "gives": section.gives,
        "gets": section.gets,
        "communication": np.where(started, communication, np.nan),
        "value": np.where(recorded, value, np.nan),
    }
    return _ratio(started * communication + recorded * value, parts), parts / 2, details


def _funding(section: FundingColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    recent = np.maximum(section.last_365, 0.0)
    previous = np.maximum(section.previous_730, 0.0) / 2
    level = recent / (recent + targets.reference_money)
    damping = FUNDING_DAMPING * targets.reference_money
    inverse_ratio = (previous + damping) / (recent + damping)
    momentum = 1 / (1 + inverse_ratio * inverse_ratio)
    known = section.history_months >= FUNDING_HISTORY_MONTHS
    details = {
        "level": level,
        "recent": recent,
        "reference": targets.reference_money,
        "momentum": np.where(known, momentum, np.nan),
        "previous_per_year": np.where(known, previous, np.nan),
    }
    return np.where(known, (level + momentum) / 2, level), np.where(known, 1.0, FUNDING_SHORT_COVERAGE), details


def _delivery(section: DeliveryColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    drawn = section.credit + DELIVERY_PRIOR_WEIGHT * DELIVERY_PRIOR
    details = {"weight": section.weight, "credit": section.credit}
    return drawn / (section.weight + DELIVERY_PRIOR_WEIGHT), section.weight / DELIVERY_FULL_COVERAGE, details


def _runway(section: RunwayColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    left = np.where(np.isinf(section.days_left), RUNWAY_DAYS, np.maximum(section.days_left, 0.0))
    covered = np.minimum(1.0, (left + RUNWAY_DAYS * section.renewal_progress) / RUNWAY_DAYS)
    weight = 1 + np.log10(1 + section.annual_value / RUNWAY_MONEY_UNIT)
    score = _ratio(_sums(section.row, weight * covered, size), _sums(section.row, weight, size))
    number = _counts(section.row, size)
    some = number > 0
    shortest = np.full(size, np.inf)
    np.minimum.at(shortest, section.row, covered)
    details = {
        "agreements": number.astype(np.float64),
        "shortest": np.where(some, shortest, np.nan),
        "longest": np.where(some, _largest(section.row, covered, size), np.nan),
    }
    return score, np.ones(size), details


def _talent(section: TalentColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    details = {"mass": section.mass, "target": targets.talent}
    return _saturation(section.mass, targets.talent), section.covered.astype(np.float64), details


def _satisfaction(section: SatisfactionColumns, targets: Targets, config: HealthConfig, size: int) -> MeasuredColumns:
    drawn = section.weighted_sum + SATISFACTION_PRIOR * SATISFACTION_PRIOR_WEIGHT
    mean = np.minimum(1.0, _ratio(section.weighted_sum, section.weight))
    details = {"weight": section.weight, "mean": np.where(section.weight > 0, mean, np.nan)}
    return drawn / (section.weight + SATISFACTION_PRIOR_WEIGHT), section.weight / SATISFACTION_FULL_COVERAGE, details


MEASURES: dict[str, Callable[[Any, Targets, HealthConfig, int], MeasuredColumns]] = {
    "recency": _recency,
    "breadth": _breadth,
    "depth": _depth,
    "reciprocity": _reciprocity,
    "funding": _funding,
    "delivery": _delivery,
    "runway": _runway,
    "talent": _talent,
    "satisfaction": _satisfaction,
}


def _caps(
    columns: HealthColumns,
    targets: Targets,
    scores: Floats,
    coverages: Floats,
    weights: Floats,
    config: HealthConfig,
) -> Floats:
    """The limits of K1 to K5, infinite where not in force."""
    rules, size = config.caps, len(columns.stage)
    limits = np.full((size, 5), np.inf)
    if columns.recency is not None:
        last = columns.recency.last_real_touch_age
        days = np.where(np.isnan(last), columns.recency.account_age_days, last)
        for step, limit in rules.silence:
            limits[columns.recency.present & (targets.rank >= rules.silence_from_rank) & (days > step), 0] = limit
    if columns.depth is not None:
        active = _counts(columns.depth.external_row[_active_external(columns.depth, config)], size)
        single = columns.depth.present & (targets.rank >= rules.single_thread_from_rank) & (active <= 1)
        limits[single, 1] = rules.single_thread
    if columns.runway is not None:
        limits[_ending(columns.runway, targets, config, size), 2] = rules.ending
    if columns.critical_issues is not None:
        limits[columns.critical_issues > 0, 3] = rules.critical_issue
    collapsed = (
        (weights >= rules.collapse_weight - TOLERANCE)
        & (coverages > 0)
        & (coverages >= rules.collapse_coverage)
        & (scores < rules.collapse_below)
    )
    limits[collapsed.any(1), 4] = rules.collapse
    return limits


def _ending(section: RunwayColumns, targets: Targets, config: HealthConfig, size: int) -> Flags:
    """Where the agreement of highest value (of equals, the longest) ends and nobody renews it."""
    ending = np.zeros(size, np.bool_)
    order = np.lexsort((section.renewal_progress, section.days_left, section.annual_value, section.row))
    if len(order):
        rows = section.row[order]
        main = order[np.append(rows[1:] != rows[:-1], True)]
        soon = (section.days_left[main] <= config.caps.ending_within_days) & (section.renewal_progress[main] <= 0)
        ending[section.row[main[soon]]] = True
    return ending & section.present & (targets.rank >= config.caps.ending_from_rank)
