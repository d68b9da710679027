"""Reading the records behind numbers, where their own app has no list of them."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Organization, RiskFlag
from partnerships.choices_delivery import Severity
from partnerships.models import Project, ProjectIssue, ProjectOutput, TalentEvent
from partnerships.queries.delivery import visible_project_issues
from partnerships.queries.projects import visible_projects
from reporting.queries.money import our_award


@visible("partnerships.view_projects")
def projects_behind(actor: Actor) -> QuerySet[Project]:
    """Projects with ``ours``: our award, else the whole award; None where neither is known."""
    return visible_projects(actor).prefetch_related(None).annotate(ours=our_award())


@visible("partnerships.view_talent_events")
def talent_behind(actor: Actor) -> QuerySet[TalentEvent]:
    """People who moved, latest first, with partner."""
    return TalentEvent.objects.select_related("partnership__organization").order_by("-occurred_on", "-pk")


@visible("partnerships.view_project_outputs")
def outputs_behind(actor: Actor) -> QuerySet[ProjectOutput]:
    """What came out of projects, latest first, with the project."""
    return ProjectOutput.objects.select_related("project").order_by("-produced_on", "-pk")


def evidence_of(row: ProjectOutput) -> str:
    """What shows it: DOI, reference or address; empty without any."""
    return " · ".join(filter(None, [row.doi, row.reference, row.url]))


@visible("organizations.view_risk_flags")
def flags_behind(actor: Actor) -> QuerySet[RiskFlag]:
    """Risks that nobody has cleared, latest first."""
    return RiskFlag.objects.filter(cleared_on=None).select_related("organization").order_by("-raised_on", "-pk")


@visible("partnerships.view_project_issues")
def issues_behind(actor: Actor) -> QuerySet[ProjectIssue]:
    """Critical issues that are open."""
    return visible_project_issues(actor).filter(closed_on=None, severity=Severity.CRITICAL)


@visible("organizations.view_organizations")
def enterprises_behind(actor: Actor) -> QuerySet[Organization]:
    """Organizations that are known to be small or medium-sized; our own is none of them."""
    return Organization.objects.filter(sme=True, is_own=False).order_by("name_key", "pk")
