"""Days as people write them: tomorrow, Tue, next Tue, in 2 weeks, 24 Nov, 24.11., 2026-11-24.

A weekday is the next one after today; "next" before it means the one of next week, which begins on Monday. A date
without a year is the next such day. Numbers alone (24/11) are read differently on both sides of the sea and are left
alone. Words are English; figures with points and ISO dates are read in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

FURTHEST = timedelta(days=3660)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
SHORT_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3} | {name[:3]: at for at, name in enumerate(WEEKDAYS)}
WEEKDAY_OF = {name: at for at, name in enumerate(WEEKDAYS)} | SHORT_WEEKDAYS
MONTH_OF = {name: at for at, name in enumerate(MONTHS, 1)} | {name[:3]: at for at, name in enumerate(MONTHS, 1)}
MONTH_OF["sept"] = 9

_WEEKDAY = "|".join(sorted(WEEKDAY_OF, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_LEAD = r"(?:\b(?:by|on|due|until|before)\s+)?"

PATTERN = re.compile(
    rf"""{_LEAD}(?:
      \b(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})\b
    | \b(?P<dotted>\d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{4}}\b)?)(?!\d)
    | \b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?P<month>{_MONTH})\b\.?(?:,?\s(?P<year>\d{{4}})\b)?
    | \b(?P<month2>{_MONTH})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{{4}})\b)?
    | \bin\s(?P<count>\d{{1,3}}|an?|one|two|three)\s(?P<unit>day|week|month)s?\b
    | \bnext\s(?P<next>{_WEEKDAY}|week|month)\b
    | \b(?:this\s)?(?P<weekday>{_WEEKDAY})\b\.?
    | \b(?P<near>today|tomorrow)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was found in a text, and the characters that said so."""

    day: date
    start: int
    end: int


def find_day(text: str, today: date) -> Day | None:
    """The last day that ``text`` names; None when it names none that exists within ten years."""
    found = None
    for match in PATTERN.finditer(text):
        day = _day_of(match.groupdict(), today)
        if day is not None and abs(day - today) <= FURTHEST:
            found = Day(day, match.start(), match.end())
    return found


def _day_of(part: dict[str, str | None], today: date) -> date | None:
    if part["near"]:
        return today + timedelta(days=part["near"].lower() == "tomorrow")
    if part["weekday"]:
        return today + timedelta(days=(WEEKDAY_OF[part["weekday"].lower()] - today.weekday() - 1) % 7 + 1)
    if part["next"]:
        return _next(part["next"].lower(), today)
    if part["count"]:
        count = COUNTS.get(part["count"].lower()) or int(part["count"])
        return _later(today, count, part["unit"].lower())
    if part["iso"]:
        return _date(*(int(number) for number in part["iso"].split("-")))
    if part["dotted"]:
        day, month, year = (part["dotted"].replace(" ", "") + ".").split(".")[:3]
        return _coming(today, int(month), int(day), int(year) if year else None)
    day, month, year = (part["day"], part["month"], part["year"])
    if day is None:
        day, month, year = (part["day2"], part["month2"], part["year2"])
    return _coming(today, MONTH_OF[month.lower()], int(day), int(year) if year else None)


def _next(word: str, today: date) -> date:
    monday = today + timedelta(days=7 - today.weekday())
    if word == "month":
        return date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return monday + timedelta(days=WEEKDAY_OF.get(word, 0))


def _later(today: date, count: int, unit: str) -> date | None:
    if unit != "month":
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 + count
    for day in range(today.day, 27, -1):
        if found := _date(months // 12, months % 12 + 1, day):
            return found
    return _date(months // 12, months % 12 + 1, min(today.day, 28))


def _coming(today: date, month: int, day: int, year: int | None) -> date | None:
    if year is not None:
        return _date(year, month, day)
    for ahead in range(9):  # 29 February may be eight years away
        if (found := _date(today.year + ahead, month, day)) and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
