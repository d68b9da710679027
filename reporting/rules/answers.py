"""An answer: one table of numbers with the sentence that they make, as page, drawing, file and API show it.

Whoever shows an answer shows all of it: what a column counts, the day, what is missing, and behind each number the way
to the records that it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = int | float | Decimal | date | str | None
SMALLEST = 5


class Kind(StrEnum):
    """How a column's values read. Money is in the office's currency."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    DAYS = "days"
    PERCENT = "percent"
    DATE = "date"
    DEGREES = "degrees"


@dataclass(frozen=True, slots=True)
class Column:
    """``drawn``: whether the drawing has it as a series; totals and further facts are in the table alone.

    ``cents``: whether an amount of it is no whole one, which the answer finds out: all but 0 are told with cents then.
    """

    code: str
    label: str
    kind: Kind = Kind.COUNT
    drawn: bool = True
    cents: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, which stand below each other by their last digit."""
        return self.kind not in (Kind.TEXT, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the address of the records behind it, empty for none. Without a value nothing is known.

    ``hidden``: there is a number, too small to be told without telling of somebody.
    """

    value: Value = None
    url: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is about, by code and in words, and a cell for each column."""

    code: str
    label: str
    cells: tuple[Cell, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What the answer does not know, and where it can be mended; or how it counts, without an address."""

    text: str
    url: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that stands for the answer, the same a period before, and what the office wants it to be."""

    code: str
    label: str
    value: Value
    kind: Kind = Kind.COUNT
    before: Value = None
    before_label: str = ""
    target: Decimal | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``finding`` is the sentence that the numbers make; ``subject`` heads the first column.

    ``source`` says which records were counted, ``period`` of when, ``as_of`` when they were read. ``totals`` is the
    last line of the table, None where adding makes no sense. ``more`` is where the whole table is, when it was cut.
    Raises ValueError for a line that has not as many cells as there are columns.
    """

    finding: str
    subject: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    as_of: datetime
    source: str
    currency: str
    totals: Row | None = None
    period: str = ""
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()
    more: str = ""
    links: tuple[tuple[str, str, Value], ...] = field(default=())

    def __post_init__(self):
        lines = [*self.rows, *([self.totals] if self.totals else [])]
        for row in lines:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{row.code} has {len(row.cells)} cells for {len(self.columns)} columns")
        columns = tuple(
            replace(column, cents=column.kind == Kind.MONEY and any(_has_cents(row.cells[place]) for row in lines))
            for place, column in enumerate(self.columns)
        )
        object.__setattr__(self, "columns", columns)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(cell.value or cell.hidden for row in self.rows for cell in row.cells)

    @property
    def has_words(self) -> bool:
        """Whether it is told in words as well: a list of records rather than a table of numbers."""
        return any(column.kind == Kind.TEXT for column in self.columns)

    def column(self, code: str) -> int:
        """The place of a column; ValueError for one that the answer does not have."""
        return [column.code for column in self.columns].index(code)

    def cell(self, row: str, column: str) -> Cell:
        """A cell by the codes of its row and column; StopIteration for a row that there is not."""
        return next(each for each in self.rows if each.code == row).cells[self.column(column)]

    def with_targets(self, targets: dict[str, Decimal]) -> Answer:
        """The answer with the office's targets, by the codes of its figures."""
        return replace(self, figures=tuple(replace(each, target=targets.get(each.code)) for each in self.figures))


def _has_cents(cell: Cell) -> bool:
    return bool(cell.value) and cell.value != int(cell.value)


def hide_small(rows: Sequence[Sequence[int]], *, smallest: int = SMALLEST) -> list[list[bool]]:
    """Which counts of a table must not be told: those from 1 to ``smallest`` - 1, and as many more as are needed that
    no line and no column gives one away by subtraction. ``rows`` come with their totals, as last column and last row.
    """
    hidden = [[0 < count < smallest for count in row] for row in rows]
    columns = len(rows[0]) if rows else 0
    changed = True
    while changed:
        changed = False
        lines = [[(line, column) for column in range(columns)] for line in range(len(rows))]
        lines += [[(line, column) for line in range(len(rows))] for column in range(columns)]
        for places in lines:
            if sum(hidden[line][column] for line, column in places) != 1:
                continue
            others = [
                (rows[line][column], line, column)
                for line, column in places
                if not hidden[line][column] and rows[line][column]
            ]
            if others:
                _count, line, column = min(others)
                hidden[line][column] = changed = True
    return hidden
