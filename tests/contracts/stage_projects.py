"""What hangs on a project, on the stage."""

from datetime import timedelta

from django.utils import timezone

from organizations.models import Contact
from partnerships.models import Objective, Partnership, Project
from tests.cast import Office
from tests.factories.projects import (
    make_milestone,
    make_project_benefit,
    make_project_issue,
    make_project_output,
    make_project_person,
)


def add_project_records(
    word: str, office: Office, partnership: Partnership, contact: Contact, project: Project
) -> dict[str, object]:
    """One of each kind, of both sides where there are two; their ids. The milestone and the issue are open."""
    today, member = timezone.localdate(), office.user("administrator")
    Project.objects.filter(pk=project.pk).update(
        summary=word, lead=member, light="amber", light_reason=word, trl_start=2, trl_now=3, trl_target=6
    )
    make_milestone(project, title=word, due_on=today, side="theirs", done_on=today, evidence=word)
    make_project_issue(project, title=word, closed_on=today, resolution=word)
    make_project_issue(project, title=word, kind="risk", likelihood=3, response=word, owner=member)
    make_project_person(project, name="", contact=contact, role="embedded", days_per_month=4)
    make_project_person(project, name="", member=member, role="manager", ended_on=today)
    Objective.objects.create(partnership=partnership, project=project, side="theirs", title=word, metric=word)
    milestone = make_milestone(project, title=word, due_on=today - timedelta(days=9), owner=member)
    return {
        "milestones": milestone.pk,
        "project-issues": make_project_issue(project, title=word, severity="critical", description=word).pk,
        "project-people": make_project_person(project, name=word).pk,
        "project-outputs": make_project_output(project, title=word, doi=f"10.1000/{milestone.pk}", reference=word).pk,
        "project-benefits": make_project_benefit(
            project, side="theirs", description=word, organization=partnership.organization, share=10
        ).pk,
    }
