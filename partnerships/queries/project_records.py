"""Reading who works in projects, what comes out of them, and who gets what."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Contact
from organizations.queries.contacts import visible_contacts
from partnerships.choices import Side
from partnerships.choices_delivery import ProjectPersonRole
from partnerships.models import (
    Objective,
    Partnership,
    Project,
    ProjectBenefit,
    ProjectOutput,
    ProjectParticipant,
    ProjectPerson,
)
from partnerships.queries.governance import SETTLED, visible_objectives
from partnerships.queries.partnerships import visible_partnerships
from partnerships.rules.projects import Mismatch, mismatch


@visible("partnerships.view_project_people")
def visible_project_people(actor: Actor) -> QuerySet[ProjectPerson]:
    """Who works, or worked, in projects: those without an end first, then by role."""
    rows = ProjectPerson.objects.select_related("project", "member", "contact")
    return rows.order_by(F("ended_on").desc(nulls_first=True), "role", "pk")


@visible("partnerships.view_project_outputs")
def visible_project_outputs(actor: Actor) -> QuerySet[ProjectOutput]:
    """What came out of projects, latest first."""
    return ProjectOutput.objects.select_related("project").order_by(F("produced_on").desc(nulls_last=True), "-pk")


@visible("partnerships.view_project_benefits")
def visible_project_benefits(actor: Actor) -> QuerySet[ProjectBenefit]:
    """What each side is to get out of projects, by kind."""
    return ProjectBenefit.objects.select_related("project", "organization").order_by("kind", "pk")


@visible("partnerships.view_partnerships")
def partnerships_in(actor: Actor, project: Project) -> QuerySet[Partnership]:
    """The partners in a project."""
    inside = ProjectParticipant.objects.filter(project=project)
    return visible_partnerships(actor).filter(organization_id__in=inside.values("organization_id"))


@visible("organizations.view_contacts")
def contacts_in(actor: Actor, project: Project) -> QuerySet[Contact]:
    """People who work, or worked, at an organization in the project."""
    inside = ProjectParticipant.objects.filter(project=project)
    there = Affiliation.objects.filter(organization_id__in=inside.values("organization_id"))
    return visible_contacts(actor).filter(pk__in=there.values("contact_id"))


def takes_part(project_id: int, organization_id: int) -> bool:
    """Whether an organization is in a project."""
    return ProjectParticipant.objects.filter(project_id=project_id, organization_id=organization_id).exists()


def embedded(today: date) -> Q:
    """People who work with the other side on a day."""
    begun, there = Q(started_on=None) | Q(started_on__lte=today), Q(ended_on=None) | Q(ended_on__gt=today)
    return Q(role=ProjectPersonRole.EMBEDDED) & begun & there


def shares_of_kind(project_id: int, kind: str, *, but: int | None = None) -> list[Decimal | None]:
    """The shares in one kind of benefit of a project, but for one record."""
    rows = ProjectBenefit.objects.filter(project_id=project_id, kind=kind).exclude(pk=but)
    return list(rows.values_list("share", flat=True))


@dataclass(slots=True)
class Deal:
    """What each side wants of a project and gets out of it; what both share stands in both columns.

    ``mismatch``: the side without an objective that is open, and the side that gets nothing.
    """

    wanted: dict[str, list[Objective]] = field(default_factory=dict)
    gotten: dict[str, list[ProjectBenefit]] = field(default_factory=dict)
    mismatch: Mismatch = field(default_factory=Mismatch)


@visible("partnerships.view_objectives")
def deal_of(actor: Actor, project: Project, *, today: date) -> Deal:
    """The objectives and benefits of a project in two columns; each objective gets ``is_overdue``."""
    objectives = list(visible_objectives(actor).filter(project=project))
    benefits = []
    if actor.may("partnerships.view_project_benefits"):
        benefits = list(visible_project_benefits(actor).filter(project=project))
    for each in objectives:
        each.is_overdue = each.status not in SETTLED and each.due_on is not None and each.due_on < today
    open_sides = [each.side for each in objectives if each.status not in SETTLED]
    return Deal(
        wanted={side: [each for each in objectives if each.side in (side, Side.SHARED)] for side in _BOTH},
        gotten={side: [each for each in benefits if each.side in (side, Side.SHARED)] for side in _BOTH},
        mismatch=mismatch(open_sides, [each.side for each in benefits]),
    )


_BOTH = (Side.OURS.value, Side.THEIRS.value)
