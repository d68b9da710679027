"""Figures over an office's projects: how many, with whom, for how much."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from core.actions import visible
from core.actor import Actor
from organizations.choices import OrganizationKind

MOST_PARTNERS = 1000


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """One office's projects in figures. Partners: all other organizations that take part, by kind.

    Partners whose country is not known count together as one country. Amounts are those of projects in euros; what is
    not known counts as nothing.
    """

    n_projects: int
    n_coordinated: int
    n_partners: int
    n_company: int
    n_university: int
    n_research_institute: int
    n_public_body: int
    n_other: int
    n_unknown: int
    n_partner_countries: int
    tenant_ec_contribution_eur: Decimal
    partners_ec_contribution_eur: Decimal
    first_start_date: date | None
    last_end_date: date | None


@dataclass(frozen=True, slots=True)
class TopPartner:
    """A place in the list of partners by joint projects; ``org_id`` is the id in the source, empty without one."""

    rank: int
    org_id: str
    name: str
    n_joint_projects: int


SUMMARY = """
    with takes_part as materialized (
        select pp.organization_id, sum(pp.award) filter (where p.currency = 'EUR') as award
        from partnerships_projectparticipant pp
        join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
        where pp.tenant_id = %(tenant)s
        group by pp.organization_id
    ),
    sums as (
        select count(*) filter (where not o.is_own) as partners,
               count(*) filter (where not o.is_own and o.kind = 'company') as company,
               count(*) filter (where not o.is_own and o.kind = 'university') as university,
               count(*) filter (where not o.is_own and o.kind = 'research_institute') as research_institute,
               count(*) filter (where not o.is_own and o.kind = 'public_body') as public_body,
               count(*) filter (where not o.is_own and o.kind = 'other') as other,
               count(*) filter (where not o.is_own and o.kind = 'unknown') as unknown,
               count(distinct o.country) filter (where not o.is_own) as countries,
               coalesce(sum(t.award) filter (where o.is_own), 0.00) as own_award,
               coalesce(sum(t.award) filter (where not o.is_own), 0.00) as other_award
        from takes_part t
        join organizations_organization o on o.tenant_id = %(tenant)s and o.id = t.organization_id
    ),
    projects as (
        select count(*) as projects, count(*) filter (where we_coordinate) as coordinated,
               min(started_on) as first_start, max(ended_on) as last_end
        from partnerships_project where tenant_id = %(tenant)s
    )
    select projects, coordinated, partners, company, university, research_institute, public_body, other, unknown,
           countries, own_award, other_award, first_start, last_end
    from projects cross join sums
"""

TOP = """
    with joint as (
        select pp.organization_id, count(*) as projects
        from partnerships_projectparticipant pp
        where pp.tenant_id = %(tenant)s group by pp.organization_id
    )
    select row_number() over best, coalesce(o.external_id, ''), o.name, j.projects
    from joint j join organizations_organization o on o.tenant_id = %(tenant)s and o.id = j.organization_id
    where o.kind = %(kind)s and not o.is_own
    window best as (order by j.projects desc, o.external_id collate "C" nulls last, o.id)
    order by 1 limit %(limit)s
"""


@visible("partnerships.view_projects")
def project_summary(actor: Actor) -> ProjectSummary:
    """The figures of the actor's office, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY, {"tenant": actor.tenant_id})
        return ProjectSummary(*cursor.fetchone())


@visible("partnerships.view_projects")
def top_partners(actor: Actor, *, kind: str = OrganizationKind.COMPANY, limit: int = 10) -> list[TopPartner]:
    """The organizations of a kind with the most joint projects, then by id; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TOP, {"tenant": actor.tenant_id, "kind": str(kind), "limit": limit})
        return [TopPartner(*row) for row in cursor.fetchall()]
