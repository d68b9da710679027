"""The five stages of a partnership and the rule that suggests one.

The phases are those of Wayne C. Johnson's partnership continuum (HP University Relations, 2007). The
suggestion never replaces the stage a person declared: both are stored and shown side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """How far a partnership has come, in ascending order."""

    AWARENESS = "awareness"
    INVOLVEMENT = "involvement"
    SUPPORT = "support"
    SPONSORSHIP = "sponsorship"
    STRATEGIC = "strategic"


STAGE_LABELS: dict[Stage, str] = {
    Stage.AWARENESS: "Awareness",
    Stage.INVOLVEMENT: "Involvement",
    Stage.SUPPORT: "Support",
    Stage.SPONSORSHIP: "Sponsorship",
    Stage.STRATEGIC: "Strategic partner",
}

STAGE_ORDER: tuple[Stage, ...] = tuple(Stage)

DEFAULT_SPONSORSHIP_THRESHOLD = Decimal(100_000)
STRATEGIC_CHANNELS = 4
STRATEGIC_MONTHS = 24
SUPPORT_CHANNELS = 2


def stage_rank(stage: str | None) -> int:
    """1 for awareness to 5 for strategic, 0 for no stage; ValueError for an unknown code."""
    return 0 if stage is None else STAGE_ORDER.index(Stage(stage)) + 1


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    """What one partnership has done, counted by the caller as of one day.

    "Recent" means active at any time in the last 24 months; "active" means in force on the day.

    recent_touches, recent_recruiting_events: interactions that are touches; fairs, interviews, campus visits.
    recent_internships, recent_memberships, recent_advisory_seats, recent_ndas, recent_projects: counts.
        Projects of every size count: counting only small ones would let a growing project lower the stage.
    recent_channels: distinct channels used; recent_funded_channels: those of them with cash or in-kind value.
    active_channels: distinct channels with an engagement in force.
    largest_funded_annual_value: annual value, in the tenant's base currency, of the largest active funded
        research or fellowship agreement; None when there is none.
    active_master_agreement, active_joint_lab, our_executive_sponsor, their_executive_sponsor: present today.
    unbroken_months: whole months up to today without a gap in activity.

    ValueError for a negative count.
    """

    recent_touches: int = 0
    recent_recruiting_events: int = 0
    recent_internships: int = 0
    recent_memberships: int = 0
    recent_advisory_seats: int = 0
    recent_ndas: int = 0
    recent_projects: int = 0
    recent_channels: int = 0
    recent_funded_channels: int = 0
    active_channels: int = 0
    largest_funded_annual_value: Decimal | None = None
    active_master_agreement: bool = False
    active_joint_lab: bool = False
    our_executive_sponsor: bool = False
    their_executive_sponsor: bool = False
    unbroken_months: int = 0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, int) and value < 0:
                raise ValueError(f"{name} is negative: {value}")


def unbroken_months(active: Iterable[int]) -> int:
    """How many whole months up to today each saw activity; ``active`` are months counted back, the last 30 days or so
    being 0. A month without any ends the count.
    """
    months, count = set(active), 0
    while count in months:
        count += 1
    return count


def suggest_stage(facts: StageFacts, threshold: Decimal = DEFAULT_SPONSORSHIP_THRESHOLD) -> Stage | None:
    """The highest stage whose rule the facts satisfy, or None when not even awareness holds.

    The threshold is the tenant's annual value, in base currency, from which funded research counts as
    sponsorship. More activity never lowers the answer.
    """
    if _is_sponsorship(facts, threshold):
        return Stage.STRATEGIC if _is_strategic(facts) else Stage.SPONSORSHIP
    if facts.recent_channels >= SUPPORT_CHANNELS and facts.recent_funded_channels >= 1:
        return Stage.SUPPORT
    involvements = (
        facts.recent_internships,
        facts.recent_memberships,
        facts.recent_advisory_seats,
        facts.recent_ndas,
        facts.recent_projects,
    )
    if any(involvements):
        return Stage.INVOLVEMENT
    if facts.recent_touches or facts.recent_recruiting_events:
        return Stage.AWARENESS
    return None


def _is_sponsorship(facts: StageFacts, threshold: Decimal) -> bool:
    value = facts.largest_funded_annual_value
    return value is not None and value >= threshold


def _is_strategic(facts: StageFacts) -> bool:
    """What a strategic partnership needs on top of sponsorship."""
    return (
        (facts.active_master_agreement or facts.active_joint_lab)
        and facts.our_executive_sponsor
        and facts.their_executive_sponsor
        and facts.active_channels >= STRATEGIC_CHANNELS
        and facts.unbroken_months >= STRATEGIC_MONTHS
    )
