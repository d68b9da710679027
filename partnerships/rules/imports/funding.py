"""The rows of tables of money and of calls: our own layout, US Section 117 contracts, EU funding calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnerships.rules.imports.reading import Parsed, Reader

LONGEST_ID = 80
LONGEST_NAME, LONGEST_PARTNER_ID = 300, 50
FUNDING_COLUMNS = ("id", "date", "measure", "amount")
FURTHER_COLUMNS = (
    *("currency", "rate", "rate_on", "source", "channel", "domain", "partner", "partner_id", "partner_country"),
    *("project", "scheme", "funder", "reference", "valuation_basis", "due_on", "paid_on", "is_cost_share"),
    *("overhead_base", "overhead_rate", "note"),
)
CONTRACT_COLUMNS = ("contract_id", "date", "amount_usd", "counterparty", "counterparty_country")
CALL_COLUMNS = (
    *("topic_id", "title", "programme", "type_of_action", "status", "deadline", "budget_max_eur", "url"),
    "call_title",
)
# What the first part of a call's id says about the domain; everything else is left open.
DOMAINS_OF_CALLS: Mapping[str, tuple[str, ...]] = {
    "HORIZON-HLTH": ("life_sciences",),
    "HORIZON-CL2": ("society",),
    "HORIZON-CL5": ("energy", "mobility"),
    "HORIZON-CL6": ("food",),
    "DIGITAL": ("data",),
    "CEF-DIG": ("data",),
    "CEF-E": ("energy",),
    "CEF-T": ("mobility",),
    "EURATOM": ("energy",),
    "HORIZON-EURATOM": ("energy",),
}
CHANNELS_OF_CALLS: Mapping[str, tuple[str, ...]] = {"HORIZON-MSCA": ("GRD",), "ERASMUS": ("CUR", "CPD")}


@dataclass(frozen=True, slots=True)
class ImportedFunding:
    """One amount. Empty text and None mean that the source does not say.

    ``assumed`` names what nobody said: it holds for a new entry, and a correction by hand stays.
    """

    external_id: str
    booked_on: date
    measure: str
    amount: Decimal
    currency: str = ""
    rate: Decimal | None = None
    rate_on: date | None = None
    source: str = ""
    channel: str = ""
    domain: str = ""
    partner: str = ""
    partner_id: str = ""
    partner_country: str = ""
    project: str = ""
    scheme: str = ""
    funder: str = ""
    reference: str = ""
    valuation_basis: str = ""
    due_on: date | None = None
    paid_on: date | None = None
    is_cost_share: bool | None = None
    overhead_base: Decimal | None = None
    overhead_rate: Decimal | None = None
    note: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedScheme:
    """One call of a catalog."""

    external_id: str
    name: str
    funder: str
    kind: str
    channels: tuple[str, ...]
    domains: tuple[str, ...]
    cap: Decimal | None
    deadline_on: date | None
    closed_on: date | None
    eligibility: str
    url: str


@dataclass(frozen=True, slots=True)
class Codes:
    """The closed lists that a row's codes are held against."""

    measures: Collection[str]
    sources: Collection[str]
    channels: Collection[str]
    domains: Collection[str]
    countries: Collection[str]
    currencies: Collection[str]


def parse_funding(values: Mapping[str, str], *, codes: Codes) -> Parsed[ImportedFunding]:
    """A row in our own layout; columns that are missing are empty."""
    row = Reader({**dict.fromkeys(FURTHER_COLUMNS, ""), **values})
    booked_on, amount = row.day("date"), row.correction("amount")
    for column, value in (("date", booked_on), ("amount", amount)):
        if value is None and not row.text(column):
            row.fault("empty", column)
    for column, longest in (("partner", LONGEST_NAME), ("partner_id", LONGEST_PARTNER_ID)):
        if len(row.text(column)) > longest:
            row.fault("too_long", column, longest)
    record = ImportedFunding(
        external_id=row.required("id", LONGEST_ID),
        booked_on=booked_on or date.min,
        measure=_code(row, "measure", codes.measures, needed=True),
        amount=amount or Decimal(0),
        currency=row.currency("currency", codes.currencies, ""),
        rate=row.number("rate"),
        rate_on=row.day("rate_on"),
        source=_code(row, "source", codes.sources),
        channel=_code(row, "channel", codes.channels),
        domain=_code(row, "domain", codes.domains),
        partner=row.text("partner"),
        partner_id=row.text("partner_id"),
        partner_country=row.country("partner_country", codes.countries),
        project=row.text("project"),
        scheme=row.text("scheme"),
        funder=row.optional("funder", 200),
        reference=row.optional("reference", 80),
        valuation_basis=row.optional("valuation_basis", 200),
        due_on=row.day("due_on"),
        paid_on=row.day("paid_on"),
        is_cost_share=row.flag("is_cost_share"),
        overhead_base=row.money("overhead_base"),
        overhead_rate=row.number("overhead_rate"),
        note=row.text("note"),
    )
    if not (record.partner or record.partner_id or record.project):
        row.fault("empty", "partner")
    return _answer(row, record)


def parse_contract(values: Mapping[str, str], *, codes: Codes) -> Parsed[ImportedFunding]:
    """A contract that a US institution reported under Section 117: what was promised from abroad, in US dollars.

    The report says neither what kind of organization the counterparty is nor what was agreed; all that is certain is
    that it is foreign, so the source is international and the channel the office's to correct.
    """
    row = Reader(values)
    booked_on, amount = row.day("date"), row.money("amount_usd")
    for column, value in (("date", booked_on), ("amount_usd", amount)):
        if value is None and not row.text(column):
            row.fault("empty", column)
    record = ImportedFunding(
        external_id=row.required("contract_id", LONGEST_ID),
        booked_on=booked_on or date.min,
        measure="committed",
        amount=amount or Decimal(0),
        currency="USD",
        source="international",
        partner=row.required("counterparty", LONGEST_NAME),
        partner_country=row.country("counterparty_country", codes.countries),
        reference=row.text("contract_id")[:80],
        note="Section 117",
        assumed=("source",),
    )
    return _answer(row, record)


def parse_call(values: Mapping[str, str]) -> Parsed[ImportedScheme]:
    """A call of the EU's portal; one that it calls closed is no longer offered since its deadline."""
    row = Reader(values)
    topic, deadline = row.required("topic_id", LONGEST_ID), row.day("deadline")
    action, status = row.text("type_of_action"), row.text("status").casefold()
    if status == "closed" and deadline is None:
        row.fault("empty", "deadline")
    words = (row.text("programme"), action, row.text("call_title"))
    record = ImportedScheme(
        external_id=topic,
        name=row.required("title", 300),
        funder=row.required("programme", 200),
        kind="fellowship" if "fellowship" in action.casefold() else "grant",
        channels=_by_prefix(topic, CHANNELS_OF_CALLS),
        domains=_by_prefix(topic, DOMAINS_OF_CALLS),
        cap=row.money("budget_max_eur"),
        deadline_on=deadline,
        closed_on=deadline if status == "closed" else None,
        eligibility="\n".join(dict.fromkeys(word for word in words if word)),
        url=row.website("url"),
    )
    return _answer(row, record)


def _by_prefix(topic: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What is said of the longest beginning of the id that is known."""
    matching = [prefix for prefix in known if topic.upper().startswith(f"{prefix}-")]
    return known[max(matching, key=len)] if matching else ()


def _code(row: Reader, column: str, known: Collection[str], *, needed: bool = False) -> str:
    """A code of a closed list as it is written there; an unknown one is a fault, because it changes the sums."""
    text = row.text(column)
    if not text:
        if needed:
            row.fault("empty", column)
        return ""
    found = next((code for code in known if code.casefold() == text.casefold()), "")
    if not found:
        row.fault("unknown_code", column)
    return found


def _answer(row: Reader, record):
    if row.faults:
        return Parsed(None, tuple(row.faults))
    return Parsed(record, (), tuple(row.notes))
