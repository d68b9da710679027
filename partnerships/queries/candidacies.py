"""Reading who is a candidate for what, and how both sides rank each other."""

from collections.abc import Sequence

from django.db.models import F, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.choices_talent import CandidateStatus
from partnerships.models import Candidacy, Position, Student
from partnerships.queries.students import lock_student

BOARD = (
    CandidateStatus.APPLIED,
    CandidateStatus.SHORTLISTED,
    CandidateStatus.INTERVIEWED,
    CandidateStatus.RANKED,
    CandidateStatus.OFFERED,
    CandidateStatus.ACCEPTED,
)
ASIDE = (CandidateStatus.DECLINED, CandidateStatus.REJECTED, CandidateStatus.WITHDRAWN)


@visible("partnerships.view_candidacies")
def visible_candidacies(actor: Actor) -> QuerySet[Candidacy]:
    """The office's candidacies with position, partner and student; as the partner ranks them, the unranked last."""
    return Candidacy.objects.select_related(
        "position__partnership__organization", "position__program", "student"
    ).order_by(F("partner_rank").asc(nulls_last=True), "student__name", "pk")


@visible("partnerships.view_candidacies")
def candidates_for(actor: Actor, position: Position) -> QuerySet[Candidacy]:
    """The candidates of one position."""
    return visible_candidacies(actor).filter(position=position)


@visible("partnerships.view_candidacies")
def candidacies_of(actor: Actor, student: Student) -> QuerySet[Candidacy]:
    """What one student is a candidate for, as the student ranks it."""
    rows = visible_candidacies(actor).filter(student=student)
    return rows.order_by(F("student_rank").asc(nulls_last=True), "position__title", "pk")


def lock_candidacy(pk: int, *, with_student: bool = False) -> Candidacy:
    """The row with its position and student, the position locked first; call inside an action.

    Whoever fills places holds the position, so that offers are counted one after another. ``with_student`` holds the
    student before either, for what must be the only one among the student's candidacies. Everybody locks in this order.
    """
    student_id, position_id = Candidacy.objects.values_list("student_id", "position_id").get(pk=pk)
    if with_student:
        lock_student(student_id)
    position = Position.objects.select_for_update(of=("self",)).select_related("program").get(pk=position_id)
    row = Candidacy.objects.select_for_update(of=("self",)).select_related("student").get(pk=pk)
    row.position = position
    return row


def beside(row: Candidacy) -> QuerySet[Candidacy]:
    """The student's other candidacies in the same program and term: the list that the student ranks."""
    return Candidacy.objects.filter(
        student_id=row.student_id, position__program_id=row.position.program_id, position__term=row.position.term
    ).exclude(pk=row.pk)


def in_columns(rows: Sequence[Candidacy]) -> dict[str, list[Candidacy]]:
    """The candidates by status, every status of the board included."""
    found: dict[str, list[Candidacy]] = {status: [] for status in (*BOARD, *ASIDE)}
    for row in rows:
        found[row.status].append(row)
    return found
