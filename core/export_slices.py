"""What lies between a long list and its file: the order of its rows, and slices of cells, as bytes that can be kept.

A slice is one JSON array a line, in which a date or an amount says what it is, so that the writers of ``core.exports``
make the same file of it as of the rows themselves.
"""

import json
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from core.exports import Row

SLICE = 5_000  # rows of one job: two to five seconds
ID = "q"
KINDS: dict[str, Any] = {"at": datetime.fromisoformat, "on": date.fromisoformat, "n": Decimal}


def packed_ids(ids: Iterable[int]) -> bytes:
    """The rows in order, each once."""
    return array(ID, dict.fromkeys(ids)).tobytes()


def ids_in(source: IO[bytes], start: int, count: int) -> list[int]:
    """Of the rows in order, so many from a place on."""
    ids = array(ID)
    source.seek(start * ids.itemsize)
    ids.frombytes(source.read(count * ids.itemsize))
    return ids.tolist()


def packed_rows(rows: Iterable[Row]) -> Iterator[bytes]:
    """The rows, one line each."""
    for row in rows:
        yield json.dumps([_packed(value) for value in row], ensure_ascii=False).encode() + b"\n"


def rows_in(source: IO[bytes]) -> Iterator[Row]:
    """The rows of a slice as they were before."""
    for line in source:
        yield [_plain(value) for value in json.loads(line)]


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return KINDS[kind](text)
