"""Figures of a whole group: an organization with all that stands above and below it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from core.actions import visible
from core.actor import Actor
from organizations.models import Organization
from organizations.queries.groups import FAMILY, family_of
from partnerships.queries.followups import visible_followups
from partnerships.queries.health_configuration import health_config
from partnerships.queries.health_groups import group_health

GROUP_FIGURES = f"""
    {FAMILY},
    partner as (
        select p.id from family
        join partnerships_partnership p on p.tenant_id = %(tenant)s and p.organization_id = family.id
    ),
    project as (
        select distinct p.id, p.currency, p.award from family
        join partnerships_projectparticipant pp on pp.tenant_id = %(tenant)s and pp.organization_id = family.id
        join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
    ),
    award as (
        select project.currency, sum(project.award) as total from project
        where project.award is not null group by project.currency
    )
    select (select count(*) from family),
           (select array_agg(partner.id) from partner),
           (select max(h.last_contact_at) from partner
            join partnerships_partnershiphealth h on h.tenant_id = %(tenant)s and h.partnership_id = partner.id),
           (select count(*) from project),
           (select count(*) from project where project.award is null),
           (select array_agg(award.currency order by award.currency) from award),
           (select array_agg(award.total order by award.currency) from award)
"""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group in figures. ``awards``: the sum over its projects by currency; projects without one are counted apart.

    A project in which several organizations of the group take part counts once. ``open_followups``: those that the
    actor may see; None for whoever may see none.
    """

    organizations: int
    partners: int
    last_contact_at: datetime | None
    projects: int
    projects_without_award: int
    awards: tuple[tuple[str, Decimal], ...]
    open_followups: int | None


@visible("partnerships.view_partnerships")
def group_figures(actor: Actor, organization: Organization) -> GroupFigures:
    """The figures of the group that an organization belongs to; of the organization itself when it stands alone.

    One recursive statement, and one for what depends on the reader.
    """
    with connection.cursor() as cursor:
        cursor.execute(GROUP_FIGURES, family_of(organization))
        organizations, partners, last_contact, projects, unknown, currencies, totals = cursor.fetchone()
    awards = tuple(zip(currencies or (), totals or (), strict=True))
    open_followups = None
    if actor.may("partnerships.view_followups"):
        open_followups = visible_followups(actor).filter(done_at=None, partnership_id__in=partners or ()).count()
    return GroupFigures(organizations, len(partners or ()), last_contact, projects, unknown, awards, open_followups)


def group_section(actor: Actor, organization: Organization) -> dict | None:
    """What the organization's page shows of its group; nothing to whoever may not see partners."""
    if not actor.may("partnerships.view_partnerships"):
        return None
    figures = group_figures(actor, organization)
    health = group_health(actor, organization, health_config()) if figures.partners > 1 else None
    return {"figures": figures, "health": health}
