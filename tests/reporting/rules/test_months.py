"""Months: their first working day, and the one before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules.months import first_working_day, month_before


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 12, 24), date(2026, 12, 1)),  # a Tuesday
        (date(2026, 8, 1), date(2026, 8, 3)),  # a Saturday
        (date(2026, 11, 30), date(2026, 11, 2)),  # a Sunday
        (date(2028, 2, 29), date(2028, 2, 1)),
    ],
)
def test_the_first_working_day(day, first):
    assert first_working_day(day) == first


@given(st.dates(date(1, 2, 1), date(9999, 12, 31)))
def test_it_is_the_first_from_monday_to_friday_of_the_same_month(day):
    first = first_working_day(day)
    assert (first.year, first.month) == (day.year, day.month)
    assert first.isoweekday() <= 5
    assert all((first - timedelta(days=back)).isoweekday() > 5 for back in range(1, first.day))


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 12, 1), (date(2026, 11, 1), date(2026, 11, 30))),
        (date(2027, 1, 31), (date(2026, 12, 1), date(2026, 12, 31))),
        (date(2028, 3, 31), (date(2028, 2, 1), date(2028, 2, 29))),
        (date(2027, 3, 1), (date(2027, 2, 1), date(2027, 2, 28))),
    ],
)
def test_the_month_before(day, before):
    assert month_before(day) == before
