"""Computing health: what is known is read by set-based SQL, the rules score it, the result is written in bulk.

The touches, which are most of what there is, are added up once and kept (``health_basis``); a night ages these sums.
"""

import hashlib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import compress
from math import isfinite
from typing import Any

import numpy as np
import orjson
from django.db import connection
from django.utils import timezone

from core.actions import action
from core.actor import Actor
from core.prepared import plan_for_any
from partnerships.actions.health_alerts import raise_alerts
from partnerships.actions.health_basis import refresh_basis
from partnerships.actions.suggestions import ask_for_reviews, suggest
from partnerships.queries.health import id_array, inputs_of
from partnerships.queries.health_alerts import CAP_CODES, active_ties
from partnerships.queries.health_basis import FEW, Kept, hold_health, partnership_ids_of_office
from partnerships.queries.health_configuration import health_config
from partnerships.queries.health_scoring import Scored, score_kept
from partnerships.registry import HealthScope
from partnerships.rules.health.columns import largest_shares
from partnerships.rules.health.inputs import same_inputs
from tenants.models import Tenant

SNAPSHOT_DAYS = 7
NOTEWORTHY_POINTS = 5.0
BATCH = 1000

STORE = """
    with weighed as (
        select * from unnest(
            %(ids)s::bigint[], %(score)s::float8[], %(confidence)s::float8[], %(band)s::text[], %(moved)s::bool[],
            %(fresh)s::bool[], %(contact)s::timestamptz[], %(ours)s::float8[], %(theirs)s::float8[], %(ties)s::int[]
        ) as w (partnership_id, score, confidence, band, moved, fresh, last_contact_at, our_share, their_share, ties)
    ),
    added as (
        insert into partnerships_healthsnapshot
            (tenant_id, partnership_id, as_of, computed_at, config_version,
             raw, score, confidence, band, dimensions, caps, inputs, inputs_hash)
        select %(tenant)s, w.partnership_id, %(as_of)s, %(now)s, %(version)s,
               s.raw, w.score, w.confidence, w.band, s.dimensions::jsonb, s.caps::jsonb, s.inputs::jsonb, s.inputs_hash
        from unnest(
            %(added)s::bigint[], %(raw)s::float8[], %(dimensions)s::text[], %(caps)s::text[], %(inputs)s::text[],
            %(hashes)s::text[]
        ) as s (partnership_id, raw, dimensions, caps, inputs, inputs_hash)
        join weighed w on w.partnership_id = s.partnership_id
        order by s.partnership_id
        returning id, partnership_id, caps
    )
    update partnerships_partnershiphealth h
    set score = w.score, confidence = w.confidence, band = w.band, computed_at = %(now)s,
        last_contact_at = w.last_contact_at, our_share = w.our_share, their_share = w.their_share,
        snapshot_id = coalesce(a.id, h.snapshot_id),
        snapshot_on = case when a.id is null then h.snapshot_on else %(as_of)s end,
        snapshot_version = case when a.id is null then h.snapshot_version else %(version)s end,
        snapshot_caps = case when a.id is null then h.snapshot_caps
            else array(select held ->> 0 from jsonb_array_elements(a.caps) as held) end,
        snapshot_ties = case when a.id is null then h.snapshot_ties else w.ties end,
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
    so a partnership whose touches have changed must be computed without it. The weekly snapshots, and suggestions with
    them, fall on different days of the week for different partnerships.
    """
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    now = timezone.now() if as_of is None else datetime.combine(as_of, time.max, zoneinfo.ZoneInfo(tenant.time_zone))
    ids = sorted(set(partnership_ids)) if partnership_ids is not None else partnership_ids_of_office()
    hold_health(tenant.pk, ids)
    planned = ageing or len(ids) <= FEW
    if planned:
        plan_for_any()
    config = health_config()  # once the rows are held: whoever held them before saw no later settings
    added = 0
    for start in range(0, len(ids), BATCH):
        scope = HealthScope(
            tenant.pk,
            tuple(ids[start : start + BATCH]),
            as_of or local_today(tenant),
            tenant.time_zone,
            config,
            planned=planned,
        )
        asked = named and partnership_ids is not None and not ageing
        run = Run(scope, now, named=asked, ageing=ageing, present=as_of is None)
        added += _compute(run, tenant.currency)
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


def _compute(run: Run, currency: str) -> int:
    scope = run.scope
    refresh_basis(scope, until=run.now, now=timezone.now(), afresh=not run.ageing)
    kept = Kept(scope)
    if not kept.size:
        return 0
    scored = score_kept(scope, kept)
    before = np.array([np.nan if score is None else score for score in kept.rows["score"]])
    first = np.isnan(before)
    fresh = kept.starts_series
    moved = first | (scored.bands != np.array(kept.rows["band"]))
    moved |= np.abs(scored.scores.score - before) >= NOTEWORTHY_POINTS
    wanted = run.named | moved | fresh | _due(run, kept)
    if run.present:
        raise_alerts(scope, scored, wanted, run.now)
    snapshots = _snapshots(run, scored, wanted)
    _store(run, scored, moved & ~first, fresh, snapshots)
    looked_at = scope.of(list(compress(kept.rows["id"], wanted))) if run.ageing else scope
    if looked_at.partnership_ids:
        suggest(looked_at, currency)
        if run.present:
            ask_for_reviews(looked_at)
    return len(snapshots["added"])


def _due(run: Run, kept: Kept) -> np.ndarray:
    return np.array([_is_due(run, *each) for each in zip(kept.rows["id"], kept.rows["snapshot_on"], strict=True)])


def _is_due(run: Run, partnership_id: int, latest: date | None) -> bool:
    """Whether a week has passed, or with ageing the partnership's day of the week has come."""
    as_of = run.scope.as_of
    if latest is None or latest <= as_of - timedelta(days=SNAPSHOT_DAYS):
        return True
    return run.ageing and latest < as_of and (as_of.toordinal() - partnership_id) % SNAPSHOT_DAYS == 0


def _snapshots(run: Run, scored: Scored, wanted: np.ndarray) -> dict[str, list[Any]]:
    """The snapshots to add, as columns: of those wanted, where the inputs are others than the latest one's."""
    rows = np.flatnonzero(wanted)
    inputs = [orjson.dumps(each, _plain) for each in scored.inputs(rows)]
    same = _repeated(run, scored.kept, rows.tolist(), inputs)
    inputs = [each for each, repeats in zip(inputs, same, strict=True) if not repeats]
    rows = rows[~np.array(same, np.bool_)]
    caps = (
        [[code, limit] for code, limit in zip(CAP_CODES, limits, strict=True) if isfinite(limit)]
        for limits in scored.scores.caps[rows].tolist()
    )
    return {
        "added": [scored.kept.rows["id"][index] for index in rows.tolist()],
        "raw": scored.scores.raw[rows].tolist(),
        "dimensions": [orjson.dumps(each).decode() for each in scored.scores.dimensions(rows)],
        "caps": [orjson.dumps(each).decode() for each in caps],
        "inputs": [each.decode() for each in inputs],
        "hashes": [hashlib.sha256(b"%d|%b" % (run.scope.config.version, each)).hexdigest() for each in inputs],
    }


def _repeated(run: Run, kept: Kept, places: Sequence[int], inputs: Sequence[bytes]) -> list[bool]:
    """Of each, whether the latest snapshot says the same already; on another day the partnership has another age."""
    alike = {}
    for index, plain in zip(places, inputs, strict=True):
        latest, version = kept.rows["snapshot_on"][index], kept.rows["snapshot_version"][index]
        if version == run.scope.config.version and max(latest, kept.rows["started_on"][index]) >= run.scope.as_of:
            alike[index] = plain
    stored = inputs_of(run.scope, [kept.rows["snapshot_id"][index] for index in alike])
    return [
        index in alike and same_inputs(stored[kept.rows["snapshot_id"][index]], orjson.loads(alike[index]))
        for index in places
    ]


def _store(run: Run, scored: Scored, moved: np.ndarray, fresh: np.ndarray, snapshots: dict[str, Any]) -> None:
    """Write the present values and the snapshots: one statement for all."""
    kept, scores, depth = scored.kept, scored.scores, scored.columns.depth
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
                "score": _array(scores.score.tolist()),
                "confidence": _array(scores.confidence.tolist()),
                "band": _array(scored.bands.tolist()),
                "moved": _array(moved.tolist()),
                "fresh": _array(fresh.tolist()),
                "contact": _array(kept.rows["last_contact_at"]),
                "ours": _array(ours),
                "theirs": _array(theirs),
                "ties": _array(active_ties(scored)),
                **snapshots,
            },
        )


def _array(values: Sequence[Any]) -> str:
    """An array of numbers, codes and times as PostgreSQL writes it; quicker than adapting each element."""
    return f"{{{orjson.dumps(values)[1:-1].decode()}}}"


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))
