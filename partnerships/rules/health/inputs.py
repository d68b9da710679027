"""What the health formula is fed: one optional section per dimension, already aggregated.

A section that is None means "not measured here" and leaves the score and the confidence alone. An empty
section means "measured, and nothing was found". Sections come from set-based SQL; records.py makes the same
sections from single records. All decayed quantities are as of one day, with ages in whole days.

Every constructor raises ValueError for negative quantities, NaN and infinities; amounts above 1e12 count
as 1e12.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnerships.rules.health.arithmetic import amount, finite, share

NUMBERS = (int, float)
ROUNDING = {"rel_tol": 1e-9, "abs_tol": 2e-9}  # what differs by less was added up in another order, or rounded


@dataclass(frozen=True)
class RecencyInput:
    """Contact: how much and how fresh.

    decayed_mass: Σ over days of min(touch weight of the day, day cap) · 2^(-age/recency half-life), within
        the window. account_age_days: days since the partnership was opened.
    has_touch: any touch of weight above 0 within the window.
    last_real_touch_age: days since the last real touch (touches.is_real_touch), window or not; None if never.
    """

    decayed_mass: float
    account_age_days: int
    has_touch: bool
    last_real_touch_age: int | None

    def __post_init__(self) -> None:
        amount("decayed_mass", self.decayed_mass)
        amount("account_age_days", self.account_age_days)
        if self.last_real_touch_age is not None:
            amount("last_real_touch_age", self.last_real_touch_age)


@dataclass(frozen=True)
class BreadthInput:
    """Channels in use.

    channel_masses: (channel code, Σ engagement size · 2^(-days since it ended/breadth half-life)), an
        engagement in force counting in full; a channel may appear more than once.
    account_age_days: days since the partnership was opened.
    """

    channel_masses: tuple[tuple[str, float], ...]
    account_age_days: int

    def __post_init__(self) -> None:
        for channel, mass in self.channel_masses:
            amount(channel, mass)
        amount("account_age_days", self.account_age_days)


@dataclass(frozen=True)
class ContactMass:
    """One external contact: Σ touch weight · 2^(-age/ties half-life) of the touches that name them."""

    mass: float
    decision_maker: bool = False

    def __post_init__(self) -> None:
        amount("mass", self.mass)


@dataclass(frozen=True)
class DepthInput:
    """Ties between people, within the window.

    external: one entry per external contact. internal: the same mass per member of our own staff.
    named_share: share, 0 to 1, of the undecayed touch weight whose touch names an external contact; None
        when there was no touch of weight above 0.
    """

    external: tuple[ContactMass, ...]
    internal: tuple[float, ...]
    named_share: float | None

    def __post_init__(self) -> None:
        for mass in self.internal:
            amount("internal", mass)
        if self.named_share is not None:
            share("named_share", self.named_share)


@dataclass(frozen=True)
class ReciprocityInput:
    """Who starts, and who gives.

    inbound, outbound: Σ touch weight · 2^(-age/communication half-life) by initiator (partner, us), within
        the window. gives, gets: Σ 2^(-age/ledger half-life) over the value ledger, within the window.
    ledger_entries: number of gives and gets counted; 0 means that no ledger is kept.
    """

    inbound: float
    outbound: float
    gives: float
    gets: float
    ledger_entries: int

    def __post_init__(self) -> None:
        for name in ("inbound", "outbound", "gives", "gets", "ledger_entries"):
            amount(name, getattr(self, name))


@dataclass(frozen=True)
class FundingInput:
    """Money recognized, in the tenant's base currency. Leave the section out where no money is expected.

    last_365: days 0 to 365. previous_730: days 366 to 1095. history_months: months for which money is known.
    A negative amount (a refund outweighs the income) counts as 0.
    """

    last_365: float | Decimal
    previous_730: float | Decimal
    history_months: int

    def __post_init__(self) -> None:
        finite("last_365", self.last_365)
        finite("previous_730", self.previous_730)
        amount("history_months", self.history_months)


@dataclass(frozen=True)
class DeliveryInput:
    """Obligations of either side that fell due in the last 365 days.

    weight: Σ importance. credit: Σ importance · credit, each from 0 to 1 (records.obligation_credit).
    """

    weight: float
    credit: float

    def __post_init__(self) -> None:
        if amount("credit", self.credit) > amount("weight", self.weight) * (1 + 1e-9):
            raise ValueError(f"credit {self.credit} exceeds weight {self.weight}")


@dataclass(frozen=True)
class AgreementTerm:
    """One binding agreement in force, or lapsed not long ago.

    annual_value: base currency. days_left: to its end, negative once lapsed, None for an evergreen one.
    renewal_progress: 0 to 1, see config.RENEWAL_PROGRESS.
    """

    annual_value: float | Decimal
    days_left: int | None
    renewal_progress: float = 0.0

    def __post_init__(self) -> None:
        amount("annual_value", self.annual_value)
        share("renewal_progress", self.renewal_progress)


@dataclass(frozen=True)
class RunwayInput:
    """Binding agreements in force or lapsed within the last 90 days; no statements of intent."""

    agreements: tuple[AgreementTerm, ...]


@dataclass(frozen=True)
class TalentInput:
    """People who move between the two sides. Leave the section out where none are expected.

    mass: Σ weight · 2^(-age/talent half-life), weights as in config.TALENT_WEIGHTS. has_events: any event
    known. feed_connected: a careers feed would have reported events.
    """

    mass: float
    has_events: bool
    feed_connected: bool = False

    def __post_init__(self) -> None:
        amount("mass", self.mass)


@dataclass(frozen=True)
class SatisfactionInput:
    """Ratings of both sides, each scaled to 0..1.

    weight: Σ ω with ω = role weight · 2^(-age/ratings half-life). weighted_sum: Σ ω · rating.
    """

    weight: float
    weighted_sum: float

    def __post_init__(self) -> None:
        if amount("weighted_sum", self.weighted_sum) > amount("weight", self.weight) * (1 + 1e-9):
            raise ValueError(f"weighted_sum {self.weighted_sum} exceeds weight {self.weight}")


@dataclass(frozen=True)
class HealthInput:
    """One partnership as of one day: its stage and whatever was measured.

    The fields named after dimensions are their sections. critical_issues: open disputes, breaches,
    compliance holds and invoices overdue by more than 90 days.
    """

    stage: str
    recency: RecencyInput | None = None
    breadth: BreadthInput | None = None
    depth: DepthInput | None = None
    reciprocity: ReciprocityInput | None = None
    funding: FundingInput | None = None
    delivery: DeliveryInput | None = None
    runway: RunwayInput | None = None
    talent: TalentInput | None = None
    satisfaction: SatisfactionInput | None = None
    critical_issues: int = 0


def same_inputs(one: Any, other: Any) -> bool:
    """Whether two inputs, as JSON has them, differ by no more than the order in which numbers were added up."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_inputs(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_inputs, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return isinstance(one, NUMBERS) and isinstance(other, NUMBERS) and math.isclose(one, other, **ROUNDING)
    return one == other
