"""Importing tables of positions and of candidates with their students."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.imports.report import Outcome, Tally
from core.imports.tables import Row
from partnerships.actions.candidacies import add_candidacy, edit_candidacy
from partnerships.actions.positions import create_position, edit_position
from partnerships.actions.students import create_student, edit_student
from partnerships.choices_talent import PositionStatus
from partnerships.models import Candidacy, Partnership, Position, Student, TalentProgram
from partnerships.rules.talent_import import Fault, read_talent_row
from tenants.queries.tenants import lock_office

MOST_ROWS = 5_000


@action("partnerships.import_talent")
def import_talent(*, actor: Actor, file: str, rows: Iterable[Row], candidates: bool, tally: Tally) -> None:
    """Bring positions, or candidates, up to what the rows say; a second call with the same rows writes nothing.

    A position is known by its id in the source, a student by number; partners and programs by name, and both must be
    here. Each row goes through the rules of what is made by hand; one that does not hold is named in ``tally`` and
    left out. Nothing is removed, and what a row leaves empty stays. Those who import one after the other wait.
    """
    lock_office(actor)
    writer = _Candidates(actor) if candidates else _Positions(actor)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            tally.reject(file, row.line, _("Only the first %d rows are imported. Split the table.") % MOST_ROWS)
            return
        read = read_talent_row(row.values, candidates=candidates)
        if read.faults:
            tally.reject(file, row.line, "; ".join(words_for(fault) for fault in read.faults))
            continue
        try:
            tally.count(file, writer.write(read.values))
        except ActionRefused as refused:
            where = f"{refused.field}: " if refused.field else ""
            tally.reject(file, row.line, f"{where}{refused.message}")


def words_for(fault: Fault) -> str:
    """What is wrong with one value, in words."""
    texts = {
        "missing": _("%(column)s is empty"),
        "too_long": _("%(column)s is too long"),
        "no_date": _("%(column)s: %(value)s is no date like 2026-09-01"),
        "no_number": _("%(column)s: %(value)s is no whole number above zero"),
        "no_amount": _("%(column)s: %(value)s is no amount like 17.50"),
        "not_listed": _("%(column)s: %(value)s is none of %(allowed)s"),
    }
    return texts[fault.code] % {"column": fault.column, "value": fault.value, "allowed": fault.allowed}


class _Positions:
    def __init__(self, actor: Actor):
        self.actor = actor
        self.partners: dict[str, list[Partnership]] = {}
        for row in Partnership.objects.select_related("organization"):
            self.partners.setdefault(row.organization.name_key, []).append(row)
        self.programs = {row.name.lower(): row for row in TalentProgram.objects.all()}

    def write(self, values: dict[str, object]) -> Outcome:
        source_id, partner, program = (str(values.pop(name)) for name in ("id", "partner", "program"))
        status = values.pop("status", None)
        if "paid" in values:
            values["is_paid"] = values.pop("paid") == "yes"
        found = self.partners.get(partner.lower(), [])
        if len(found) != 1:
            message = _("no partner is called %s") if not found else _("several partners are called %s")
            raise ActionRefused("no_partner", message % partner, field="partner")
        if (chosen := self.programs.get(program.lower())) is None:
            raise ActionRefused("no_program", _("no program is called %s") % program, field="program")
        row = Position.objects.filter(external_id=source_id).first()
        where = {"partnership": found[0], "program": chosen}
        if row is None:
            row = create_position(actor=self.actor, **where, external_id=source_id, **values)
            if status not in (None, PositionStatus.DRAFT):
                row.status = status
                row.save(update_fields=["status"])
            return Outcome.CREATED
        before = row.version
        return _outcome(before, edit_position(actor=self.actor, position=row, **where, **values).version)


class _Candidates:
    def __init__(self, actor: Actor):
        self.actor = actor

    def write(self, values: dict[str, object]) -> Outcome:
        source_id, number = str(values.pop("position")), str(values.pop("student_number"))
        position = Position.objects.filter(external_id=source_id).first()
        if position is None:
            raise ActionRefused("no_position", _("no position has the id %s") % source_id, field="position")
        known = {"name": values.pop("student_name")}
        known |= {name: values.pop(name) for name in ("email", "field_of_study", "degree") if name in values}
        student = Student.objects.filter(number=number).first()
        row = Candidacy.objects.filter(position=position, student=student).first() if student else None
        if row is None and position.status != PositionStatus.POSTED:
            raise ActionRefused("not_posted", _("this position is not posted"), field="position")
        changed = 0
        if student is None:
            student = create_student(actor=self.actor, number=number, **known)
        else:
            before = student.version
            changed += edit_student(actor=self.actor, student=student, **known).version - before
        if row is None:
            add_candidacy(actor=self.actor, position=position, student=student, **values)
            return Outcome.CREATED
        before = row.version
        changed += edit_candidacy(actor=self.actor, candidacy=row, **values).version - before
        return Outcome.UPDATED if changed else Outcome.UNCHANGED


def _outcome(before: int, after: int) -> Outcome:
    return Outcome.UPDATED if after != before else Outcome.UNCHANGED
