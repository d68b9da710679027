"""Candidates: adding them, ranking on both sides, and moving them along; never more offers than places."""

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.choices_talent import CandidateStatus, PositionStatus
from partnerships.models import Candidacy, Position, Student
from partnerships.queries.candidacies import beside, lock_candidacy
from partnerships.queries.positions import lock_position, places_taken
from partnerships.queries.students import lock_student
from partnerships.rules.talent import CANDIDACY_MOVES, HOLDING_PLACES, may_move

MOST_RANKED = 500


@action("partnerships.add_candidacy")
def add_candidacy(*, actor: Actor, position: Position, student: Student, **fields: object) -> Candidacy:
    """Add a candidate for a posted position, once. Ranks may be given; a rank that another has is refused."""
    person = lock_student(student.pk)
    place = lock_position(position.pk)
    if place.status != PositionStatus.POSTED:
        message = _("Only posted positions take candidates. This one is %s.") % place.get_status_display().lower()
        raise ActionRefused("not_posted", message, field="position")
    if person.erased_at is not None:
        raise ActionRefused("erased", _("This student was erased."), field="student")
    if Candidacy.objects.filter(position=place, student=person).exists():
        raise ActionRefused("candidate_already", _("This student is a candidate already."), field="student")
    row = Candidacy(position=place, student=person, **fields)
    _check_ranks(row, fields)
    row.save()
    return row


@action("partnerships.edit_candidacy")
def edit_candidacy(*, actor: Actor, candidacy: Candidacy, seen: int | None = None, **changes: object) -> Candidacy:
    """Change ranks and note; position and student stay, and the status has moves of its own."""
    row = lock_candidacy(candidacy.pk, with_student="student_rank" in changes)
    for name in ("position", "student"):
        given = changes.pop(name, None)
        if given is not None and given.pk != getattr(row, f"{name}_id"):
            raise ActionRefused("fixed", _("This stays as it was added. Add another candidate."), field=name)
    _check_ranks(row, changes)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.move_candidacy")
def move_candidacy(
    *, actor: Actor, candidacy: Candidacy, status: str, seen: int | None = None, was: str = ""
) -> Candidacy:
    """Move a candidate along. An offer needs a free place; a student accepts one place in a program's term.

    ``was`` is the status in which the mover saw the candidate: what somebody else did meanwhile is not undone unseen.
    """
    row = lock_candidacy(candidacy.pk, with_student=status == CandidateStatus.ACCEPTED)
    if was and was != row.status:
        message = _("Somebody else moved this candidate to %s meanwhile. Look again.") % row.get_status_display()
        raise ActionRefused("moved_meanwhile", message, field="status", details={"status": row.status})
    if not may_move(CANDIDACY_MOVES, row.status, status):
        words = {"now": row.get_status_display(), "then": CandidateStatus(status).label}
        message = _("A candidate who is %(now)s cannot become %(then)s from there.") % words
        raise ActionRefused("no_such_move", message, field="status", details={"status": row.status})
    if status in HOLDING_PLACES and row.status not in HOLDING_PLACES:
        check_places(row.position, 1)
    if status == CandidateStatus.ACCEPTED and beside(row).filter(status=CandidateStatus.ACCEPTED).exists():
        message = _("This student has accepted another place in this program and term.")
        raise ActionRefused("accepted_elsewhere", message, field="status")
    changes: dict[str, object] = {"status": status}
    if status in (CandidateStatus.REJECTED, CandidateStatus.WITHDRAWN):
        changes["matching"] = None
    apply_edit(row, changes, seen=seen)
    return row


def check_places(position: Position, more: int) -> None:
    """Refuse more offers than a *locked* position has places."""
    free = position.openings - places_taken(position.pk)
    if more > free:
        message = _("%(position)s has %(openings)d places, and all are offered or taken.")
        if free > 0:
            message = _("%(position)s has %(openings)d places, and %(free)d of them are free.")
        words = {"position": position.title, "openings": position.openings, "free": max(free, 0)}
        raise ActionRefused("no_place_left", message % words, field="status", details={"free": max(free, 0)})


# Rankings


@action("partnerships.rank_candidates")
def rank_candidates(*, actor: Actor, position: Position, order: Sequence[Candidacy]) -> Position:
    """Record how the partner ranks the candidates: those named, from 1; all others are not ranked."""
    place = lock_position(position.pk)
    rows = list(Candidacy.objects.select_for_update(of=("self",)).filter(position=place).order_by("pk"))
    _set_ranks(rows, order, "partner_rank")
    return place


@action("partnerships.rank_positions")
def rank_positions(*, actor: Actor, student: Student, order: Sequence[Candidacy]) -> Student:
    """Record how a student ranks the positions of one program and term: those named, from 1; others are not ranked."""
    person = lock_student(student.pk)
    if not order:
        raise InvalidInput("nothing_ranked", _("Name at least one position."), field="order")
    first = Candidacy.objects.select_related("position").filter(student=person, pk=order[0].pk).first()
    if first is None:
        raise InvalidInput("other_list", _("Rank candidacies of this student alone."), field="order")
    ids = [first.pk, *beside(first).values_list("pk", flat=True)]
    rows = list(Candidacy.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    _set_ranks(rows, order, "student_rank")
    return person


def _set_ranks(rows: Iterable[Candidacy], order: Sequence[Candidacy], column: str) -> None:
    rows = {row.pk: row for row in rows}
    ids = [each.pk for each in order]
    if len(set(ids)) != len(ids):
        raise InvalidInput("ranked_twice", _("Name each only once."), field="order")
    if len(ids) > MOST_RANKED:
        raise InvalidInput("too_many", _("Rank at most %d.") % MOST_RANKED, field="order")
    if not set(ids) <= rows.keys():
        raise InvalidInput("other_list", _("Rank only those of this list, of one program and term."), field="order")
    ranks = {pk: place for place, pk in enumerate(ids, 1)}
    now, changed = timezone.now(), []
    for pk, row in rows.items():
        if getattr(row, column) != ranks.get(pk):
            setattr(row, column, ranks.get(pk))
            row.version, row.updated_at = row.version + 1, now
            changed.append(row)
    Candidacy.objects.bulk_update(changed, [column, "version", "updated_at"])


def _check_ranks(row: Candidacy, fields: dict[str, object]) -> None:
    """Refuse a rank that another one of the same list has."""
    lists = {"partner_rank": Candidacy.objects.filter(position_id=row.position_id).exclude(pk=row.pk)}
    lists["student_rank"] = beside(row)
    for name, others in lists.items():
        rank = fields.get(name)
        if rank is None or (row.pk is not None and rank == getattr(row, name)):
            continue
        if not 1 <= rank <= MOST_RANKED:
            raise InvalidInput("out_of_range", _("Give a rank from 1 to %d.") % MOST_RANKED, field=name)
        if others.filter(**{name: rank}).exists():
            raise ActionRefused("rank_taken", _("Another one has rank %d. Order the whole list.") % rank, field=name)


def note_matching(rows: Iterable[Candidacy], run: object) -> None:
    """Mark *locked* candidacies as what a matching proposes."""
    ids = [row.pk for row in rows]
    Candidacy.objects.filter(pk__in=ids).update(matching=run, version=F("version") + 1, updated_at=timezone.now())
