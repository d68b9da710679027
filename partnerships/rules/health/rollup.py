"""One figure for a whole group of partnerships: how the scores of subsidiaries and parents come together.

Members without enough data are named and not counted: a number that pretends to know them would hide them. No rule
looks at caps again, because each member's score has them already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from partnerships.rules.health.config import BandRules, Weighing
from partnerships.rules.health.dimensions import DEFAULT_CONFIG
from partnerships.rules.health.score import INSUFFICIENT, band_of
from partnerships.rules.pipeline import stage_rank

WEIGHTED, MEAN, WORST = Weighing.WEIGHTED.value, Weighing.MEAN.value, Weighing.WORST.value


@dataclass(frozen=True)
class Member:
    """One partnership of a group: its key, stage, present score and confidence (None: not computed yet), band."""

    key: int
    stage: str
    score: float | None
    confidence: float | None
    band: str

    @property
    def counts(self) -> bool:
        return self.score is not None and self.confidence is not None and self.band != INSUFFICIENT


@dataclass(frozen=True)
class RollUp:
    """The figure of a group. ``score`` is None when no member has enough data; the band then is "insufficient".

    ``shares``: for each counted member, how much of the figure it is, 0 to 1. ``left_out``: members without enough
    data. ``covered``: the counted members' part of the weight of all.
    """

    rule: str
    score: float | None
    confidence: float | None
    band: str
    covered: float
    shares: dict[int, float] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()


def weight_of(member: Member) -> float:
    """What a member weighs by its stage, 1 for awareness to 5 for strategic."""
    return float(stage_rank(member.stage))


def _weighted(members: Sequence[Member]) -> list[float]:
    return [weight_of(each) * (each.confidence or 0.0) for each in members]


def _mean(members: Sequence[Member]) -> list[float]:
    return [1.0] * len(members)


def _worst(members: Sequence[Member]) -> list[float]:
    lowest = min(members, key=lambda each: (each.score or 0.0, each.key))
    return [float(each is lowest) for each in members]


RULES: dict[str, Callable[[Sequence[Member]], list[float]]] = {WEIGHTED: _weighted, MEAN: _mean, WORST: _worst}


def roll_up(members: Sequence[Member], rule: str = WEIGHTED, bands: BandRules = DEFAULT_CONFIG.bands) -> RollUp:
    """Bring a group's scores together.

    "weighted": mean by stage × confidence, so that a strategic subsidiary counts more than a new acquaintance and a
    well-known score more than a doubtful one. "mean": every member alike. "worst": the lowest. ValueError for any
    other rule. The order of the members does not matter.
    """
    if rule not in RULES:
        raise ValueError(f"unknown roll-up: {rule}")
    counted = sorted((each for each in members if each.counts), key=lambda each: each.key)
    left_out = tuple(sorted(each.key for each in members if not each.counts))
    if not counted:
        return RollUp(rule, None, None, INSUFFICIENT, 0.0, {}, left_out)
    weights = RULES[rule](counted)
    whole = math.fsum(weights)
    if whole <= 0:
        weights, whole = _mean(counted), float(len(counted))
    shares = [weight / whole for weight in weights]
    score = math.fsum(share * (each.score or 0.0) for share, each in zip(shares, counted, strict=True))
    confidence = math.fsum(share * (each.confidence or 0.0) for share, each in zip(shares, counted, strict=True))
    covered = math.fsum(map(weight_of, counted)) / math.fsum(map(weight_of, members))
    low, high = min(each.score or 0.0 for each in counted), max(each.score or 0.0 for each in counted)
    score, confidence = max(low, min(score, high)), min(1.0, confidence)
    parts = {each.key: share for each, share in zip(counted, shares, strict=True)}
    return RollUp(rule, score, confidence, band_of(score, confidence, bands), covered, parts, left_out)
