"""Reading projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from core.boards import first_of_each, number_in
from partnerships.choices import ProjectStatus
from partnerships.choices_delivery import IssueKind, Severity
from partnerships.models import Milestone, Partnership, Project, ProjectIssue, ProjectParticipant


@visible("partnerships.view_projects")
def visible_projects(actor: Actor) -> QuerySet[Project]:
    """The office's projects, latest start first, with their participants, unit and lead."""
    participants = ProjectParticipant.objects.select_related("organization").order_by("organization__name_key", "pk")
    rows = Project.objects.select_related("unit", "lead").prefetch_related(Prefetch("participants", participants))
    return rows.order_by("-started_on", "-pk")


@visible("partnerships.view_projects")
def listed_projects(actor: Actor) -> QuerySet[Project]:
    """The office's projects as the list shows them.

    Annotated: ``status_place``, the place in the order of statuses; ``overdue_milestones``; ``next_due_on``, when the
    next open milestone is due; ``critical_issues``, how many are open.
    """
    today = timezone.localdate()
    open_ones = Milestone.objects.filter(project=OuterRef("pk"), done_on=None)
    critical = ProjectIssue.objects.filter(CRITICAL_OPEN, project=OuterRef("pk"))
    places = [When(status=code, then=Value(place)) for place, code in enumerate(ProjectStatus.values)]
    return visible_projects(actor).annotate(
        status_place=Case(*places, output_field=IntegerField()),
        overdue_milestones=_number(open_ones.filter(due_on__lt=today)),
        next_due_on=Subquery(
            open_ones.order_by().values("project").annotate(day=Min("due_on")).values("day"), output_field=DateField()
        ),
        critical_issues=_number(critical),
    )


CRITICAL_OPEN = Q(kind=IssueKind.ISSUE, severity=Severity.CRITICAL, closed_on=None)


def _number(rows: QuerySet) -> Subquery:
    """How many of a project's rows there are; None where there are none, so that these sort last."""
    counted = rows.order_by().values("project").annotate(number=Count("pk")).values("number")
    return Subquery(counted, output_field=IntegerField())


def with_overdue_milestones(today: date) -> Q:
    """Projects in which a milestone of either side is open although its day has passed."""
    return Q(Exists(Milestone.objects.filter(project=OuterRef("pk"), done_on=None, due_on__lt=today)))


def with_critical_issue() -> Q:
    """Projects in which a critical issue is open."""
    return Q(Exists(ProjectIssue.objects.filter(CRITICAL_OPEN, project=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class StatusColumn:
    """One column of the board: a status, its first projects, and how many there are in all."""

    key: str
    name: str
    cards: Sequence[Project]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.cards)


def status_columns(rows: QuerySet[Project], *, per_column: int) -> list[StatusColumn]:
    """The projects of a list by status, in its order; one statement, whatever the number of rows."""
    cards = first_of_each(rows, "status", at_most=per_column)
    return [
        StatusColumn(code, str(name), found := cards.get(code, []), number_in(found))
        for code, name in ProjectStatus.choices
    ]


@visible("partnerships.view_projects")
def projects_with(actor: Actor, partnership: Partnership) -> QuerySet[Project]:
    """The projects in which a partner's organization takes part."""
    mine = ProjectParticipant.objects.filter(organization_id=partnership.organization_id)
    return visible_projects(actor).filter(pk__in=mine.values("project_id"))


def lock_project(pk: int) -> Project:
    """The row, locked and read anew; call inside an action."""
    return Project.objects.select_for_update(of=("self",)).get(pk=pk)
