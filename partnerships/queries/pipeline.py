"""The stage and tier that the records suggest, for many partnerships in two statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from partnerships.queries.health import health_rows
from partnerships.registry import HealthScope
from partnerships.rules.pipeline import Stage, StageFacts, suggest_stage, unbroken_months
from partnerships.rules.tiers import TierFacts, suggest_tier
from partnerships.rules.touches import REAL_TOUCH_WEIGHT

MONTHS_BACK = 36

FACTS = """
    with mine as (
        select id, organization_id, stage_suggested, tier_suggested from partnerships_partnership
        where tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or id = any(%(ids)s::bigint[]))
    ),
    touched as (
        select b.partnership_id, (b.last_touch_on >= %(as_of)s::date - interval '24 months')::int as touches
        from partnerships_healthbasis b where b.tenant_id = %(tenant)s and b.partnership_id in (select id from mine)
    ),
    own as (
        select o.project_id, sum(o.award) as award from partnerships_projectparticipant o
        join organizations_organization us on us.tenant_id = %(tenant)s and us.id = o.organization_id and us.is_own
        where o.tenant_id = %(tenant)s group by o.project_id
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
        left join own on own.project_id = p.id
        where p.started_on <= %(as_of)s::date and p.status <> 'planned'
          and (p.ended_on is null and p.status = 'active'
               or p.ended_on >= %(as_of)s::date - interval '24 months')
    )
    select m.id, m.stage_suggested, m.tier_suggested, coalesce(max(t.touches), 0),
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
           bool_or(coalesce(e.in_force and e.channel = 'LAB', false)),
           sum(e.value),
           count(e.channel) filter (where e.started_on > %(as_of)s::date - interval '12 months'),
           count(e.channel) filter (where e.started_on > %(as_of)s::date - interval '24 months'
                                      and e.started_on <= %(as_of)s::date - interval '12 months'),
           bool_or(coalesce(s.ours, false)), bool_or(coalesce(s.theirs, false))
    from mine m
    left join touched t on t.partnership_id = m.id
    left join engaged e on e.id = m.id
    left join (
        select r.partnership_id, bool_or(r.member_id is not null) as ours, bool_or(r.contact_id is not null) as theirs
        from partnerships_teammember r
        where r.tenant_id = %(tenant)s and r.role = 'executive_sponsor' and r.started_on <= %(as_of)s::date
          and (r.ended_on is null or r.ended_on > %(as_of)s::date)
        group by r.partnership_id
    ) s on s.partnership_id = m.id
    group by m.id, m.stage_suggested, m.tier_suggested
"""

# In which months before the day each partnership was active, counted back in whole months: a real touch, or a project.
ACTIVE_MONTHS = """
    with mine as (
        select id, organization_id from partnerships_partnership
        where tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or id = any(%(ids)s::bigint[]))
    ),
    touch as (
        select i.partnership_id, (i.occurred_at at time zone %(time_zone)s)::date as day
        from partnerships_interaction i
        join unnest(%(kinds)s::text[], %(weights)s::float8[]) as w (kind, weight) on w.kind = i.kind
        where i.tenant_id = %(tenant)s and i.partnership_id in (select id from mine)
          and (w.weight >= %(real_weight)s::float8 or (w.weight > 0 and i.direction = 'I'))
    ),
    work as (
        select m.id,
               greatest(p.started_on, (%(as_of)s::date - make_interval(months => %(months_back)s))::date) as first,
               least(coalesce(p.ended_on, %(as_of)s::date), %(as_of)s::date) as last
        from mine m
        join partnerships_projectparticipant pp
          on pp.tenant_id = %(tenant)s and pp.organization_id = m.organization_id
        join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
        where p.started_on <= %(as_of)s::date and p.status <> 'planned'
          and (p.ended_on is not null or p.status = 'active')
    )
    select partnership_id,
           (extract(year from age(%(as_of)s::date, day)) * 12 + extract(month from age(%(as_of)s::date, day)))::int
    from touch
    where day between (%(as_of)s::date - make_interval(months => %(months_back)s))::date and %(as_of)s::date
    union
    select work.id, month.number::int
    from work
    cross join lateral generate_series(
        extract(year from age(%(as_of)s::date, work.last)) * 12 + extract(month from age(%(as_of)s::date, work.last)),
        extract(year from age(%(as_of)s::date, work.first)) * 12 + extract(month from age(%(as_of)s::date, work.first))
    ) as month (number)
    where work.last >= work.first
"""


@dataclass(frozen=True, slots=True)
class _Described:
    """What one row of counts amounts to; ``likely``: a strategic partner, if they were active for long."""

    facts: StageFacts
    stage: str
    tier: str
    likely: bool


def new_suggestions(scope: HealthScope, currency: str) -> dict[int, tuple[str, str]]:
    """The stage ("" for none) and tier to suggest of each partnership, where they are others than those stored.

    A project's value is our own award in it where known, else the whole award; awards in another currency than the
    office's have no value here. Master agreements come with the records that hold them. Touches are taken from the kept
    sums. Months of activity are counted where everything else speaks for a strategic partner, and are 0 elsewhere.
    """
    described = cache(_described)  # most partnerships have done the same few things
    rows = [(*row[:3], described(row[3:])) for row in health_rows(FACTS, scope, currency=currency)]
    months = _months(scope, tuple(pk for pk, _stage, _tier, found in rows if found.likely))
    changed = {}
    for pk, stage_stored, tier_stored, found in rows:
        stage = found.stage
        if found.likely:
            stage = suggest_stage(replace(found.facts, unbroken_months=unbroken_months(months[pk]))) or ""
        if (stage, found.tier) != (stage_stored, tier_stored):
            changed[pk] = (stage, found.tier)
    return changed


def _described(counts: tuple) -> _Described:
    facts, tier = _facts(counts)
    stage = suggest_stage(facts)
    likely = stage == Stage.SPONSORSHIP and _if_for_long(facts) == Stage.STRATEGIC
    return _Described(facts, stage or "", suggest_tier(tier), likely)


def _if_for_long(facts: StageFacts) -> Stage | None:
    return suggest_stage(replace(facts, unbroken_months=MONTHS_BACK))


def _facts(counts: tuple) -> tuple[StageFacts, TierFacts]:
    return (
        StageFacts(
            recent_touches=counts[0],
            recent_internships=counts[1],
            recent_memberships=counts[2],
            recent_advisory_seats=counts[3],
            recent_recruiting_events=counts[4],
            recent_projects=counts[5],
            recent_channels=counts[6],
            recent_funded_channels=counts[7],
            active_channels=counts[8],
            largest_funded_annual_value=None if counts[9] is None else Decimal(counts[9]),
            active_joint_lab=counts[10],
            our_executive_sponsor=counts[14],
            their_executive_sponsor=counts[15],
        ),
        TierFacts(
            recent_kinds=counts[6],
            recent_value=counts[11],
            growing=counts[12] > counts[13],
            our_executive_sponsor=counts[14],
            their_executive_sponsor=counts[15],
        ),
    )


def _months(scope: HealthScope, likely: tuple[int, ...]) -> Mapping[int, list[int]]:
    """In which months each of these partnerships was active, counted back from the day."""
    months: defaultdict[int, list[int]] = defaultdict(list)
    if likely:
        asked = {"months_back": MONTHS_BACK, "real_weight": REAL_TOUCH_WEIGHT}
        for partnership, month in health_rows(ACTIVE_MONTHS, scope.of(likely), **asked):
            months[partnership].append(month)
    return months
