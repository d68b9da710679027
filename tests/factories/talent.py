"""Programs, students, positions, placements and events for tests; the scope must be open."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from core.secrets import digest_of, new_secret
from partnerships.models import (
    Candidacy,
    MatchRun,
    Partnership,
    Placement,
    PlacementApproval,
    PlacementEvaluation,
    Position,
    Student,
    TalentEvent,
    TalentProgram,
)
from tests.factories.partnerships import make_partnership

_numbers = count(1)


def make_program(**fields) -> TalentProgram:
    values = {"name": f"Program {next(_numbers)}", "kind": "internship", **fields}
    return TalentProgram.objects.create(**values)


def make_student(**fields) -> Student:
    number = next(_numbers)
    values = {"name": f"Student {number}", "email": f"student{number}@campus.example", "number": f"S{number}", **fields}
    return Student.objects.create(**values)


def make_position(partnership: Partnership | None = None, **fields) -> Position:
    """A posted position of one place, beginning next month."""
    start = timezone.localdate() + timedelta(days=30)
    values = {
        "program": fields.pop("program", None) or make_program(),
        "title": f"Position {next(_numbers)}",
        "description": "What it is about",
        "status": "posted",
        "starts_on": start,
        "ends_on": start + timedelta(days=90),
        **fields,
    }
    return Position.objects.create(partnership=partnership or make_partnership(), **values)


def make_candidacy(position: Position | None = None, student: Student | None = None, **fields) -> Candidacy:
    return Candidacy.objects.create(position=position or make_position(), student=student or make_student(), **fields)


def make_matching(candidacy: Candidacy, **fields) -> MatchRun:
    """A matching that proposes the one candidacy."""
    position = candidacy.position
    line = {
        "student": candidacy.student_id,
        "position": position.pk,
        "candidacy": candidacy.pk,
        "rank": 1,
        "partner_rank": 1,
        "passed": [],
    }
    result = {"lines": [line], "unranked": 0, "free": 0, "stable": True}
    run = MatchRun.objects.create(
        program=position.program, term=position.term, candidates=1, matched=1, result=result, **fields
    )
    Candidacy.objects.filter(pk=candidacy.pk).update(matching=run)
    return run


def make_placement(
    partnership: Partnership | None = None, *, days_ago: int = 10, days: int = 90, **fields
) -> Placement:
    """A requested placement that began some days ago; name ``status`` for one under way."""
    start = timezone.localdate() - timedelta(days=days_ago)
    values = {
        "student": fields.pop("student", None) or make_student(),
        "program": fields.pop("program", None) or make_program(),
        "starts_on": start,
        "ends_on": start + timedelta(days=days),
        **fields,
    }
    return Placement.objects.create(partnership=partnership or make_partnership(), **values)


def make_approval(placement: Placement, *, order: int = 1, **fields) -> tuple[PlacementApproval, str]:
    """An approval that was asked for, due in a week, and the secret of its link."""
    secret = new_secret()
    values = {
        "role": "department",
        "name": "Ada Head",
        "email": "head@campus.example",
        "digest": digest_of(secret),
        "asked_at": timezone.now(),
        "due_on": timezone.localdate() + timedelta(days=7),
        **fields,
    }
    return PlacementApproval.objects.create(placement=placement, order=order, **values), secret


def make_placement_evaluation(placement: Placement, side: str = "student", **fields) -> tuple[PlacementEvaluation, str]:
    """An evaluation that was asked for, and the secret of its link."""
    secret = new_secret()
    values = {
        "digest": digest_of(secret),
        "asked_at": timezone.now(),
        "due_on": timezone.localdate() + timedelta(days=7),
        **fields,
    }
    return PlacementEvaluation.objects.create(placement=placement, side=side, **values), secret


def make_talent_event(partnership: Partnership | None = None, **fields) -> TalentEvent:
    return TalentEvent.objects.create(partnership=partnership or make_partnership(), **{"kind": "hire", **fields})
