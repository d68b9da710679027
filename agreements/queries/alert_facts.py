"""What agreements say of partners for the alerts of health: the main one and when its renewal must begin, what is late.

One statement for all partnerships asked for. The main agreement is that of the runway of health (``queries.runway``).
"""

from collections import defaultdict
from collections.abc import Mapping

from agreements.queries.runway import RUNWAY
from agreements.rules.clock import Duration, renewal_lead_days, turnaround, working_days
from agreements.rules.runway import BINDING
from agreements.rules.workflow import IN_LAW
from partnerships.queries.health import health_rows
from partnerships.registry import Commitments, HealthScope
from partnerships.rules.health.alerts import RENEWAL_LEAD_DAYS, Agreement
from partnerships.rules.health.config import RENEWAL_PROGRESS

FURTHEST_LEAD = 730  # days; an end that lies further ahead is nobody's worry yet

# Rows with a partnership: its main agreement, if that is meant to be renewed and is not yet, and how late the
# obligation longest overdue is. Rows without: how long agreements of a kind took, for the kinds of which one ends.
FACTS = f"""
    with term (partnership_id, agreement_id, days_left, progress, worth) as ({RUNWAY}),
    heaviest as (
        select distinct on (partnership_id) * from term where agreement_id is not null
        order by partnership_id, worth desc, days_left desc nulls first, progress desc, agreement_id
    ),
    main as (
        select h.partnership_id, t.kind, h.days_left, h.progress
        from heaviest h
        join agreements_agreement t on t.tenant_id = %(tenant)s and t.id = h.agreement_id
        where t.renewal_intended and t.renewal_progress <> 'declined'
          and not exists (
              select from agreements_agreement r where r.tenant_id = %(tenant)s and r.renews_id = t.id
                and r.amends_id is null and r.status = any(%(in_law)s::text[])
          )
    ),
    late as (
        select a.partnership_id, max(%(as_of)s::date - o.due_on) as days
        from agreements_obligation o
        join agreements_agreement a on a.tenant_id = %(tenant)s and a.id = o.agreement_id
        where o.tenant_id = %(tenant)s and o.due_on < %(as_of)s::date and o.done_on is null and o.waived_reason = ''
          and a.status = any(%(in_law)s::text[])
          and (%(ids)s::bigint[] is null or a.partnership_id = any(%(ids)s::bigint[]))
        group by a.partnership_id
    )
    select partnership_id, main.kind, main.days_left, main.progress, late.days,
           (select renewal_notice_days from agreements_agreementpolicy where tenant_id = %(tenant)s limit 1),
           null::date, null::date, null::date
    from main full join late using (partnership_id)
    where partnership_id is not null
    union all
    select null, t.kind, null, null, null, null, t.complete_on, t.executed_on, t.ended_on
    from agreements_agreement t
    where t.tenant_id = %(tenant)s and t.complete_on is not null and t.amends_id is null
      and t.kind in (select kind from main where days_left between 0 and %(furthest)s)
"""


def read_commitments(scope: HealthScope) -> Mapping[int, Commitments]:
    """Of each partnership that has any: the main agreement with the days that its renewal takes, and what is late."""
    rows = health_rows(
        FACTS,
        scope,
        kinds=list(BINDING),
        grace=scope.config.caps.lapsed_within_days,
        steps=list(RENEWAL_PROGRESS),
        progress=list(RENEWAL_PROGRESS.values()),
        in_law=list(IN_LAW),
        furthest=FURTHEST_LEAD,
    )
    durations: defaultdict[str, list[Duration]] = defaultdict(list)
    for partnership, kind, _left, _progress, _late, _notice, complete_on, executed_on, ended_on in rows:
        if partnership is None:
            days = working_days(complete_on, executed_on or ended_on or scope.as_of)
            durations[kind].append(Duration(days, executed_on is not None))
    medians = {kind: turnaround(each).dependable for kind, each in durations.items()}
    found = {}
    for partnership, kind, left, progress, late, notice, *_dates in rows:
        if partnership is not None:
            main = None
            if kind is not None:
                lead = renewal_lead_days(medians.get(kind), RENEWAL_LEAD_DAYS if notice is None else notice)
                main = Agreement(left, progress, min(lead, FURTHEST_LEAD))
            found[partnership] = Commitments(main, late)
    return found
