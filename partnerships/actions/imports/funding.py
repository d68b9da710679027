"""Importing money and the catalog of schemes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.imports.report import Outcome, Tally
from core.imports.tables import Row
from partnerships.actions.funding import TakesPart, complete, recompute_partners
from partnerships.actions.imports.funding_partners import Partners
from partnerships.actions.imports.rows import batches, change_rows, differences
from partnerships.actions.schemes import checked_scheme
from partnerships.imports.messages import describe
from partnerships.models import FundingEntry, FundingScheme, Partnership, Project, ProjectParticipant
from partnerships.queries.funding import Books, books_of
from partnerships.rules.imports import Parsed
from partnerships.rules.imports.funding import ImportedFunding, ImportedScheme
from tenants.actions.jobs import enqueue
from tenants.queries.tenants import lock_office

Read = tuple[Row, Parsed[ImportedFunding]]
PLAIN = (
    *("booked_on", "measure", "amount", "currency", "source", "channel", "domain", "funder", "reference"),
    *("valuation_basis", "due_on", "paid_on", "is_cost_share", "overhead_base", "overhead_rate", "note"),
)
MANY_PARTNERS = 50


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the office's, and when; for rows that bring no rate of their own."""

    value: Decimal
    day: date


@action("partnerships.import_funding")
def import_funding(
    *,
    actor: Actor,
    file: str,
    rows: Iterable[Read],
    tally: Tally,
    add_partners: bool = False,
    rates: Mapping[str, Rate] | None = None,
) -> None:
    """Bring the office's entries up to what the rows say; a row is known by its id in the source.

    Adds and updates, never removes; what a row leaves empty stays. Each row goes through the rules of an entry that
    is made by hand; one that does not hold, or whose partner, project or scheme is not here, is named in ``tally``
    and left out. ``add_partners`` adds organizations and partnerships that are missing, for rows that hold. A second
    call with the same rows writes nothing. Those who import one after the other wait.
    """
    lock_office(actor)
    _FundingWriter(books_of(actor), file, tally, add_partners, rates or {}).write(rows)


@action("partnerships.import_schemes")
def import_schemes(
    *, actor: Actor, file: str, rows: Iterable[tuple[Row, Parsed[ImportedScheme]]], tally: Tally
) -> None:
    """Bring the catalog up to what the rows say, by their ids in the source; nothing is removed."""
    lock_office(actor)
    for batch in batches(rows):
        _write_schemes(_readable(batch, file, tally, set()), file, tally)


def _readable(batch: Iterable, file: str, tally: Tally, seen: set[str]) -> dict[str, tuple[int, Any]]:
    """Line and record by id, of the rows that can be read; an id that came before is refused."""
    found: dict[str, tuple[int, Any]] = {}
    for row, parsed in batch:
        if parsed.record is None:
            tally.reject(file, row.line, describe(*parsed.faults))
        elif parsed.record.external_id in seen:
            tally.reject(file, row.line, _("%s stands in the file before") % parsed.record.external_id)
        else:
            seen.add(parsed.record.external_id)
            for note in parsed.notes:
                tally.note(file, row.line, describe(note))
            found[parsed.record.external_id] = (row.line, parsed.record)
    return found


class _FundingWriter:
    def __init__(self, books: Books, file: str, tally: Tally, add_partners: bool, rates: Mapping[str, Rate]):
        self.books, self.file, self.tally, self.rates = books, file, tally, rates
        self.partners = Partners(add_partners, tally, timezone.localdate())
        self.touched: set[int] = set()

    def write(self, rows: Iterable[Read]) -> None:
        seen: set[str] = set()
        for batch in batches(rows):
            self._write_batch(_readable(batch, self.file, self.tally, seen))
        if len(self.touched) > MANY_PARTNERS:
            enqueue("partnerships.recompute_all_health", key="import")
        else:
            recompute_partners(*self.touched)

    def _write_batch(self, records: dict[str, tuple[int, ImportedFunding]]) -> None:
        self.projects = _by_external_id(Project, {each.project for _line, each in records.values()})
        self.schemes = _by_external_id(FundingScheme, {each.scheme for _line, each in records.values()})
        there = ProjectParticipant.objects.filter(project__in=self.projects.values())
        self.there = set(there.values_list("project_id", "organization_id"))
        present = FundingEntry.objects.filter(external_id__in=records)
        present = {row.external_id: row for row in present.select_related("project", "partnership", "scheme")}
        wrong = {key: self._wrong(record, present.get(key)) for key, (_line, record) in records.items()}
        self.partners.load([record for key, (_line, record) in records.items() if wrong[key] is None])
        new: list[FundingEntry] = []
        changes: dict[int, dict[str, object]] = {}
        for source_id, (line, record) in records.items():
            row = present.get(source_id)
            try:
                if wrong[source_id] is not None:
                    raise wrong[source_id]
                fields = self._fields(record, row, self.partners.of(record), lambda *pair: pair in self.there)
            except ActionRefused as refused:
                self.tally.reject(self.file, line, f"{source_id}: {refused.message}" if not line else refused.message)
                continue
            if row is None:
                new.append(FundingEntry(external_id=source_id, **fields))
                self.tally.count(self.file, Outcome.CREATED)
                self.touched |= {fields.get("partnership_id")} - {None}
            elif differing := differences(row, fields):
                changes[row.pk] = differing
                self.tally.count(self.file, Outcome.UPDATED)
                self.touched |= {row.partnership_id, fields.get("partnership_id")} - {None}
            else:
                self.tally.count(self.file, Outcome.UNCHANGED)
        FundingEntry.objects.bulk_create(new)
        change_rows(FundingEntry, changes)

    def _wrong(self, record: ImportedFunding, row: FundingEntry | None) -> ActionRefused | None:
        """Why a row does not hold, whoever its partner is: none is added for such a row."""
        somebody = Partnership() if record.partner or record.partner_id else None
        try:
            self._fields(record, row, somebody, lambda *pair: True)
        except ActionRefused as refused:
            return refused
        return None

    def _fields(
        self, record: ImportedFunding, row: FundingEntry | None, partner: Partnership | None, takes_part: TakesPart
    ) -> dict[str, object]:
        """The columns of the entry, checked as one that is made by hand."""
        said = PLAIN if row is None else [name for name in PLAIN if name not in record.assumed]
        fields: dict[str, Any] = {name: getattr(record, name) for name in said}
        fields = {name: value for name, value in fields.items() if value is not None and value != ""}
        fields["project"] = self._known(self.projects, record.project, _("no project has the id %s in its source"))
        fields["scheme"] = self._known(self.schemes, record.scheme, _("no scheme has the id %s in its source"))
        fields["partnership"] = partner
        fields = {name: value for name, value in fields.items() if value is not None}
        if row is None:
            fields.setdefault("currency", self.books.currency)
            if "project" in fields and not record.channel:
                fields["channel"] = fields["project"].channel
        fields |= self._rate(record, fields.get("currency") or row.currency, row)
        fields = complete(fields, row, self.books, takes_part=takes_part)
        return {_column(name): getattr(value, "pk", value) for name, value in fields.items()}

    def _rate(self, record: ImportedFunding, currency: str, row: FundingEntry | None) -> dict[str, Any]:
        if currency == self.books.currency:
            return {}
        if record.rate is not None:
            return {"rate": record.rate, "rate_on": record.rate_on}
        if currency in self.rates and (row is None or row.currency != currency):
            return {"rate": self.rates[currency].value, "rate_on": self.rates[currency].day}
        return {}

    @staticmethod
    def _known(rows: Mapping[str, Model], source_id: str, words: str) -> Model | None:
        if source_id and source_id not in rows:
            raise ActionRefused("unknown_id", words % source_id[:60])
        return rows.get(source_id)


def _column(name: str) -> str:
    return f"{name}_id" if name in ("project", "partnership", "scheme") else name


def _by_external_id(model: type[Model], ids: set[str]) -> dict[str, Any]:
    return {row.external_id: row for row in model.objects.filter(external_id__in=ids - {""})}


def _write_schemes(records: dict[str, tuple[int, ImportedScheme]], file: str, tally: Tally) -> None:
    present = {row.external_id: row for row in FundingScheme.objects.filter(external_id__in=records)}
    new: list[FundingScheme] = []
    changes: dict[int, dict[str, object]] = {}
    for source_id, (line, record) in records.items():
        row = present.get(source_id)
        fields = {name: getattr(record, name) for name in SCHEME_FIELDS} | {
            "channels": list(record.channels),
            "domains": list(record.domains),
            "currency": "EUR",
        }
        fields = {name: value for name, value in fields.items() if value not in (None, "", [])}
        try:
            fields = checked_scheme(fields, row)
        except ActionRefused as refused:
            tally.reject(file, line, refused.message)
            continue
        if row is None:
            new.append(FundingScheme(external_id=source_id, **fields))
            tally.count(file, Outcome.CREATED)
        elif differing := differences(row, fields):
            changes[row.pk] = differing
            tally.count(file, Outcome.UPDATED)
        else:
            tally.count(file, Outcome.UNCHANGED)
    FundingScheme.objects.bulk_create(new)
    change_rows(FundingScheme, changes)


SCHEME_FIELDS = ("name", "funder", "kind", "cap", "deadline_on", "closed_on", "eligibility", "url")
