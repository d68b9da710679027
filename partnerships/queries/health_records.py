"""The single records behind one partner's health, for who wants to look into a score or play with it.

The score of many comes from set-based sums (``queries.health``); of these records the definitions in ``rules.health``
make the same sums, and a property test holds the two together.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Contact
from partnerships.models import Evaluation, LedgerEntry, Partnership
from partnerships.queries.governance import RATING_SCALES
from partnerships.queries.health import SCORED, TOUCHES, health_rows
from partnerships.queries.value_signals import RATER_WEIGHTS
from partnerships.registry import HealthScope, signals
from partnerships.rules.health import ENGAGEMENT_SIZES, EngagementRecord, HealthConfig, RatingRecord, TouchRecord
from partnerships.rules.health.whatif import HealthRecords
from tenants.models import Tenant

OWN_SECTIONS = ("recency", "breadth", "depth", "reciprocity", "satisfaction")

# One row per touch with the people on both sides.
TOUCHED = f"""
    with touch as ({TOUCHES})
    select t.id, t.age, t.weight, t.direction,
           array(select p.contact_id from partnerships_participant p
                 where p.tenant_id = %(tenant)s and p.interaction_id = t.id and p.contact_id is not null
                   and {SCORED.format(participant="p")} order by p.contact_id),
           array(select p.member_id from partnerships_participant p
                 where p.tenant_id = %(tenant)s and p.interaction_id = t.id and p.member_id is not null
                 order by p.member_id)
    from touch t order by t.age, t.id
"""

ENGAGED = """
    select p.id, p.channel, p.size, greatest(0, %(as_of)s::date - coalesce(p.ended_on, %(as_of)s::date))
    from partnerships_partnership ps
    join partnerships_projectparticipant pp
      on pp.tenant_id = %(tenant)s and pp.organization_id = ps.organization_id
    join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
    where ps.tenant_id = %(tenant)s and ps.id = any(%(ids)s::bigint[])
      and p.started_on <= %(as_of)s::date and p.status <> 'planned'
      and (p.ended_on is not null or p.status = 'active')
    order by p.id
"""


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """The records of one partner on a day, and the ids behind them in the same order.

    ``people``: names of those of their side who count or decide, by the key that the records use for them.
    """

    records: HealthRecords
    interactions: tuple[int, ...]
    projects: tuple[int, ...]
    people: dict[str, str]


def scope_of(partnership: Partnership, as_of: date, config: HealthConfig, time_zone: str = "") -> HealthScope:
    """What is asked about one partner, on the office's calendar; one statement asks for its zone where it is not given.

    The zone of the reader would not do: a day of health is the office's.
    """
    zone = time_zone or Tenant.objects.values_list("time_zone", flat=True).get(pk=partnership.tenant_id)
    return HealthScope(partnership.tenant_id, (partnership.pk,), as_of, zone, config)


def read_touches(scope: HealthScope) -> tuple[tuple[int, ...], tuple[TouchRecord, ...]]:
    """The touches of the one partner in scope, latest first, with the ids of their interactions."""
    rows = health_rows(TOUCHED, scope)
    touches = tuple(
        TouchRecord(age, weight, direction == "I", tuple(map(str, contacts)), tuple(map(str, members)))
        for _pk, age, weight, direction, contacts, members in rows
    )
    return tuple(row[0] for row in rows), touches


def read_engagements(scope: HealthScope) -> tuple[tuple[int, ...], tuple[EngagementRecord, ...]]:
    """The projects that count for the one partner in scope, with their ids."""
    rows = health_rows(ENGAGED, scope)
    engagements = tuple(EngagementRecord(channel, ENGAGEMENT_SIZES[size], ended) for _pk, channel, size, ended in rows)
    return tuple(row[0] for row in rows), engagements


def decides_at(organization_id: int, as_of: date) -> Q:
    """Contacts with a present position there that decides."""
    present = Q(ended_on=None) | Q(ended_on__gt=as_of)
    rows = Affiliation.objects.filter(
        present, contact=OuterRef("pk"), organization_id=organization_id, is_decision_maker=True
    )
    return Exists(rows)


@visible("partnerships.view_partnerships")
def known_records(
    actor: Actor, partnership: Partnership, *, as_of: date, config: HealthConfig, time_zone: str = ""
) -> KnownRecords:
    """All records that make one partner's score on a day, from what is known now; the actor's sight narrows nothing.

    Five statements, and those of the signals that apps above registered. Whoever shows a single record of these must
    ask what the reader may see of it.
    """
    scope = scope_of(partnership, as_of, config, time_zone)
    interactions, touches = read_touches(scope)
    projects, engagements = read_engagements(scope)
    named = {int(person) for touch in touches for person in touch.external}
    decides = decides_at(partnership.organization_id, as_of)
    people = Contact.objects.filter(Q(pk__in=named) | decides, objects_to_scoring=False).annotate(decides=decides)
    rows = list(people.order_by("name", "pk").values_list("pk", "name", "decides"))
    ledger = LedgerEntry.objects.filter(partnership=partnership, occurred_on__lte=as_of).order_by("pk")
    entries = [(side, (as_of - day).days) for side, day in ledger.values_list("direction", "occurred_on")]
    readers = signals()
    others = {code: reader(scope).get(partnership.pk) for code, reader in readers.items() if code not in OWN_SECTIONS}
    records = HealthRecords(
        stage=partnership.stage_declared,
        account_age_days=max(0, (as_of - partnership.started_on).days),
        touches=touches,
        decision_makers=frozenset(str(pk) for pk, _name, makes in rows if makes),
        engagements=engagements,
        gives=tuple(age for side, age in entries if side == "give"),
        gets=tuple(age for side, age in entries if side == "get"),
        ratings=tuple(_rating(row, as_of) for row in read_ratings(partnership, as_of)),
        others={code: section for code, section in others.items() if section is not None},
        unmeasured=frozenset(OWN_SECTIONS) - readers.keys(),
    )
    return KnownRecords(records, interactions, projects, {str(pk): name for pk, name, _makes in rows})


def read_ratings(partnership: Partnership, as_of: date) -> list[Evaluation]:
    """The ratings that count: by the partner and by our investigators."""
    rows = Evaluation.objects.filter(partnership=partnership, rated_on__lte=as_of, rater_side__in=RATER_WEIGHTS)
    return list(rows.order_by("-rated_on", "-pk"))


def _rating(row: Evaluation, as_of: date) -> RatingRecord:
    return rating_record(row.rater_side, row.scale, row.score, (as_of - row.rated_on).days)


def rating_record(side: str, scale: str, score: int, age_days: int) -> RatingRecord:
    lowest, highest = RATING_SCALES[scale]
    return RatingRecord((score - lowest) / (highest - lowest), RATER_WEIGHTS[side], age_days)
