"""Turnaround through the database: medians that were computed by hand, holds apart, open ones as what they are."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement
from agreements.queries.turnaround import clock_of, turnaround_report, typical_turnarounds
from agreements.rules.clock import working_days
from tests.factories.agreements import make_agreement, make_event, make_executed

MONDAY = date(2026, 1, 5)


def noon(day: date):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


def finished(days: int, *, kind: str = "service", **fields) -> Agreement:
    """Complete on a Monday and executed so many working days later."""
    day = MONDAY
    while working_days(MONDAY, day) < days:
        day += timedelta(days=1)
    dates = {"complete_on": MONDAY, "executed_on": day, "effective_on": day, "expires_on": None}
    return make_executed(kind=kind, **{**dates, **fields})


def still_open(days: int, *, kind: str = "service", **fields) -> Agreement:
    """Begun so many working days before today."""
    day = timezone.localdate()
    while working_days(day, timezone.localdate()) < days:
        day -= timedelta(days=1)
    return make_agreement(kind=kind, complete_on=day, **fields)


# Kaplan and Meier's by hand. In the third: of five, 4/5 are left after day 10 and 3/5 after day 20; one more is open
# since 25 days, so two are at risk on day 30, which leaves 3/5·1/2 = 3/10, and on day 40 nothing.
@pytest.mark.parametrize(
    ("done", "waiting", "median", "p80"),
    [
        ([10, 20, 30, 40], [], 20, 40),
        ([10, 20, 30, 40, 50], [], 30, 40),
        ([10, 20, 30, 40], [25], 30, 40),
        ([10, 20, 30], [25, 25, 25], 30, 30),
        ([10], [20, 20, 20], None, None),
        ([10, 20], [15, 30], 20, None),
        ([10], [], 10, 10),
        ([], [5, 9], None, None),
        ([10, 10, 10, 30], [12, 14, 16], 30, 30),
        ([20, 20, 20, 20], [20, 20], 20, None),
        ([5, 5, 5, 5], [1, 2, 3, 4], 5, 5),
    ],
)
def test_medians_are_those_computed_by_hand(in_alpha, done, waiting, median, p80):
    for days in done:
        finished(days)
    for days in waiting:
        still_open(days)
    actor = in_alpha.actor()
    [line] = turnaround_report(actor)
    assert (line.kind, line.finished, line.open) == ("service", len(done), len(waiting))
    assert (line.median, line.p80) == (median, p80)
    assert line.mean == (round(sum(done) / len(done), 2) if done else None)
    typical = typical_turnarounds(actor)["service"]
    assert (typical.finished, typical.open, typical.median, typical.p80) == (len(done), len(waiting), median, p80)


def test_withdrawn_ones_count_as_at_least_so_long_and_others_not_at_all(in_alpha):
    finished(10)
    finished(20)
    gone = still_open(15)
    Agreement.objects.filter(pk=gone.pk).update(status="withdrawn", workflow="closed", ended_on=timezone.localdate())
    make_agreement(kind="service")  # its request is not complete
    finished(500, amends=finished(30))  # an amendment is quicker work, or slower, and no case
    [line] = turnaround_report(in_alpha.actor())
    assert (line.finished, line.open, line.median) == (3, 1, 20)  # 3/4, at risk 2: 3/8 on day 20


def test_time_on_hold_and_in_each_court_stands_apart(in_alpha):
    """Twenty days: two with the office, three with legal, five on hold, four with the partner, six with legal."""
    row = finished(20)
    start, moves = MONDAY, [("office", "triaged", 0), ("legal", "drafting", 2), ("nobody", "on_hold", 5)]
    moves += [("partner", "with_partner", 10), ("legal", "redline", 14)]
    for court, workflow, days in moves:
        day = start
        while working_days(start, day) < days:
            day += timedelta(days=1)
        make_event(row, workflow, court, at=noon(day))
    make_event(row, "closed", "nobody", at=noon(row.executed_on), status="executed")
    [line] = turnaround_report(in_alpha.actor())
    assert (line.mean, line.hold, line.partner) == (20.0, 5.0, 4.0)
    assert line.by_court == {"office": 2.0, "legal": 9.0, "investigator": 0.0, "partner": 4.0}
    assert line.hold + sum(line.by_court.values()) == line.mean
    clock = clock_of(in_alpha.actor(), row)
    assert (clock.reading.total, clock.reading.hold, clock.reading.net) == (20, 5, 11)
    assert (clock.reading.running, clock.days_in_court) == (False, None)


def test_the_report_is_chosen_by_the_day_on_which_the_request_was_complete(in_alpha):
    finished(10)
    finished(30, kind="research")
    actor, day = in_alpha.actor(), timedelta(days=1)
    assert [line.kind for line in turnaround_report(actor)] == ["research", "service"]
    assert [line.kind for line in turnaround_report(actor, kind="service")] == ["service"]
    assert len(turnaround_report(actor, after=MONDAY, before=MONDAY)) == 2
    assert turnaround_report(actor, after=MONDAY + day) == turnaround_report(actor, before=MONDAY - day) == []
