"""The alerts A1 to A12: what a run has to tell the owner of a partnership.

Each rule looks at two moments, this run and what stood before, and says at most one thing. A partnership whose data
do not suffice gets no alert about its score; A8 says once that they ran out. ``next_alerts`` holds that against what is
on record: one alert per rule at a time, none while the rule keeps quiet, and none longer than it is true. What an alert
of a change (A1, A6, A8, A9, A11) tells is true until the change is undone. Whom it goes to is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from partnerships.rules.health.config import TrendRules
from partnerships.rules.health.score import AT_RISK, HEALTHY, INSUFFICIENT, WATCH
from partnerships.rules.health.trend import DECLINING, health_trend

DROP_POINTS, DROP_DAYS = 10.0, 30
DECLINING_RUNS = 4
RENEWAL_LEAD_DAYS, RENEWAL_SCORE = 180, 70.0
CHAMPION_SHARE, CHAMPION_DAYS, CHAMPION_CONTACT = 0.5, 90, 1.0
GAP_FACTOR, GAP_DAYS, GAP_TOUCHES = 1.5, 30, 3
CONFIDENCE = 0.5
OVERDUE_DAYS = 14
BAD_RATING, RATING_DAYS = 0.4, 90
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
    """The strongest tie as of 90 days ago: the contact with that person in the 90 days before and in those since.

    Both are sums of touch weights that have not decayed: the mass of a tie halves in half a year, so it says too late
    that one fell silent. ``has_left``: whether the person works there no more. ``contact``: whose tie it is.
    """

    mass_then: float
    mass_now: float
    has_left: bool = False
    contact: int | None = None


@dataclass(frozen=True)
class AlertFacts:
    """One partnership in one run.

    band, score, confidence, caps: of this run; previous_*: of the run before (None: there was none). score_before:
    the score 30 days ago, or the oldest younger one; declining_runs: how many runs on end have been declining.
    active_external*: active ties on their side. gaps: days between consecutive real touches, oldest first; days_silent:
    since the last, None when there never was one. overdue_days: of the obligation longest overdue, either side's.
    rating: the lowest one since the last alert about one, 0 to 1; latest_rating: the latest of the last 90 days.
    channels, channel_target: effective channels and the stage's.
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
    latest_rating: float | None = None
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
    before, after = _ORDER[facts.previous_band], _ORDER[facts.band]
    return {"score": facts.score, "before": float(before), "after": float(after)} if after < before else None


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
    if champion is None:
        return None
    kept = champion.mass_now / champion.mass_then if champion.mass_then > 0 else 1.0
    faded = champion.mass_then >= CHAMPION_CONTACT and kept < CHAMPION_SHARE
    if not champion.has_left and not faded:
        return None
    whose = {} if champion.contact is None else {"contact": champion.contact}
    return {"kept": kept, "left": float(champion.has_left), **whose}


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


def unmoved(
    band: Any,
    confidence: Any,
    caps: Any,
    ties: Any,
    previous_band: Any,
    previous_confidence: Any,
    previous_ties: Any,
) -> Any:
    """Where nothing has happened to the score that a rule would tell; all are arrays, answered by an array of flags.

    ``caps``: how many hold; ``ties``: the active ones on their side; NaN stands for what is not known. Then no rule can
    hold but those about the past, about agreements and about ratings.
    """
    fell = (previous_confidence >= CONFIDENCE - 1e-9) & (confidence < CONFIDENCE - 1e-9)
    return (band == previous_band) & (caps == 0) & ~fell & ~((previous_ties > 1) & (ties <= 1))


def band_at(place: float) -> str:
    """The band that the numbers of A1 mean by ``before`` and ``after``."""
    return {place: band for band, place in _ORDER.items()}[int(place)]


def declining_runs(points: Sequence[tuple[int, float]], today: int, rules: TrendRules) -> int:
    """How many weekly runs on end, the latest first and at most four, have a trend that declines.

    ``points`` are (day number, score) of one series up to today, in any order; the last of each week counts.
    """
    weeks = {(today - day) // 7: (day, score) for day, score in sorted(points)}
    for run in range(DECLINING_RUNS):
        known = [point for week, point in weeks.items() if week >= run]
        if health_trend(known, rules).word != DECLINING:
            return run
    return DECLINING_RUNS


@dataclass(frozen=True)
class Standing:
    """An alert on record: open, or ended and its rule still quiet. ``days``: how old its numbers are."""

    key: int
    code: str
    numbers: Mapping[str, float]
    days: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class Changes:
    """What a run changes of the alerts of one partnership: ``ended`` by key, ``renewed`` by key with other numbers."""

    raised: list[Alert] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    renewed: dict[int, dict[str, float]] = field(default_factory=dict)


# What of an alert's numbers grows by the day.
_BY_THE_DAY = {"A4": ("days_left", -1), "A7": ("days", 1), "A10": ("days", 1)}


def aged(code: str, numbers: Mapping[str, float], days: int) -> dict[str, float]:
    """The numbers of an alert some days after they were taken, while nothing but time has passed."""
    found = dict(numbers)
    if code in _BY_THE_DAY:
        name, step = _BY_THE_DAY[code]
        found[name] += step * days
    return found


def _is_worse_than_before(facts: AlertFacts, numbers: Mapping[str, float]) -> bool:
    return facts.band in _ORDER and _ORDER[facts.band] < numbers["before"]


def _is_thin(facts: AlertFacts, numbers: Mapping[str, float]) -> bool:
    return facts.active_external is not None and facts.active_external <= 1


def _is_unknown(facts: AlertFacts, numbers: Mapping[str, float]) -> bool:
    return facts.confidence < CONFIDENCE - 1e-9


def _is_held(facts: AlertFacts, numbers: Mapping[str, float]) -> bool:
    return facts.band != INSUFFICIENT and bool(facts.caps & numbers.keys())


def _is_displeased(facts: AlertFacts, numbers: Mapping[str, float]) -> bool:
    return facts.latest_rating is not None and facts.latest_rating <= BAD_RATING + 1e-9


_STILL: dict[str, Callable[[AlertFacts, Mapping[str, float]], bool]] = {
    "A1": _is_worse_than_before,
    "A6": _is_thin,
    "A8": _is_unknown,
    "A9": _is_held,
    "A11": _is_displeased,
}


def next_alerts(facts: AlertFacts, standing: Sequence[Standing], skipped: Collection[str] = ()) -> Changes:
    """What a run raises, ends and renews, given the alerts on record. Run again on its outcome it changes nothing.

    Rules in ``skipped`` were not looked at: nothing of them changes. An alert keeps its numbers but for what a person
    has to know anew: a worse band, another limit, another day, somebody else.
    """
    found = {alert.code: alert.numbers for alert in alerts_of(facts) if alert.code not in skipped}
    changes, taken = Changes(), set()
    for each in standing:
        taken.add(each.code)
        if not each.is_open or each.code in skipped:
            continue
        if each.code not in found and not (each.code in _STILL and _STILL[each.code](facts, each.numbers)):
            changes.ended.append(each.key)
            continue
        numbers = _renewed(facts, each, found.get(each.code))
        if numbers != each.numbers:
            changes.renewed[each.key] = numbers
    changes.raised.extend(Alert(code, numbers) for code, numbers in found.items() if code not in taken)
    return changes


def _renewed(facts: AlertFacts, each: Standing, numbers: dict[str, float] | None) -> dict[str, float]:
    """The numbers that an open alert goes on with; those it has where they differ by time alone."""
    kept = dict(each.numbers)
    if each.code == "A9":
        return dict.fromkeys(sorted(facts.caps & (kept.keys() | (numbers or {}).keys())), 1.0)
    if numbers is None:
        return kept
    if each.code == "A1":
        return {**numbers, "before": max(kept["before"], numbers["before"])}
    if each.code in _BY_THE_DAY:
        name = _BY_THE_DAY[each.code][0]
        return kept if aged(each.code, kept, each.days)[name] == numbers[name] else numbers
    if each.code == "A5":
        whose = ("contact", "left")
        return kept if [kept.get(name) for name in whose] == [numbers.get(name) for name in whose] else numbers
    return kept
