"""Writing students, and forgetting who they were."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.models import Candidacy, Placement, PlacementApproval, PlacementEvaluation, Student
from partnerships.queries.students import lock_student
from partnerships.rules.talent import CLOSED

PERSONAL = ("name", "email", "number", "field_of_study", "degree")


@action("partnerships.create_student")
def create_student(*, actor: Actor, name: str, **fields: object) -> Student:
    """Add a student. A student number belongs to one student of the office."""
    _check(fields := {"name": name, **fields}, None)
    return Student.objects.create(**fields)


@action("partnerships.edit_student")
def edit_student(*, actor: Actor, student: Student, seen: int | None = None, **changes: object) -> Student:
    """Change a student; refused for one who was erased."""
    row = lock_student(student.pk)
    if row.erased_at is not None:
        raise ActionRefused("erased", _("This student was erased, and nothing is written about them any more."))
    _check(changes, row)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.erase_student")
def erase_student(*, actor: Actor, student: Student) -> Student:
    """Forget who a student was: name, address, number, studies, and all that was written in words about them.

    Placements, candidacies and events stay as what they count for, under no name. Links out by mail stop working.
    Refused while a placement is under way. It is not undone, and the history shows the former values to nobody.
    """
    row = lock_student(student.pk)
    if row.erased_at is not None:
        raise ActionRefused("erased", _("This student was erased already."))
    placements = Placement.objects.filter(student=row)
    if placements.exclude(status__in=CLOSED).exists():
        message = _("A placement of this student is under way. Complete, end or cancel it first.")
        raise ActionRefused("placed", message)
    ids = list(placements.values_list("pk", flat=True))
    PlacementApproval.objects.filter(placement__in=ids).update(digest="", note="")
    PlacementEvaluation.objects.filter(placement__in=ids).update(digest="", comment="")
    Placement.objects.filter(pk__in=ids).update(check_note="", end_reason="", learning_goals="")
    Candidacy.objects.filter(student=row).update(note="")
    gone: dict[str, object] = {"field_of_study": "", "degree": "", "email": "", "number": "", "graduates_on": None}
    gone |= {"name": _("Erased student"), "erased_at": timezone.now()}
    apply_edit(row, gone, seen=None)
    return row


def _check(fields: dict[str, object], row: Student | None) -> None:
    for name in PERSONAL:
        if name in fields:
            fields[name] = " ".join(str(fields[name] or "").split())
    if "name" in fields and not fields["name"]:
        raise InvalidInput("no_name", _("Give the student's name."), field="name")
    check_days(fields, "graduates_on")
    if fields.get("number"):
        same = Student.objects.filter(number=fields["number"]).exclude(pk=row.pk if row else None)
        if same.exists():
            raise ActionRefused("number_taken", _("Another student has this number."), field="number")
