"""The alerts A1 to A12: what a run has to tell the owner of a partnership.

Each rule looks at two moments, this run and what stood before, and says at most one thing. A partnership whose data
do not suffice gets no alert about its score; A8 says once that they ran out. Whether an alert was raised already, is
snoozed, or goes to whom, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from partnerships.rules.health.score import AT_RISK, HEALTHY, INSUFFICIENT, WATCH

DROP_POINTS, DROP_DAYS = 10.0, 30
DECLINING_RUNS = 4
RENEWAL_LEAD_DAYS, RENEWAL_SCORE = 180, 70.0
CHAMPION_SHARE, CHAMPION_DAYS = 0.5, 90
GAP_FACTOR, GAP_DAYS, GAP_TOUCHES = 1.5, 30, 3
CONFIDENCE = 0.5
OVERDUE_DAYS = 14
BAD_RATING = 0.4
GROWTH_SCORE = 80.0
SNOOZE_DAYS = 30

_ORDER = {AT_RISK: 0, WATCH: 1, HEALTHY: 2}


@dataclass(frozen=True)
class Agreement:
    """The agreement of highest value: days to its end (None: evergreen) and how far its renewal is, 0 to 1."""

    days_left: int | None
    renewal_progress: float = 0.0
    lead_days: int = RENEWAL_LEAD_DAYS


@dataclass(frozen=True)
class Champion:
    """The strongest tie as of 90 days ago: its mass then and now, and whether the person has left since."""

    mass_then: float
    mass_now: float
    has_left: bool = False


@dataclass(frozen=True)
class AlertFacts:
    """One partnership in one run.

    band, score, confidence, caps: of this run; previous_*: of the run before (None: there was none). score_before:
    the score 30 days ago, or the oldest younger one; declining_runs: how many runs on end have been declining.
    active_external*: active ties on their side. gaps: days between consecutive real touches, oldest first; days_silent:
    since the last, None when there never was one. overdue_days: of the obligation longest overdue, either side's.
    rating: the lowest one since the last run, 0 to 1. channels, channel_target: effective channels and the stage's.
    """

    band: str
    score: float
    confidence: float
    caps: frozenset[str] = frozenset()
    previous_band: str | None = None
    previous_confidence: float | None = None
    previous_caps: frozenset[str] | None = None
    score_before: float | None = None
    declining_runs: int = 0
    agreement: Agreement | None = None
    champion: Champion | None = None
    active_external: int | None = None
    previous_active_external: int | None = None
    gaps: tuple[int, ...] = ()
    days_silent: int | None = None
    overdue_days: int | None = None
    rating: float | None = None
    channels: float | None = None
    channel_target: float | None = None


@dataclass(frozen=True)
class Alert:
    """One thing to tell: the rule's code and the numbers that belong into its words."""

    code: str
    numbers: dict[str, float] = field(default_factory=dict)


Check = Callable[[AlertFacts], dict[str, float] | None]


def _band_worsened(facts: AlertFacts) -> dict[str, float] | None:
    if facts.previous_band not in _ORDER or facts.band not in _ORDER:
        return None
    return {"score": facts.score} if _ORDER[facts.band] < _ORDER[facts.previous_band] else None


def _dropped(facts: AlertFacts) -> dict[str, float] | None:
    if facts.band == INSUFFICIENT or facts.score_before is None:
        return None
    drop = facts.score_before - facts.score
    return {"drop": drop, "score": facts.score} if drop >= DROP_POINTS - 1e-9 else None


def _keeps_declining(facts: AlertFacts) -> dict[str, float] | None:
    enough = facts.band != INSUFFICIENT and facts.declining_runs >= DECLINING_RUNS
    return {"runs": float(facts.declining_runs)} if enough else None


def _main_agreement_ends(facts: AlertFacts) -> dict[str, float] | None:
    main = facts.agreement
    if main is None or main.days_left is None or not 0 <= main.days_left <= main.lead_days:
        return None
    if main.renewal_progress > 0 and facts.score >= RENEWAL_SCORE:
        return None
    return {"days_left": float(main.days_left), "lead_days": float(main.lead_days)}


def _champion_lost(facts: AlertFacts) -> dict[str, float] | None:
    champion = facts.champion
    if champion is None or champion.mass_then <= 0:
        return None
    kept = champion.mass_now / champion.mass_then
    if not champion.has_left and kept >= CHAMPION_SHARE:
        return None
    return {"kept": kept, "left": float(champion.has_left)}


def _single_threaded(facts: AlertFacts) -> dict[str, float] | None:
    before, now = facts.previous_active_external, facts.active_external
    if before is None or now is None or before <= 1 or now > 1:
        return None
    return {"ties": float(now), "before": float(before)}


def _unusual_silence(facts: AlertFacts) -> dict[str, float] | None:
    if facts.days_silent is None or len(facts.gaps) < GAP_TOUCHES:
        return None
    usual = median(facts.gaps)
    if facts.days_silent <= GAP_DAYS or facts.days_silent <= GAP_FACTOR * usual:
        return None
    return {"days": float(facts.days_silent), "usual": float(usual)}


def _data_ran_out(facts: AlertFacts) -> dict[str, float] | None:
    before = facts.previous_confidence
    fell = before is not None and before >= CONFIDENCE - 1e-9 and facts.confidence < CONFIDENCE - 1e-9
    return {"confidence": facts.confidence} if fell else None


def _cap_hit(facts: AlertFacts) -> dict[str, float] | None:
    if facts.previous_caps is None or facts.band == INSUFFICIENT:
        return None
    new = sorted(facts.caps - facts.previous_caps)
    return dict.fromkeys(new, 1.0) or None


def _obligation_overdue(facts: AlertFacts) -> dict[str, float] | None:
    late = facts.overdue_days is not None and facts.overdue_days > OVERDUE_DAYS
    return {"days": float(facts.overdue_days)} if late else None


def _bad_rating(facts: AlertFacts) -> dict[str, float] | None:
    bad = facts.rating is not None and facts.rating <= BAD_RATING + 1e-9
    return {"rating": facts.rating} if bad else None


def _room_to_grow(facts: AlertFacts) -> dict[str, float] | None:
    if facts.band != HEALTHY or facts.score < GROWTH_SCORE - 1e-9 or facts.declining_runs > 0:
        return None
    if facts.channels is None or facts.channel_target is None or facts.channels >= facts.channel_target - 1e-9:
        return None
    return {"channels": facts.channels, "target": facts.channel_target}


ALERTS: dict[str, Check] = {
    "A1": _band_worsened,
    "A2": _dropped,
    "A3": _keeps_declining,
    "A4": _main_agreement_ends,
    "A5": _champion_lost,
    "A6": _single_threaded,
    "A7": _unusual_silence,
    "A8": _data_ran_out,
    "A9": _cap_hit,
    "A10": _obligation_overdue,
    "A11": _bad_rating,
    "A12": _room_to_grow,
}
OPPORTUNITIES = frozenset({"A12"})


def alerts_of(facts: AlertFacts) -> list[Alert]:
    """Every alert whose rule holds in this run, in the order of the table."""
    found = ((code, check(facts)) for code, check in ALERTS.items())
    return [Alert(code, numbers) for code, numbers in found if numbers is not None]
