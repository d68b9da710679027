"""Agreements out of the rows of a table: which columns mean what, and what rejects a row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.rules.kinds import ALL_KINDS
from partnerships.rules.imports.reading import Parsed, Reader

COLUMNS: tuple[str, ...] = (
    "agreement_id",
    "document_name",
    "agreement_type",
    "parties",
    "agreement_date",
    "effective_date",
    "expiration_date",
)
# Words of other collections for our kinds; a code of our own means itself.
KINDS: dict[str, str] = {
    "licence": "license",
    "development": "research",
    "consulting": "consultancy",
    "sponsorship": "other",
    "ip": "assignment",
    "joint_venture": "consortium",
    "strategic_alliance": "collaboration",
} | {code: code for code in ALL_KINDS}
# What a column of yes and no answers. "No" says that the clause is absent, which is an answer where one looked for it.
ANSWERS: dict[str, str] = {
    "cap_on_liability": "liability_capped",
    "revenue_profit_sharing": "royalty_bearing",
    "audit_rights": "royalty_audit",
}
OPEN_ENDED = frozenset({"perpetual", "indefinite"})
LONGEST_NAME, MOST_PARTIES = 300, 20

_QUOTED = re.compile(r"[\"“]([^\"“”;()]{2,80})[\"”]")  # what a party is called in the text
_BEGINS_ALIAS = re.compile(r"[(\"“]")
_TOGETHER = re.compile(r"\b(?:collectively|referred to|foregoing)\b", re.IGNORECASE)
_PARTIES = re.compile(r"\bpart(?:y|ies)\W*$", re.IGNORECASE)
_AND = re.compile(r"\band/or\b|\band\b", re.IGNORECASE)
_EDGES = " ,;:\"'“”"
_NOTICE = re.compile(r"^\(?(\d{1,3})\)?\s*(day|month|year)s?$", re.IGNORECASE)
_SUCCESSIVE = re.compile(r"\bsucc?ess?ive\b", re.IGNORECASE)
_DAYS = {"day": 1, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class ImportedAgreement:
    """One executed agreement. ``parties``: the names of organizations, the main counterparty first."""

    agreement_id: str
    title: str
    kind: str
    parties: tuple[str, ...]
    executed_on: date
    effective_on: date
    expires_on: date | None
    notice_days: int | None
    renews_automatically: bool
    governing_law: str
    value: Decimal | None
    currency: str
    answers: tuple[tuple[str, bool], ...]


def parse_agreement(values: Mapping[str, str], *, currencies: Collection[str]) -> Parsed[ImportedAgreement]:
    """One row as an executed agreement; rejected without an id, a title, a known kind, parties, or a first day.

    The day of execution is that of the agreement, else the effective one; an expiry that says "perpetual" is none.
    """
    reader = Reader(values)
    agreement_id, title = reader.required("agreement_id", 50), reader.required("document_name", 300)
    kind = reader.required("agreement_type", 60).casefold()
    if kind and kind not in KINDS:
        reader.fault("unknown_code", "agreement_type")
    parties = _parties(reader)
    executed_on, effective_on = reader.day("agreement_date"), reader.day("effective_date")
    executed_on = executed_on or effective_on
    if executed_on is None and not reader.faults:
        reader.fault("empty", "agreement_date")
    open_ended = reader.text("expiration_date").casefold() in OPEN_ENDED
    expires_on = None if open_ended else reader.day("expiration_date")
    effective_on = effective_on or executed_on
    if effective_on and expires_on and expires_on < effective_on:
        reader.fault("dates_reversed", "expiration_date", effective_on)
    value = reader.money("value") if "value" in values else None
    currency = reader.currency("currency", currencies, "") if "currency" in values else ""
    notice_days = _notice(reader)
    governing_law = reader.optional("governing_law", 120) if "governing_law" in values else ""
    answers = tuple(
        (code, answer)
        for column, code in ANSWERS.items()
        if column in values and (answer := reader.flag(column)) is not None
    )
    if reader.faults:
        return Parsed(None, tuple(reader.faults), tuple(reader.notes))
    renewing = bool(_SUCCESSIVE.search(values.get("renewal_term", "")))
    record = ImportedAgreement(
        agreement_id,
        title,
        KINDS[kind],
        parties,
        executed_on,
        effective_on,
        expires_on,
        notice_days,
        renewing and expires_on is not None,
        governing_law,
        value,
        currency,
        answers,
    )
    return Parsed(record, (), tuple(reader.notes))


def _parties(reader: Reader) -> tuple[str, ...]:
    """The names between semicolons, without what they are called in the text, each once.

    What stands for several of them together, such as «A and B ("Parties")», is no name of its own.
    """
    text = reader.text("parties")
    called = {party_key(name) for name in (*map(_name, text.split(";")), *_QUOTED.findall(text))}
    found: dict[str, str] = {}
    for piece in text.split(";"):
        name = _name(piece)
        parts = [party_key(part) for part in _AND.split(name)]
        several = len(parts) > 1 and (_PARTIES.search(piece) or called.issuperset(parts))
        if any(letter.isalpha() for letter in name) and not (several or _TOGETHER.search(name)):
            found.setdefault(party_key(name), name)
    names = tuple(found.values())
    if not names:
        reader.fault("empty", "parties")
    if len(names) > MOST_PARTIES or any(len(name) > LONGEST_NAME for name in names):
        reader.fault("too_long", "parties", LONGEST_NAME)
    return names


def _name(piece: str) -> str:
    return " ".join(_BEGINS_ALIAS.split(piece, maxsplit=1)[0].split()).strip(_EDGES)


def party_key(name: str) -> str:
    """By what a party is known: its name in lower case, for «Inc» and «Inc.» are one."""
    return " ".join(name.split()).strip(_EDGES + ".").lower()


def _notice(reader: Reader) -> int | None:
    if "notice_period" not in reader.values or not (text := reader.text("notice_period")):
        return None
    match = _NOTICE.match(text)
    if match is None:
        reader.note("unknown_code", "notice_period")
        return None
    return int(match[1]) * _DAYS[match[2].lower()]
