"""Reading projects."""

from django.db.models import Prefetch, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.models import Partnership, Project, ProjectParticipant


@visible("partnerships.view_projects")
def visible_projects(actor: Actor) -> QuerySet[Project]:
    """The office's projects, latest start first, with their participants."""
    participants = ProjectParticipant.objects.select_related("organization").order_by("organization__name_key", "pk")
    return Project.objects.prefetch_related(Prefetch("participants", participants)).order_by("-started_on", "-pk")


@visible("partnerships.view_projects")
def projects_with(actor: Actor, partnership: Partnership) -> QuerySet[Project]:
    """The projects in which a partner's organization takes part."""
    mine = ProjectParticipant.objects.filter(organization_id=partnership.organization_id)
    return visible_projects(actor).filter(pk__in=mine.values("project_id"))


def lock_project(pk: int) -> Project:
    """The row, locked and read anew; call inside an action."""
    return Project.objects.select_for_update(of=("self",)).get(pk=pk)
