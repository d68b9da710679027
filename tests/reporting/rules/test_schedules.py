"""When a report falls due: weeks, months of every length, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reporting.rules.schedules import Rhythm, due, moment_of, next_moment

COPENHAGEN, NEW_YORK, CHATHAM = map(ZoneInfo, ("Europe/Copenhagen", "America/New_York", "Pacific/Chatham"))
MONDAY, LAST = Rhythm(weekday=1), Rhythm(day_of_month=31)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(("month", "day"), [(1, 31), (2, 28), (4, 30), (11, 30), (12, 31)])
def test_short_months_have_their_last_day(month, day):
    assert LAST.following(date(2027, month, 1)) == date(2027, month, day)
    assert Rhythm(day_of_month=30).falls_on(date(2027, 2, 28))
    assert Rhythm(day_of_month=29).falls_on(date(2028, 2, 29))
    assert not Rhythm(day_of_month=28).falls_on(date(2028, 2, 29))


@pytest.mark.parametrize("rhythm", [MONDAY, Rhythm(weekday=7), LAST, Rhythm(day_of_month=1), Rhythm(day_of_month=15)])
def test_every_month_or_week_has_exactly_one(rhythm):
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    found = [day for day in days if rhythm.falls_on(day)]
    assert len(found) == (52 if rhythm.weekday else 12)
    for day in days[40:]:
        assert rhythm.latest(day) <= day < rhythm.following(day)


def test_the_morning_is_seven_by_the_clock_on_the_wall():
    # Clocks go forward on 28 March 2027 and back on 31 October in Europe; on 14 March and 7 November in America.
    assert moment_of(date(2027, 3, 27), COPENHAGEN) == utc(2027, 3, 27, 6)
    assert moment_of(date(2027, 3, 28), COPENHAGEN) == utc(2027, 3, 28, 5)
    assert moment_of(date(2027, 10, 31), COPENHAGEN) == utc(2027, 10, 31, 6)
    assert moment_of(date(2027, 3, 14), NEW_YORK) == utc(2027, 3, 14, 11)
    assert moment_of(date(2027, 11, 7), NEW_YORK) == utc(2027, 11, 7, 12)
    assert moment_of(date(2027, 1, 4), CHATHAM) == utc(2027, 1, 3, 17, 15)


@pytest.mark.parametrize("zone", [COPENHAGEN, NEW_YORK, CHATHAM])
@pytest.mark.parametrize("rhythm", [MONDAY, Rhythm(weekday=7), LAST, Rhythm(day_of_month=28)])
def test_an_hourly_look_over_a_year_finds_each_morning(zone, rhythm):
    now, found = utc(2027, 1, 1), []
    while now < utc(2028, 1, 1):
        slot = due(rhythm, now=now, zone=zone, since=LONG_AGO)
        if slot is not None and (not found or found[-1] != slot):
            found.append(slot)
            assert now - moment_of(slot, zone) < timedelta(hours=1) or len(found) == 1
        now += timedelta(hours=1)
    expected = [
        day
        for day in (date(2026, 12, 25) + timedelta(days=number) for number in range(380))
        if rhythm.falls_on(day) and utc(2027, 1, 1) - timedelta(days=2) < moment_of(day, zone) < utc(2028, 1, 1)
    ]
    assert found == expected


def test_before_the_morning_and_long_after_it_nothing_is_due():
    assert due(MONDAY, now=utc(2027, 3, 29, 4, 59), zone=COPENHAGEN, since=LONG_AGO) is None
    assert due(MONDAY, now=utc(2027, 3, 29, 5), zone=COPENHAGEN, since=LONG_AGO) == date(2027, 3, 29)
    assert due(MONDAY, now=utc(2027, 3, 31, 4, 59), zone=COPENHAGEN, since=LONG_AGO) == date(2027, 3, 29)
    assert due(MONDAY, now=utc(2027, 3, 31, 5), zone=COPENHAGEN, since=LONG_AGO) is None


def test_a_morning_before_it_was_chosen_is_not_caught_up():
    now = utc(2027, 3, 29, 12)
    assert due(MONDAY, now=now, zone=COPENHAGEN, since=utc(2027, 3, 29, 5, 1)) is None
    assert due(MONDAY, now=now, zone=COPENHAGEN, since=utc(2027, 3, 29, 5)) == date(2027, 3, 29)


def test_an_office_that_moves_has_no_morning_twice():
    served = due(MONDAY, now=utc(2027, 3, 29, 6), zone=COPENHAGEN, since=LONG_AGO)
    assert due(MONDAY, now=utc(2027, 3, 29, 12), zone=NEW_YORK, since=LONG_AGO) == served


def test_the_next_moment():
    assert next_moment(MONDAY, now=utc(2027, 3, 29, 4), zone=COPENHAGEN) == utc(2027, 3, 29, 5)
    assert next_moment(MONDAY, now=utc(2027, 3, 29, 5), zone=COPENHAGEN) == utc(2027, 4, 5, 5)
    assert next_moment(LAST, now=utc(2027, 2, 28, 7), zone=COPENHAGEN) == utc(2027, 3, 31, 5)
