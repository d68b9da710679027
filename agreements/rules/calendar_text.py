"""Calendar text as RFC 5545 has it: all-day entries, escaped, folded at 75 octets, every line ended by CR LF.

A calendar program knows an entry by its ``uid`` and reads it anew when ``sequence`` has grown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line's end
PRODUCT = "-//Causeway//Obligations//EN"
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Entry:
    """One day in a calendar. ``changed_at`` is aware; empty texts are left out."""

    uid: str
    on: date
    summary: str
    changed_at: datetime
    sequence: int = 0
    description: str = ""
    url: str = ""
    category: str = ""


def calendar_text(name: str, entries: Iterable[Entry]) -> str:
    """The whole calendar; ``name`` is what programs show for it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for entry in entries:
        lines += _entry(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _entry(entry: Entry) -> Iterator[str]:
    changed = f"{entry.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART;VALUE=DATE:{_day(entry.on)}"
    if entry.on < date.max:
        yield f"DTEND;VALUE=DATE:{_day(entry.on + timedelta(days=1))}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    if entry.description:
        yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.category:
        yield f"CATEGORIES:{escaped(entry.category)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks are escaped, other control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\n\t" or letter.isprintable()).translate(ESCAPES)


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first begun by a space; no letter is torn apart."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    yield piece
