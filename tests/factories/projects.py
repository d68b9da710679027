"""What hangs on projects for tests; the scope must be open."""

from django.utils import timezone

from partnerships.models import Milestone, Project, ProjectBenefit, ProjectIssue, ProjectOutput, ProjectPerson
from tests.factories.partnerships import make_partnership, make_project


def make_joint_project(**fields) -> Project:
    """A project with one partner in it."""
    return make_project(make_partnership(), **fields)


def make_milestone(project: Project | None = None, **fields) -> Milestone:
    values = {"title": "A first prototype", "due_on": timezone.localdate(), **fields}
    return Milestone.objects.create(project=project or make_joint_project(), **values)


def make_project_issue(project: Project | None = None, **fields) -> ProjectIssue:
    values = {"title": "The enzyme does not last", **fields}
    return ProjectIssue.objects.create(project=project or make_joint_project(), **values)


def make_project_person(project: Project | None = None, **fields) -> ProjectPerson:
    values = {"name": "Rosa Iversen", "role": "student", **fields}
    return ProjectPerson.objects.create(project=project or make_joint_project(), **values)


def make_project_output(project: Project | None = None, **fields) -> ProjectOutput:
    values = {"kind": "publication", "title": "Enzymes that last", **fields}
    return ProjectOutput.objects.create(project=project or make_joint_project(), **values)


def make_project_benefit(project: Project | None = None, **fields) -> ProjectBenefit:
    values = {"side": "ours", "kind": "publication", "description": "Two joint papers", **fields}
    return ProjectBenefit.objects.create(project=project or make_joint_project(), **values)
