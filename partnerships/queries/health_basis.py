"""What the touches of partnerships add up to: read from the touches, brought forward, and read back for scoring.

Every mass decays with one half-life per section, so a sum of yesterday is that of today times 2^(-1/half-life), until
a touch leaves the window. ``SCAN`` makes the sums (``models.HealthBasis``) from the touches; ``FORWARD`` takes away
what has left the window since. Both follow the definitions in ``rules.health.records``; property tests hold them to it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection

from core.prepared import ask, ask_named
from partnerships.models import PartnershipHealth
from partnerships.queries.health import CHANNELS, SCORED, health_rows, id_array
from partnerships.queries.value_signals import LEDGER
from partnerships.registry import HealthScope
from partnerships.rules.health import ENGAGEMENT_SIZES
from partnerships.rules.health.columns import (
    BreadthColumns,
    DepthColumns,
    Flags,
    Floats,
    RecencyColumns,
    ReciprocityColumns,
    Rows,
    rows_of,
)
from partnerships.rules.touches import REAL_TOUCH_WEIGHT, TOUCH_WEIGHTS

# Every partnership's touches are read again after so many days, each on a day of its own, whatever has changed.
RESCAN_DAYS = 91
# Contacts edited within so many days are looked at by the nightly run.
EDITED_DAYS = 3

# A decayed sum that holds any touch at all is at least this large; less is what rounding leaves of nothing.
LEAST_PART = 0.5

KINDS = "join unnest(%(kinds)s::text[], %(weights)s::float8[]) as w (kind, weight) on w.kind = i.kind"
REAL = "(w.weight >= %(real_weight)s::float8 or i.direction = 'I')"
WINDOW_START = "(%(as_of)s::date - %(window)s::int)::timestamp at time zone %(time_zone)s"
DAY_END = "(%(as_of)s::date + 1)::timestamp at time zone %(time_zone)s"
AGE = "(%(as_of)s::date - t.day)"


def _decay(days: str, section: str) -> str:
    return f"exp(greatest(-700, -({days}) * ln(2::float8) / %({section}_half_life)s::float8))"


# The sums over the rows of a common table expression ``touch``, by partnership. ``each`` is empty for many touches, and
# ONE_BY_ONE for a few: then their participants are looked up one touch after the other.
ONE_BY_ONE = "offset 0"
SUMS = f"""
    person as materialized (
        select t.partnership_id, t.id, t.weight, p.contact_id, p.member_id,
               t.weight * {_decay(AGE, "ties")} as mass
        from touch t
        cross join lateral (
            select p.contact_id, p.member_id from partnerships_participant p
            where p.tenant_id = %(tenant)s and p.interaction_id = t.id {{each}}
        ) as p
        where {SCORED.format(participant="p")}
    ),
    tie as (
        select partnership_id, contact_id, member_id, sum(mass) as mass
        from person group by partnership_id, contact_id, member_id
    ),
    named as (
        select partnership_id, count(*) as touches, sum(weight) as weight
        from (select distinct partnership_id, id, weight from person where contact_id is not null) as touch_named
        group by partnership_id
    ),
    day as (
        select t.partnership_id, t.day, count(*) as touches, sum(t.weight) as weight,
               coalesce(sum(t.weight) filter (where t.direction = 'I'), 0) as inbound,
               coalesce(sum(t.weight) filter (where t.direction <> 'I'), 0) as outbound,
               max(t.occurred_at) filter (where t.is_real) as real_at,
               max(t.occurred_at) filter (where t.is_real and t.occurred_at <= %(until)s) as contact_at
        from touch t group by t.partnership_id, t.day
    ),
    total as (
        select t.partnership_id, sum(t.touches) as touches, sum(t.weight) as weight,
               sum(least(t.weight, %(day_cap)s::float8) * {_decay(AGE, "recency")}) as recency_mass,
               sum(t.inbound * {_decay(AGE, "communication")}) as inbound,
               sum(t.outbound * {_decay(AGE, "communication")}) as outbound,
               min(t.day) as first_on, max(t.day) as last_on,
               max(t.real_at) as real_at, max(t.contact_at) as contact_at
        from day t group by t.partnership_id
    )
"""

TOUCH = f"""
    select i.id, i.partnership_id, i.direction, i.occurred_at, w.weight, {REAL} as is_real,
           (i.occurred_at at time zone %(time_zone)s)::date as day
"""

BEFORE_THE_WINDOW = f"""
    select i.occurred_at from partnerships_interaction i {KINDS}
    where i.tenant_id = %(tenant)s and i.partnership_id = ps.id and w.weight > 0 and {{which}}
      and i.occurred_at < {WINDOW_START}
    order by i.occurred_at desc limit 1
"""

COLUMNS = """
    as_of, scanned_at, scan_on, leaves_on, touches, weight, named_touches, named_weight, recency_mass, inbound,
    outbound, last_touch_on, last_real_on, last_contact_at, contacts, contact_masses, members, member_masses,
    config_version
"""


def _scan(each: str) -> str:
    return f"""
    with touch as materialized (
        {TOUCH}
        from partnerships_interaction i {KINDS}
        where i.tenant_id = %(tenant)s and w.weight > 0 and i.partnership_id = any(%(ids)s::bigint[])
          and i.occurred_at >= {WINDOW_START} and i.occurred_at < {DAY_END}
    ),
    {SUMS.format(each=each)},
    people as (
        select partnership_id,
               array_agg(contact_id order by contact_id) filter (where contact_id is not null) as contacts,
               array_agg(mass order by contact_id) filter (where contact_id is not null) as contact_masses,
               array_agg(member_id order by member_id) filter (where member_id is not null) as members,
               array_agg(mass order by member_id) filter (where member_id is not null) as member_masses
        from tie group by partnership_id
    )
    select ps.id, %(as_of)s::date, %(now)s::timestamptz,
           least(
               %(as_of)s::date
                   + (%(rescan)s::int - (%(as_of)s::date - date '2000-01-01' + ps.id) %% %(rescan)s::int)::int,
               case when ahead.at is not null
                   then greatest(%(as_of)s::date + 1, (ahead.at at time zone %(time_zone)s)::date) end
           ),
           total.first_on + %(window)s::int + 1,
           coalesce(total.touches, 0), coalesce(total.weight, 0),
           coalesce(named.touches, 0), coalesce(named.weight, 0),
           coalesce(total.recency_mass, 0), coalesce(total.inbound, 0), coalesce(total.outbound, 0),
           coalesce(total.last_on, (({BEFORE_THE_WINDOW.format(which="true")}) at time zone %(time_zone)s)::date),
           (coalesce(total.real_at, ({BEFORE_THE_WINDOW.format(which=REAL)})) at time zone %(time_zone)s)::date,
           coalesce(total.contact_at, ({BEFORE_THE_WINDOW.format(which=REAL)})),
           coalesce(people.contacts, '{{}}'), coalesce(people.contact_masses, '{{}}'),
           coalesce(people.members, '{{}}'), coalesce(people.member_masses, '{{}}'), %(version)s::int
    from partnerships_partnership ps
    left join total on total.partnership_id = ps.id
    left join named on named.partnership_id = ps.id
    left join people on people.partnership_id = ps.id
    left join lateral (
        select i.occurred_at as at from partnerships_interaction i
        where i.tenant_id = %(tenant)s and i.partnership_id = ps.id and i.occurred_at > %(until)s
        order by i.occurred_at limit 1
    ) as ahead on true
    where ps.tenant_id = %(tenant)s and ps.id = any(%(ids)s::bigint[])
"""


SCAN, SCAN_FEW = _scan(""), _scan(ONE_BY_ONE)
FEW = 100  # partnerships whose participants are looked up touch by touch

# The same columns for the partnerships of which a touch has left the window since ``as_of`` of their row. The border of
# then is computed beforehand: under row-level security no function of another table's row may search an index.
FORWARD = f"""
    with due as materialized (
        select b.*, (b.as_of - %(window)s::int)::timestamp at time zone %(time_zone)s as window_start,
               {_decay("%(as_of)s::date - b.as_of", "recency")} as recency_decay,
               {_decay("%(as_of)s::date - b.as_of", "communication")} as communication_decay,
               {_decay("%(as_of)s::date - b.as_of", "ties")} as ties_decay
        from partnerships_healthbasis b
        where b.tenant_id = %(tenant)s and b.partnership_id = any(%(ids)s::bigint[])
    ),
    touch as materialized (
        {TOUCH}
        from due
        join partnerships_interaction i on i.tenant_id = %(tenant)s and i.partnership_id = due.partnership_id
          and i.occurred_at >= due.window_start and i.occurred_at < {WINDOW_START}
        {KINDS}
        where w.weight > 0
    ),
    {SUMS.format(each=ONE_BY_ONE)},
    contact as (
        select partnership_id, array_agg(person order by person) as people, array_agg(mass order by person) as masses
        from (
            select due.partnership_id, kept.person, kept.mass * due.ties_decay - coalesce(tie.mass, 0) as mass
            from due cross join lateral unnest(due.contacts, due.contact_masses) as kept (person, mass)
            left join tie on tie.partnership_id = due.partnership_id and tie.contact_id = kept.person
        ) as rest where mass >= %(least_tie)s group by partnership_id
    ),
    member as (
        select partnership_id, array_agg(person order by person) as people, array_agg(mass order by person) as masses
        from (
            select due.partnership_id, kept.person, kept.mass * due.ties_decay - coalesce(tie.mass, 0) as mass
            from due cross join lateral unnest(due.members, due.member_masses) as kept (person, mass)
            left join tie on tie.partnership_id = due.partnership_id and tie.member_id = kept.person
        ) as rest where mass >= %(least_tie)s group by partnership_id
    )
    select due.partnership_id, %(as_of)s::date, due.scanned_at, due.scan_on,
           (oldest.at at time zone %(time_zone)s)::date + %(window)s::int + 1,
           rest.touches, case when rest.touches > 0 then rest.weight else 0 end,
           rest.named_touches, case when rest.named_touches > 0 then rest.named_weight else 0 end,
           case when rest.touches > 0 then rest.recency_mass else 0 end,
           case when rest.inbound >= %(least_side)s then rest.inbound else 0 end,
           case when rest.outbound >= %(least_side)s then rest.outbound else 0 end,
           due.last_touch_on, due.last_real_on, due.last_contact_at,
           coalesce(contact.people, '{{}}'), coalesce(contact.masses, '{{}}'),
           coalesce(member.people, '{{}}'), coalesce(member.masses, '{{}}'), due.config_version
    from due
    left join total on total.partnership_id = due.partnership_id
    left join named on named.partnership_id = due.partnership_id
    left join contact on contact.partnership_id = due.partnership_id
    left join member on member.partnership_id = due.partnership_id
    cross join lateral (
        select due.touches - coalesce(total.touches, 0) as touches, due.weight - coalesce(total.weight, 0) as weight,
               due.named_touches - coalesce(named.touches, 0) as named_touches,
               due.named_weight - coalesce(named.weight, 0) as named_weight,
               due.recency_mass * due.recency_decay - coalesce(total.recency_mass, 0) as recency_mass,
               due.inbound * due.communication_decay - coalesce(total.inbound, 0) as inbound,
               due.outbound * due.communication_decay - coalesce(total.outbound, 0) as outbound
    ) as rest
    left join lateral (
        select i.occurred_at as at from partnerships_interaction i {KINDS}
        where i.tenant_id = %(tenant)s and i.partnership_id = due.partnership_id and w.weight > 0
          and i.occurred_at >= {WINDOW_START}
        order by i.occurred_at limit 1
    ) as oldest on rest.touches > 0
"""

# Which rows cannot simply be aged to the day: true to read the touches again, false to take away what has left. People
# edited lately may object to scoring now, or no longer: who took part is read again. Other settings want other sums.
DUE = f"""
    with contact as materialized (
        select c.id, c.updated_at from organizations_contact c
        where c.tenant_id = %(tenant)s and c.updated_at > %(now)s::timestamptz - interval '{EDITED_DAYS} days'
    ),
    edited as materialized (
        select distinct b.partnership_id
        from contact
        join partnerships_participant p on p.tenant_id = %(tenant)s and p.contact_id = contact.id
        join partnerships_interaction i on i.tenant_id = %(tenant)s and i.id = p.interaction_id
        join partnerships_healthbasis b on b.tenant_id = %(tenant)s and b.partnership_id = i.partnership_id
        where contact.updated_at > b.scanned_at and b.partnership_id = any(%(ids)s::bigint[])
    )
    select ps.id, edited.partnership_id is not null
           or b.id is null or b.scan_on <= %(as_of)s::date or b.as_of > %(as_of)s::date
           or b.config_version <> %(version)s
    from partnerships_partnership ps
    left join partnerships_healthbasis b on b.tenant_id = %(tenant)s and b.partnership_id = ps.id
    left join edited on edited.partnership_id = ps.id
    where ps.tenant_id = %(tenant)s and ps.id = any(%(ids)s::bigint[])
      and (b.id is null or b.scan_on <= %(as_of)s::date or b.as_of > %(as_of)s::date
           or b.config_version <> %(version)s or edited.partnership_id is not null or b.leaves_on <= %(as_of)s::date)
"""

# An array as the database sends it, without its head: the length and the bytes of each element. A thousand arrays are
# read as one, which is much quicker than one by one.
SENT = "substring(array_send({}) from 21)"
SENT_FLOATS, SENT_IDS = (np.dtype([("length", ">i4"), ("value", kind)]) for kind in (">f8", ">i8"))


def _flat(sent: Sequence[Any], kind: np.dtype) -> tuple[Rows, np.ndarray]:
    """The elements of all arrays one after another, and in which array each is."""
    found = np.frombuffer(b"".join(sent), kind)["value"]
    return rows_of(len(each) // kind.itemsize for each in sent), found.astype(found.dtype.newbyteorder("="))


# What scoring wants of each partnership, in the order of their ids: the sums of its touches, and who decides today.
SCORING = """
    select ps.id, ps.stage_declared as stage, ps.started_on, b.as_of, b.touches, b.weight, b.named_touches,
           b.named_weight, b.recency_mass, b.inbound, b.outbound, b.last_touch_on, b.last_real_on, b.last_contact_at,
           {contacts} as contacts, {contact_masses} as contact_masses, {member_masses} as member_masses,
           {deciders} as deciders, h.score, h.band, h.confidence, h.snapshot_id, h.snapshot_on, h.snapshot_version,
           h.snapshot_caps, h.snapshot_ties
    from partnerships_partnership ps
    join partnerships_partnershiphealth h on h.tenant_id = %(tenant)s and h.partnership_id = ps.id
    join {basis} b on b.tenant_id = %(tenant)s and b.partnership_id = ps.id
    left join (
        select a.organization_id, array_agg(a.contact_id) as people from organizations_affiliation a
        where a.tenant_id = %(tenant)s and a.is_decision_maker
          and (a.ended_on is null or a.ended_on > %(as_of)s::date)
        group by a.organization_id
    ) as decider on decider.organization_id = ps.organization_id
    where ps.tenant_id = %(tenant)s and ps.id = any(%(ids)s::bigint[])
    order by ps.id
"""


def _scoring(basis: str) -> str:
    arrays = {name: SENT.format(f"b.{name}") for name in ("contacts", "contact_masses", "member_masses")}
    return SCORING.format(basis=basis, deciders=SENT.format("coalesce(decider.people, '{}')"), **arrays)


KEPT = _scoring("partnerships_healthbasis")
# The same from the touches themselves, nothing stored: for settings that are not in force.
READ = _scoring(f"(select %(tenant)s::bigint as tenant_id, made.* from ({SCAN}) as made (partnership_id, {COLUMNS}))")

HOLD = """
    select partnership_id from partnerships_partnershiphealth
    where tenant_id = %(tenant)s and partnership_id = any(%(ids)s::bigint[])
    order by partnership_id for update
"""


def basis_parameters(scope: HealthScope, until: datetime, now: datetime) -> dict[str, object]:
    """The parameters of the statements above, but for ``ids``."""
    half_lives, window = scope.config.half_lives, scope.config.window_days
    touches = {str(kind): weight for kind, weight in TOUCH_WEIGHTS.items() if weight > 0}
    least = LEAST_PART * min(touches.values())
    return {
        "tenant": scope.tenant_id,
        "as_of": scope.as_of,
        "until": until,
        "now": now,
        "time_zone": scope.time_zone,
        "kinds": list(touches),
        "weights": list(touches.values()),
        "real_weight": REAL_TOUCH_WEIGHT,
        "window": window,
        "version": scope.config.version,
        "rescan": RESCAN_DAYS,
        "day_cap": scope.config.day_cap,
        "recency_half_life": half_lives.recency,
        "communication_half_life": half_lives.communication,
        "ties_half_life": half_lives.ties,
        "least_tie": least * 2 ** (-window / half_lives.ties),
        "least_side": least * 2 ** (-window / half_lives.communication),
    }


def hold_health(tenant_id: int, partnership_ids: Sequence[int]) -> None:
    """Lock the rows of health of some partnerships, in the order in which everybody does."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"tenant": tenant_id, "ids": id_array(partnership_ids)})


def due_rows(scope: HealthScope, parameters: Mapping[str, object]) -> tuple[list[int], list[int]]:
    """Of the partnerships asked for: whose touches must be read again, and whose row must be brought forward."""
    parameters = {**parameters, "ids": id_array(scope.partnership_ids)}
    if scope.planned:
        due = ask(DUE, parameters)
    else:
        with connection.cursor() as cursor:
            cursor.execute(DUE, parameters)
            due = cursor.fetchall()
    return [pk for pk, again in due if again], [pk for pk, again in due if not again]


class Kept:
    """What is known of the touches of some partnerships, aged to the day asked for, in the order of their ids.

    ``rows[name]`` is a column of the statement KEPT, unaged, with arrays as they are sent. The sums must be exact for
    the day (``refresh_basis``). ``until`` reads the touches themselves instead, as a scan up to that moment does, and
    leaves what is stored alone.
    """

    def __init__(self, scope: HealthScope, *, until: datetime | None = None):
        parameters = {"tenant": scope.tenant_id, "as_of": scope.as_of}
        if until is not None:
            parameters = basis_parameters(scope, until, until)
        statement, parameters = KEPT if until is None else READ, {**parameters, "ids": id_array(scope.partnership_ids)}
        if scope.planned:
            names, found = ask_named(statement, parameters)
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                names, found = [column.name for column in cursor.description], cursor.fetchall()
        self.rows: dict[str, Sequence[Any]] = dict(
            zip(names, zip(*found, strict=True) if found else [()] * len(names), strict=True)
        )
        self.scope = scope
        self.size = len(found)
        self._days = np.fromiter(((scope.as_of - day).days for day in self.rows["as_of"]), np.float64, self.size)

    @cached_property
    def place(self) -> dict[int, int]:
        return {pk: index for index, pk in enumerate(self.rows["id"])}

    @cached_property
    def account_ages(self) -> Floats:
        as_of = self.scope.as_of
        return np.fromiter((max(0, (as_of - day).days) for day in self.rows["started_on"]), np.float64, self.size)

    @cached_property
    def starts_series(self) -> Flags:
        """Of whom the latest snapshot is of another version, or missing: their next score starts a new series."""
        return np.array(self.rows["snapshot_version"], np.float64) != self.scope.config.version

    def recency(self) -> RecencyColumns:
        as_of = self.scope.as_of
        last = (np.nan if day is None else (as_of - day).days for day in self.rows["last_real_on"])
        return RecencyColumns(
            present=np.ones(self.size, np.bool_),
            decayed_mass=self._aged("recency_mass", self.scope.config.half_lives.recency),
            account_age_days=self.account_ages,
            has_touch=np.array(self.rows["touches"], np.int64) > 0,
            last_real_touch_age=np.fromiter(last, np.float64, self.size),
        )

    def breadth(self) -> BreadthColumns:
        half_life = self.scope.config.half_lives.breadth
        sizes = {"size_codes": list(ENGAGEMENT_SIZES), "size_weights": list(ENGAGEMENT_SIZES.values())}
        found = sorted(health_rows(CHANNELS, self.scope, half_life=half_life, **sizes))
        found = [(self.place[pk], channel, mass) for pk, channel, mass in found if pk in self.place]
        return BreadthColumns(
            present=np.ones(self.size, np.bool_),
            account_age_days=self.account_ages,
            row=np.fromiter((place for place, _channel, _mass in found), np.intp, len(found)),
            mass=np.fromiter((mass for _place, _channel, mass in found), np.float64, len(found)),
            channel=[channel for _place, channel, _mass in found],
        )

    def depth(self) -> DepthColumns:
        touches, weight = np.array(self.rows["touches"]), np.array(self.rows["weight"], np.float64)
        named = np.full(self.size, np.nan)
        np.divide(np.array(self.rows["named_weight"], np.float64), weight, out=named, where=touches > 0)
        contact_row, contact = _flat(self.rows["contacts"], SENT_IDS)
        external, external_mass = _flat(self.rows["contact_masses"], SENT_FLOATS)
        internal, internal_mass = _flat(self.rows["member_masses"], SENT_FLOATS)
        aged = 2.0 ** (-self._days / self.scope.config.half_lives.ties)
        return DepthColumns(
            present=np.ones(self.size, np.bool_),
            named_share=np.minimum(named, 1.0),
            external_row=external,
            external_mass=external_mass * aged[external],
            external_decides=_pairs_within(contact_row, contact, *_flat(self.rows["deciders"], SENT_IDS)),
            internal_row=internal,
            internal_mass=internal_mass * aged[internal],
        )

    def reciprocity(self) -> ReciprocityColumns:
        half_lives = self.scope.config.half_lives
        entries, gives, gets = (np.zeros(self.size) for _each in range(3))
        for pk, is_get, number, mass in health_rows(LEDGER, self.scope, half_life=half_lives.ledger):
            if pk in self.place:
                entries[self.place[pk]] += number
                (gets if is_get else gives)[self.place[pk]] = mass
        return ReciprocityColumns(
            present=np.ones(self.size, np.bool_),
            inbound=self._aged("inbound", half_lives.communication),
            outbound=self._aged("outbound", half_lives.communication),
            gives=gives,
            gets=gets,
            ledger_entries=entries,
        )

    def _aged(self, name: str, half_life: float) -> Floats:
        return np.array(self.rows[name], np.float64) * 2.0 ** (-self._days / half_life)


def _pairs_within(row: Rows, value: np.ndarray, other_row: Rows, other: np.ndarray) -> Flags:
    """Of each pair of a row and a value, whether the others have it too."""
    _known, numbers = np.unique(np.concatenate([value, other]), return_inverse=True)
    numbers += (len(_known) + 1) * np.concatenate([row, other_row])
    return np.isin(numbers[: len(value)], numbers[len(value) :])


# The sections that Kept answers as columns, without reading touches; their readers answer the same, from all records.
KEPT_SECTIONS: dict[str, Callable[[Kept], Any]] = {
    "recency": Kept.recency,
    "breadth": Kept.breadth,
    "depth": Kept.depth,
    "reciprocity": Kept.reciprocity,
}


def partnership_ids_of_office() -> list[int]:
    """The ids of all partnerships of the tenant in scope, ascending."""
    return list(PartnershipHealth.objects.order_by("partnership_id").values_list("partnership_id", flat=True))
