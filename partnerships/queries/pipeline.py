"""The facts behind the suggested stage, for many partnerships in one statement."""

from decimal import Decimal

from partnerships.queries.health import health_rows
from partnerships.registry import HealthScope
from partnerships.rules.pipeline import StageFacts

FACTS = """
    with mine as (
        select id, organization_id from partnerships_partnership
        where tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or id = any(%(ids)s::bigint[]))
    ),
    touched as (
        select i.partnership_id, count(*) as touches from partnerships_interaction i
        join unnest(%(kinds)s::text[], %(weights)s::float8[]) as w (kind, weight) on w.kind = i.kind
        where i.tenant_id = %(tenant)s and w.weight > 0 and i.partnership_id in (select id from mine)
          and (i.occurred_at at time zone %(time_zone)s)::date
              between %(as_of)s::date - interval '24 months' and %(as_of)s::date
        group by i.partnership_id
    ),
    engaged as (
        select m.id, p.channel, case when p.currency = %(currency)s then coalesce(own.award, p.award) end as value,
               p.award is not null as funded,
               p.started_on, p.ended_on,
               p.status = 'active' and coalesce(p.ended_on, %(as_of)s::date) >= %(as_of)s::date as in_force
        from mine m
        join partnerships_projectparticipant pp
          on pp.tenant_id = %(tenant)s and pp.organization_id = m.organization_id
        join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
        left join lateral (
            select sum(o.award) as award from partnerships_projectparticipant o
            join organizations_organization us
              on us.tenant_id = %(tenant)s and us.id = o.organization_id and us.is_own
            where o.tenant_id = %(tenant)s and o.project_id = p.id
        ) own on true
        where p.started_on <= %(as_of)s::date and p.status <> 'planned'
          and (p.ended_on is null and p.status = 'active'
               or p.ended_on >= %(as_of)s::date - interval '24 months')
    )
    select m.id, coalesce(max(t.touches), 0),
           count(*) filter (where e.channel in ('INT', 'GRD')),
           count(*) filter (where e.channel = 'CON'),
           count(*) filter (where e.channel = 'CUR'),
           count(*) filter (where e.channel = 'REC'),
           count(e.channel),
           count(distinct e.channel),
           count(distinct e.channel) filter (where e.funded),
           count(distinct e.channel) filter (where e.in_force),
           max(e.value / greatest(1, (e.ended_on - e.started_on) / 365.25))
               filter (where e.in_force and e.channel in ('RES', 'LAB', 'GRD', 'CLI')),
           bool_or(coalesce(e.in_force and e.channel = 'LAB', false))
    from mine m
    left join touched t on t.partnership_id = m.id
    left join engaged e on e.id = m.id
    group by m.id
"""


def read_stage_facts(scope: HealthScope, currency: str) -> dict[int, StageFacts]:
    """What ``rules.pipeline.suggest_stage`` wants to know of each partnership, from its touches and projects.

    A project's annual value is our own award in it where known, else the whole award, over its years; awards in another
    currency than the office's have no value here. Sponsors,
    master agreements and unbroken activity come with the records that hold them.
    """
    return {
        row[0]: StageFacts(
            recent_touches=row[1],
            recent_internships=row[2],
            recent_memberships=row[3],
            recent_advisory_seats=row[4],
            recent_recruiting_events=row[5],
            recent_projects=row[6],
            recent_channels=row[7],
            recent_funded_channels=row[8],
            active_channels=row[9],
            largest_funded_annual_value=None if row[10] is None else Decimal(row[10]),
            active_joint_lab=row[11],
        )
        for row in health_rows(FACTS, scope, currency=currency)
    }
