"""Two sections of the health formula from what both sides recorded: reciprocity and satisfaction.

The statements match the definitions in ``rules.health.records``; a property test holds them to it.
"""

from collections.abc import Mapping

from partnerships.choices import RaterSide
from partnerships.queries.governance import RATING_SCALES
from partnerships.queries.health import ENTERED, TOUCHES, asked_for, health_rows
from partnerships.registry import HealthScope
from partnerships.rules.health import ReciprocityInput, SatisfactionInput
from partnerships.rules.health.config import RATING_ROLE_WEIGHTS

# Whose ratings count, and how much; our own office and third parties are shown and do not count.
RATER_WEIGHTS = {
    RaterSide.PARTNER.value: RATING_ROLE_WEIGHTS["partner"],
    RaterSide.INVESTIGATOR.value: RATING_ROLE_WEIGHTS["internal"],
}

UNRATED = SatisfactionInput(0.0, 0.0)

INITIATIVE = f"""
    with touch as ({TOUCHES})
    select partnership_id, direction = 'I',
           sum(weight * exp(-age * ln(2::float8) / %(half_life)s::float8))
    from touch where age <= %(window)s group by partnership_id, direction = 'I'
"""

LEDGER = f"""
    select l.partnership_id, l.direction = 'get', count(*),
           sum(exp(-(%(as_of)s::date - l.occurred_on) * ln(2::float8) / %(half_life)s::float8))
    from partnerships_ledgerentry l
    where l.tenant_id = %(tenant)s
      and (%(ids)s::bigint[] is null or l.partnership_id = any(%(ids)s::bigint[]))
      and l.occurred_on between %(as_of)s::date - %(window)s::int and %(as_of)s::date
      and {ENTERED.format(alias="l")}
    group by l.partnership_id, l.direction = 'get'
"""

RATINGS = f"""
    select e.partnership_id, sum(r.weight * d.decay),
           sum(r.weight * d.decay * (e.score - s.lowest) / (s.highest - s.lowest))
    from partnerships_evaluation e
    join unnest(%(raters)s::text[], %(rater_weights)s::float8[]) as r (side, weight) on r.side = e.rater_side
    join unnest(%(scales)s::text[], %(lowest)s::float8[], %(highest)s::float8[]) as s (code, lowest, highest)
      on s.code = e.scale
    cross join lateral (
        select exp(greatest(-700, -(%(as_of)s::date - e.rated_on) * ln(2::float8) / %(half_life)s::float8)) as decay
    ) d
    where e.tenant_id = %(tenant)s and e.rated_on <= %(as_of)s::date
      and (%(ids)s::bigint[] is null or e.partnership_id = any(%(ids)s::bigint[]))
      and {ENTERED.format(alias="e")}
    group by e.partnership_id
"""


def read_reciprocity(scope: HealthScope) -> Mapping[int, ReciprocityInput]:
    """The reciprocity section: who starts contact, and who gives, each decayed and within the window."""
    half_lives = scope.config.half_lives
    started = {
        (partnership, inbound): mass
        for partnership, inbound, mass in health_rows(INITIATIVE, scope, half_life=half_lives.communication)
    }
    entries = {
        (partnership, gets): (number, mass)
        for partnership, gets, number, mass in health_rows(LEDGER, scope, half_life=half_lives.ledger)
    }
    nothing = (0, 0.0)
    return {
        partnership: ReciprocityInput(
            inbound=started.get((partnership, True), 0.0),
            outbound=started.get((partnership, False), 0.0),
            gives=entries.get((partnership, False), nothing)[1],
            gets=entries.get((partnership, True), nothing)[1],
            ledger_entries=sum(entries.get((partnership, side), nothing)[0] for side in (True, False)),
        )
        for partnership in asked_for(scope)
    }


def read_satisfaction(scope: HealthScope) -> Mapping[int, SatisfactionInput]:
    """The satisfaction section: ratings by the partner and by our investigators."""
    found = {
        partnership: SatisfactionInput(weight, total)
        for partnership, weight, total in health_rows(
            RATINGS,
            scope,
            half_life=scope.config.half_lives.ratings,
            raters=list(RATER_WEIGHTS),
            rater_weights=list(RATER_WEIGHTS.values()),
            scales=list(RATING_SCALES),
            lowest=[low for low, _high in RATING_SCALES.values()],
            highest=[high for _low, high in RATING_SCALES.values()],
        )
    }
    return {partnership: found.get(partnership, UNRATED) for partnership in asked_for(scope)}
