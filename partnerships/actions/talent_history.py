"""What of talent has a history, and what must still hold when some of it is put back."""

from collections.abc import Collection

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import ActionRefused
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import (
    Candidacy,
    Placement,
    PlacementApproval,
    Position,
    Student,
    TalentEvent,
    TalentProgram,
)
from partnerships.queries.candidacies import visible_candidacies
from partnerships.queries.placements import visible_placements
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.queries.students import visible_students
from partnerships.queries.talent import visible_talent_events
from partnerships.rules.talent import HOLDING_PLACES
from tenants.registry import (
    States,
    Values,
    register_follower,
    register_history,
    register_history_part,
)

PERSONAL = ("name", "email", "number", "field_of_study", "degree", "graduates_on")


def register_talent_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        TalentProgram,
        label=gettext_lazy("Talent program"),
        visible=visible_programs,
        create="partnerships.create_talent_program",
        edit="partnerships.edit_talent_program",
        delete="partnerships.delete_talent_program",
        home="partnerships:talent_programs",
    )
    register_history(
        Student,
        label=gettext_lazy("Student"),
        visible=visible_students,
        create="partnerships.create_student",
        edit="partnerships.edit_student",
        delete="partnerships.erase_student",
        home="partnerships:students",
        conceals=erased_columns,
    )
    register_history(
        Position,
        label=gettext_lazy("Position"),
        visible=visible_positions,
        create="partnerships.create_position",
        edit="partnerships.edit_position",
        delete="partnerships.delete_position",
        home="partnerships:positions",
    )
    register_history(
        Candidacy,
        label=gettext_lazy("Candidate"),
        visible=visible_candidacies,
        create="partnerships.add_candidacy",
        edit="partnerships.edit_candidacy",
        delete="partnerships.edit_candidacy",
        home="partnerships:positions",
        conceals=notes_about_erased,
        named_by=["student", "position"],
    )
    register_history(
        Placement,
        label=gettext_lazy("Placement"),
        visible=visible_placements,
        create="partnerships.create_placement",
        edit="partnerships.edit_placement",
        delete="partnerships.cancel_placement",
        home="partnerships:placements",
        conceals=words_about_erased,
        named_by=["student", "partnership"],
    )
    register_history_part(PlacementApproval, label=gettext_lazy("Approval"), of="placement")
    register_history(
        TalentEvent,
        label=gettext_lazy("Talent event"),
        visible=visible_talent_events,
        create="partnerships.add_talent_event",
        edit="partnerships.edit_talent_event",
        delete="partnerships.delete_talent_event",
        home="partnerships:talent_events",
        named_by=["partnership"],
    )
    register_follower(hold_talent_together)


def erased_columns(actor: Actor, values: Values) -> Collection[str]:
    """Who an erased student was, in every state that the history has of them."""
    return PERSONAL if _is_erased(values.get("id")) else ()


def notes_about_erased(actor: Actor, values: Values) -> Collection[str]:
    """What was noted about a candidate who was erased since."""
    return ("note",) if _is_erased(values.get("student_id")) else ()


def words_about_erased(actor: Actor, values: Values) -> Collection[str]:
    """What was written about the placement of a student who was erased since."""
    return ("check_note", "end_reason", "learning_goals") if _is_erased(values.get("student_id")) else ()


def _is_erased(pk: object) -> bool:
    return pk is not None and Student.objects.filter(pk=pk, erased_at__isnull=False).exists()


def hold_talent_together(*, actor: Actor, states: States) -> None:
    """Refuse to put back what would offer more places than there are, rank two alike, or name who was erased.

    The partners of what was put back are scored anew.
    """
    positions = _ids(states, Position, "id") | _ids(states, Candidacy, "position_id")
    held = Count("candidacies", filter=Q(candidacies__status__in=HOLDING_PLACES))
    crowded = Position.objects.filter(pk__in=positions).annotate(held=held).filter(held__gt=F("openings")).first()
    if crowded is not None:
        message = _("%s would have more offers than places. Take one back first.") % crowded.title
        raise ActionRefused("no_place_left", message)
    _refuse_equal_ranks(positions, _ids(states, Candidacy, "student_id"))
    for row in Student.objects.filter(pk__in=_ids(states, Student, "id"), erased_at=None):
        before = [values for values in states[Student] if values["id"] == row.pk]
        if any(values.get("erased_at") is not None for values in before):
            raise ActionRefused("erased", _("Who was erased is not brought back."))
    partners = _ids(states, Placement, "partnership_id") | _ids(states, TalentEvent, "partnership_id")
    if partners:
        recompute_soon(sorted(partners))


def _refuse_equal_ranks(positions: Collection[int], students: Collection[int]) -> None:
    alike = Candidacy.objects.filter(position__in=positions, partner_rank__isnull=False).order_by()
    twice = alike.values("position", "partner_rank").annotate(number=Count("pk")).filter(number__gt=1)
    wished = Candidacy.objects.filter(student__in=students, student_rank__isnull=False).order_by()
    same = wished.values("student", "position__program", "position__term", "student_rank")
    if twice.exists() or same.annotate(number=Count("pk")).filter(number__gt=1).exists():
        raise ActionRefused("rank_taken", _("Somebody has this rank now. Order the whole list."))


def _ids(states: States, model: type, column: str) -> set[int]:
    """The values of a column in what was and in what is."""
    return {values[column] for values in states.get(model, ()) if values.get(column) is not None}
