"""The values of one row of a table of positions or candidates, read strictly; what does not hold is named by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

POSITION_COLUMNS = ("id", "title", "partner", "program")
FURTHER_POSITION_COLUMNS = (
    *("status", "description", "learning_goals", "term", "starts_on", "ends_on", "apply_by", "openings"),
    *("hours_per_week", "credit", "paid", "pay", "currency", "place", "location"),
)
CANDIDATE_COLUMNS = ("position", "student_number", "student_name")
FURTHER_CANDIDATE_COLUMNS = ("email", "field_of_study", "degree", "student_rank", "partner_rank", "note")

DATES = frozenset({"starts_on", "ends_on", "apply_by"})
NUMBERS = frozenset({"openings", "hours_per_week", "student_rank", "partner_rank"})
AMOUNTS = frozenset({"credit", "pay"})
CLOSED_LISTS: Mapping[str, tuple[str, ...]] = {
    "status": ("draft", "posted", "closed"),
    "place": ("on_site", "hybrid", "remote"),
    "paid": ("yes", "no"),
}
LONGEST: Mapping[str, int] = {
    "id": 80,
    "title": 200,
    "term": 40,
    "location": 120,
    "student_number": 40,
    "student_name": 200,
    "email": 254,
    "field_of_study": 200,
    "degree": 60,
}
LONGEST_TEXT = 20_000
LARGEST_NUMBER = 32_767


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value: ``code`` is missing, too_long, no_date, no_number, no_amount or not_listed."""

    column: str
    code: str
    value: str = ""
    allowed: str = ""


@dataclass(slots=True)
class TalentRow:
    """The values of a row by column, those that are empty left out, and what does not hold."""

    values: dict[str, object] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def is_table_of_candidates(header: list[str]) -> bool:
    """Whether a table is one of candidates; otherwise it is one of positions."""
    return set(CANDIDATE_COLUMNS) <= set(header)


def read_talent_row(given: Mapping[str, str], *, candidates: bool) -> TalentRow:
    """One row of either table; columns that it does not know are read past."""
    needed = CANDIDATE_COLUMNS if candidates else POSITION_COLUMNS
    further = FURTHER_CANDIDATE_COLUMNS if candidates else FURTHER_POSITION_COLUMNS
    row = TalentRow()
    for name in (*needed, *further):
        text = (given.get(name) or "").strip()
        if text:
            _read(row, name, text)
        elif name in needed:
            row.faults.append(Fault(name, "missing"))
    return row


def _read(row: TalentRow, name: str, text: str) -> None:
    if name in DATES:
        value = _date(text)
        code = "no_date"
    elif name in NUMBERS:
        value = int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= LARGEST_NUMBER else None
        code = "no_number"
    elif name in AMOUNTS:
        value = _amount(text)
        code = "no_amount"
    elif name in CLOSED_LISTS:
        value = text.lower() if text.lower() in CLOSED_LISTS[name] else None
        code = "not_listed"
    else:
        longest = LONGEST.get(name, LONGEST_TEXT)
        value = text if len(text) <= longest else None
        code = "too_long"
    if value is None:
        row.faults.append(Fault(name, code, text[:60], ", ".join(CLOSED_LISTS.get(name, ()))))
    else:
        row.values[name] = value


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= 999_999 else None
