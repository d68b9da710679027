"""Weighted values, ageing and time in stages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.opportunities import (
    DEFAULT_STAGES,
    days_since,
    is_aged,
    is_overdue,
    missing_meanings,
    stays,
    time_in_stages,
    weighted_value,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
amounts = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
percents = st.integers(0, 100)


@pytest.mark.parametrize(
    ("value", "probability", "weighted"),
    [
        (None, 50, None),
        (Decimal("120000"), 40, Decimal("48000.00")),
        (Decimal("0.01"), 50, Decimal("0.01")),
        (Decimal("0.01"), 49, Decimal("0.00")),
        (Decimal("99.99"), 100, Decimal("99.99")),
        (Decimal("99.99"), 0, Decimal("0.00")),
    ],
)
def test_weighted_values(value, probability, weighted):
    assert weighted_value(value, probability) == weighted


@given(amounts, percents, percents)
def test_a_weighted_value_lies_between_nothing_and_the_value_and_grows_with_the_chance(value, one, other):
    low, high = sorted((one, other))
    assert 0 <= weighted_value(value, low) <= weighted_value(value, high) <= value


@pytest.mark.parametrize(
    ("meaning", "days", "expected", "aged"),
    [
        ("open", 30, 30, False),
        ("open", 31, 30, True),
        ("open", 9999, None, False),
        ("on_hold", 31, 30, False),
        ("won", 31, 30, False),
        ("lost", 31, 30, False),
    ],
)
def test_ageing(meaning, days, expected, aged):
    assert is_aged(meaning, days, expected) is aged


def test_days_are_whole_and_never_negative():
    assert days_since(NOON - timedelta(hours=47), NOON) == 1
    assert days_since(NOON + timedelta(days=3), NOON) == 0


def test_a_step_is_overdue_the_day_after():
    today = date(2026, 11, 24)
    assert not is_overdue("open", today, today)
    assert is_overdue("open", today - timedelta(days=1), today)
    assert is_overdue("on_hold", today - timedelta(days=1), today)
    assert not is_overdue("won", today - timedelta(days=1), today)
    assert not is_overdue("open", None, today)


def test_time_in_stages_of_a_way_with_a_return():
    way = [(1, NOON), (2, NOON + timedelta(days=4)), (1, NOON + timedelta(days=5)), (3, NOON + timedelta(days=11))]
    spent = time_in_stages(way, NOON + timedelta(days=20))
    assert {stage: time.days for stage, time in spent.items()} == {1: 10, 2: 1, 3: 9}


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 10**7)), min_size=1, max_size=30), st.integers(0, 10**7))
def test_the_times_are_never_negative_and_add_up_to_the_time_since_the_first_arrival(steps, more):
    moment, arrivals = NOON, []
    for stage, seconds in steps:
        moment += timedelta(seconds=seconds)
        arrivals.append((stage, moment))
    now = moment + timedelta(seconds=more)
    spent = time_in_stages(arrivals, now)
    assert spent.keys() == {stage for stage, _seconds in steps}
    assert all(time >= timedelta() for time in spent.values())
    assert sum(spent.values(), timedelta()) == now - arrivals[0][1]
    assert [stay.left for stay in stays(arrivals)][-1] is None


def test_a_pipeline_needs_an_open_a_won_and_a_lost_stage():
    assert missing_meanings(stage.meaning for stage in DEFAULT_STAGES) == []
    assert missing_meanings(["open", "on_hold"]) == ["lost", "won"]
    assert missing_meanings([]) == ["lost", "open", "won"]
