"""What would happen to a score if something were recorded, by recomputing it; and what would help most.

A hypothetical record is added to the single records of one partnership and the formula runs again, so that the
answer is the score which the same record brings once it is really logged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from partnerships.rules.health.arithmetic import decay, tie_strength
from partnerships.rules.health.config import ENGAGEMENT_SIZES, RATING_ROLE_WEIGHTS, TALENT_WEIGHTS, HealthConfig
from partnerships.rules.health.inputs import (
    AgreementTerm,
    DeliveryInput,
    HealthInput,
    RunwayInput,
    TalentInput,
)
from partnerships.rules.health.records import (
    EngagementRecord,
    RatingRecord,
    TouchRecord,
    breadth_from_engagements,
    depth_from_touches,
    obligation_credit,
    recency_from_touches,
    reciprocity_from_records,
    satisfaction_from_ratings,
)
from partnerships.rules.health.score import HealthScore, main_agreement, score_health
from partnerships.rules.touches import TOUCH_WEIGHTS, InteractionKind

NOBODY_NEW = "new-{}"
LEAST_GAIN = 0.05
MOST_STEPS = 60


@dataclass(frozen=True)
class HealthRecords:
    """The single records of one partnership as of one day.

    Touches and ledger ages may reach beyond the window. ``others`` holds the sections that are known as sums alone,
    critical_issues among them. A section of ``unmeasured`` is left out.
    """

    stage: str
    account_age_days: int
    touches: tuple[TouchRecord, ...] = ()
    decision_makers: frozenset[str] = frozenset()
    engagements: tuple[EngagementRecord, ...] = ()
    gives: tuple[int, ...] = ()
    gets: tuple[int, ...] = ()
    ratings: tuple[RatingRecord, ...] = ()
    others: Mapping[str, object] = field(default_factory=dict)
    unmeasured: frozenset[str] = frozenset()

    def inputs(self, config: HealthConfig) -> HealthInput:
        """What the formula is fed."""
        age = self.account_age_days
        sections: dict[str, object] = {
            "recency": recency_from_touches(self.touches, age, config),
            "breadth": breadth_from_engagements(self.engagements, age, config),
            "depth": depth_from_touches(self.touches, self.decision_makers, config),
            "reciprocity": reciprocity_from_records(self.touches, self.gives, self.gets, config),
            "satisfaction": satisfaction_from_ratings(self.ratings, config),
            **self.others,
        }
        kept = {code: section for code, section in sections.items() if code not in self.unmeasured}
        return HealthInput(self.stage, **kept)  # type: ignore[arg-type]

    def tie_masses(self, config: HealthConfig, *, ours: bool = False) -> dict[str, float]:
        """The decayed contact of each person of their side (or of ours), those most in touch first."""
        masses: Counter[str] = Counter()
        for touch in self.touches:
            if 0 <= touch.age_days <= config.window_days and touch.weight > 0:
                for person in set(touch.internal if ours else touch.external):
                    masses[person] += touch.weight * decay(touch.age_days, config.half_lives.ties)
        return dict(sorted(masses.items(), key=lambda each: (-each[1], each[0])))


class Hypothetical(Protocol):
    """Something that is not recorded yet."""

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords: ...


@dataclass(frozen=True)
class Contact:
    """An interaction; ``decides``: whoever of theirs takes part decides."""

    touch: TouchRecord
    decides: bool = False

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        makers = records.decision_makers | set(self.touch.external) if self.decides else records.decision_makers
        return replace(records, touches=(*records.touches, self.touch), decision_makers=makers)


@dataclass(frozen=True)
class Engagement:
    """A project that runs."""

    channel: str
    size: float = ENGAGEMENT_SIZES["standard"]

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        return replace(records, engagements=(*records.engagements, EngagementRecord(self.channel, self.size)))


@dataclass(frozen=True)
class Exchange:
    """Something that one side gave the other."""

    partner_gave: bool
    age_days: int = 0

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        if self.partner_gave:
            return replace(records, gets=(*records.gets, self.age_days))
        return replace(records, gives=(*records.gives, self.age_days))


@dataclass(frozen=True)
class Rating:
    """A rating from 0 to 1."""

    value: float
    role_weight: float = RATING_ROLE_WEIGHTS["partner"]
    age_days: int = 0

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        rating = RatingRecord(self.value, self.role_weight, self.age_days)
        return replace(records, ratings=(*records.ratings, rating))


@dataclass(frozen=True)
class Delivered:
    """An open obligation, overdue by so many days, is done today. Nothing changes where delivery is not measured."""

    weight: float
    days_late: int

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        section = records.others.get("delivery")
        if not isinstance(section, DeliveryInput):
            return records
        gain = obligation_credit(True, self.days_late, config) - obligation_credit(False, self.days_late, config)
        credit = min(section.weight, section.credit + self.weight * gain)
        return _with(records, "delivery", DeliveryInput(section.weight, credit))


@dataclass(frozen=True)
class Renewal:
    """The renewal of the main agreement has come so far, 0 to 1."""

    progress: float

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        section = records.others.get("runway")
        main = main_agreement(section, config) if isinstance(section, RunwayInput) else None
        if not isinstance(section, RunwayInput) or main is None:
            return records
        place = section.agreements.index(main)
        renewed = replace(main, renewal_progress=max(main.renewal_progress, self.progress))
        terms = (*section.agreements[:place], renewed, *section.agreements[place + 1 :])
        return _with(records, "runway", RunwayInput(terms))


@dataclass(frozen=True)
class NewAgreement:
    """An agreement of no stated value comes into force for so many days."""

    days: int = 365

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        section = records.others.get("runway")
        if not isinstance(section, RunwayInput):
            return records
        return _with(records, "runway", RunwayInput((*section.agreements, AgreementTerm(0.0, self.days))))


@dataclass(frozen=True)
class Talent:
    """Somebody moves between the two sides today."""

    weight: float

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        section = records.others.get("talent")
        if not isinstance(section, TalentInput):
            return records
        return _with(records, "talent", replace(section, mass=section.mass + self.weight, has_events=True))


@dataclass(frozen=True)
class IssuesSettled:
    """No critical issue is open any more."""

    def added_to(self, records: HealthRecords, config: HealthConfig) -> HealthRecords:
        return _with(records, "critical_issues", 0)


def _with(records: HealthRecords, section: str, value: object) -> HealthRecords:
    return replace(records, others={**records.others, section: value})


@dataclass(frozen=True)
class WhatIf:
    """The score as it is, and as it would be."""

    before: HealthScore
    after: HealthScore

    @property
    def gain(self) -> float:
        return self.after.score - self.before.score

    def by_dimension(self) -> dict[str, float]:
        """The change of each dimension's points."""
        pairs = zip(self.before.dimensions, self.after.dimensions, strict=True)
        return {before.code: after.points - before.points for before, after in pairs}


def with_all(records: HealthRecords, added: Iterable[Hypothetical], config: HealthConfig) -> HealthRecords:
    """The records and what would be added, in this order."""
    for each in added:
        records = each.added_to(records, config)
    return records


def what_if(records: HealthRecords, added: Iterable[Hypothetical], config: HealthConfig) -> WhatIf:
    """Score the partnership as it is and with the hypothetical records."""
    before = score_health(records.inputs(config), config)
    return WhatIf(before, score_health(with_all(records, added, config).inputs(config), config))


@dataclass(frozen=True)
class Move:
    """Something that the office may do. ``cost``: effort in half hours, to compare moves and not to plan by.

    ``code`` says what it is; ``subject`` whom or what it concerns: a person's key, a channel, or nothing.
    """

    code: str
    added: tuple[Hypothetical, ...]
    cost: float
    subject: str = ""


@dataclass(frozen=True)
class Advice:
    """A move with the points that it brings."""

    move: Move
    gain: float
    after: float


# Effort in half hours: what a call, a meeting with its preparation, or a project's set-up roughly takes of an office.
COSTS: dict[str, float] = {
    "email": 1,
    "call": 2,
    "inbound_call": 2,
    "meeting": 4,
    "meeting_decider": 4,
    "meeting_new_decider": 6,
    "meeting_new": 5,
    "visit": 12,
    "give": 3,
    "get": 3,
    "rating": 2,
    "deliver": 6,
    "renewal": 6,
    "project": 60,
    "internship": 30,
    "settle": 12,
}
LIKELY_RATING = 0.75  # four of five: what is asked for is an answer, not praise


def touch_today(
    kind: InteractionKind, people: Sequence[str], host: str, *, partner_initiated: bool = False
) -> TouchRecord:
    return TouchRecord(0, TOUCH_WEIGHTS[kind], partner_initiated, tuple(people), (host,) if host else ())


def possible_moves(
    records: HealthRecords, config: HealthConfig, *, host: str, remedies: Sequence[Move] = ()
) -> list[Move]:
    """What could be done about this partnership; only what a measured dimension would notice.

    ``host``: our colleague who would do it. ``remedies`` are moves that somebody knows of already, such as an overdue
    obligation to deliver.
    """
    ties = records.tie_masses(config)
    known = next(iter(ties), None)
    deciders = [person for person in ties if person in records.decision_makers] + sorted(
        records.decision_makers - ties.keys()
    )
    someone, new = [known] if known else [NOBODY_NEW.format(1)], [NOBODY_NEW.format(1)]

    def contact(code: str, kind: InteractionKind, people: list[str], **more: bool) -> Move:
        decides = more.pop("decides", False)
        touch = touch_today(kind, people, host, **more)
        return Move(code, (Contact(touch, decides),), COSTS[code], people[0])

    moves = [
        contact("email", InteractionKind.EMAIL_TWO_WAY, someone),
        contact("call", InteractionKind.CALL, someone),
        contact("inbound_call", InteractionKind.CALL, someone, partner_initiated=True),
        contact("meeting", InteractionKind.MEETING, someone),
        contact("meeting_new", InteractionKind.MEETING, new),
        contact("visit", InteractionKind.SITE_VISIT, someone),
        Move("give", (Exchange(False),), COSTS["give"]),
        Move("get", (Exchange(True),), COSTS["get"]),
        Move("rating", (Rating(LIKELY_RATING),), COSTS["rating"]),
        Move("project", (Engagement(NOBODY_NEW.format(1)),), COSTS["project"]),
        *remedies,
    ]
    if deciders:
        weakest = min(deciders, key=lambda person: ties.get(person, 0.0))
        moves.append(contact("meeting_decider", InteractionKind.MEETING, [weakest]))
    else:
        moves.append(contact("meeting_new_decider", InteractionKind.MEETING, new, decides=True))
    if isinstance(section := records.others.get("runway"), RunwayInput):
        main = main_agreement(section, config)
        named = any(move.code == "renewal" for move in remedies)
        if main is not None and main.days_left is not None and main.renewal_progress == 0 and not named:
            moves.append(Move("renewal", (Renewal(0.25),), COSTS["renewal"]))
    if isinstance(records.others.get("talent"), TalentInput):
        moves.append(Move("internship", (Talent(TALENT_WEIGHTS["internship"]),), COSTS["internship"]))
    return moves


def best_advice(records: HealthRecords, moves: Iterable[Move], config: HealthConfig, *, most: int = 3) -> list[Advice]:
    """The moves that bring most points for their effort, then most points; none that brings 0.05 or less.

    Of two moves with the same person the better one is kept, so that the answer is three different things to do.
    """
    before = score_health(records.inputs(config), config).score
    found = []
    for move in moves:
        after = score_health(with_all(records, move.added, config).inputs(config), config).score
        if after - before > LEAST_GAIN:
            found.append(Advice(move, after - before, after))
    found.sort(key=lambda each: (-each.gain / each.move.cost, -each.gain, each.move.code))
    kept, seen = [], set()
    for each in found:
        subject = each.move.subject or each.move.code
        if subject not in seen:
            seen.add(subject)
            kept.append(each)
    return kept[:most]


def cure_of(
    records: HealthRecords, cap: str, config: HealthConfig, *, host: str, remedies: Sequence[Move] = ()
) -> tuple[Hypothetical, ...]:
    """The least that lifts a cap in force: recorded, and the cap is gone. Empty when no record of today lifts it."""
    if cap == "K1":
        known = next(iter(records.tie_masses(config)), NOBODY_NEW.format(1))
        return (Contact(touch_today(InteractionKind.CALL, [known], host)),)
    if cap == "K2":
        return _second_thread(records, config, host)
    if cap == "K3":
        return (Renewal(0.25),)
    if cap == "K4":
        return (IssuesSettled(),)
    score = score_health(records.inputs(config), config)
    collapsed = next((each.details for each in score.caps if each.code == "K5"), {})
    cures: list[Hypothetical] = []
    for code in collapsed:
        steps = _raise(with_all(records, cures, config), code, config, host, remedies)
        if not steps:
            return ()
        cures += steps
    return tuple(cures)


def _second_thread(records: HealthRecords, config: HealthConfig, host: str) -> tuple[Hypothetical, ...]:
    """Meetings until two people of theirs are in touch: those nearest to it first, then new ones."""
    strengths = {person: tie_strength(mass) for person, mass in records.tie_masses(config).items()}
    lacking = 2 - sum(strength >= config.tie_threshold for strength in strengths.values())
    weak = [person for person, strength in strengths.items() if strength < config.tie_threshold]
    people = (weak + [NOBODY_NEW.format(number) for number in (1, 2)])[: max(0, lacking)]
    meetings: list[Hypothetical] = []
    for person in people:
        mass = records.tie_masses(config).get(person, 0.0)
        while tie_strength(mass) < config.tie_threshold and len(meetings) < MOST_STEPS:
            meetings.append(Contact(touch_today(InteractionKind.MEETING, [person], host)))
            mass += TOUCH_WEIGHTS[InteractionKind.MEETING]
    return tuple(meetings)


def _raise(
    records: HealthRecords, code: str, config: HealthConfig, host: str, remedies: Sequence[Move]
) -> list[Hypothetical]:
    """Records of one kind until a collapsed dimension is no more; empty when that kind does not do it."""
    if code == "delivery":
        steps = [each for move in remedies if move.code == "deliver" for each in move.added]
    elif code == "runway":
        steps = [NewAgreement()] * 9
    else:
        steps = [step for number in range(MOST_STEPS) if (step := _step(code, number, host)) is not None]
    taken: list[Hypothetical] = []
    for step in steps:
        taken.append(step)
        after = score_health(with_all(records, taken, config).inputs(config), config).dimension(code).result
        if after.score is None or after.coverage < config.caps.collapse_coverage:
            return taken
        if after.score >= config.caps.collapse_below:
            return taken
    return []


def _step(code: str, number: int, host: str) -> Hypothetical | None:
    if code == "recency":  # one a day, because a day counts no more than its limit
        touch = touch_today(InteractionKind.MEETING, [NOBODY_NEW.format(1)], host)
        return Contact(replace(touch, age_days=number))
    if code == "depth":
        return Contact(touch_today(InteractionKind.MEETING, [NOBODY_NEW.format(number // 3)], host), decides=True)
    if code == "breadth":
        return Engagement(NOBODY_NEW.format(number), ENGAGEMENT_SIZES["major"])
    if code == "reciprocity":
        return Exchange(number % 2 == 0)
    if code == "satisfaction":
        return Rating(1.0)
    if code == "talent":
        return Talent(TALENT_WEIGHTS["hire"])
    return None


def shares_of_days(records: HealthRecords, config: HealthConfig) -> list[float]:
    """What each touch adds to the mass of recency, in the order of the records: a full day's limit is shared out."""
    days: Counter[int] = Counter()
    for touch in records.touches:
        days[touch.age_days] += touch.weight
    return [
        touch.weight / days[touch.age_days] * min(days[touch.age_days], config.day_cap)
        * decay(touch.age_days, config.half_lives.recency)
        if touch.weight > 0 and 0 <= touch.age_days <= config.window_days
        else 0.0
        for touch in records.touches
    ]  # fmt: skip
