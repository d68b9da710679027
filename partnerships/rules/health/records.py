"""From single records to the aggregated sections of the health formula.

Set-based SQL may produce the same sections; these functions are the definition it has to match. Ages are
whole days before the as-of date; a record with a negative age lies in the future and is ignored.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnerships.rules.health.arithmetic import amount, decay, share
from partnerships.rules.health.config import HealthConfig
from partnerships.rules.health.inputs import (
    BreadthInput,
    ContactMass,
    DeliveryInput,
    DepthInput,
    FundingInput,
    RecencyInput,
    ReciprocityInput,
    SatisfactionInput,
    TalentInput,
)
from partnerships.rules.touches import is_real_touch

OPEN_CREDIT = 0.5
LAST_YEAR, YEARS_BEFORE = 365, 1095


@dataclass(frozen=True)
class TouchRecord:
    """One interaction: its age, weight, initiator, and who took part on either side (any stable keys)."""

    age_days: int
    weight: float
    partner_initiated: bool
    external: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        amount("weight", self.weight)


@dataclass(frozen=True)
class EngagementRecord:
    """One engagement that has started: its channel, size weight, days since it ended (0 in force)."""

    channel: str
    size: float
    ended_days_ago: int = 0

    def __post_init__(self) -> None:
        amount("size", self.size)


@dataclass(frozen=True)
class ObligationRecord:
    """One obligation due in the last 365 days; days_late counts to its completion, or to today while open."""

    weight: float
    done: bool
    days_late: int = 0

    def __post_init__(self) -> None:
        amount("weight", self.weight)


@dataclass(frozen=True)
class TalentRecord:
    """One talent event with its weight and age."""

    weight: float
    age_days: int

    def __post_init__(self) -> None:
        amount("weight", self.weight)


@dataclass(frozen=True)
class RatingRecord:
    """One rating scaled to 0..1, with the weight of the rater's role and its age."""

    value: float
    role_weight: float
    age_days: int

    def __post_init__(self) -> None:
        share("value", self.value)
        amount("role_weight", self.role_weight)


@dataclass(frozen=True)
class MoneyRecord:
    """One amount received, in the tenant's base currency; a correction is negative."""

    amount: Decimal
    received_on: date


def normalize_rating(value: float, lowest: float, highest: float) -> float:
    """A rating from a scale such as 1..5 or 0..10 mapped to 0..1; ValueError outside the scale."""
    if not lowest < highest:
        raise ValueError("a scale needs lowest < highest")
    return share("rating", (value - lowest) / (highest - lowest))


def _touches_in_window(touches: Iterable[TouchRecord], config: HealthConfig) -> list[TouchRecord]:
    return [t for t in touches if 0 <= t.age_days <= config.window_days and t.weight > 0]


def _weighted(weight: float, age_days: int, half_life: float) -> float:
    return amount("weight", weight) * decay(age_days, half_life)


def recency_from_touches(touches: Sequence[TouchRecord], account_age_days: int, config: HealthConfig) -> RecencyInput:
    """The recency section: each day's weight is capped before it decays, so a mail storm adds little."""
    recent = _touches_in_window(touches, config)
    days: defaultdict[int, list[float]] = defaultdict(list)
    for touch in recent:
        days[touch.age_days].append(amount("weight", touch.weight))
    half_life = config.half_lives.recency
    mass = math.fsum(min(math.fsum(weights), config.day_cap) * decay(age, half_life) for age, weights in days.items())
    real = [t.age_days for t in touches if t.age_days >= 0 and is_real_touch(t.weight, t.partner_initiated)]
    return RecencyInput(mass, account_age_days, bool(recent), min(real, default=None))


def breadth_from_engagements(
    engagements: Iterable[EngagementRecord], account_age_days: int, config: HealthConfig
) -> BreadthInput:
    """The breadth section: one mass per channel, sorted by channel."""
    channels: defaultdict[str, list[float]] = defaultdict(list)
    for engagement in engagements:
        mass = _weighted(engagement.size, engagement.ended_days_ago, config.half_lives.breadth)
        channels[engagement.channel].append(mass)
    masses = tuple((channel, math.fsum(parts)) for channel, parts in sorted(channels.items()))
    return BreadthInput(masses, account_age_days)


def depth_from_touches(
    touches: Sequence[TouchRecord], decision_makers: Collection[str], config: HealthConfig
) -> DepthInput:
    """The depth section: one mass per person, sorted by their keys; a person counts once per touch."""
    recent = _touches_in_window(touches, config)
    external: defaultdict[str, list[float]] = defaultdict(list)
    internal: defaultdict[str, list[float]] = defaultdict(list)
    for touch in recent:
        mass = _weighted(touch.weight, touch.age_days, config.half_lives.ties)
        for people, masses in ((touch.external, external), (touch.internal, internal)):
            for person in set(people):
                masses[person].append(mass)
    total = math.fsum(amount("weight", t.weight) for t in recent)
    named = math.fsum(amount("weight", t.weight) for t in recent if t.external)
    return DepthInput(
        external=tuple(
            ContactMass(math.fsum(parts), person in decision_makers) for person, parts in sorted(external.items())
        ),
        internal=tuple(math.fsum(parts) for _, parts in sorted(internal.items())),
        named_share=named / total if total > 0 else None,
    )


def reciprocity_from_records(
    touches: Sequence[TouchRecord], gives: Iterable[int], gets: Iterable[int], config: HealthConfig
) -> ReciprocityInput:
    """The reciprocity section from touches and the ages in days of the ledger's gives and gets."""
    recent = _touches_in_window(touches, config)
    half_life = config.half_lives.communication

    def mass(by_partner: bool) -> float:
        side = [t for t in recent if t.partner_initiated is by_partner]
        return math.fsum(_weighted(t.weight, t.age_days, half_life) for t in side)

    given, got = ([age for age in ages if 0 <= age <= config.window_days] for ages in (gives, gets))
    return ReciprocityInput(
        inbound=mass(True),
        outbound=mass(False),
        gives=math.fsum(decay(age, config.half_lives.ledger) for age in given),
        gets=math.fsum(decay(age, config.half_lives.ledger) for age in got),
        ledger_entries=len(given) + len(got),
    )


def obligation_credit(done: bool, days_late: int, config: HealthConfig) -> float:
    """1 for work done on time, halved every 30 days of delay (the delay half-life); half of it while open."""
    credit = decay(days_late, config.half_lives.delay)
    return credit if done else OPEN_CREDIT * credit


def delivery_from_obligations(obligations: Sequence[ObligationRecord], config: HealthConfig) -> DeliveryInput:
    """The delivery section."""
    weights = [amount("weight", o.weight) for o in obligations]
    credits = [obligation_credit(o.done, o.days_late, config) for o in obligations]
    return DeliveryInput(
        weight=math.fsum(weights),
        credit=math.fsum(weight * credit for weight, credit in zip(weights, credits, strict=True)),
    )


def talent_from_events(
    events: Iterable[TalentRecord], config: HealthConfig, feed_connected: bool = False
) -> TalentInput:
    """The talent section."""
    past = [event for event in events if event.age_days >= 0]
    mass = math.fsum(_weighted(e.weight, e.age_days, config.half_lives.talent) for e in past)
    return TalentInput(mass, bool(past), feed_connected)


def satisfaction_from_ratings(ratings: Iterable[RatingRecord], config: HealthConfig) -> SatisfactionInput:
    """The satisfaction section."""
    past = [rating for rating in ratings if rating.age_days >= 0]
    weights = [_weighted(r.role_weight, r.age_days, config.half_lives.ratings) for r in past]
    values = [share("value", r.value) for r in past]
    return SatisfactionInput(
        weight=math.fsum(weights),
        weighted_sum=math.fsum(weight * value for weight, value in zip(weights, values, strict=True)),
    )


def funding_from_money(received: Iterable[MoneyRecord], as_of: date) -> FundingInput | None:
    """The funding section. Money is known from the first amount on; before it there is no section."""
    past = [record for record in received if record.received_on <= as_of]
    if not past:
        return None
    first = min(record.received_on for record in past)
    months = (as_of.year - first.year) * 12 + as_of.month - first.month - (as_of.day < first.day)

    def between(youngest: int, oldest: int) -> Decimal:
        ages = ((record.amount, (as_of - record.received_on).days) for record in past)
        return sum((amount for amount, age in ages if youngest <= age <= oldest), Decimal(0))

    return FundingInput(between(0, LAST_YEAR), between(LAST_YEAR + 1, YEARS_BEFORE), months)
