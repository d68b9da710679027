"""Recurrence, the reminder ladder, and the duties an agreement brings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.rules.clauses import Answers
from agreements.rules.obligations import MONTHS, REMINDER_LADDER, Terms, derive_duties, next_due, reminder_step

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("due", "recurrence", "until", "following"),
    [
        (date(2026, 1, 31), "monthly", None, date(2026, 2, 28)),
        (date(2027, 11, 30), "quarterly", None, date(2028, 2, 29)),
        (date(2026, 8, 31), "half_yearly", None, date(2027, 2, 28)),
        (date(2024, 2, 29), "yearly", None, date(2025, 2, 28)),
        (date(2026, 1, 15), "yearly", date(2027, 1, 15), date(2027, 1, 15)),
        (date(2026, 1, 15), "yearly", date(2027, 1, 14), None),
        (date(2026, 1, 15), "once", None, None),
    ],
)
def test_when_it_falls_due_again(due, recurrence, until, following):
    assert next_due(due, recurrence, until) == following


def test_a_series_returns_to_its_day_of_the_month():
    february = next_due(date(2026, 1, 31), "monthly", None, of_month=31)
    assert (february, next_due(february, "monthly", None, of_month=31)) == (date(2026, 2, 28), date(2026, 3, 31))


@given(DAYS, st.sampled_from(sorted(MONTHS)))
def test_it_always_moves_on(due, recurrence):
    assert timedelta(days=27) < next_due(due, recurrence, None) - due < timedelta(days=367)


STEPS = [
    *[(91, None, None), (90, None, 90), (89, 90, None), (60, 90, 60), (45, None, 60), (14, 30, 14), (1, 7, 1)],
    *[(0, 7, 1), (0, 1, None), (-1, 1, 0), (-30, 0, None), (-400, None, 0)],
]


@pytest.mark.parametrize(("left", "last", "step"), STEPS)
def test_the_ladder(left, last, step):
    today = date(2026, 11, 24)
    assert reminder_step(today + timedelta(days=left), today, last) == step


@given(DAYS, st.integers(0, 120), st.integers(0, 40))
def test_each_step_is_sent_once_whoever_looks_when(due, first, gap):
    last, sent = None, []
    for day in range(first, -60, -(gap + 1)):
        step = reminder_step(due, due - timedelta(days=day), last)
        if step is not None:
            sent.append(step)
            last = step
    assert sent == sorted(set(sent), reverse=True)
    assert set(sent) <= {*REMINDER_LADDER, 0}


def test_the_duties_of_a_research_agreement():
    terms = Terms(
        kind="research",
        effective_on=date(2026, 1, 1),
        expires_on=date(2027, 12, 31),
        notice_days=60,
        renews_automatically=True,
        answers=Answers({}),
        payments=((date(2026, 7, 1), True), (date(2026, 2, 1), False)),
    )
    assert [(duty.rule, duty.side, duty.due_on) for duty in derive_duties(terms)] == [
        ("payment", "ours", date(2026, 2, 1)),
        ("payment", "theirs", date(2026, 7, 1)),
        ("progress_report", "ours", date(2026, 7, 1)),
        ("screening", "ours", date(2027, 1, 1)),
        ("notice", "ours", date(2027, 11, 1)),
        ("final_report", "ours", date(2027, 12, 31)),
    ]


def test_the_duties_of_an_evergreen_license():
    answers = Answers({"royalty_bearing": True, "diligence_milestones": True})
    duties = derive_duties(Terms("license", date(2026, 8, 31), None, None, False, answers))
    assert [(duty.rule, duty.side, duty.due_on, duty.recurrence) for duty in duties] == [
        ("royalty_report", "theirs", date(2027, 2, 28), "half_yearly"),
        ("diligence", "theirs", date(2027, 8, 31), "yearly"),
        ("screening", "ours", date(2027, 8, 31), "yearly"),
    ]


def test_a_short_nda_brings_none():
    assert derive_duties(Terms("nda", date(2026, 1, 1), date(2026, 6, 30), 30, False, Answers({}))) == []
