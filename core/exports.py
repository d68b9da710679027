"""Lists as files: every row that matches, in the list's order, with the chosen columns.

A file is written whole before the first byte leaves, chunk by chunk and outside memory: one that stops in the middle
would look complete. Text that a spreadsheet would run as a formula is made harmless. What takes too long to wait for is
read in slices (``core.export_slices``) and written by the same writers.
"""

import csv
import datetime
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.lists import Column, List

AT_ONCE = 2_000  # one to two seconds of waiting, measured on projects with all columns
MOST_ROWS = {"csv": 250_000, "xlsx": 100_000}
CHUNK = 500
IN_MEMORY = 2**20
# White space, marks that nobody sees, then a sign that begins a formula, in full width too; or a tab or return first.
FORMULA = re.compile(r"[\s\x00-\x20\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]|[\t\r]")
Row = Sequence[Any]


class TooManyRows(Exception):
    """The list has more than AT_ONCE rows; nothing was written."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a file says of itself: the list, the filter in words, the office, who took it and when."""

    title: str
    filter: str
    office: str
    member: str
    at: datetime.datetime

    def lines(self) -> list[tuple[str, str]]:
        return [
            (_("List"), self.title),
            (_("Filter"), self.filter or _("none")),
            (_("Office"), self.office),
            (_("As of"), f"{self.at:%Y-%m-%d %H:%M %Z}"),
            (_("Taken by"), self.member),
            (_("Confidentiality"), _("Internal. For members of the office; do not pass it on.")),
        ]


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run a text: it begins with = + - @, a tab or a return, be it after white space."""
    return FORMULA.match(text) is not None


def neutralize(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet might run it."""
    return f"'{text}" if looks_like_formula(text) else text


def exported(columns: Sequence[Column]) -> list[Column]:
    """Those of the columns that have a value to write."""
    return [column for column in columns if column.value]


def heads(columns: Sequence[Column]) -> list[str]:
    """The first line of a file; an amount is followed by its currency."""
    found = []
    for column in columns:
        found.append(str(column.label))
        if column.currency:
            found.append(_("%s (currency)") % column.label)
    return found


def cells(columns: Sequence[Column], row: Any) -> list[Any]:
    """The values of one row: text, numbers, dates and truth values as they are, None for nothing."""
    found = []
    for column in columns:
        found.append(_plain(_value(column.value, row)))
        if column.currency:
            found.append(_plain(_value(column.currency, row)))
    return found


def _value(path: str | Callable[[Any], Any], row: Any) -> Any:
    if callable(path):
        return path(row)
    for step in path.split("."):
        row = getattr(row, step, None)
        if callable(row):
            row = row()
        if row is None:
            return None
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | Decimal | datetime.date):
        return value
    if isinstance(value, float):
        return Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return str(value)


def rows_of(rows: QuerySet, columns: Sequence[Column]) -> tuple[int, Iterator[Row]]:
    """How many rows there are, and their cells, read in chunks. Raises TooManyRows before anything is read."""
    ids = list(rows.prefetch_related(None).values_list("pk", flat=True)[: AT_ONCE + 1])
    ids = list(dict.fromkeys(ids))
    if len(ids) > AT_ONCE:
        raise TooManyRows
    return len(ids), read_rows(rows, columns, ids)


def read_rows(rows: QuerySet, columns: Sequence[Column], ids: Sequence[int]) -> Iterator[Row]:
    """The cells of these rows in this order, read in chunks; a row that is gone since is left out."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        found = {row.pk: row for row in rows.filter(pk__in=some)}
        for pk in some:
            if pk in found:
                yield cells(columns, found[pk])


def write_csv(target: IO[bytes], names: Sequence[str], rows: Iterator[Row], note: Note) -> None:
    """UTF-8 with the mark that spreadsheets look for; after an empty line the note."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([neutralize(name) for name in names])
    for row in rows:
        writer.writerow([_in_csv(value) for value in row])
    writer.writerow([])
    for label, words in note.lines():
        writer.writerow([neutralize(label), neutralize(words)])
    text.flush()
    text.detach()


def _in_csv(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return neutralize(value) if isinstance(value, str) else str(value)


def write_xlsx(target: IO[bytes], names: Sequence[str], rows: Iterator[Row], note: Note) -> None:
    """A sheet with the rows, dates and numbers as such, and a second one with the note.

    Text is typed as text and marked with the format's own quote prefix, so it stays what it is when somebody edits
    the cell: "+45 35 32 26 26" is a telephone number.
    """
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = note.title, note.member
    book.properties.description = "; ".join(f"{label}: {words}" for label, words in note.lines())
    sheet = book.create_sheet(_sheet_name(note.title))
    sheet.freeze_panes = "B2"
    for place, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(14, min(40, len(name) + 4))
    sheet.append([_text(sheet, name, bold=True) for name in names])
    for row in rows:
        sheet.append([_in_xlsx(sheet, value) for value in row])
    about = book.create_sheet(_sheet_name(_("About")))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 70
    for label, words in note.lines():
        about.append([_text(about, label, bold=True), _text(about, words)])
    book.save(target)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", str(title))[:31]


def _text(sheet: Any, value: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if looks_like_formula(value):
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell


def _in_xlsx(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime.datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Decimal):
        places = max(0, -value.as_tuple().exponent)
        cell.number_format = f"#,##0.{'0' * places}" if places else "#,##0"
    return cell


@dataclass(frozen=True, slots=True)
class FileFormat:
    content_type: str
    write: Callable[[IO[bytes], Sequence[str], Iterator[Row], Note], None]


FORMATS: Mapping[str, FileFormat] = {
    "csv": FileFormat("text/csv; charset=utf-8", write_csv),
    "xlsx": FileFormat("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
}


def write_file(file_format: str, declared: List, rows: QuerySet, columns: Sequence[Column], note: Note) -> "Written":
    """The rows as a file that is gone when it is closed. Raises TooManyRows; KeyError for an unknown format."""
    chosen, columns = FORMATS[file_format], exported(columns)
    number, found = rows_of(rows, columns)
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    chosen.write(target, heads(columns), found, note)
    target.seek(0)
    return Written(target, number, chosen.content_type)


@dataclass(frozen=True, slots=True)
class Written:
    """A written file, ready to be read from its beginning."""

    file: IO[bytes]
    rows: int
    content_type: str
