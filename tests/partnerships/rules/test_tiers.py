"""The rule that suggests a tier, and what each tier asks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.choices import Tier as TierChoices
from partnerships.rules.tiers import (
    TIER_POLICIES,
    Tier,
    TierFacts,
    months_later,
    next_review,
    suggest_tier,
    tier_rank,
)

BOTH = {"our_executive_sponsor": True, "their_executive_sponsor": True}
facts = st.builds(
    TierFacts,
    recent_kinds=st.integers(0, 14),
    recent_value=st.none() | st.decimals(0, 10**9, places=2),
    our_executive_sponsor=st.booleans(),
    their_executive_sponsor=st.booleans(),
    growing=st.booleans(),
)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("given_facts", "tier"),
    [
        (TierFacts(), "prospect"),
        (TierFacts(growing=True), "prospect"),
        (TierFacts(recent_kinds=1), "transactional"),
        (TierFacts(recent_kinds=1, recent_value=Decimal("199999.99")), "transactional"),
        (TierFacts(recent_kinds=1, growing=True), "developing"),
        (TierFacts(recent_kinds=1, recent_value=Decimal(200_000)), "key"),
        (TierFacts(recent_kinds=2), "key"),
        (TierFacts(recent_kinds=3), "key"),
        (TierFacts(recent_kinds=3, our_executive_sponsor=True), "key"),
        (TierFacts(recent_kinds=2, **BOTH), "key"),
        (TierFacts(recent_kinds=3, **BOTH), "strategic"),
        (TierFacts(recent_kinds=0, **BOTH), "prospect"),
    ],
)
def test_each_rule_at_its_border(given_facts, tier):
    assert suggest_tier(given_facts) == tier


@given(facts, st.integers(0, 3), st.decimals(0, 10**6, places=2), st.booleans(), st.booleans(), st.booleans())
def test_more_never_lowers_the_tier(before, kinds, value, ours, theirs, growing):
    after = TierFacts(
        recent_kinds=before.recent_kinds + kinds,
        recent_value=(before.recent_value or 0) + value,
        our_executive_sponsor=before.our_executive_sponsor or ours,
        their_executive_sponsor=before.their_executive_sponsor or theirs,
        growing=before.growing or growing,
    )
    assert tier_rank(suggest_tier(after)) >= tier_rank(suggest_tier(before))


@given(facts, st.decimals(1, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_a_higher_threshold_never_raises_the_tier(given_facts, threshold, more):
    lower, higher = suggest_tier(given_facts, threshold), suggest_tier(given_facts, threshold + more)
    assert tier_rank(higher) <= tier_rank(lower)


def test_facts_below_nothing_are_refused():
    for wrong in ({"recent_kinds": -1}, {"recent_value": Decimal("-0.01")}):
        with pytest.raises(ValueError, match="negative"):
            TierFacts(**wrong)


def test_the_codes_are_those_that_are_stored():
    assert [tier.value for tier in Tier] == TierChoices.values
    assert TIER_POLICIES.keys() == set(Tier)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_later(day, months, expected):
    assert months_later(day, months) == expected


@given(days, st.integers(1, 60))
def test_later_is_later_and_within_the_right_month(day, months):
    later = months_later(day, months)
    assert later > day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("tier", "last", "expected"),
    [
        ("strategic", date(2026, 5, 4), date(2026, 11, 4)),
        ("key", date(2026, 5, 4), date(2027, 5, 4)),
        ("developing", date(2026, 5, 4), date(2027, 5, 4)),
        ("transactional", date(2026, 5, 4), None),
        ("prospect", None, None),
        ("strategic", None, date(2026, 11, 24)),
        ("key", None, date(2026, 11, 24)),
    ],
)
def test_the_next_review_follows_the_tier(tier, last, expected):
    today = date(2026, 11, 24)
    assert next_review(tier, last_review=last, started_on=date(2020, 1, 1), today=today) == expected


def test_a_young_partnership_is_reviewed_after_a_whole_cadence():
    today = date(2026, 11, 24)
    assert next_review("key", last_review=None, started_on=date(2026, 10, 1), today=today) == date(2027, 10, 1)


@given(st.sampled_from(list(Tier)), st.none() | days, days, days)
def test_nobody_has_missed_a_review_that_was_not_asked_for(tier, last, started, today):
    due = next_review(tier, last_review=last, started_on=started, today=today)
    if last is None and due is not None:
        assert due >= today
    assert (due is None) == (TIER_POLICIES[tier].review_months is None)
