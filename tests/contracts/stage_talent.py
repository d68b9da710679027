"""What stands on the stage about talent: full of the stage's words, with links that work."""

from django.utils import timezone

from partnerships.models import Partnership, Project
from tenants.choices import Role
from tests.cast import Office
from tests.factories.organizations import make_contact
from tests.factories.talent import (
    make_approval,
    make_candidacy,
    make_matching,
    make_placement,
    make_placement_evaluation,
    make_position,
    make_program,
    make_student,
    make_talent_event,
)


def add_talent(word: str, office: Office, partnership: Partnership, project: Project) -> dict[str, object]:
    """One of everything, and a link of each kind; their ids and secrets by the first word of an address."""
    author = office.user(Role.ADMINISTRATOR)
    program = make_program(name=f"{word} {partnership.pk}", coordinator=author, approvers=["coordinator", "dean"])
    student = make_student(name=word, field_of_study=word)
    supervisor = make_contact(partnership.organization, name=f"{word} supervisor")
    position = make_position(
        partnership,
        program=program,
        title=word,
        description=word,
        supervisor=supervisor,
        academic_lead=author,
        project=project,
    )
    candidacy = make_candidacy(position, student, note=word, partner_rank=1, student_rank=1, status="ranked")
    matching = make_matching(candidacy, made_by=author)
    asked = make_placement(
        partnership, student=student, program=program, position=position, status="in_approval", learning_goals=word
    )
    _approval, approving = make_approval(asked, name=word)
    make_approval(asked, order=2, digest="", asked_at=None, due_on=None, name=word, role="dean")
    under_way = make_placement(
        partnership, student=student, program=program, status="in_progress", supervisor=supervisor
    )
    make_placement_evaluation(under_way, "supervisor", answered_at=timezone.now(), rating=4, comment=word, digest="")
    _evaluation, evaluating = make_placement_evaluation(under_way, "student")
    event = make_talent_event(partnership, title=word, program=program, placement=under_way)
    return {
        "talent-programs": program.pk,
        "positions": position.pk,
        "students": student.pk,
        "candidacies": candidacy.pk,
        "matchings": matching.pk,
        "placements": asked.pk,
        "talent-events": event.pk,
        "approve": approving,
        "evaluate": evaluating,
    }
