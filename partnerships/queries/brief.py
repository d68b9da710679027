"""Everything the brief of one partner is made of, as this reader may see it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from core.actions import visible
from core.actor import Actor
from organizations.models import Need, WorkingPractices
from organizations.queries.needs import visible_needs
from organizations.queries.profiles import practices_of
from partnerships.choices import Confidentiality, ObjectiveStatus, Side, StageMeaning, TeamRole
from partnerships.models import FollowUp, Interaction, Objective, Opportunity, PartnerEvent, Partnership, TeamMember
from partnerships.queries.followups import visible_followups
from partnerships.queries.governance import scorecard_of, visible_objectives, visible_partner_events
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import opportunities_with
from partnerships.queries.teams import team_of
from partnerships.queries.ties import TieMap, tie_map
from partnerships.rules.brief import BriefFacts

TOUCHES, PEOPLE, PROMISES, OPPORTUNITIES = 5, 6, 5, 4
EVENT_DAYS = 365
READ_BY = {
    "touches": "partnerships.view_interactions",
    "team": "partnerships.view_team",
    "promises": "partnerships.view_followups",
    "objectives": "partnerships.view_objectives",
    "opportunities": "partnerships.view_opportunities",
    "needs": "organizations.view_needs",
}
SLIPPING = (ObjectiveStatus.AT_RISK, ObjectiveStatus.MISSED)


@dataclass(slots=True)
class Brief:
    """The records behind a brief. Lists are empty where there is nothing, or nothing this reader may see.

    ``level`` is the highest confidentiality of what is quoted. ``sees`` names the lists that this reader may read.
    """

    practices: WorkingPractices
    touches: list[Interaction] = field(default_factory=list)
    team: list[TeamMember] = field(default_factory=list)
    ties: TieMap = field(default_factory=TieMap)
    promises: list[FollowUp] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    events: list[PartnerEvent] = field(default_factory=list)
    level: str = Confidentiality.INTERNAL
    sees: set[str] = field(default_factory=set)


@visible("partnerships.view_partnerships")
def brief_of(
    actor: Actor, partnership: Partnership, *, today: date, confidential: bool = False, time_zone: str = ""
) -> Brief:
    """What is known of a partner, for somebody about to meet them.

    Confidential and restricted notes stay out unless asked for: a brief is printed and carried around. ``time_zone`` as
    in ``tie_map``.
    """
    brief = Brief(practices_of(actor, partnership.organization))
    brief.sees = {name for name, code in READ_BY.items() if actor.may(code)}
    if "touches" in brief.sees:
        rows = visible_interactions(actor).filter(partnership=partnership)
        if not confidential:
            rows = rows.filter(confidentiality=Confidentiality.INTERNAL)
        brief.touches = list(rows[:TOUCHES])
        levels = {each.confidentiality for each in brief.touches}
        brief.level = next((each for each in reversed(Confidentiality.values) if each in levels), brief.level)
    if "team" in brief.sees:
        brief.team = [each for each in team_of(actor, partnership) if each.ended_on is None or each.ended_on > today]
    if actor.may("partnerships.view_ties") and actor.may("organizations.view_contacts"):
        brief.ties = tie_map(actor, partnership, time_zone=time_zone)
    if "promises" in brief.sees:
        rows = visible_followups(actor).filter(partnership=partnership, done_at=None)
        if not confidential:
            rows = rows.exclude(
                interaction__confidentiality__in=[Confidentiality.CONFIDENTIAL, Confidentiality.RESTRICTED]
            )
        brief.promises = list(rows[:PROMISES])
    if "objectives" in brief.sees:
        brief.objectives = list(visible_objectives(actor).filter(partnership=partnership))
    if "opportunities" in brief.sees:
        rows = opportunities_with(actor, partnership).filter(stage__meaning=StageMeaning.OPEN)
        brief.opportunities = sorted(rows, key=_weight, reverse=True)[:OPPORTUNITIES]
    if "needs" in brief.sees:
        brief.needs = list(visible_needs(actor).filter(organization=partnership.organization, status="open")[:5])
    if actor.may("partnerships.view_partner_events"):
        rows = visible_partner_events(actor).filter(partnership=partnership)
        brief.events = list(rows.filter(occurred_on__gte=today - timedelta(days=EVENT_DAYS))[:3])
    return brief


def _weight(opportunity: Opportunity) -> tuple:
    percent = opportunity.stage.probability if opportunity.probability is None else opportunity.probability
    return (opportunity.value or 0) * percent, percent, -opportunity.pk


def facts_of(partnership: Partnership, brief: Brief, *, today: date) -> BriefFacts:
    """The brief's records as the rules for talking points and asks want them; what is not read is not missing."""
    last = partnership.health.last_contact_at
    scorecard_of(brief.objectives, today=today)
    linked = {each.need_id for each in brief.opportunities}
    sponsors = [each for each in brief.team if each.role == TeamRole.EXECUTIVE_SPONSOR]
    threads = dict(brief.ties.threads)
    return BriefFacts(
        today=today,
        days_silent=None if last is None else (today - last.date()).days,
        overdue=tuple(each.title for each in brief.promises if each.due_on is not None and each.due_on < today),
        steps=tuple((each.title, each.next_step) for each in brief.opportunities if each.next_step),
        unmet=tuple(need.title for need in brief.needs if need.pk not in linked),
        events=tuple(each.description for each in brief.events),
        slipping=tuple(each.title for each in brief.objectives if each.is_overdue or each.status in SLIPPING),
        thread=threads["theirs"].person.name if "theirs" in threads else "",
        our_sponsor="team" not in brief.sees or any(each.member_id for each in sponsors),
        their_sponsor="team" not in brief.sees or any(each.contact_id for each in sponsors),
        their_aims_known="objectives" not in brief.sees
        or any(each.side in (Side.THEIRS, Side.SHARED) for each in brief.objectives),
        review_due=partnership.next_review_on,
    )
