"""Typed values out of the text of one row.

A fault rejects the row: what identifies it, dates, money and countries must be right or absent. A note does not: a
descriptive value that cannot be used is left out, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Generic, TypeVar

from organizations.rules.identifiers import check_identifier
from organizations.rules.names import website_domain

Record = TypeVar("Record")

FIRST_YEAR, LAST_YEAR = 1900, 2200
LARGEST_AMOUNT = Decimal("999999999999.99")
CENT, PLACE = Decimal("0.01"), Decimal("0.00001")
LONGEST_WEBSITE = 300
# The codes of the European Commission that ISO 3166 does not have.
COUNTRY_CODES_OF_THE_EU = {"EL": "GR", "UK": "GB"}

_BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,30})?", re.ASCII)
_HTTP = re.compile(r"(https?)(?:[:;]/*|//+)(?!\d+(?:/|$))", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_ADDRESS = re.compile(r"([^\s/?#@:\\]+)(?::\d{1,5})?(?:[/?#]\S*)?")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9]{1,59}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value: ``code`` has its words where the report is made; ``limit`` is what it broke."""

    code: str
    column: str
    value: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Record]):
    """A record with notes on what it left out, or no record and the faults that reject the row."""

    record: Record | None
    faults: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Reader:
    """Reads the values of one row and collects what is wrong with them."""

    values: Mapping[str, str]
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def fault(self, code: str, column: str, limit: object = "") -> None:
        self.faults.append(Problem(code, column, _short(self.values[column]), str(limit)))

    def note(self, code: str, column: str, limit: object = "") -> None:
        self.notes.append(Problem(code, column, _short(self.values[column]), str(limit)))

    def text(self, column: str) -> str:
        """The value on one line, without space around it."""
        return _BREAKS.sub(" ", self.values[column]).strip()

    def required(self, column: str, longest: int) -> str:
        """A value that must be there and fit."""
        text = self.text(column)
        if not text:
            self.fault("empty", column)
        elif len(text) > longest:
            self.fault("too_long", column, longest)
        return text

    def optional(self, column: str, longest: int) -> str:
        """A value that is left out, with a note, when it does not fit."""
        text = self.text(column)
        if len(text) > longest:
            self.note("too_long", column, longest)
            return ""
        return text

    def one_of(self, column: str, meanings: Mapping[str, str], otherwise: str) -> str:
        """What the code means; an unknown code means ``otherwise`` and is noted, an empty one is not noted."""
        code = self.text(column)
        if not code:
            return otherwise
        if code.casefold() not in meanings:
            self.note("unknown_code", column)
            return otherwise
        return meanings[code.casefold()]

    def flag(self, column: str) -> bool | None:
        """Y or N; empty is not known."""
        answers = {"": None, "y": True, "n": False, "yes": True, "no": False, "true": True, "false": False}
        text = self.text(column).casefold()
        if text not in answers:
            self.note("unknown_code", column)
        return answers.get(text)

    def country(self, column: str, known: Collection[str]) -> str:
        """An ISO 3166 code, empty when not known; the EU's EL and UK are Greece and the United Kingdom."""
        code = self.text(column).upper()
        code = COUNTRY_CODES_OF_THE_EU.get(code, code)
        if code and code not in known:
            self.fault("unknown_country", column)
            return ""
        return code

    def currency(self, column: str, known: Collection[str], otherwise: str) -> str:
        code = self.text(column).upper()
        if code and code not in known:
            self.fault("unknown_currency", column)
        return code or otherwise

    def day(self, column: str) -> date | None:
        """A date as YYYY-MM-DD between the years 1900 and 2200."""
        text = self.text(column)
        if not text:
            return None
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            day = date.fromisoformat(text)
        except ValueError:
            self.fault("no_date", column)
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fault("absurd_date", column, f"{FIRST_YEAR}–{LAST_YEAR}")
            return None
        return day

    def money(self, column: str) -> Decimal | None:
        """An amount from 0, plain digits with a decimal point; empty is not known. Fractions of a cent are rounded."""
        amount = self.number(column)
        if amount is None:
            return None
        if amount < 0:
            self.fault("negative", column)
            return None
        return self._to_cents(column, amount)

    def correction(self, column: str) -> Decimal | None:
        """The same, and what lies below 0 takes away from what was said before."""
        amount = self.number(column)
        return None if amount is None else self._to_cents(column, amount)

    def number(self, column: str) -> Decimal | None:
        """Plain digits with a decimal point; empty is not known."""
        text = self.text(column)
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            self.fault("no_amount", column)
            return None
        return Decimal(text)

    def _to_cents(self, column: str, amount: Decimal) -> Decimal | None:
        if abs(amount) > LARGEST_AMOUNT:
            self.fault("too_large", column, LARGEST_AMOUNT)
            return None
        rounded = amount.quantize(CENT, ROUND_HALF_EVEN)
        if rounded != amount:
            self.note("rounded", column, rounded)
        return rounded + 0  # of a negative zero, zero

    def place(self, latitude: str, longitude: str) -> tuple[Decimal, Decimal] | None:
        """Degrees north and east, both or neither; unusable ones are left out with a note."""
        found = [self._degrees(latitude, 90), self._degrees(longitude, 180)]
        if found[0] is None or found[1] is None:
            if found != [None, None]:
                self.note("half_a_place", latitude if found[0] is None else longitude)
            return None
        return found[0], found[1]

    def _degrees(self, column: str, limit: int) -> Decimal | None:
        text = self.text(column)
        if not text:
            return None
        if not _DEGREES.fullmatch(text) or abs(Decimal(text)) > limit:
            self.note("no_degrees", column, limit)
            return None
        return Decimal(text).quantize(PLACE, ROUND_HALF_EVEN)

    def website(self, column: str) -> str:
        """A web address, repaired where that is safe; one that cannot be used is left out with a note."""
        text = self.values[column].strip()
        if not text:
            return ""
        address = repair_website(text)
        if address is None:
            self.note("no_website", column)
        return address or ""

    def identifier(self, column: str, scheme: str) -> tuple[tuple[str, str], ...]:
        """((scheme, normal form),) of a valid identifier; nothing, and a note, when format or checksum are wrong."""
        text = self.text(column)
        if not text:
            return ()
        checked = check_identifier(scheme, text)
        if not checked.ok:
            self.note(f"identifier_{checked.problem}", column)
            return ()
        return ((scheme, checked.value),)


def repair_website(entered: str) -> str | None:
    """The address with its scheme (https:// where it has none); None for what is no public web address.

    "www.example.org", "http:/example.org" and "http//example.org" are repaired. Addresses with space, a user name,
    another scheme or a host without a domain are not.
    """
    rest, scheme = entered.strip(), ""
    while match := _HTTP.match(rest):
        scheme, rest = match[1].lower(), rest[match.end() :]
    rest = rest.lstrip("/")
    address = _ADDRESS.fullmatch(rest)
    if address is None or _OTHER_SCHEME.match(rest) or len(rest) > LONGEST_WEBSITE - len("https://"):
        return None
    host = website_domain(address[1])
    if host is None or not _TOP_LEVEL.fullmatch(host.rpartition(".")[2]):
        return None
    if not address[1].isascii():
        rest = address[1].encode("idna").decode("ascii") + rest[address.end(1) :]
    return f"{scheme or 'https'}://{rest}"


def _short(value: str) -> str:
    """The value as a report shows it: on one line, at most 60 characters."""
    text = _BREAKS.sub(" ", value[:200]).strip()
    return text if len(text) <= 60 and len(value) <= 200 else f"{text[:59]}…"
