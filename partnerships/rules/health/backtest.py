"""The score held against what came of it: ranking always, probabilities only with enough of both outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from partnerships.rules.health.validation import (
    CERTAINTY,
    RESAMPLES,
    BandRate,
    Bin,
    Case,
    Enough,
    band_rates,
    base_rate_brier,
    baseline_auc,
    brier,
    brier_skill,
    calibration,
    calibration_error,
    enough,
    fit_isotonic,
    is_monotone,
    score_auc,
)

LOOK_AHEAD_DAYS = 180
SETTLED_DAYS = 90
LEARNING_SHARE = 2 / 3


@dataclass(frozen=True)
class Dated:
    """A case with the day on which it ended, and what it is counted under besides."""

    case: Case
    ended_on: date
    stage: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """The cases of one stage or kind; the AUC is None while one of both outcomes is missing."""

    label: str
    cases: int
    renewed: int
    auc: float | None


@dataclass(frozen=True)
class Probabilities:
    """What the older cases said about the newer ones: fitted before ``tested_from``, tested from then on."""

    tested_from: date
    learned: int
    tested: int
    brier: float
    base_brier: float
    skill: float | None
    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Backtest:
    """Everything there is to say. ``probabilities`` is None without cases enough (``enough`` says what is missing)."""

    enough: Enough
    auc: float | None
    interval: tuple[float, float] | None
    baseline: float | None
    rates: tuple[BandRate, ...]
    monotone: bool | None
    stages: tuple[Part, ...]
    kinds: tuple[Part, ...]
    probabilities: Probabilities | None


def backtest(cases: Sequence[Dated], bands: Sequence[str]) -> Backtest:
    """The score against the outcomes. ``bands``: best first, those to be compared."""
    plain = [each.case for each in cases]
    rates = band_rates(plain, bands)
    counted = enough(plain)
    return Backtest(
        enough=counted,
        auc=score_auc(plain),
        interval=auc_interval(plain),
        baseline=baseline_auc(plain),
        rates=rates,
        monotone=is_monotone(rates),
        stages=_parts(cases, lambda each: each.stage),
        kinds=_parts(cases, lambda each: each.kind),
        probabilities=_probabilities(cases) if counted.for_probabilities else None,
    )


def auc_interval(
    cases: Sequence[Case], *, seed: int = 0, resamples: int = RESAMPLES, certainty: float = CERTAINTY
) -> tuple[float, float] | None:
    """What ``bootstrap(cases, score_auc)`` is for, in a fraction of its time: a case drawn twice weighs twice.

    Whole partners are drawn with replacement; draws that hold one outcome only are left out. None without a value.
    """
    if score_auc(cases) is None:
        return None
    scores = np.array([case.score for case in cases])
    renewed = np.array([case.renewed for case in cases], np.float64)
    _partners, partner = np.unique([case.partnership for case in cases], return_inverse=True)
    _values, place = np.unique(scores, return_inverse=True)
    levels, partners = int(place.max()) + 1, int(partner.max()) + 1
    chance = np.random.default_rng(seed)
    values = []
    for _round in range(resamples):
        weight = np.bincount(chance.integers(partners, size=partners), minlength=partners)[partner]
        positive = np.bincount(place, weight * renewed, levels)
        negative = np.bincount(place, weight * (1 - renewed), levels)
        pairs = positive.sum() * negative.sum()
        if pairs:
            values.append(float((positive * (np.cumsum(negative) - negative / 2)).sum() / pairs))
    if not values:
        return None
    values.sort()
    tail, last = (1 - certainty) / 2, len(values) - 1
    return values[round(tail * last)], values[round((1 - tail) * last)]


def _parts(cases: Sequence[Dated], label_of: Callable[[Dated], str]) -> tuple[Part, ...]:
    groups: dict[str, list[Case]] = {}
    for each in cases:
        groups.setdefault(label_of(each), []).append(each.case)
    parts = [
        Part(label, len(inside), sum(case.renewed for case in inside), score_auc(inside))
        for label, inside in groups.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-part.cases, part.label)))


def _probabilities(cases: Sequence[Dated]) -> Probabilities | None:
    """Fitted on about two thirds, the older ones; no day is in both. None where all ended on one day."""
    ordered = sorted(cases, key=lambda each: each.ended_on)
    border = ordered[int(len(ordered) * LEARNING_SHARE)].ended_on
    older = [each.case for each in ordered if each.ended_on < border]
    newer = [each.case for each in ordered if each.ended_on >= border]
    if not older:
        return None
    fit = fit_isotonic([case.score for case in older], [case.renewed for case in older])
    said, came = [fit(case.score) for case in newer], [case.renewed for case in newer]
    bins = calibration(said, came)
    return Probabilities(
        tested_from=border,
        learned=len(older),
        tested=len(newer),
        brier=brier(said, came) or 0.0,
        base_brier=base_rate_brier(came) or 0.0,
        skill=brier_skill(said, came),
        error=calibration_error(bins) or 0.0,
        bins=bins,
    )


def by_label(parts: Sequence[Part], labels: Mapping[str, object]) -> tuple[Part, ...]:
    """The parts under the names that people use."""
    return tuple(Part(str(labels.get(part.label, part.label)), part.cases, part.renewed, part.auc) for part in parts)
