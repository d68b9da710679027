"""When duties fall due again, when people are reminded, and which duties follow from what an agreement says."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agreements.rules.clauses import Answers
from agreements.rules.kinds import KINDS

REMINDER_LADDER: tuple[int, ...] = (90, 60, 30, 14, 7, 1)
MONTHS: dict[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def add_months(day: date, months: int, *, of_month: int | None = None) -> date:
    """The same day some months later, or the last day of a shorter month.

    ``of_month`` is the day of month that a series aims at, so that 31 Jan, 28 Feb is followed by 31 Mar.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(of_month or day.day, last))


def next_due(due_on: date, recurrence: str, repeats_until: date | None, *, of_month: int | None = None) -> date | None:
    """When a recurring duty falls due after ``due_on``; None when it does not repeat, or not any more."""
    if recurrence not in MONTHS:
        return None
    following = add_months(due_on, MONTHS[recurrence], of_month=of_month)
    return None if repeats_until is not None and following > repeats_until else following


def not_before(duty: Duty, day: date) -> Duty:
    """A duty that comes back, from its first time on or after the day; as it is where it does not come back by then."""
    due_on: date | None = duty.due_on
    while due_on is not None and due_on < day:
        due_on = next_due(due_on, duty.recurrence, duty.repeats_until, of_month=duty.due_on.day)
    return duty if due_on is None else replace(duty, due_on=due_on)


def reminder_step(due_on: date, today: date, last: int | None) -> int | None:
    """The step of the ladder, in days before, that is to be sent today; None when there is none new.

    The nearest step reached counts; steps missed while nobody looked are not caught up one by one. Overdue duties
    have reached step 0, once.
    """
    left = (due_on - today).days
    reached = 0 if left < 0 else min((step for step in REMINDER_LADDER if step >= left), default=None)
    if reached is None or (last is not None and reached >= last):
        return None
    return reached


@dataclass(frozen=True)
class Duty:
    """A duty that a rule derives: whose, what kind, when, how often, and from which rule."""

    rule: str
    side: str
    kind: str
    due_on: date
    recurrence: str = "once"
    repeats_until: date | None = None


@dataclass(frozen=True)
class Terms:
    """What the duties follow from; ``payments`` are (due day, to us) of the money schedule."""

    kind: str
    effective_on: date
    expires_on: date | None
    notice_days: int | None
    renews_automatically: bool
    answers: Answers
    payments: tuple[tuple[date, bool], ...] = ()


def derive_duties(terms: Terms) -> list[Duty]:
    """The duties that arise when an agreement is executed, by due day.

    progress_report: research reports every six months. final_report: at the end. notice: the last day to say that it
    shall not renew itself. payment: each dated line of the money schedule. royalty_report and diligence: licenses.
    screening: the counterparty is looked up anew each year.
    """
    begin, end = terms.effective_on, terms.expires_on
    duties = [
        Duty("payment", "theirs" if to_us else "ours", "payment", due_on) for due_on, to_us in sorted(terms.payments)
    ]
    if (KINDS[terms.kind].research and not KINDS[terms.kind].grants) or terms.kind in ("research", "collaboration"):
        first = add_months(begin, 6)
        if end is None or first < end:
            duties.append(Duty("progress_report", "ours", "report", first, "half_yearly", end))
        if end is not None:
            duties.append(Duty("final_report", "ours", "report", end))
    if terms.renews_automatically and end is not None:
        duties.append(Duty("notice", "ours", "notice", max(begin, end - timedelta(days=terms.notice_days or 0))))
    if terms.answers.yes("royalty_bearing"):
        duties.append(Duty("royalty_report", "theirs", "report", add_months(begin, 6), "half_yearly", end))
    if terms.answers.yes("diligence_milestones"):
        duties.append(Duty("diligence", "theirs", "diligence", add_months(begin, 12), "yearly", end))
    if end is None or add_months(begin, 12) < end:
        duties.append(Duty("screening", "ours", "screening", add_months(begin, 12), "yearly", end))
    return sorted(duties, key=lambda duty: (duty.due_on, duty.rule))
