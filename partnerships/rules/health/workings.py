"""A score step by step, as one would compute it by hand: every expression with its numbers and what it comes to.

Expressions are written in arithmetic that anybody reads: + − × / ^, parentheses, min, max, ln and e. Evaluating one
gives the value beside it, up to the digits shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from partnerships.rules.health.arithmetic import tie_strength
from partnerships.rules.health.config import HealthConfig, StageTargets
from partnerships.rules.health.dimensions import (
    COMMUNICATION_PRIOR,
    DELIVERY_FULL_COVERAGE,
    DELIVERY_PRIOR,
    DELIVERY_PRIOR_WEIGHT,
    DEPTH_DECISION_MAKER,
    DEPTH_EXTERNAL,
    DEPTH_INTERNAL,
    LEDGER_PRIOR,
    RUNWAY_DAYS,
    RUNWAY_MONEY_UNIT,
    SATISFACTION_FULL_COVERAGE,
    SATISFACTION_PRIOR,
    SATISFACTION_PRIOR_WEIGHT,
    agreements_in_view,
)
from partnerships.rules.health.inputs import HealthInput
from partnerships.rules.health.score import HealthScore, ScoredDimension


@dataclass(frozen=True)
class Step:
    """One line of the calculation: a symbol, how it is computed, and what it comes to."""

    symbol: str
    expression: str
    value: float


def num(value: float) -> str:
    """A number with six digits behind the point at most, negative ones in parentheses."""
    text = f"{value:.6f}".rstrip("0").rstrip(".") or "0"
    return f"({text.replace('-', '−')})" if text.startswith("-") and text != "-0" else text.lstrip("-")


def workings(inputs: HealthInput, score: HealthScore, config: HealthConfig) -> dict[str, list[Step]]:
    """The steps of each scored dimension from its input to its score and coverage; nothing for the others."""
    targets = config.targets_for(inputs.stage)
    found: dict[str, list[Step]] = {}
    for scored in score.dimensions:
        section = getattr(inputs, scored.code)
        if section is not None and scored.result.score is not None:
            found[scored.code] = [*WAYS[scored.code](section, scored, targets, config), *_ends(scored)]
    return found


def _ends(scored: ScoredDimension) -> list[Step]:
    s, c, w = scored.result.score or 0.0, scored.result.coverage, scored.weight
    return [Step("s", num(s), s), Step("c", num(c), c), Step("e", f"{num(w)} × {num(c)}", w * c)]


def totals(score: HealthScore) -> list[Step]:
    """From the dimensions to the score."""
    parts = [
        (each.weight * each.result.coverage, each.result.score)
        for each in score.dimensions
        if each.result.score is not None
    ]
    applicable = [each.weight for each in score.dimensions if each.result.applicable]
    covered = math.fsum(e for e, _s in parts)
    if not parts:
        return []
    sums = " + ".join(num(e) for e, _s in parts)
    products = " + ".join(f"{num(e)} × {num(s)}" for e, s in parts)
    limits = "".join(f", {num(cap.limit)}" for cap in score.caps)
    return [
        Step("Σe", sums, covered),
        Step("raw", f"100 × ({products}) / {num(covered)}", score.raw),
        Step("confidence", f"{num(covered)} / ({' + '.join(num(w) for w in applicable)})", score.confidence),
        Step("score", f"min({num(score.raw)}{limits})" if limits else num(score.raw), score.score),
    ]


def _recency(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    mass, target = scored.result.details["mass"], scored.result.details["target"]
    half, age = config.half_lives.recency, section.account_age_days
    return [
        Step("A", num(mass), mass),
        Step("A*", f"{num(targets.touches_per_month)} × {num(half)} / (30.4375 × ln(2))", target),
        Step("1 − 4^(−A/A*)", f"1 − 4^(−{num(mass)} / {num(target)})", 1 - 4 ** (-mass / target)),
        Step("min(1, age)", f"min(1, {age} / {num(config.young_days)})", min(1.0, age / config.young_days)),
    ]


def _breadth(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    masses = [mass for _channel, mass in section.channel_masses if mass > 0]
    whole = math.fsum(masses)
    channels, target = scored.result.details["effective_channels"], targets.channels
    if not masses:
        return [Step("N", "0", 0.0)]
    shares = [mass / whole for mass in masses]
    entropy = -math.fsum(p * math.log(p) for p in shares)
    terms = " + ".join(f"{num(p)} × ln({num(p)})" for p in shares)
    return [
        Step("Σx", " + ".join(num(mass) for mass in masses), whole),
        Step("H", f"−({terms})", entropy),
        Step("N", f"e^({num(entropy)})", channels),
        Step("min(1, N/N*)", f"min(1, {num(channels)} / {num(target)})", min(1.0, channels / target)),
    ]


def _ties(symbol: str, masses: list[float], config: HealthConfig, value: float) -> list[Step]:
    active = [r for mass in masses if (r := tie_strength(mass)) >= config.tie_threshold]
    steps = [Step(f"r {symbol}", f"1 − 2^(−{num(mass)})", tie_strength(mass)) for mass in masses]
    if not active:
        return [*steps, Step(f"N {symbol}", "0", 0.0)]
    over, under = " + ".join(num(r) for r in active), " + ".join(f"{num(r)}^2" for r in active)
    return [*steps, Step(f"N {symbol}", f"({over})^2 / ({under})", value)]


def _depth(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    details = scored.result.details
    theirs, ours = details["effective_external"], details["effective_internal"]
    expression = (
        f"{num(DEPTH_EXTERNAL)} × min(1, {num(theirs)} / {num(targets.external_ties)})"
        f" + {num(DEPTH_INTERNAL)} × min(1, {num(ours)} / {num(targets.internal_ties)})"
        f" + {num(DEPTH_DECISION_MAKER)} × {num(details['decision_maker'])}"
    )
    return [
        *_ties("x", [each.mass for each in section.external], config, theirs),
        *_ties("n", list(section.internal), config, ours),
        Step("0.60 + 0.25 + 0.15", expression, scored.result.score or 0.0),
    ]


def _balance(symbol: str, one: float, other: float, prior: float, value: float) -> Step:
    a, b = num(one), num(other)
    return Step(symbol, f"(min({a}, {b}) + {num(prior)}) / (max({a}, {b}) + {num(prior)})", value)


def _reciprocity(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    details, steps = scored.result.details, []
    if "communication" in details:
        steps.append(_balance("I, O", section.inbound, section.outbound, COMMUNICATION_PRIOR, details["communication"]))
    if "value" in details:
        steps.append(_balance("G, K", section.gives, section.gets, LEDGER_PRIOR, details["value"]))
    parts = " + ".join(num(step.value) for step in steps)
    return [*steps, Step("mean", f"({parts}) / {len(steps)}", scored.result.score or 0.0)]


def _funding(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    details = scored.result.details
    recent, reference = details["recent"], details["reference"]
    steps = [Step("level", f"{num(recent)} / ({num(recent)} + {num(reference)})", details["level"])]
    if "momentum" in details:
        previous, damping = details["previous_per_year"], 0.1 * reference
        ratio = (recent + damping) / (previous + damping)
        steps += [
            Step("r", f"({num(recent)} + {num(damping)}) / ({num(previous)} + {num(damping)})", ratio),
            Step("momentum", f"{num(ratio)}^2 / (1 + {num(ratio)}^2)", details["momentum"]),
            Step("½ + ½", f"({num(details['level'])} + {num(details['momentum'])}) / 2", scored.result.score or 0.0),
        ]
    return steps


def _delivery(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    weight, credit = scored.result.details["weight"], scored.result.details["credit"]
    over = f"({num(credit)} + {num(DELIVERY_PRIOR_WEIGHT)} × {num(DELIVERY_PRIOR)})"
    return [
        Step("Σw, Σwu", f"{over} / ({num(weight)} + {num(DELIVERY_PRIOR_WEIGHT)})", scored.result.score or 0.0),
        Step("min(1, Σw/5)", f"min(1, {num(weight)} / {num(DELIVERY_FULL_COVERAGE)})", scored.result.coverage),
    ]


def _runway(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    steps, weights, products = [], [], []
    for number, term in enumerate(agreements_in_view(section, config), 1):
        annual = float(term.annual_value)
        weight = 1 + math.log10(1 + annual / RUNWAY_MONEY_UNIT)
        left = RUNWAY_DAYS if term.days_left is None else max(term.days_left, 0)
        covered = min(1.0, (left + RUNWAY_DAYS * term.renewal_progress) / RUNWAY_DAYS)
        steps.append(Step(f"v{number}", f"1 + ln(1 + {num(annual)} / {num(RUNWAY_MONEY_UNIT)}) / ln(10)", weight))
        words = f"min(1, ({left} + {RUNWAY_DAYS} × {num(term.renewal_progress)}) / {RUNWAY_DAYS})"
        steps.append(Step(f"a{number}", words, covered))
        weights.append(num(weight))
        products.append(f"{num(weight)} × {num(covered)}")
    if weights:
        expression = f"({' + '.join(products)}) / ({' + '.join(weights)})"
        steps.append(Step("Σva/Σv", expression, scored.result.score or 0.0))
    return steps


def _talent(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    mass, target = scored.result.details["mass"], scored.result.details["target"]
    return [Step("1 − 4^(−X/X*)", f"1 − 4^(−{num(mass)} / {num(target)})", scored.result.score or 0.0)]


def _satisfaction(section: Any, scored: ScoredDimension, targets: StageTargets, config: HealthConfig) -> list[Step]:
    weight, summed = num(section.weight), num(section.weighted_sum)
    prior = f"{num(SATISFACTION_PRIOR)} × {num(SATISFACTION_PRIOR_WEIGHT)}"
    expression = f"({summed} + {prior}) / ({weight} + {num(SATISFACTION_PRIOR_WEIGHT)})"
    full = num(SATISFACTION_FULL_COVERAGE)
    return [
        Step("Σωy, Σω", expression, scored.result.score or 0.0),
        Step("min(1, Σω/2)", f"min(1, {weight} / {full})", scored.result.coverage),
    ]


WAYS: dict[str, Callable[[Any, ScoredDimension, StageTargets, HealthConfig], list[Step]]] = {
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
