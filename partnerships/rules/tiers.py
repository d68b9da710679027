"""The tiers of an office's portfolio: which one the records suggest, and what each asks of the office.

The set follows Virginia Tech's practice of a continuum from a single point of contact to a strategic partner. The
suggestion never replaces the tier a person gave: both are stored and shown side by side.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Tier(StrEnum):
    """How much of the office's attention a partner gets, in descending order."""

    STRATEGIC = "strategic"
    KEY = "key"
    DEVELOPING = "developing"
    TRANSACTIONAL = "transactional"
    PROSPECT = "prospect"


TIER_ORDER: tuple[Tier, ...] = tuple(reversed(Tier))

STRATEGIC_KINDS = 3
KEY_KINDS = 2
DEFAULT_KEY_VALUE = Decimal(200_000)


@dataclass(frozen=True)
class TierPolicy:
    """review_months: how often the partnership is looked back at, None for never. load: how much work one is."""

    review_months: int | None
    load: Decimal


TIER_POLICIES: dict[Tier, TierPolicy] = {
    Tier.STRATEGIC: TierPolicy(6, Decimal("4")),
    Tier.KEY: TierPolicy(12, Decimal("2")),
    Tier.DEVELOPING: TierPolicy(12, Decimal("1")),
    Tier.TRANSACTIONAL: TierPolicy(None, Decimal("0.5")),
    Tier.PROSPECT: TierPolicy(None, Decimal("0.25")),
}


@dataclass(frozen=True, kw_only=True)
class TierFacts:
    """What one partnership amounts to, counted by the caller as of one day.

    recent_kinds: distinct kinds of engagement in force at any time in the last 24 months. recent_value: what these
        engagements are worth together, in the tenant's base currency; None when nothing is known.
    our_executive_sponsor, their_executive_sponsor: present today. growing: more engagements began in the last 12
        months than in the 12 before.

    ValueError for a negative count or value.
    """

    recent_kinds: int = 0
    recent_value: Decimal | None = None
    our_executive_sponsor: bool = False
    their_executive_sponsor: bool = False
    growing: bool = False

    def __post_init__(self) -> None:
        if self.recent_kinds < 0 or (self.recent_value is not None and self.recent_value < 0):
            raise ValueError("neither kinds nor value can be negative")


def tier_rank(tier: str) -> int:
    """1 for a prospect to 5 for strategic; ValueError for an unknown code."""
    return TIER_ORDER.index(Tier(tier)) + 1


def suggest_tier(facts: TierFacts, key_value: Decimal = DEFAULT_KEY_VALUE) -> Tier:
    """The highest tier whose rule the facts satisfy. More activity never lowers the answer.

    ``key_value`` is the worth of two years, in base currency, from which one kind of engagement makes a key partner.
    """
    sponsored = facts.our_executive_sponsor and facts.their_executive_sponsor
    if facts.recent_kinds >= STRATEGIC_KINDS and sponsored:
        return Tier.STRATEGIC
    if facts.recent_kinds >= KEY_KINDS or (facts.recent_value is not None and facts.recent_value >= key_value):
        return Tier.KEY
    if facts.recent_kinds:
        return Tier.DEVELOPING if facts.growing else Tier.TRANSACTIONAL
    return Tier.PROSPECT


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_review(tier: str, *, last_review: date | None, started_on: date, today: date) -> date | None:
    """When a partnership is to be looked back at: the tier's cadence after the last review; None without a cadence.

    Without any review the cadence counts from the start of the partnership, and the day is never before ``today``:
    nobody has missed a review that was not asked for.
    """
    months = TIER_POLICIES[Tier(tier)].review_months
    if months is None:
        return None
    if last_review is not None:
        return months_later(last_review, months)
    return max(months_later(started_on, months), today)
