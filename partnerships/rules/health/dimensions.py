"""The nine dimensions of engagement health, in one ordered table.

To add a dimension: write its function, add a row to DIMENSIONS and an optional section of the same name to
HealthInput. Older configurations, which give it no weight, keep their scores.

Each function takes its section, the targets of the partnership's stage and the configuration, and answers a
score from 0 to 1 with a coverage from 0 to 1: how far the data can be trusted to show the score.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from partnerships.rules.health.arithmetic import (
    amount,
    balance,
    effective_categories,
    effective_number,
    finite,
    saturation,
    share,
    tie_strength,
)
from partnerships.rules.health.config import HealthConfig, StageTargets
from partnerships.rules.health.inputs import (
    AgreementTerm,
    BreadthInput,
    DeliveryInput,
    DepthInput,
    FundingInput,
    RecencyInput,
    ReciprocityInput,
    RunwayInput,
    SatisfactionInput,
    TalentInput,
)

DEPTH_EXTERNAL, DEPTH_INTERNAL, DEPTH_DECISION_MAKER = 0.60, 0.25, 0.15
COMMUNICATION_PRIOR, COMMUNICATION_MINIMUM = 0.5, 0.5
LEDGER_PRIOR = 1.0
FUNDING_DAMPING, FUNDING_HISTORY_MONTHS, FUNDING_SHORT_COVERAGE = 0.1, 24, 0.6
DELIVERY_PRIOR, DELIVERY_PRIOR_WEIGHT, DELIVERY_FULL_COVERAGE = 0.7, 2.0, 5.0
RUNWAY_DAYS, RUNWAY_MONEY_UNIT, RUNWAY_FROM_RANK = 365, 10_000.0, 3
SATISFACTION_PRIOR, SATISFACTION_PRIOR_WEIGHT, SATISFACTION_FULL_COVERAGE = 0.6, 1.0, 2.0


@dataclass(frozen=True)
class DimensionResult:
    """What one dimension says.

    score: 0 to 1, None exactly when the coverage is 0. coverage: 0 to 1. applicable: False when the
    dimension means nothing for this partnership or was not measured. details: the numbers behind the score.
    """

    score: float | None
    coverage: float
    applicable: bool = True
    details: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Dimension:
    """One row of the table; `code` is also the name of its section in HealthInput."""

    code: str
    weight: float
    measure: Callable[[Any, StageTargets, HealthConfig], DimensionResult]


def not_applicable() -> DimensionResult:
    """The answer of a dimension that has no say about this partnership."""
    return DimensionResult(score=None, coverage=0.0, applicable=False)


def _measured(score: float, coverage: float, details: dict[str, float]) -> DimensionResult:
    coverage = max(0.0, min(coverage, 1.0))
    kept = max(0.0, min(score, 1.0)) if coverage > 0 else None
    return DimensionResult(kept, coverage, True, details)


def measure_recency(section: RecencyInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """sat(A, A*): 0.75 when contact keeps exactly the cadence of the stage. A young account covers less."""
    mass = amount("decayed_mass", section.decayed_mass)
    target = targets.recency_mass(config.half_lives.recency)
    age = section.account_age_days
    silent_and_young = age < config.young_days and not section.has_touch
    coverage = 0.0 if silent_and_young else age / config.young_days
    details = {"mass": mass, "target": target}
    if section.last_real_touch_age is not None:
        details["days_since_touch"] = float(section.last_real_touch_age)
    return _measured(saturation(mass, target), coverage, details)


def measure_breadth(section: BreadthInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """min(1, N1/N*) with the effective number of channels N1 = e^H."""
    masses: dict[str, list[float]] = {}
    for channel, mass in section.channel_masses:
        masses.setdefault(channel, []).append(amount(channel, mass))
    totals = [math.fsum(parts) for parts in masses.values()]
    channels = effective_categories(totals)
    empty_and_young = channels == 0 and section.account_age_days < config.young_days
    details = {"effective_channels": channels, "target": targets.channels}
    return _measured(channels / targets.channels, 0.0 if empty_and_young else 1.0, details)


def measure_depth(section: DepthInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Effective ties on both sides against their targets, and whether an active tie is a decision maker."""
    ties = [(tie_strength(amount("mass", c.mass)), c.decision_maker) for c in section.external]
    external = [(strength, maker) for strength, maker in ties if strength >= config.tie_threshold]
    strengths = [tie_strength(amount("mass", mass)) for mass in section.internal]
    internal = [strength for strength in strengths if strength >= config.tie_threshold]
    effective_external = effective_number(strength for strength, _ in external)
    effective_internal = effective_number(internal)
    decision_maker = any(maker for _, maker in external)
    score = (
        DEPTH_EXTERNAL * min(1.0, effective_external / targets.external_ties)
        + DEPTH_INTERNAL * min(1.0, effective_internal / targets.internal_ties)
        + DEPTH_DECISION_MAKER * decision_maker
    )
    details = {
        "effective_external": effective_external,
        "effective_internal": effective_internal,
        "active_external": float(len(external)),
        "active_internal": float(len(internal)),
        "external_target": targets.external_ties,
        "internal_target": targets.internal_ties,
        "decision_maker": float(decision_maker),
    }
    coverage = 0.0 if section.named_share is None else share("named_share", section.named_share)
    return _measured(score, coverage, details)


def measure_reciprocity(section: ReciprocityInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Mean of the balance of initiative and the balance of gives and gets; each one known covers a half."""
    inbound, outbound = amount("inbound", section.inbound), amount("outbound", section.outbound)
    gives, gets = amount("gives", section.gives), amount("gets", section.gets)
    details = {"inbound": inbound, "outbound": outbound, "gives": gives, "gets": gets}
    parts: list[float] = []
    if inbound + outbound >= COMMUNICATION_MINIMUM:
        details["communication"] = balance(inbound, outbound, COMMUNICATION_PRIOR)
        parts.append(details["communication"])
    if section.ledger_entries > 0:
        details["value"] = balance(gives, gets, LEDGER_PRIOR)
        parts.append(details["value"])
    return _measured(math.fsum(parts) / len(parts) if parts else 0.0, len(parts) / 2, details)


def measure_funding(section: FundingInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Half the level of the last year's money, half its momentum against the two years before."""
    recent = max(0.0, finite("last_365", section.last_365))
    previous = max(0.0, finite("previous_730", section.previous_730)) / 2
    reference = targets.reference_money
    level = recent / (recent + reference)
    details = {"level": level, "recent": recent, "reference": reference}
    if section.history_months < FUNDING_HISTORY_MONTHS:
        return _measured(level, FUNDING_SHORT_COVERAGE, details)
    damping = FUNDING_DAMPING * reference
    inverse_ratio = (previous + damping) / (recent + damping)
    momentum = 1 / (1 + inverse_ratio * inverse_ratio)
    details |= {"momentum": momentum, "previous_per_year": previous}
    return _measured((level + momentum) / 2, 1.0, details)


def measure_delivery(section: DeliveryInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Mean credit of the obligations due, drawn toward 0.7 as if by two more of them."""
    weight, credit = amount("weight", section.weight), amount("credit", section.credit)
    score = (credit + DELIVERY_PRIOR_WEIGHT * DELIVERY_PRIOR) / (weight + DELIVERY_PRIOR_WEIGHT)
    return _measured(score, weight / DELIVERY_FULL_COVERAGE, {"weight": weight, "credit": credit})


def agreements_in_view(section: RunwayInput, config: HealthConfig) -> list[AgreementTerm]:
    """The agreements in force or lapsed recently enough to be renewed still."""
    grace = -config.caps.lapsed_within_days
    return [a for a in section.agreements if a.days_left is None or a.days_left >= grace]


def measure_runway(section: RunwayInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Mean share of a year still covered, a renewal under way counting in part; large ones weigh more."""
    agreements = agreements_in_view(section, config)
    if not agreements:
        return not_applicable() if targets.rank < RUNWAY_FROM_RANK else _measured(0.0, 1.0, {"agreements": 0.0})
    weights, covered = [], []
    for agreement in agreements:
        annual = amount("annual_value", agreement.annual_value)
        left = RUNWAY_DAYS if agreement.days_left is None else max(agreement.days_left, 0)
        days = left + RUNWAY_DAYS * share("renewal_progress", agreement.renewal_progress)
        weights.append(1 + math.log10(1 + annual / RUNWAY_MONEY_UNIT))
        covered.append(min(1.0, days / RUNWAY_DAYS))
    products = (weight * part for weight, part in zip(weights, covered, strict=True))
    details = {"agreements": float(len(agreements)), "shortest": min(covered), "longest": max(covered)}
    return _measured(math.fsum(products) / math.fsum(weights), 1.0, details)


def measure_talent(section: TalentInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """sat(X, X*) of the decayed flow of people; covered when events are known or a feed would report them."""
    mass = amount("mass", section.mass)
    coverage = 1.0 if section.has_events or section.feed_connected else 0.0
    return _measured(saturation(mass, targets.talent), coverage, {"mass": mass, "target": targets.talent})


def measure_satisfaction(section: SatisfactionInput, targets: StageTargets, config: HealthConfig) -> DimensionResult:
    """Weighted mean rating, drawn toward 0.6 as if by one more rating."""
    weight, total = amount("weight", section.weight), amount("weighted_sum", section.weighted_sum)
    score = (total + SATISFACTION_PRIOR * SATISFACTION_PRIOR_WEIGHT) / (weight + SATISFACTION_PRIOR_WEIGHT)
    details = {"weight": weight}
    if weight > 0:
        details["mean"] = min(1.0, total / weight)
    return _measured(score, weight / SATISFACTION_FULL_COVERAGE, details)


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("recency", 0.16, measure_recency),
    Dimension("breadth", 0.12, measure_breadth),
    Dimension("depth", 0.14, measure_depth),
    Dimension("reciprocity", 0.08, measure_reciprocity),
    Dimension("funding", 0.14, measure_funding),
    Dimension("delivery", 0.12, measure_delivery),
    Dimension("runway", 0.10, measure_runway),
    Dimension("talent", 0.06, measure_talent),
    Dimension("satisfaction", 0.08, measure_satisfaction),
)

DEFAULT_CONFIG = HealthConfig(version=1, weights=tuple((d.code, d.weight) for d in DIMENSIONS))
