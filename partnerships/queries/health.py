"""The inputs of the health formula from the database, one set-based statement per section, and what is stored of it.

The statements match the definitions in ``rules.health.records`` (a property test holds them to it). They run under
row-level security and name the tenant in every table reference besides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from core.prepared import ask
from partnerships.models import HealthSnapshot, Partnership, PartnershipHealth
from partnerships.registry import HealthScope, signals
from partnerships.rules.health import (
    ENGAGEMENT_SIZES,
    BreadthInput,
    ContactMass,
    DepthInput,
    HealthInput,
    RecencyInput,
)
from partnerships.rules.touches import REAL_TOUCH_WEIGHT, TOUCH_WEIGHTS


def known(table: str, alias: str) -> str:
    """The condition that a row was there at ``known_at`` already, from the history of changes."""
    return f"""(%(known_at)s::timestamptz is null or not exists (
            select from tenants_change later
            where later.tenant_id = %(tenant)s and later.table_name = '{table}' and later.row_id = {alias}.id
              and later.kind = 'I' and later.at > %(known_at)s
        ))"""


# The same for rows that carry the moment of their entry.
ENTERED = "(%(known_at)s::timestamptz is null or {alias}.created_at <= %(known_at)s)"

# One row per touch up to the day asked for: partnership, age in whole days of the tenant, weight, initiator.
TOUCHES = f"""
    select i.id, i.partnership_id, i.direction, w.weight,
           %(as_of)s::date - (i.occurred_at at time zone %(time_zone)s)::date as age
    from partnerships_interaction i
    join unnest(%(kinds)s::text[], %(weights)s::float8[]) as w (kind, weight) on w.kind = i.kind
    where i.tenant_id = %(tenant)s and w.weight > 0
      and (%(ids)s::bigint[] is null or i.partnership_id = any(%(ids)s::bigint[]))
      and (i.occurred_at at time zone %(time_zone)s)::date <= %(as_of)s::date
      and {ENTERED.format(alias="i")}
"""

ACCOUNT_AGES = """
    select id, greatest(0, %(as_of)s::date - started_on) from partnerships_partnership
    where tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or id = any(%(ids)s::bigint[]))
"""

RECENCY = f"""
    with touch as ({TOUCHES}),
    day as (
        select partnership_id, age, least(sum(weight), %(day_cap)s::float8) as mass
        from touch where age <= %(window)s group by partnership_id, age
    ),
    mass as (
        select partnership_id, sum(mass * exp(-age * ln(2::float8) / %(half_life)s::float8)) as mass
        from day group by partnership_id
    ),
    real_touch as (
        select partnership_id, min(age) as age from touch
        where weight >= %(real_weight)s::float8 or direction = 'I' group by partnership_id
    )
    select partnership_id, mass.mass, real_touch.age
    from mass full join real_touch using (partnership_id)
"""

# A participant who is a contact counts unless they object to relationship scoring.
SCORED = """not exists (
            select from organizations_contact objector
            where objector.tenant_id = %(tenant)s and objector.id = {participant}.contact_id
              and objector.objects_to_scoring
        )"""

TIES = f"""
    with touch as ({TOUCHES}),
    recent as (
        select *, weight * exp(-age * ln(2::float8) / %(half_life)s::float8) as mass
        from touch where age <= %(window)s
    )
    select r.partnership_id, p.contact_id, p.member_id, sum(r.mass),
           bool_or(exists (
               select from organizations_affiliation a
               join partnerships_partnership ps on ps.tenant_id = %(tenant)s and ps.id = r.partnership_id
               where a.tenant_id = %(tenant)s and a.contact_id = p.contact_id
                 and a.organization_id = ps.organization_id and a.is_decision_maker
                 and (a.ended_on is null or a.ended_on > %(as_of)s::date)
                 and {known("organizations_affiliation", "a")}
           ))
    from recent r
    join partnerships_participant p on p.tenant_id = %(tenant)s and p.interaction_id = r.id
    where {SCORED.format(participant="p")} and {known("partnerships_participant", "p")}
    group by r.partnership_id, p.contact_id, p.member_id
"""

NAMED = f"""
    with touch as ({TOUCHES})
    select t.partnership_id, sum(t.weight),
           sum(t.weight) filter (where exists (
               select from partnerships_participant p
               where p.tenant_id = %(tenant)s and p.interaction_id = t.id and p.contact_id is not null
                 and {SCORED.format(participant="p")} and {known("partnerships_participant", "p")}
           ))
    from touch t where t.age <= %(window)s group by t.partnership_id
"""

CHANNELS = f"""
    select ps.id, p.channel,
           sum(s.size * exp(greatest(-700, -greatest(0, %(as_of)s::date - coalesce(p.ended_on, %(as_of)s::date))
                            * ln(2::float8) / %(half_life)s::float8)))
    from partnerships_partnership ps
    join partnerships_projectparticipant pp
      on pp.tenant_id = %(tenant)s and pp.organization_id = ps.organization_id
    join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
    join unnest(%(size_codes)s::text[], %(size_weights)s::float8[]) as s (code, size) on s.code = p.size
    where ps.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or ps.id = any(%(ids)s::bigint[]))
      and p.started_on <= %(as_of)s::date and p.status <> 'planned'
      and (p.ended_on is not null or p.status = 'active')
      and {ENTERED.format(alias="p")} and {known("partnerships_projectparticipant", "pp")}
    group by ps.id, p.channel
"""


INPUTS = """
    select id, inputs from partnerships_healthsnapshot
    where tenant_id = %(tenant)s and id = any(%(snapshots)s::bigint[])
"""


OF_ALL_OR_SOME = re.compile(r"\(%\(ids\)s::bigint\[\] is null or ([\w.]+) = any\(%\(ids\)s::bigint\[\]\)\)")


@lru_cache(maxsize=8)
def _ids_of(scope_ids: tuple[int, ...]) -> str:
    return id_array(scope_ids)


def id_array(ids: Iterable[int]) -> str:
    """Ids as PostgreSQL writes an array of them: a thousand are quicker written once than adapted one by one."""
    return "{" + ",".join(map(str, ids)) + "}"


def health_rows(statement: str, scope: HealthScope, **more: object) -> list[tuple]:
    parameters = {
        "tenant": scope.tenant_id,
        "ids": None if scope.partnership_ids is None else _ids_of(scope.partnership_ids),
        "as_of": scope.as_of,
        "time_zone": scope.time_zone,
        "kinds": [str(kind) for kind in TOUCH_WEIGHTS],
        "weights": list(TOUCH_WEIGHTS.values()),
        "window": scope.config.window_days,
        "known_at": scope.known_at,
        **more,
    }
    if scope.planned:
        return ask(_of_some(statement), parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@cache
def _of_some(statement: str) -> str:
    """The statement for ids that are given: a plan for any parameters finds them by an index then."""
    return OF_ALL_OR_SOME.sub(r"\1 = any(%(ids)s::bigint[])", statement)


def asked_for(scope: HealthScope) -> Iterable[int]:
    """The ids of the partnerships asked for; those named may be gone."""
    return (
        (pk for pk, _age in health_rows(ACCOUNT_AGES, scope))
        if scope.partnership_ids is None
        else scope.partnership_ids
    )


def read_recency(scope: HealthScope) -> Mapping[int, RecencyInput]:
    """The recency section of every partnership asked for, silent ones included."""
    found = {
        partnership: (mass, age)
        for partnership, mass, age in health_rows(
            RECENCY,
            scope,
            day_cap=scope.config.day_cap,
            half_life=scope.config.half_lives.recency,
            real_weight=REAL_TOUCH_WEIGHT,
        )
    }
    return {
        partnership: RecencyInput(
            decayed_mass=found.get(partnership, (None, None))[0] or 0.0,
            account_age_days=account_age,
            has_touch=found.get(partnership, (None, None))[0] is not None,
            last_real_touch_age=found.get(partnership, (None, None))[1],
        )
        for partnership, account_age in health_rows(ACCOUNT_AGES, scope)
    }


def read_breadth(scope: HealthScope) -> Mapping[int, BreadthInput]:
    """The breadth section: projects with the partner, by channel."""
    masses: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
    for partnership, channel, mass in health_rows(
        CHANNELS,
        scope,
        half_life=scope.config.half_lives.breadth,
        size_codes=list(ENGAGEMENT_SIZES),
        size_weights=list(ENGAGEMENT_SIZES.values()),
    ):
        masses[partnership].append((channel, mass))
    return {
        partnership: BreadthInput(tuple(sorted(masses[partnership])), account_age)
        for partnership, account_age in health_rows(ACCOUNT_AGES, scope)
    }


def read_depth(scope: HealthScope) -> Mapping[int, DepthInput]:
    """The depth section: the mass of every tie on both sides, and how much of the contact names a person."""
    external: defaultdict[int, list[tuple[int, ContactMass]]] = defaultdict(list)
    internal: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for partnership, contact, member, mass, decides in health_rows(TIES, scope, half_life=scope.config.half_lives.ties):
        if contact is not None:
            external[partnership].append((contact, ContactMass(mass, decides)))
        else:
            internal[partnership].append((member, mass))
    named = {partnership: (named or 0.0) / total for partnership, total, named in health_rows(NAMED, scope)}
    return {
        partnership: DepthInput(
            external=tuple(mass for _contact, mass in sorted(external[partnership], key=lambda tie: tie[0])),
            internal=tuple(mass for _member, mass in sorted(internal[partnership])),
            named_share=named.get(partnership),
        )
        for partnership, _age in health_rows(ACCOUNT_AGES, scope)
    }


def read_health_inputs(scope: HealthScope) -> dict[int, HealthInput]:
    """The input of the formula for every partnership asked for that exists, from all registered signals."""
    stages = dict(_partnerships(scope).values_list("pk", "stage_declared"))
    sections = {section: reader(scope) for section, reader in signals().items()}
    return {
        partnership: HealthInput(
            stage=stage,
            **{section: answers[partnership] for section, answers in sections.items() if partnership in answers},
        )
        for partnership, stage in stages.items()
    }


def _partnerships(scope: HealthScope) -> QuerySet[Partnership]:
    rows = Partnership.objects.order_by("pk")
    return rows if scope.partnership_ids is None else rows.filter(pk__in=scope.partnership_ids)


def inputs_of(scope: HealthScope, snapshot_ids: Sequence[int]) -> dict[int, Any]:
    """The inputs of these snapshots, as they are stored."""
    rows = health_rows(INPUTS, scope, snapshots=id_array(snapshot_ids)) if snapshot_ids else ()
    return {pk: orjson.loads(inputs) for pk, inputs in rows}


@visible("partnerships.view_partnerships")
def present_health(actor: Actor, partnership: Partnership) -> PartnershipHealth:
    """A partnership's present health with the snapshot that explains it (None before the first computation)."""
    return PartnershipHealth.objects.select_related("snapshot").get(partnership=partnership)


@visible("partnerships.view_partnerships")
def visible_snapshots(actor: Actor, partnership: Partnership) -> QuerySet[HealthSnapshot]:
    """A partnership's scores, newest first."""
    return HealthSnapshot.objects.filter(partnership=partnership).order_by("-computed_at", "-pk")
