"""Importing agreements that others keep in a table."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.clauses import recheck
from agreements.actions.references import next_reference
from agreements.choices import Court, LegalStatus, PartyRole, WorkflowState
from agreements.models import Agreement, ClauseAnswer, Party
from agreements.rules.clauses import questions_for
from agreements.rules.imports import ImportedAgreement, party_key
from core.actions import action
from core.actor import Actor
from core.imports.report import Outcome, Tally
from core.imports.tables import Row
from organizations.models import Organization, OrganizationAlias
from partnerships.actions.imports.rows import change_rows, differences
from partnerships.actions.partnerships import recompute_soon
from partnerships.imports.messages import describe
from partnerships.models import Partnership
from partnerships.rules.imports.reading import Parsed
from tenants.queries.tenants import currency_of, lock_office

Read = tuple[Row, Parsed[ImportedAgreement]]


@action("agreements.import_agreements")
def import_agreements(*, actor: Actor, file: str, rows: Iterable[Read], tally: Tally) -> None:
    """Bring in executed agreements from the rows of a table, and the organizations that nobody knows yet.

    A row is known by its id in the source: one that is here is brought up to what the row says, its parties and
    answers as they are; what the row leaves empty stays. One that was amended or ended here since is left as it is,
    for what happened here is newer than the table. A party is known by its name or one of its other names. A row that
    cannot be read is named in ``tally`` and nothing of it is written. A second call with the same rows writes nothing.
    Those who import one after the other wait.
    """
    lock_office(actor)
    _Writer(actor, file, tally).write(list(rows))


class _Writer:
    def __init__(self, actor: Actor, file: str, tally: Tally):
        self.actor, self.file, self.tally = actor, file, tally
        self.currency = currency_of(actor)
        self.today = timezone.localdate()
        self.lines: dict[str, int] = {}  # where each row that can be read begins, by its id

    def write(self, rows: list[Read]) -> None:
        records = self._readable(rows)
        present = {row.external_id: row for row in Agreement.objects.filter(external_id__in=records)}
        new = {source_id: each for source_id, each in records.items() if source_id not in present}
        self.organizations = self._organizations({name for each in new.values() for name in each.parties})
        partners = Partnership.objects.filter(organization__in=self.organizations.values())
        self.partners = {row.organization_id: row.pk for row in partners}
        changes, made = {}, []
        for source_id, record in records.items():
            row = present.get(source_id)
            if row is None:
                between = self._between(record)
                if between[0].is_own:
                    words = _("nobody but the institution itself is a party")
                    self.tally.reject(self.file, self.lines[source_id], words)
                    continue
                made.append(self._add(record, between))
                self.tally.count(self.file, Outcome.CREATED)
            elif row.status != LegalStatus.EXECUTED:
                self._leave(row, record)
            elif differing := differences(row, self._fields(record)):
                changes[row.pk] = differing
                self.tally.count(self.file, Outcome.UPDATED)
            else:
                self.tally.count(self.file, Outcome.UNCHANGED)
        change_rows(Agreement, changes)
        touched = [row.pk for row in made] + list(changes)
        if touched:
            recheck(touched)
            partnerships = Agreement.objects.filter(pk__in=touched, partnership__isnull=False)
            recompute_soon(sorted(set(partnerships.values_list("partnership_id", flat=True))))

    def _readable(self, rows: list[Read]) -> dict[str, ImportedAgreement]:
        found: dict[str, ImportedAgreement] = {}
        for row, parsed in rows:
            record = parsed.record
            if record is None:
                self.tally.reject(self.file, row.line, describe(*parsed.faults))
            elif record.executed_on > self.today:
                words = _("the agreement is dated %s, which lies in the future")
                self.tally.reject(self.file, row.line, words % record.executed_on)
            elif record.agreement_id in found:
                words = _("agreement_id %s stands in the file before")
                self.tally.reject(self.file, row.line, words % record.agreement_id)
            else:
                for note in parsed.notes:
                    self.tally.note(self.file, row.line, describe(note))
                found[record.agreement_id], self.lines[record.agreement_id] = record, row.line
        return found

    def _leave(self, row: Agreement, record: ImportedAgreement) -> None:
        self.tally.count(self.file, Outcome.UNCHANGED)
        if differences(row, self._fields(record)):
            words = _("%s was amended or ended here since, and is left as it is") % row.reference
            self.tally.note(self.file, self.lines[record.agreement_id], words)

    def _organizations(self, names: set[str]) -> dict[str, Organization]:
        """The organizations by the key of their names; those that nobody knows are added."""
        wanted = {party_key(name): name for name in sorted(names)}
        named = Q(name_key__in=[*wanted, *(f"{key}." for key in wanted)]) | Q(name__in=names)
        found: dict[str, Organization] = {}
        for alias in OrganizationAlias.objects.filter(named).select_related("organization").order_by("-organization"):
            found[party_key(alias.name)] = alias.organization
        for row in Organization.objects.filter(named).order_by("-pk"):
            found[party_key(row.name)] = row  # of namesakes the one that was here first
        new = [Organization(name=name) for key, name in wanted.items() if key not in found]
        Organization.objects.bulk_create(new)
        if new:
            self.tally.made[str(_("organizations"))] += len(new)
        return found | {party_key(row.name): row for row in new}

    def _between(self, record: ImportedAgreement) -> list[Organization]:
        """The parties, the main counterparty first: somebody else than the institution itself."""
        named = [self.organizations[party_key(name)] for name in record.parties]
        return sorted(dict.fromkeys(named), key=lambda each: each.is_own)

    def _add(self, record: ImportedAgreement, between: list[Organization]) -> Agreement:
        row = Agreement.objects.create(
            reference=next_reference(self.actor, record.executed_on.year),
            external_id=record.agreement_id,
            status=LegalStatus.EXECUTED,
            workflow=WorkflowState.CLOSED,
            court=Court.NOBODY,
            requested_on=record.executed_on,
            partnership_id=self.partners.get(between[0].pk),
            **{"currency": self.currency, **self._fields(record)},
        )
        Party.objects.bulk_create(
            Party(
                agreement=row,
                organization=each,
                role=PartyRole.UNIVERSITY if each.is_own else PartyRole.PARTNER,
                is_primary=place == 0,
            )
            for place, each in enumerate(between)
        )
        asked = {question.code for question in questions_for(row.kind)}
        ClauseAnswer.objects.bulk_create(
            ClauseAnswer(agreement=row, code=code, value=value) for code, value in record.answers if code in asked
        )
        return row

    def _fields(self, record: ImportedAgreement) -> dict[str, object]:
        fields = {
            "title": record.title,
            "kind": record.kind,
            "executed_on": record.executed_on,
            "effective_on": record.effective_on,
            "expires_on": record.expires_on,
            "notice_days": record.notice_days,
            "renews_automatically": record.renews_automatically,
            "governing_law": record.governing_law,
            "value": record.value,
        }
        return fields | ({"currency": record.currency} if record.currency else {})
