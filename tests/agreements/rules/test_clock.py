"""The clock: working days, courts, holds, and medians with open agreements as censored."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.rules.clock import (
    Duration,
    Moved,
    quantile,
    read_clock,
    renewal_lead_days,
    survival,
    turnaround,
    working_days,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),  # Monday
        (date(2026, 11, 23), date(2026, 11, 24), 1),
        (date(2026, 11, 20), date(2026, 11, 23), 1),  # Friday to Monday
        (date(2026, 11, 21), date(2026, 11, 22), 0),  # Saturday to Sunday
        (date(2026, 11, 2), date(2026, 11, 30), 20),  # four weeks
        (date(2026, 11, 24), date(2026, 11, 20), 0),
    ],
)
def test_working_days(start, end, days):
    assert working_days(start, end) == days


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one, two, three):
    first, second, third = sorted([one, two, three])
    assert working_days(first, second) + working_days(second, third) == working_days(first, third)


@given(DAYS, st.integers(0, 400))
def test_working_days_count_every_weekday_once(start, length):
    counted = sum((start + timedelta(days=n)).isoweekday() < 6 for n in range(1, length + 1))
    assert working_days(start, start + timedelta(days=length)) == counted


def history():
    """Complete on Mon 2 Nov; with legal until 9 Nov, the partner until 16 Nov, on hold until 23 Nov, legal again."""
    return [
        Moved(date(2026, 10, 26), "intake", "investigator"),
        Moved(date(2026, 11, 2), "drafting", "legal"),
        Moved(date(2026, 11, 9), "with_partner", "partner"),
        Moved(date(2026, 11, 16), "on_hold", "nobody"),
        Moved(date(2026, 11, 23), "redline", "legal"),
    ]


def test_an_open_agreement_by_court_and_hold():
    reading = read_clock(history(), date(2026, 11, 2), None, date(2026, 11, 26))
    assert reading.running
    assert (reading.total, reading.hold, reading.partner, reading.net) == (18, 5, 5, 8)
    assert reading.by_court == {"legal": 8, "partner": 5}


def test_an_executed_agreement_stands_still():
    reading = read_clock(history(), date(2026, 11, 2), date(2026, 11, 24), date(2027, 6, 1))
    assert not reading.running
    assert (reading.total, reading.hold, reading.net) == (16, 5, 6)


def test_no_clock_before_the_request_is_complete():
    assert read_clock(history(), None, None, date(2026, 11, 26)) is None


@given(
    st.lists(st.tuples(DAYS, st.sampled_from(["legal", "partner", "office"]), st.booleans()), max_size=8), DAYS, DAYS
)
def test_courts_and_hold_add_up_to_the_total(events, complete, today):
    moved = [Moved(on, "on_hold" if held else "drafting", court) for on, court, held in sorted(events)]
    reading = read_clock(moved, complete, None, today)
    assert reading.hold + sum(reading.by_court.values()) == reading.total
    assert reading.total == working_days(complete, max(today, complete))


def test_survival_by_hand():
    """Six agreements: finished after 10, 20, 20, 40 days; open after 20 and 30.

    S(10) = 5/6; at 20 five are at risk and two finish: 5/6 · 3/5 = 1/2; then two were censored (20, 30), one is left
    at 40: 1/2 · 0 = 0. Median 20, 80th percentile 40. Without the open ones the mean would claim 22.5 days.
    """
    cases = [
        Duration(10, True),
        Duration(20, True),
        Duration(20, True),
        Duration(20, False),
        Duration(30, False),
        Duration(40, True),
    ]
    steps = survival(cases)
    assert steps == [(10, pytest.approx(5 / 6)), (20, pytest.approx(1 / 2)), (40, pytest.approx(0))]
    found = turnaround(cases)
    assert (found.finished, found.open, found.median, found.p80) == (4, 2, 20, 40)


def test_mostly_open_agreements_have_no_median():
    found = turnaround([Duration(10, True), Duration(50, False), Duration(60, False)])
    assert (found.median, found.p80) == (None, None)


def test_without_open_ones_it_is_the_plain_median():
    found = turnaround(Duration(days, True) for days in [5, 1, 9, 3, 7])
    assert (found.median, found.p80) == (5, 7)


CASES = st.lists(st.builds(Duration, st.integers(0, 400), st.booleans()), min_size=1, max_size=40)


@given(CASES)
def test_the_curve_falls_between_one_and_zero(cases):
    steps = survival(cases)
    shares = [share for _day, share in steps]
    assert shares == sorted(shares, reverse=True)
    assert all(-1e-9 <= share < 1 for share in shares)
    assert [day for day, _share in steps] == sorted({case.days for case in cases if case.finished})


@given(CASES, st.integers(1, 400))
def test_an_agreement_that_stays_open_longer_never_shortens_the_median(cases, more):
    longer = [case if case.finished else Duration(case.days + more, False) for case in cases]
    before, after = turnaround(cases).median, turnaround(longer).median
    assert before is None or after is None or after >= before


def test_parts_outside_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([], 1)


def test_renewals_begin_one_and_a_half_turnarounds_before_the_end():
    assert renewal_lead_days(41) == 87  # 41 working days are 57.4 days
    assert renewal_lead_days(None) == 180
