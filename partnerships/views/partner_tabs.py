"""The tabs of a partner's page that this floor has; apps above register theirs."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.charts import TieLine, tie_chart
from organizations.choices import IpStance, NeedStatus, PublicationStance
from organizations.models import Affiliation, Capability
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.contacts import contacts_at
from organizations.queries.needs import visible_needs
from organizations.queries.profiles import practices_of
from partnerships.choices import RaterSide, TeamRole
from partnerships.forms.governance import ObjectiveStatusForm
from partnerships.models import Interaction, Partnership, ProjectParticipant
from partnerships.queries.followups import open_followups
from partnerships.queries.governance import (
    SETTLED,
    ledger_balance,
    rating_summary,
    scorecard_of,
    visible_evaluations,
    visible_ledger,
    visible_objectives,
    visible_partner_events,
    visible_reviews,
)
from partnerships.queries.health import visible_snapshots
from partnerships.queries.interactions import readable, visible_interactions
from partnerships.queries.opportunities import opportunities_with, visible_opportunities
from partnerships.queries.projects import projects_with
from partnerships.queries.teams import team_of
from partnerships.queries.ties import TieMap, tie_map
from partnerships.registry import Tab, register_tab
from partnerships.rules.health.arithmetic import tie_strength
from partnerships.views.activity import activity_tab
from partnerships.views.health_alerts import alerts_section
from partnerships.views.opportunities import pipeline_context
from partnerships.views.partner import health_context
from tenants.queries.record_history import history_of

MOST_DRAWN = 8
MOST_ROWS = 200


def overview(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What comes next, why the score, the latest activity, and what to know before promising anything."""
    actor, today = request.actor, timezone.localdate()
    context = {**health_context(partnership), "next_steps": _next_steps(actor, partnership, today)}
    if actor.may("partnerships.view_interactions"):
        context["interactions"] = visible_interactions(actor).filter(partnership=partnership)[:8]
    open_needs = [NeedStatus.OPEN, NeedStatus.IN_DISCUSSION]
    needs = visible_needs(actor).filter(organization_id=partnership.organization_id, status__in=open_needs)
    offered = Capability.objects.filter(opportunities__partnership=partnership, opportunities__closed_at=None)
    context["needs"] = list(needs.prefetch_related(None)[:6])
    context["offers"] = list(
        visible_capabilities(actor).prefetch_related(None).filter(pk__in=offered.order_by().values("pk"))[:6]
    )
    practices = practices_of(actor, partnership.organization)
    context["practices"] = practices
    context["knows_ip"] = practices.ip_stance != IpStance.UNKNOWN
    context["knows_publication"] = practices.publication_stance != PublicationStance.UNKNOWN
    return context


def _next_steps(actor: Actor, partnership: Partnership, today) -> list[dict[str, Any]]:
    """What is planned with the partner, by day: follow-ups, the next step of an opportunity, the next review."""
    steps = []
    if actor.may("partnerships.view_followups"):
        rows = open_followups(actor, today=today).filter(partnership=partnership, due_on__isnull=False)
        steps += [{"words": row.title, "on": row.due_on, "row": row} for row in rows[:2]]
    if actor.may("partnerships.view_opportunities"):
        rows = opportunities_with(actor, partnership).filter(closed_at=None, next_step_on__isnull=False)
        steps += [
            {"words": row.next_step or row.title, "on": row.next_step_on, "row": row}
            for row in rows.order_by("next_step_on")[:2]
        ]
    if partnership.next_review_on is not None:
        steps.append({"words": _("Review of the partnership due"), "on": partnership.next_review_on, "row": None})
    return sorted(steps, key=lambda step: step["on"])[:3]


def count_activity(actor: Actor) -> QuerySet:
    rows = Interaction.objects.filter(partnership=OuterRef("pk"))
    return rows.filter(readable(actor)) if actor.may("partnerships.view_interactions") else rows.none()


def people(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """Both sides of the team, how contact spreads, and who else is there."""
    actor, today, context = request.actor, timezone.localdate(), {}
    if actor.may("partnerships.view_team"):
        roles = list(team_of(actor, partnership)[:MOST_ROWS])
        context["roles"] = [row for row in roles if row.ended_on is None or row.ended_on > today]
        if not any(row.role == TeamRole.OWNER and row.member_id == partnership.owner_id for row in context["roles"]):
            context["bare_owner"] = partnership.owner  # imported, so without a role until it changes
        context["former"] = [row for row in roles if row.ended_on is not None and row.ended_on <= today]
    if actor.may("partnerships.view_ties"):
        context["ties"] = ties = tie_map(actor, partnership, time_zone=request.tenant.time_zone)
        context["drawing"] = _draw(ties)
    if actor.may("organizations.view_contacts"):
        context["people"] = contacts_at(actor, partnership.organization, on=today)[:MOST_ROWS]
    return context


def _draw(ties: TieMap) -> str:
    """The strongest ties as a picture; empty while there is nothing to connect."""
    ours, theirs = ties.ours[:MOST_DRAWN], ties.theirs[:MOST_DRAWN]
    places = {("ours", tie.person.pk): place for place, tie in enumerate(ours)}
    places |= {("theirs", tie.person.pk): place for place, tie in enumerate(theirs)}
    lines = [
        TieLine(places["ours", member], places["theirs", contact], tie_strength(mass))
        for (member, contact), mass in sorted(ties.pairs.items())
        if ("ours", member) in places and ("theirs", contact) in places
    ]
    if not lines:
        return ""
    return tie_chart([tie.person.name for tie in ours], [tie.person.name for tie in theirs], lines, str(_("Ties")))


def projects(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What both sides do together."""
    return {"projects": projects_with(request.actor, partnership)[:MOST_ROWS]}


def count_projects(actor: Actor) -> QuerySet:
    return ProjectParticipant.objects.filter(organization=OuterRef("organization"))


def governance(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What both sides want, the reviews, and what changed at the partner."""
    actor, today = request.actor, timezone.localdate()
    objectives = list(visible_objectives(actor).filter(partnership=partnership)[:MOST_ROWS])
    for each in objectives:
        initial = {"status": each.status, "version": each.version}
        each.status_form = ObjectiveStatusForm(initial=initial, auto_id=f"id_objective{each.pk}_%s")
    context: dict[str, Any] = {
        "scorecard": scorecard_of(objectives, today=today),
        "events": visible_partner_events(actor).filter(partnership=partnership)[:MOST_ROWS],
    }
    if actor.may("partnerships.view_reviews"):
        context["reviews"] = visible_reviews(actor).filter(partnership=partnership)[:MOST_ROWS]
    return context


def count_objectives(actor: Actor) -> QuerySet:
    return visible_objectives(actor).filter(partnership=OuterRef("pk")).exclude(status__in=SETTLED)


def value(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What was given and got, and how both sides rate it."""
    actor = request.actor
    context: dict[str, Any] = {
        "balance": ledger_balance(actor, partnership),
        "entries": visible_ledger(actor).filter(partnership=partnership)[:MOST_ROWS],
    }
    if actor.may("partnerships.view_evaluations"):
        context["ratings"] = visible_evaluations(actor).filter(partnership=partnership)[:MOST_ROWS]
        context["means"] = [
            {
                "label": RaterSide(each.side).label,
                "percent": 100 * each.mean,
                "words": ngettext("%d rating", "%d ratings", each.number) % each.number,
            }
            for each in rating_summary(actor, partnership)
        ]
    return context


def count_ledger(actor: Actor) -> QuerySet:
    return visible_ledger(actor).filter(partnership=OuterRef("pk"))


def health(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """Why the score is what it is, what is open about it, and every one there was."""
    onward = f"{partnership.get_absolute_url()}?tab=health"
    return {
        **health_context(partnership),
        "alerts": alerts_section(request.actor, partnership, onward=onward),
        "snapshots": visible_snapshots(request.actor, partnership)[:60],
    }


def pipeline(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """The opportunities with the partner."""
    return pipeline_context(request.actor, partnership)


def count_opportunities(actor: Actor) -> QuerySet:
    return visible_opportunities(actor).filter(partnership=OuterRef("pk"), closed_at=None)


def history(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """Who changed what about the partner and its organization."""
    sees_organization = request.actor.may("organizations.view_organizations")
    rows = [partnership, partnership.organization] if sees_organization else [partnership]
    return {"history": history_of(request.actor, rows, page=request.GET.get("page"), query="tab=history")}


def count_people(actor: Actor) -> QuerySet:
    if not actor.may("organizations.view_contacts"):
        return Affiliation.objects.none()
    return Affiliation.objects.filter(organization=OuterRef("organization"), ended_on=None)


FOLDER = "partnerships/partnerships/"

for tab in (
    Tab("overview", _("Overview"), f"{FOLDER}_overview.html", overview, order=10),
    Tab("activity", _("Activity"), f"{FOLDER}_activity.html", activity_tab, order=20, count=count_activity),
    Tab("people", _("People"), f"{FOLDER}_people.html", people, order=30, count=count_people),
    Tab(
        "pipeline",
        _("Pipeline"),
        f"{FOLDER}_pipeline.html",
        pipeline,
        order=40,
        permission="partnerships.view_opportunities",
        count=count_opportunities,
    ),
    Tab(
        "projects",
        _("Projects"),
        f"{FOLDER}_projects.html",
        projects,
        order=50,
        permission="partnerships.view_projects",
        count=count_projects,
    ),
    Tab(
        "governance",
        _("Governance"),
        f"{FOLDER}_governance.html",
        governance,
        order=60,
        permission="partnerships.view_objectives",
        count=count_objectives,
    ),
    Tab(
        "value",
        _("Value"),
        f"{FOLDER}_value.html",
        value,
        order=70,
        permission="partnerships.view_ledger",
        count=count_ledger,
    ),
    Tab("health", _("Health"), f"{FOLDER}_health.html", health, order=80),
    Tab("history", _("History"), f"{FOLDER}_history.html", history, order=90),
):
    register_tab(tab)
