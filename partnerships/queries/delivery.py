"""Reading what projects deliver and what stands in their way, and the health that follows from both.

The statements match the definitions in ``rules.health.records``; a property test holds them to it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Side
from partnerships.choices_delivery import IssueKind, Severity
from partnerships.models import Milestone, Partnership, Project, ProjectIssue
from partnerships.queries.health import ENTERED, health_rows, known
from partnerships.registry import EvidenceRow, HealthScope
from partnerships.rules.health import DeliveryInput, HealthConfig
from partnerships.rules.health.records import OPEN_CREDIT, obligation_credit
from partnerships.rules.health.whatif import COSTS, Delivered, IssuesSettled, Move
from partnerships.rules.projects import days_late

DELIVERY_DAYS = 365

# The partnerships in whose projects something is due one day, with the importance and the credit of what fell due
# within a year, of either side. What is done after the day asked for, or was ticked off after the moment, was open.
MILESTONES = f"""
    select ps.id, coalesce(sum(m.weight::float8) filter (where d.counts), 0),
           coalesce(sum(m.weight::float8 * case when d.done then 1 else %(open_credit)s::float8 end
                        * exp(greatest(-700, -d.late * ln(2::float8) / %(half_life)s::float8)))
                    filter (where d.counts), 0)
    from partnerships_partnership ps
    join partnerships_projectparticipant pp
      on pp.tenant_id = %(tenant)s and pp.organization_id = ps.organization_id
    join partnerships_milestone m on m.tenant_id = %(tenant)s and m.project_id = pp.project_id
    cross join lateral (
        select m.due_on between %(as_of)s::date - %(window)s::int and %(as_of)s::date as counts,
               coalesce(m.done_on <= %(as_of)s::date, false) and (
                   %(known_at)s::timestamptz is null or not exists (
                       select from tenants_change later
                       where later.tenant_id = %(tenant)s and later.table_name = 'partnerships_milestone'
                         and later.row_id = m.id and later.kind = 'U' and later.at > %(known_at)s
                         and later.after ? 'done_on'
                   )
               ) as done
    ) s
    cross join lateral (
        select s.counts, s.done,
               greatest(0, case when s.done then m.done_on else %(as_of)s::date end - m.due_on) as late
    ) d
    where ps.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or ps.id = any(%(ids)s::bigint[]))
      and {ENTERED.format(alias="m")} and {known("partnerships_projectparticipant", "pp")}
    group by ps.id
"""

CRITICAL_ISSUES = f"""
    select ps.id, count(*)
    from partnerships_partnership ps
    join partnerships_projectparticipant pp
      on pp.tenant_id = %(tenant)s and pp.organization_id = ps.organization_id
    join partnerships_projectissue i on i.tenant_id = %(tenant)s and i.project_id = pp.project_id
    where ps.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or ps.id = any(%(ids)s::bigint[]))
      and i.kind = 'issue' and i.severity = 'critical' and i.raised_on <= %(as_of)s::date
      and (i.closed_on is null or i.closed_on > %(as_of)s::date)
      and {ENTERED.format(alias="i")} and {known("partnerships_projectparticipant", "pp")}
    group by ps.id
"""


@visible("partnerships.view_milestones")
def visible_milestones(actor: Actor) -> QuerySet[Milestone]:
    """What both sides owe each other in projects, with project and owner, by due day."""
    return Milestone.objects.select_related("project", "owner").order_by("due_on", "pk")


@visible("partnerships.view_project_issues")
def visible_project_issues(actor: Actor) -> QuerySet[ProjectIssue]:
    """Risks and issues of projects with project and owner: those that are open first, then the latest."""
    rows = ProjectIssue.objects.select_related("project", "owner")
    return rows.order_by(F("closed_on").desc(nulls_first=True), "-raised_on", "-pk")


def overdue(today: date) -> Q:
    """Milestones that are open although their day has passed."""
    return Q(done_on=None, due_on__lt=today)


def lock_milestone(pk: int) -> Milestone:
    """The row, locked and read anew, with its project; call inside an action."""
    return Milestone.objects.select_for_update(of=("self",)).select_related("project").get(pk=pk)


def lock_project_issue(pk: int) -> ProjectIssue:
    """The row, locked and read anew, with its project; call inside an action."""
    return ProjectIssue.objects.select_for_update(of=("self",)).select_related("project").get(pk=pk)


def read_milestones(scope: HealthScope) -> Mapping[int, DeliveryInput]:
    """The delivery section from milestones, of each partnership with a project that has any."""
    half_life = scope.config.half_lives.delay
    rows = health_rows(MILESTONES, scope, half_life=half_life, open_credit=OPEN_CREDIT, window=DELIVERY_DAYS)
    return {partnership: DeliveryInput(weight, min(credit, weight)) for partnership, weight, credit in rows}


def read_critical_issues(scope: HealthScope) -> Mapping[int, int]:
    """How many critical issues are open in the projects of each partnership that has one."""
    return dict(health_rows(CRITICAL_ISSUES, scope))


def issue_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each critical issue that was open on the day, the oldest first."""
    projects = Project.objects.filter(participants__organization_id=partnership.organization_id)
    found = ProjectIssue.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=as_of),
        project__in=projects.values("pk"),
        kind=IssueKind.ISSUE,
        severity=Severity.CRITICAL,
        raised_on__lte=as_of,
    )
    rows = [
        EvidenceRow(
            _("%(title)s, %(project)s") % {"title": row.title, "project": row.project},
            1,
            row.get_absolute_url(),
            row.raised_on,
            remedy=Move("settle", (IssuesSettled(),), COSTS["settle"], row.title),
        )
        for row in found.select_related("project").order_by("raised_on", "pk")
    ]
    if rows and not actor.may("partnerships.view_project_issues"):
        return [EvidenceRow(_("Critical issues you may not see, together"), len(rows))]
    return rows


def milestone_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each milestone that fell due within a year with its credit, the latest first."""
    since = as_of - timedelta(days=DELIVERY_DAYS)
    projects = Project.objects.filter(participants__organization_id=partnership.organization_id)
    found = Milestone.objects.filter(project__in=projects.values("pk"), due_on__range=(since, as_of))
    rows = [_evidence(each, as_of, config) for each in found.select_related("project").order_by("-due_on", "-pk")]
    if rows and not actor.may("partnerships.view_milestones"):
        return [EvidenceRow(_("Milestones you may not see, together"), sum(row.contribution for row in rows))]
    return rows


def _evidence(row: Milestone, as_of: date, config: HealthConfig) -> EvidenceRow:
    done = row.done_on is not None and row.done_on <= as_of
    late = days_late(row.due_on, row.done_on if done else None, as_of)
    credit = obligation_credit(done, late, config)
    factors = [f"{row.weight:g}"] + [f"{OPEN_CREDIT:g}"] * (not done)
    factors += [f"2^(−{late}/{config.half_lives.delay:g})"] * bool(late)
    whose = {"title": row.title, "side": Side(row.side).label, "project": row.project}
    words = _("%(title)s (%(side)s), %(project)s") % whose
    remedy = None
    if not done and late:
        remedy = Move("deliver", (Delivered(float(row.weight), late),), COSTS["deliver"], row.title)
    contribution = float(row.weight) * credit
    return EvidenceRow(words, contribution, row.get_absolute_url(), row.due_on, " × ".join(factors), remedy=remedy)
