"""The runway section of health: how long the binding agreements with each partner still run, in one statement.

The statement matches ``rules.runway.runway_terms``; a property test holds it to that.
"""

from collections import defaultdict
from collections.abc import Mapping

from agreements.queries.known import executed_then
from agreements.rules.runway import BINDING
from partnerships.queries.health import health_rows
from partnerships.registry import HealthScope
from partnerships.rules.health import AgreementTerm, RunwayInput
from partnerships.rules.health.config import RENEWAL_PROGRESS

# Every partnership with an executed agreement on record, and those of its agreements that carry it on the day.
RUNWAY = f"""
    select p.id, t.id, t.expires_on - %(as_of)s::date, coalesce(s.progress, 0),
           case when t.currency = office.currency then coalesce(
               t.value * 365 / greatest(365, t.expires_on - t.effective_on + 1), t.value, 0) else 0 end
    from partnerships_partnership p
    join tenants_tenant office on office.id = %(tenant)s
    left join agreements_agreement t on t.tenant_id = %(tenant)s and t.partnership_id = p.id
     and t.kind = any(%(kinds)s::text[]) and t.amends_id is null
     and t.executed_on <= %(as_of)s::date and coalesce(t.effective_on, t.executed_on) <= %(as_of)s::date
     and (t.ended_on is null or t.ended_on > %(as_of)s::date) and {executed_then("t")}
     and (t.expires_on is null or t.expires_on >= %(as_of)s::date - %(grace)s::int)
     and not (coalesce(t.expires_on < %(as_of)s::date, false) and exists (
         select from agreements_agreement r
         where r.tenant_id = %(tenant)s and r.renews_id = t.id and r.amends_id is null
           and r.executed_on <= %(as_of)s::date and {executed_then("r")}
     ))
    left join unnest(%(steps)s::text[], %(progress)s::float8[]) as s (step, progress) on s.step = t.renewal_progress
    where p.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or p.id = any(%(ids)s::bigint[]))
      and exists (
         select from agreements_agreement a
         where a.tenant_id = %(tenant)s and a.partnership_id = p.id and a.executed_on <= %(as_of)s::date
           and {executed_then("a")}
      )
    order by p.id, t.id
"""


def read_runway(scope: HealthScope) -> Mapping[int, RunwayInput]:
    """The runway section of each partnership that ever had an executed agreement; the others are not measured by it."""
    return {
        partnership: RunwayInput(tuple(term for _agreement, term in terms))
        for partnership, terms in read_runway_terms(scope).items()
    }


def read_runway_terms(scope: HealthScope) -> Mapping[int, list[tuple[int, AgreementTerm]]]:
    """The same with the id of each agreement."""
    terms: defaultdict[int, list[tuple[int, AgreementTerm]]] = defaultdict(list)
    for partnership, agreement, left, progress, worth in health_rows(
        RUNWAY,
        scope,
        kinds=list(BINDING),
        grace=scope.config.caps.lapsed_within_days,
        steps=list(RENEWAL_PROGRESS),
        progress=list(RENEWAL_PROGRESS.values()),
    ):
        found = terms[partnership]
        if agreement is not None:
            found.append((agreement, AgreementTerm(worth, left, progress)))
    return terms
