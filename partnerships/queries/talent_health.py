"""The talent section of the health formula, and the records behind it.

The statement matches the definition in ``rules.health.records``; a property test holds it to it. A placement counts
from its start as what its program's kind is, at full weight while it lasts and decaying from its last day; the
students of one capstone position are one team.
"""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from core.actor import Actor
from partnerships.choices_talent import TalentEventKind
from partnerships.models import Partnership
from partnerships.queries.health import ENTERED, health_rows
from partnerships.queries.health_evidence import decayed
from partnerships.queries.health_records import scope_of
from partnerships.queries.placements import visible_placements
from partnerships.queries.talent import visible_talent_events
from partnerships.registry import EvidenceRow, HealthScope
from partnerships.rules.health import TALENT_WEIGHTS, HealthConfig, TalentInput
from partnerships.rules.health.arithmetic import decay
from partnerships.rules.talent import BEGUN, COUNTED_ONCE, COUNTS_AS

# One row per event or placement that has begun: partner, what it is, its weight, its age in days.
MOVED = f"""
    select e.partnership_id, 'event' as source, e.id, e.kind,
           w.weight * case when w.once then 1 else e.people end as weight, %(as_of)s::date - e.occurred_on as age
    from partnerships_talentevent e
    join unnest(%(events)s::text[], %(event_weights)s::float8[], %(once)s::bool[]) as w (kind, weight, once)
      on w.kind = e.kind
    where e.tenant_id = %(tenant)s and e.occurred_on <= %(as_of)s::date
      and (%(ids)s::bigint[] is null or e.partnership_id = any(%(ids)s::bigint[]))
      and {ENTERED.format(alias="e")}
    union all
    select p.partnership_id, 'placement', p.id, w.counts_as, w.weight,
           greatest(0, %(as_of)s::date - coalesce(p.ended_on, p.ends_on))
    from partnerships_placement p
    join partnerships_talentprogram t on t.tenant_id = %(tenant)s and t.id = p.program_id
    join unnest(%(programs)s::text[], %(counts_as)s::text[], %(program_weights)s::float8[], %(teams)s::bool[])
      as w (kind, counts_as, weight, is_team) on w.kind = t.kind
    where p.tenant_id = %(tenant)s and p.starts_on <= %(as_of)s::date and p.status = any(%(begun)s::text[])
      and (%(ids)s::bigint[] is null or p.partnership_id = any(%(ids)s::bigint[]))
      and {ENTERED.format(alias="p")}
      and not (w.is_team and p.position_id is not null and exists (
          select from partnerships_placement m
          where m.tenant_id = %(tenant)s and m.position_id = p.position_id and m.id < p.id
            and m.starts_on <= %(as_of)s::date and m.status = any(%(begun)s::text[])
            and {ENTERED.format(alias="m")}
      ))
"""

TALENT = f"""
    with moved as ({MOVED})
    select ps.id, coalesce(sum(m.weight * exp(greatest(-700, -m.age * ln(2::float8) / %(half_life)s::float8))), 0),
           count(m.id) > 0
    from partnerships_partnership ps left join moved m on m.partnership_id = ps.id
    where ps.tenant_id = %(tenant)s and ps.talent_expected
      and (%(ids)s::bigint[] is null or ps.id = any(%(ids)s::bigint[]))
    group by ps.id
"""

ONE_BY_ONE = f"""
    with moved as ({MOVED}) select source, id, kind, weight, age from moved order by age, source, id
"""


def _parameters() -> dict[str, object]:
    return {
        "events": list(TALENT_WEIGHTS),
        "event_weights": list(TALENT_WEIGHTS.values()),
        "once": [kind in COUNTED_ONCE for kind in TALENT_WEIGHTS],
        "programs": list(COUNTS_AS),
        "counts_as": list(COUNTS_AS.values()),
        "program_weights": [TALENT_WEIGHTS[kind] for kind in COUNTS_AS.values()],
        "teams": [kind in COUNTED_ONCE for kind in COUNTS_AS.values()],
        "begun": sorted(BEGUN),
    }


def read_talent(scope: HealthScope) -> Mapping[int, TalentInput]:
    """The talent section of every partnership in which people are expected to move; one statement."""
    rows = health_rows(TALENT, scope, half_life=scope.config.half_lives.talent, **_parameters())
    return {partnership: TalentInput(mass, has_events, False) for partnership, mass, has_events in rows}


def talent_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each event and placement with what is left of its weight; their sum for who may not see them."""
    rows = health_rows(ONE_BY_ONE, scope_of(partnership, as_of, config), **_parameters())
    half_life = config.half_lives.talent
    if not (actor.may("partnerships.view_placements") and actor.may("partnerships.view_talent_events")):
        together = sum(weight * decay(age, half_life) for _source, _pk, _kind, weight, age in rows)
        return [EvidenceRow(_("People who moved, together"), together)] if rows else []
    events = visible_talent_events(actor).in_bulk([pk for source, pk, *_rest in rows if source == "event"])
    placed = [pk for source, pk, *_rest in rows if source == "placement"]
    placements = visible_placements(actor).prefetch_related(None).in_bulk(placed)
    found = []
    for source, pk, kind, weight, age in rows:
        label = TalentEventKind(kind).label
        if source == "event":
            row, when, words = events[pk], events[pk].occurred_on, str(events[pk].title or label)
            if row.people > 1:
                words = _("%(what)s, %(people)d people") % {"what": words, "people": row.people}
        else:
            row, when = placements[pk], placements[pk].starts_on
            words = _("%(program)s, from %(day)s") % {"program": row.program.name, "day": when.isoformat()}
        note = decayed(weight, age, half_life)
        found.append(EvidenceRow(words, weight * decay(age, half_life), row.get_absolute_url(), when, note, str(label)))
    return found
