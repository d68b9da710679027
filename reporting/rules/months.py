"""Months as the monthly digest counts them."""

from datetime import date, timedelta

SATURDAY = 6


def first_working_day(day: date) -> date:
    """The first day from Monday to Friday of the month of a day; holidays are not taken out."""
    first = day.replace(day=1)
    return first + timedelta(days=max(0, 8 - first.isoweekday())) if first.isoweekday() >= SATURDAY else first


def month_before(day: date) -> tuple[date, date]:
    """The first and the last day of the month before that of a day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
