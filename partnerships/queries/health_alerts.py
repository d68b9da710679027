"""What the rules of alerts ask, for many partnerships at once, and the alerts on record; reading alerts.

Most of it the computation has at hand. One statement brings the rest of this floor, one more what agreements say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np
from django.db.models import (
    BigIntegerField,
    Case,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from partnerships.choices import AlertStanding, PartnershipStatus
from partnerships.models import HealthAlert
from partnerships.queries.governance import RATING_SCALES
from partnerships.queries.health import SCORED, health_rows, id_array
from partnerships.queries.health_basis import DAY_END, KINDS, ONE_BY_ONE, REAL, WINDOW_START
from partnerships.queries.health_scoring import Scored
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.value_signals import RATER_WEIGHTS
from partnerships.registry import Commitments, HealthScope, commitments
from partnerships.rules.health.alerts import (
    CHAMPION_DAYS,
    DECLINING_RUNS,
    DROP_DAYS,
    GAP_DAYS,
    RATING_DAYS,
    SNOOZE_DAYS,
    AlertFacts,
    Champion,
    declining_runs,
    unmoved,
)
from partnerships.rules.health.arithmetic import effective_categories, tie_strength
from partnerships.rules.health.score import HEALTHY
from partnerships.rules.touches import REAL_TOUCH_WEIGHT

CAP_CODES = ("K1", "K2", "K3", "K4", "K5")
# The rules that ask for the past scores or the touches themselves.
DEEP = frozenset({"A2", "A3", "A5", "A7", "A12"})

KEPT_SINCE = "exp(-(%(as_of)s::date - b.as_of) * ln(2::float8) / %(ties_half_life)s::float8)"
LATELY = "(%(as_of)s::date - 2 * %(champion_days)s::int + 1)::timestamp at time zone %(time_zone)s"
SINCE_CHAMPION = "exp(%(champion_days)s::int * ln(2::float8) / %(ties_half_life)s::float8)"

# Of each partnership: whom its alerts go to, the alerts on record, its ratings; and where it is looked at closely the
# scores of its series, where it is silent the days of real contact, and the strongest tie of some time ago with what
# became of it: what is kept of that tie today, without the contact since, aged back to then.
FACTS = f"""
    with contact_day as (
        select i.partnership_id, array_agg(distinct day.day order by day.day) as days
        from partnerships_interaction i {KINDS}
        cross join lateral (select (i.occurred_at at time zone %(time_zone)s)::date as day) as day
        where i.tenant_id = %(tenant)s and w.weight > 0 and {REAL} and i.partnership_id = any(%(silent)s::bigint[])
          and i.occurred_at >= {WINDOW_START} and i.occurred_at < {DAY_END}
        group by i.partnership_id
    ),
    lately as (
        select i.partnership_id, p.contact_id,
               sum(w.weight * exp(-i.age * ln(2::float8) / %(ties_half_life)s::float8))
                   filter (where i.age < %(champion_days)s::int) as mass,
               coalesce(sum(w.weight) filter (where i.age < %(champion_days)s::int), 0) as since,
               coalesce(sum(w.weight) filter (where i.age >= %(champion_days)s::int), 0) as before
        from (
            select id, partnership_id, kind,
                   %(as_of)s::date - (occurred_at at time zone %(time_zone)s)::date as age
            from partnerships_interaction
            where tenant_id = %(tenant)s and partnership_id = any(%(closely)s::bigint[])
              and occurred_at >= {LATELY}
              and occurred_at < {DAY_END}
        ) as i {KINDS}
        cross join lateral (
            select p.contact_id from partnerships_participant p
            where p.tenant_id = %(tenant)s and p.interaction_id = i.id and p.contact_id is not null {ONE_BY_ONE}
        ) as p
        where w.weight > 0 and {SCORED.format(participant="p")}
        group by i.partnership_id, p.contact_id
    ),
    champion as (
        select distinct on (b.partnership_id) b.partnership_id, kept.contact_id, past.mass,
               coalesce(lately.before, 0) as before, coalesce(lately.since, 0) as since
        from partnerships_healthbasis b
        cross join lateral unnest(b.contacts, b.contact_masses) as kept (contact_id, mass)
        left join lately on lately.partnership_id = b.partnership_id and lately.contact_id = kept.contact_id
        cross join lateral (
            select greatest(0, kept.mass * {KEPT_SINCE} - coalesce(lately.mass, 0)) * {SINCE_CHAMPION} as mass
        ) as past
        where b.tenant_id = %(tenant)s and b.partnership_id = any(%(closely)s::bigint[])
        order by b.partnership_id, round(past.mass::numeric, 9) desc, kept.contact_id  -- of equals always the same
    ),
    series as (
        select s.partnership_id, array_agg(s.as_of order by s.as_of, s.id) as days,
               array_agg(s.score order by s.as_of, s.id) as scores
        from partnerships_healthsnapshot s
        where s.tenant_id = %(tenant)s and s.partnership_id = any(%(closely)s::bigint[])
          and s.config_version = %(version)s and s.band <> 'insufficient'
          and s.as_of between %(since)s::date and %(as_of)s::date
        group by s.partnership_id
    ),
    deputy as (
        select distinct on (t.partnership_id) t.partnership_id, m.user_id
        from partnerships_teammember t
        join tenants_membership m on m.tenant_id = %(tenant)s and m.user_id = t.member_id and m.ended_at is null
        where t.tenant_id = %(tenant)s and t.partnership_id = any(%(ids)s::bigint[]) and t.role = 'deputy'
          and t.started_on <= %(as_of)s::date and (t.ended_on is null or t.ended_on > %(as_of)s::date)
        order by t.partnership_id, t.started_on, t.id
    ),
    record as (
        select a.partnership_id, json_agg(json_build_object(
                   'id', a.id, 'rule', a.rule, 'numbers', a.numbers, 'is_open', a.ended_at is null,
                   'quiet_until', a.quiet_until, 'routed_to', a.routed_to_id, 'told_at', a.told_at
               ) order by a.id) as alerts,
               max(a.created_at) filter (where a.rule = 'A11') as last_rated
        from partnerships_healthalert a
        where a.tenant_id = %(tenant)s and a.partnership_id = any(%(ids)s::bigint[])
          and (a.ended_at is null or a.quiet_until > %(as_of)s::date
               or a.created_at > %(now)s::timestamptz - %(remembered)s::int * interval '1 day')
        group by a.partnership_id
    ),
    rating as (
        select e.partnership_id, (array_agg(r.share order by e.rated_on desc, e.id desc))[1] as latest,
               min(r.share) filter (where e.updated_at > coalesce(record.last_rated, '-infinity')) as lowest
        from partnerships_evaluation e
        join unnest(%(scales)s::text[], %(lowest)s::float8[], %(highest)s::float8[]) as s (code, lowest, highest)
          on s.code = e.scale
        cross join lateral (select (e.score - s.lowest) / (s.highest - s.lowest) as share) as r
        left join record on record.partnership_id = e.partnership_id
        where e.tenant_id = %(tenant)s and e.partnership_id = any(%(ids)s::bigint[])
          and e.rater_side = any(%(raters)s::text[])
          and e.rated_on > %(as_of)s::date - %(rating_days)s::int and e.rated_on <= %(as_of)s::date
        group by e.partnership_id
    )
    select ps.id, ps.status, coalesce(owner.user_id, deputy.user_id), record.alerts, rating.latest, rating.lowest,
           series.days, series.scores, contact_day.days,
           champion.contact_id, champion.mass, champion.before, champion.since,
           champion.contact_id is not null and (
               exists (
                   select from organizations_contact c where c.tenant_id = %(tenant)s
                     and c.id = champion.contact_id and c.left_on <= %(as_of)s::date
               )
               or exists (
                   select from organizations_affiliation a where a.tenant_id = %(tenant)s
                     and a.contact_id = champion.contact_id and a.organization_id = ps.organization_id
                   having max(coalesce(a.ended_on, 'infinity'::date)) <= %(as_of)s::date
               )
           )
    from partnerships_partnership ps
    left join tenants_membership owner
      on owner.tenant_id = %(tenant)s and owner.user_id = ps.owner_id and owner.ended_at is null
    left join deputy on owner.user_id is null and deputy.partnership_id = ps.id
    left join record on record.partnership_id = ps.id
    left join rating on rating.partnership_id = ps.id
    left join series on series.partnership_id = ps.id
    left join contact_day on contact_day.partnership_id = ps.id
    left join champion on champion.partnership_id = ps.id
    where ps.tenant_id = %(tenant)s and ps.id = any(%(ids)s::bigint[])
      and (ps.id = any(%(asked)s::bigint[]) or record.alerts is not null or rating.lowest is not null)
    order by ps.id
"""


@dataclass(frozen=True)
class Watched:
    """One partnership in one run: what the rules ask, whom an alert goes to, and the alerts on record.

    ``facts`` is None where nothing is watched, since the partnership is not active. ``closely`` off: the rules DEEP
    were not looked at. Alerts on record are those open, quiet, or raised within the last 90 days.
    """

    partnership_id: int
    facts: AlertFacts | None
    routed_to: int | None
    alerts: Sequence[Mapping[str, Any]]
    closely: bool


def watch(scope: HealthScope, scored: Scored, closely: np.ndarray, now: datetime) -> Iterator[Watched]:
    """What a run knows of the partnerships that it has scored; two statements. Call before the scores are stored.

    ``closely`` says of each whether its past and its touches are read too. Those of which there can be nothing to tell,
    and nothing told is on record, are left out.
    """
    kept = scored.kept
    looked_at = np.flatnonzero(closely).tolist()
    silent = [i for i in looked_at if (_since(scope.as_of, kept.rows["last_real_on"][i]) or 0) > GAP_DAYS]
    promised = commitments(scope)
    capped = np.isfinite(scored.scores.caps)
    active = active_ties(scored)
    moved = np.flatnonzero(closely | ~_unmoved(scored, capped, active)).tolist()
    asked = promised.keys() | {kept.rows["id"][i] for i in moved}
    for pk, status, routed_to, alerts, latest, lowest, *deep in _facts(
        scope.of(kept.rows["id"]), asked, *([kept.rows["id"][i] for i in each] for each in (looked_at, silent)), now
    ):
        index, facts = kept.place[pk], None
        if status == PartnershipStatus.ACTIVE:
            score = float(scored.scores.score[index])
            caps = frozenset(code for code, held in zip(CAP_CODES, capped[index], strict=True) if held)
            facts = AlertFacts(
                band=str(scored.bands[index]),
                score=score,
                confidence=float(scored.scores.confidence[index]),
                caps=caps,
                active_external=active[index],
                rating=lowest,
                latest_rating=latest,
                **_before(scored, index, fresh=bool(kept.starts_series[index])),
                **_promises(promised.get(pk)),
                **(_deep(scope, scored, index, deep) if closely[index] else {}),
            )
        yield Watched(pk, facts, routed_to, alerts or (), bool(closely[index]))


def _facts(
    scope: HealthScope, asked: Iterable[int], closely: Sequence[int], silent: Sequence[int], now: datetime
) -> list[tuple]:
    """A row for each of those asked for, and for others of whom something is on record.

    ``silent``: of those looked at closely, whose days of contact say something (``rules.health.alerts``, A7).
    """
    weeks = scope.config.trend.snapshots + DECLINING_RUNS
    return health_rows(
        FACTS,
        scope,
        asked=id_array(asked),
        closely=id_array(closely),
        silent=id_array(silent),
        now=now,
        real_weight=REAL_TOUCH_WEIGHT,
        ties_half_life=scope.config.half_lives.ties,
        champion_days=CHAMPION_DAYS,
        version=scope.config.version,
        since=scope.as_of - timedelta(days=max(7 * weeks, DROP_DAYS)),
        remembered=max(RATING_DAYS, SNOOZE_DAYS),
        rating_days=RATING_DAYS,
        raters=list(RATER_WEIGHTS),
        scales=list(RATING_SCALES),
        lowest=[lowest for lowest, _highest in RATING_SCALES.values()],
        highest=[highest for _lowest, highest in RATING_SCALES.values()],
    )


def active_ties(scored: Scored) -> list[int | None]:
    """How many ties on their side are active; None where nothing is measured of people."""
    ties = scored.scores.details["depth"].get("active_external")
    if ties is None:
        return [None] * scored.kept.size
    return [None if isnan(number) else int(number) for number in ties.tolist()]


def _unmoved(scored: Scored, capped: np.ndarray, active: Sequence[int | None]) -> np.ndarray:
    rows = scored.kept.rows
    return unmoved(
        scored.bands,
        scored.scores.confidence,
        capped.sum(1),
        np.array(active, np.float64),
        np.array(rows["band"]),
        np.array(rows["confidence"], np.float64),
        np.array(rows["snapshot_ties"], np.float64),
    )


def _before(scored: Scored, index: int, *, fresh: bool) -> dict[str, Any]:
    """What stood before this run under the same settings: the present values, and the caps and ties last stored."""
    rows = scored.kept.rows
    if fresh:
        return {}
    return {
        "previous_band": rows["band"][index],
        "previous_confidence": rows["confidence"][index],
        "previous_caps": frozenset(rows["snapshot_caps"][index]),
        "previous_active_external": rows["snapshot_ties"][index],
    }


def _promises(found: Commitments | None) -> dict[str, Any]:
    return {} if found is None else {"agreement": found.agreement, "overdue_days": found.overdue_days}


def _deep(scope: HealthScope, scored: Scored, index: int, found: Sequence[Any]) -> dict[str, Any]:
    days, scores, contact_days, contact, mass, before, since, has_left = found
    today, config = scope.as_of.toordinal(), scope.config
    score = float(scored.scores.score[index])
    series = list(zip((day.toordinal() for day in days or ()), scores or (), strict=True))
    facts: dict[str, Any] = {
        "score_before": _score_before(series, today - DROP_DAYS),
        "declining_runs": declining_runs([*series, (today, score)], today, config.trend),
        "gaps": tuple((later - day).days for day, later in pairwise(contact_days or ())),
        "days_silent": _since(scope.as_of, scored.kept.rows["last_real_on"][index]),
    }
    if mass is not None and tie_strength(mass) >= config.tie_threshold:
        facts["champion"] = Champion(before, since, has_left, contact)
    breadth = scored.columns.breadth
    if breadth is not None and scored.bands[index] == HEALTHY:
        masses = breadth.mass[slice(*np.searchsorted(breadth.row, [index, index + 1]))]
        facts["channels"] = effective_categories(masses.tolist())
        facts["channel_target"] = config.targets_for(scored.kept.rows["stage"][index]).channels
    return facts


def _score_before(series: Sequence[tuple[int, float]], day: int) -> float | None:
    """The latest score up to the day, or else the first after it."""
    earlier = [score for on, score in series if on <= day]
    return earlier[-1] if earlier else series[0][1] if series else None


def _since(today: date, day: date | None) -> int | None:
    return None if day is None else (today - day).days


# Reading alerts


@visible("partnerships.view_health_alerts")
def visible_alerts(actor: Actor) -> QuerySet[HealthAlert]:
    """Alerts about partners that the actor may see: open ones first, then those put off, then those ended.

    ``standing`` is one of AlertStanding. ``champion_name``: whom an alert about a lost champion is about, None for
    all others and for who may not see ties.
    """
    name: Any = Value(None, TextField())
    if actor.may("partnerships.view_ties"):
        contact = Cast(KeyTextTransform("contact", "numbers"), BigIntegerField())
        name = Subquery(Contact.objects.filter(pk=OuterRef("champion_id")).values("name")[:1])
    else:
        contact = Value(None, BigIntegerField())
    today = timezone.localdate()
    standing = Case(
        When(ended_at__isnull=False, then=Value(AlertStanding.ENDED)),
        When(put_off(today), then=Value(AlertStanding.PUT_OFF)),
        default=Value(AlertStanding.OPEN),
    )
    return (
        HealthAlert.objects.filter(partnership__in=visible_partnerships(actor).order_by().values("pk"))
        .select_related(
            "partnership__organization", "partnership__owner", "partnership__health", "routed_to", "ended_by"
        )
        .annotate(standing=standing, champion_id=contact)
        .annotate(champion_name=name)
        .order_by("standing", "-raised_on", "-pk")
    )


def put_off(today: date) -> Q:
    """Alerts that are open and do not want to be seen before a later day."""
    return Q(ended_at=None, quiet_until__gt=today)


@visible("partnerships.view_health_alerts")
def open_alerts(actor: Actor, *, today: date) -> QuerySet[HealthAlert]:
    """Alerts that wait for somebody: neither ended nor put off beyond today, the oldest first."""
    return visible_alerts(actor).filter(ended_at=None).exclude(put_off(today)).order_by("raised_on", "pk")


def lock_alert(pk: int) -> HealthAlert:
    """The row, locked and read anew; call inside an action."""
    return HealthAlert.objects.select_for_update(of=("self",)).get(pk=pk)
