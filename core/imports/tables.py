"""CSV tables as streams of rows with the file's own line numbers.

A table is read twice. ``scan()`` goes through the whole file once, before anything is written: it finds what makes
the file unusable (Unreadable) and what makes single rows unusable (``broken``), and remembers where each row
and ends, 24 bytes a row. ``rows(numbers)`` then reads any of them again, without the rest of the file.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_LINE = 32 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_MARKS = [
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
]

# csv stops at fields of 128 KiB, for the whole process. Whether a field is too long is for its column to say.
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))


class Unreadable(Exception):
    """The file as a whole cannot be imported; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``number`` counts rows from 0, ``line`` is the line of the file in which it begins."""

    number: int
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be taken apart, with the reason in words."""

    line: int
    reason: str


class Table:
    """A CSV file (comma, double quotes, header, UTF-8) that has at least the ``required`` columns.

    Other columns are read past. Blank lines are not rows. Close it, or use it as a context manager.
    """

    def __init__(self, path: Path, required: Sequence[str]):
        self.path, self.name = path, path.name
        self.broken: list[BrokenRow] = []
        self._starts, self._ends, self._lines = array("Q"), array("Q"), array("Q")
        self._position = self._line = 0
        self._null_at: int | None = None
        self._file, self._again = self._open(), self._open()
        self._check_encoding()
        self._reader = csv.reader(self._feed(), strict=True)
        self.header = self._read_header(required)

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        """How many whole rows the scan has found."""
        return len(self._starts)

    def close(self) -> None:
        self._file.close()
        self._again.close()

    def line_of(self, number: int) -> int:
        return self._lines[number]

    def scan(self) -> Iterator[Row]:
        """Every whole row, once, from the top; broken ones go to ``broken``. Raises Unreadable, also midway."""
        width = len(self.header)
        while True:
            start, line, self._null_at = self._position, self._line + 1, None
            try:
                values = next(self._reader)
            except StopIteration:
                return
            except csv.Error as problem:
                self._set_aside(line, problem)
                continue
            if not values:
                continue
            if self._null_at:
                self.broken.append(BrokenRow(line, _("a NUL byte in line %(line)s") % {"line": self._null_at}))
            elif len(values) != width:
                self.broken.append(BrokenRow(line, self._wrong_width(len(values), width, line)))
            else:
                self._starts.append(start)
                self._ends.append(self._position)
                self._lines.append(line)
                yield Row(len(self._starts) - 1, line, dict(zip(self.header, values, strict=True)))

    def rows(self, numbers: Iterable[int]) -> Iterator[Row]:
        """These rows again, in the order asked for (ascending is fastest)."""
        numbers = list(numbers)
        reader = csv.reader((self._text(number) for number in numbers), strict=True)
        for number, values in zip(numbers, reader, strict=True):
            yield Row(number, self._lines[number], dict(zip(self.header, values, strict=True)))

    def row(self, number: int) -> Row:
        return next(self.rows([number]))

    def _open(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except FileNotFoundError:
            raise Unreadable(
                _("%(file)s is missing in %(folder)s.") % {"file": self.name, "folder": self.path.parent}
            ) from None
        except OSError as problem:
            raise Unreadable(
                _("%(file)s cannot be opened: %(problem)s")
                % {"file": self.name, "problem": problem.strerror or problem}
            ) from None

    def _check_encoding(self) -> None:
        start = self._file.read(4)
        for mark, encoding in OTHER_MARKS:
            if start.startswith(mark):
                raise Unreadable(
                    _("%(file)s is encoded in %(encoding)s (byte 0, line 1). Save it as CSV in UTF-8.")
                    % {"file": self.name, "encoding": encoding}
                )
        self._position = len(BYTE_ORDER_MARK) if start.startswith(BYTE_ORDER_MARK) else 0
        self._file.seek(self._position)

    def _feed(self) -> Iterator[str]:
        """The lines as text; keeps count of bytes and lines for whoever takes them."""
        for raw in self._file:
            if len(raw) > LONGEST_LINE:
                raise Unreadable(
                    _("%(file)s, line %(line)s is longer than 32 MiB. Is it a CSV file with line ends?")
                    % {"file": self.name, "line": self._line + 1}
                )
            try:
                text = raw.decode()
            except UnicodeDecodeError as wrong:
                raise Unreadable(self._not_utf8(raw, wrong)) from None
            self._line += 1
            self._position += len(raw)
            if b"\0" in raw:
                self._null_at = self._line
            yield text

    def _not_utf8(self, raw: bytes, wrong: UnicodeDecodeError) -> str:
        return _(
            "%(file)s is not UTF-8: byte 0x%(byte)02X at position %(position)s, line %(line)s. Save it as CSV in "
            "UTF-8, or convert it, for instance from Latin-1: iconv -f latin1 -t utf-8"
        ) % {
            "file": self.name,
            "byte": raw[wrong.start],
            "position": self._position + wrong.start,
            "line": self._line + 1,
        }

    def _read_header(self, required: Sequence[str]) -> list[str]:
        try:
            header = [name.strip() for name in next(self._reader, [])]
        except csv.Error as problem:
            message = _("%(file)s has a broken header: %(problem)s.") % {"file": self.name, "problem": problem}
            raise Unreadable(message + " " + _("The lines must end in LF or CRLF.")) from None
        if self._null_at:
            raise Unreadable(
                _("%(file)s has NUL bytes in line 1: it looks like UTF-16. Save it as CSV in UTF-8.")
                % {"file": self.name}
            )
        if not any(header):
            raise Unreadable(_("%(file)s is empty: not even a header.") % {"file": self.name})
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise Unreadable(
                _("%(file)s has the column %(columns)s twice.") % {"file": self.name, "columns": ", ".join(twice)}
            )
        missing = [name for name in required if name not in header]
        if missing:
            raise Unreadable(self._missing_columns(missing, header))
        return header

    def _missing_columns(self, missing: list[str], header: list[str]) -> str:
        message = ngettext(
            "%(file)s has no column %(missing)s. It has: %(present)s.",
            "%(file)s has no columns %(missing)s. It has: %(present)s.",
            len(missing),
        ) % {
            "file": self.name,
            "missing": ", ".join(missing),
            "present": ", ".join(name[:60] for name in header),
        }
        if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
            message += " " + _("The columns must be separated by commas.")
        return message

    def _set_aside(self, line: int, problem: csv.Error) -> None:
        if "unexpected end of data" in str(problem):
            raise Unreadable(
                _(
                    "%(file)s: a quotation mark in the row of line %(line)s is never closed, so nothing after it "
                    "can be read."
                )
                % {"file": self.name, "line": line}
            )
        reason = _("broken quotation marks: %(problem)s") % {"problem": problem}
        self.broken.append(BrokenRow(line, reason + self._as_far_as(line)))

    def _wrong_width(self, found: int, width: int, line: int) -> str:
        reason = ngettext(
            "%(found)s field where the header has %(width)s",
            "%(found)s fields where the header has %(width)s",
            found,
        ) % {"found": found, "width": width}
        return reason + self._as_far_as(line)

    def _as_far_as(self, line: int) -> str:
        """Says when the row swallowed further lines: an open quotation mark does that."""
        if self._line <= line:
            return ""
        return " " + _("(it reaches to line %(line)s)") % {"line": self._line}

    def _text(self, number: int) -> str:
        self._again.seek(self._starts[number])
        return self._again.read(self._ends[number] - self._starts[number]).decode()
