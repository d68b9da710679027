"""Computing health: what is known is read by set-based SQL, the rules score it, the result is written in bulk.

The touches, which are most of what there is, are added up once and kept (``health_basis``); a night ages these sums.
"""

import hashlib
import json
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from core.actions import action
from core.actor import Actor
from partnerships.actions.health_alerts import raise_alerts
from partnerships.actions.health_basis import refresh_basis
from partnerships.actions.suggestions import ask_for_reviews, suggest
from partnerships.queries.health import id_array
from partnerships.queries.health_basis import Kept, hold_health, partnership_ids_of_office
from partnerships.queries.health_configuration import health_config
from partnerships.queries.health_scoring import Scored, score_kept, starts_series
from partnerships.registry import HealthScope
from partnerships.rules.health import HealthInput, HealthScore, score_health
from partnerships.rules.health.columns import largest_shares
from tenants.models import Tenant

SNAPSHOT_DAYS = 7
NOTEWORTHY_POINTS = 5.0
BATCH = 1000
PLAIN = {int, float, bool, str, type(None), Decimal}
DIGITS = 9  # of an input; what differs less is the same input, added up in another order

STORE = """
    with weighed as (
        select * from unnest(
            %(ids)s::bigint[], %(score)s::float8[], %(confidence)s::float8[], %(band)s::text[], %(moved)s::bool[],
            %(fresh)s::bool[], %(contact)s::timestamptz[], %(ours)s::float8[], %(theirs)s::float8[]
        ) as w (partnership_id, score, confidence, band, moved, fresh, last_contact_at, our_share, their_share)
    ),
    added as (
        insert into partnerships_healthsnapshot
            (tenant_id, partnership_id, as_of, computed_at, config_version,
             raw, score, confidence, band, dimensions, caps, inputs, inputs_hash)
        select %(tenant)s, s.partnership_id, %(as_of)s, %(now)s, %(version)s,
               s.raw, s.score, s.confidence, s.band, s.dimensions, s.caps, s.inputs, s.inputs_hash
        from json_to_recordset(%(snapshots)s::json) as s
            (partnership_id bigint, raw float8, score float8, confidence float8, band text,
             dimensions jsonb, caps jsonb, inputs jsonb, inputs_hash text)
        order by s.partnership_id
        returning id, partnership_id
    )
    update partnerships_partnershiphealth h
    set score = w.score, confidence = w.confidence, band = w.band, computed_at = %(now)s,
        last_contact_at = w.last_contact_at, our_share = w.our_share, their_share = w.their_share,
        snapshot_id = coalesce(a.id, h.snapshot_id),
        previous_score = case when w.fresh then null when w.moved then h.score else h.previous_score end,
        previous_band = case when w.fresh then '' when w.moved then h.band else h.previous_band end,
        changed_at = case when w.fresh then null when w.moved then %(now)s else h.changed_at end
    from weighed w left join added a on a.partnership_id = w.partnership_id
    where h.tenant_id = %(tenant)s and h.partnership_id = w.partnership_id
"""


def local_today(tenant: Tenant, now=None) -> date:
    """Today as the office's calendar has it."""
    return (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(tenant.time_zone)).date()


@action("partnerships.recompute_health")
def recompute_health(
    *,
    actor: Actor,
    partnership_ids: Sequence[int] | None = None,
    as_of: date | None = None,
    named: bool = True,
    ageing: bool = False,
) -> int:
    """Score partnerships (None: all), raise and end alerts, suggest stages and tiers; answers the snapshots added.

    ``as_of`` computes the score of a past day, from what is known now, and alerts nobody. Running twice is harmless:
    the present value is brought up to date, and a snapshot is added only where the inputs differ from the latest one's
    and the call names the partnership, or the band changed, or the score moved, or a week has passed, or the office's
    settings are others than the latest one's. ``named=False`` says that the ids are just some of all.

    ``ageing`` is for every night. The sums of touches are taken from the last computation and aged where that is exact,
    so a partnership whose touches have changed must be computed without it. The weekly snapshots fall on different days
    of the week for different partnerships.
    """
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    now = timezone.now() if as_of is None else datetime.combine(as_of, time.max, zoneinfo.ZoneInfo(tenant.time_zone))
    ids = sorted(set(partnership_ids)) if partnership_ids is not None else partnership_ids_of_office()
    hold_health(tenant.pk, ids)
    config = health_config()  # once the rows are held: whoever held them before saw no later settings
    added = 0
    for start in range(0, len(ids), BATCH):
        scope = HealthScope(
            tenant.pk,
            tuple(ids[start : start + BATCH]),
            as_of or local_today(tenant),
            tenant.time_zone,
            config,
        )
        asked = named and partnership_ids is not None and not ageing
        run = Run(scope, now, named=asked, ageing=ageing, present=as_of is None)
        added += _compute(run)
        suggest(scope, tenant.currency)
        if as_of is None:
            ask_for_reviews(scope)
    return added


@dataclass(frozen=True)
class Run:
    """One batch of a computation: of whom and for which day, and when. ``named``: somebody asked for these.

    ``present``: it is about today, so that there may be something to tell.
    """

    scope: HealthScope
    now: datetime
    named: bool
    ageing: bool
    present: bool


def _compute(run: Run) -> int:
    scope = run.scope
    refresh_basis(scope, until=run.now, now=timezone.now(), afresh=not run.ageing)
    kept = Kept(scope)
    if not kept.size:
        return 0
    scored = score_kept(scope, kept)
    before = np.array([np.nan if score is None else score for score in kept.rows["score"]])
    first = np.isnan(before)
    fresh = starts_series(scope, kept)
    moved = first | (scored.bands != np.array(kept.rows["band"]))
    moved |= np.abs(scored.scores.score - before) >= NOTEWORTHY_POINTS
    wanted = run.named | moved | fresh | _due(run, kept)
    if run.present:
        raise_alerts(scope, scored, wanted, run.now)
    snapshots = _snapshots(run, scored, wanted)
    _store(run, scored, moved & ~first, fresh, snapshots)
    return len(snapshots)


def _due(run: Run, kept: Kept) -> np.ndarray:
    return np.array([_is_due(run, *each) for each in zip(kept.rows["id"], kept.rows["snapshot_on"], strict=True)])


def _is_due(run: Run, partnership_id: int, latest: date | None) -> bool:
    """Whether a week has passed, or with ageing the partnership's day of the week has come."""
    as_of = run.scope.as_of
    if latest is None or latest <= as_of - timedelta(days=SNAPSHOT_DAYS):
        return True
    return run.ageing and latest < as_of and (as_of.toordinal() - partnership_id) % SNAPSHOT_DAYS == 0


def _snapshots(run: Run, scored: Scored, wanted: np.ndarray) -> list[dict[str, Any]]:
    """The snapshots to add, scored by the definition itself."""
    kept, added = scored.kept, []
    for index, pk in enumerate(kept.rows["id"]):
        if not wanted[index]:
            continue
        inputs = scored.inputs(index)
        digest = _digest(inputs, run.scope.config.version)
        if digest != kept.rows["inputs_hash"][index]:
            score = score_health(inputs, run.scope.config)
            added.append(_snapshot(pk, _plain(inputs), digest, score, str(scored.bands[index])))
    return added


def _snapshot(partnership_id: int, plain: Any, digest: str, score: HealthScore, band: str) -> dict[str, Any]:
    return {
        "partnership_id": partnership_id,
        "raw": score.raw,
        "score": score.score,
        "confidence": score.confidence,
        "band": band,
        "dimensions": {
            each.code: {
                "score": each.result.score,
                "coverage": each.result.coverage,
                "applicable": each.result.applicable,
                "weight": each.weight,
                "points": each.points,
                "lost": each.lost,
                "details": dict(each.result.details),
            }
            for each in score.dimensions
        },
        "caps": [[cap.code, cap.limit] for cap in score.caps],
        "inputs": plain,
        "inputs_hash": digest,
    }


def _store(run: Run, scored: Scored, moved: np.ndarray, fresh: np.ndarray, snapshots: Sequence[dict[str, Any]]) -> None:
    """Write the present values and the snapshots: one statement for all."""
    kept, scores, depth = scored.kept, scored.scores, scored.columns.depth
    made = {each["partnership_id"]: each for each in snapshots}
    score, confidence = scores.score.tolist(), scores.confidence.tolist()
    for index, pk in enumerate(kept.rows["id"]):
        if pk in made:  # the same number in both places, to the last digit
            score[index], confidence[index] = made[pk]["score"], made[pk]["confidence"]
    theirs, ours = largest_shares(depth) if depth else ([None] * kept.size,) * 2
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            {
                "tenant": run.scope.tenant_id,
                "as_of": run.scope.as_of,
                "now": run.now,
                "version": run.scope.config.version,
                "ids": id_array(kept.rows["id"]),
                "score": _array(score),
                "confidence": _array(confidence),
                "band": _array(scored.bands.tolist()),
                "moved": _array(moved.tolist()),
                "fresh": _array(fresh.tolist()),
                "contact": _array(at and f'"{at.isoformat()}"' for at in kept.rows["last_contact_at"]),
                "ours": _array(ours),
                "theirs": _array(theirs),
                "snapshots": json.dumps(snapshots),
            },
        )


def _array(values: Any) -> str:
    """An array as PostgreSQL writes it, of numbers, codes and quoted times; quicker than adapting each element."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _digest(inputs: HealthInput, version: int) -> str:
    parts = [str(version)]
    _spell(inputs, parts)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _spell(value: Any, parts: list[str]) -> None:
    """Every value within, in a fixed order; floats without the digits that the order of addition decides."""
    kind = type(value)
    if kind is float:
        parts.append(f"{value:.{DIGITS}g}")
    elif kind in PLAIN:
        parts.append(str(value))
    else:
        parts.append(kind.__name__)
        for each in value if kind is tuple else vars(value).values():
            _spell(each, parts)
        parts.append(".")


def _plain(value: Any) -> Any:
    """The inputs as JSON has them."""
    kind = type(value)
    if kind is Decimal:
        return str(value)
    if kind in PLAIN:
        return value
    if kind is tuple:
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in vars(value).items()}
