"""What the rules say about projects holds for whatever is recorded of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.choices import Side
from partnerships.choices_delivery import Severity
from partnerships.rules.projects import (
    SEVERITIES,
    days_late,
    exposure,
    falls_short,
    gravity,
    mismatch,
    missing_side,
    share_left,
)

TODAY = date(2026, 11, 21)
sides = st.lists(st.sampled_from(["ours", "theirs", "shared"]), max_size=6)
levels = st.none() | st.integers(1, 9)
shares = st.none() | st.decimals(0, 100, places=2)


@given(sides)
def test_a_side_is_missing_only_where_the_other_stands_alone(given_sides):
    missing = missing_side(given_sides)
    if missing:
        assert set(given_sides) == {{"ours": "theirs", "theirs": "ours"}[missing]}
    else:
        assert not given_sides or "shared" in given_sides or {"ours", "theirs"} <= set(given_sides)


@given(sides, st.sampled_from(["ours", "theirs"]))
def test_a_record_of_the_missing_side_mends_it_and_order_does_not_matter(given_sides, side):
    missing = missing_side(given_sides)
    assert missing_side(reversed(given_sides)) == missing
    if missing:
        assert missing_side([*given_sides, missing]) == ""
        assert missing_side([*given_sides, "shared"]) == ""


@given(sides, sides)
def test_a_mismatch_is_that_of_objectives_or_that_of_benefits(objectives, benefits):
    found = mismatch(objectives, benefits)
    assert (found.objectives, found.benefits) == (missing_side(objectives), missing_side(benefits))
    assert bool(found) == bool(found.objectives or found.benefits)


@given(levels, levels)
def test_only_a_known_target_below_a_known_start_falls_short(start, target):
    assert falls_short(start, target) == (None not in (start, target) and target < start)


@given(st.sampled_from(sorted(SEVERITIES)), st.integers(1, 5))
def test_exposure_grows_with_both_of_its_factors(severity, likelihood):
    points = exposure(severity, likelihood)
    assert 1 <= points <= 20
    assert exposure(severity, None) is None
    if likelihood < 5:
        assert exposure(severity, likelihood + 1) > points
    for other, weight in SEVERITIES.items():
        assert (exposure(other, likelihood) > points) == (weight > SEVERITIES[severity])
    assert gravity(points) == ("high" if points >= 12 else "medium" if points >= 6 else "low")


def test_the_severities_of_the_rules_are_those_of_the_office():
    assert list(SEVERITIES) == Severity.values
    assert {"ours", "theirs", "shared"} == set(Side.values)
    for likelihood in (0, 6, -1):
        with pytest.raises(ValueError, match="is not from 1 to 5"):
            exposure("low", likelihood)


@given(st.integers(-400, 400), st.none() | st.integers(-400, 400))
def test_lateness_is_never_negative_and_ends_when_it_is_done(due, done):
    due_on, done_on = TODAY + timedelta(days=due), done if done is None else TODAY + timedelta(days=done)
    late = days_late(due_on, done_on, TODAY)
    assert late == max(0, (0 if done is None else done) - due)
    if done_on is not None:
        assert days_late(due_on, done_on, TODAY + timedelta(days=99)) == late


@given(st.lists(shares, max_size=5))
def test_shares_leave_what_they_do_not_take(each):
    known = [share for share in each if share is not None]
    assert share_left(each) + sum(known, Decimal(0)) == 100
    assert (share_left(each) < 0) == (sum(known, Decimal(0)) > 100)
