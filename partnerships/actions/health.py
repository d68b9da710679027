"""Computing health: SQL aggregates, the rules score, the result is written in bulk."""

import hashlib
import json
import zoneinfo
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from core.actions import action
from core.actor import Actor
from partnerships.models import HealthSnapshot, Partnership, PartnershipHealth
from partnerships.queries.health import last_contacts, read_health_inputs, weekly_scores
from partnerships.queries.pipeline import read_stage_facts
from partnerships.registry import HealthScope
from partnerships.rules.health import DEFAULT_CONFIG, HealthInput, HealthScore, next_band, score_health
from partnerships.rules.pipeline import suggest_stage
from tenants.models import Tenant

SNAPSHOT_DAYS = 7
NOTEWORTHY_POINTS = 5.0
BATCH = 1000


def local_today(tenant: Tenant, now=None) -> date:
    """Today as the office's calendar has it."""
    return (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(tenant.time_zone)).date()


@action("partnerships.recompute_health")
def recompute_health(*, actor: Actor, partnership_ids: list[int] | None = None, as_of: date | None = None) -> int:
    """Score partnerships (None: all) and suggest their stages; answers how many snapshots were added.

    ``as_of`` computes the score of a past day, from what is known now. Running twice is harmless: the present value
    is brought up to date, and a snapshot is added only where the inputs differ from the latest one's and the call
    names the partnership, or the band changed, or a week has passed.
    """
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    ids = None if partnership_ids is None else tuple(sorted(set(partnership_ids)))
    scope = HealthScope(tenant.pk, ids, as_of or local_today(tenant), tenant.time_zone, DEFAULT_CONFIG)
    rows = (
        PartnershipHealth.objects.select_for_update(of=("self",)).select_related("snapshot").order_by("partnership_id")
    )
    current = {row.partnership_id: row for row in (rows if ids is None else rows.filter(partnership_id__in=ids))}
    inputs = read_health_inputs(scope)
    now = timezone.now() if as_of is None else datetime.combine(as_of, time.max, zoneinfo.ZoneInfo(tenant.time_zone))
    contacts, week_ago = last_contacts(scope, now), weekly_scores(scope)
    added, changed = [], []
    for partnership_id, row in current.items():
        if partnership_id not in inputs:
            continue
        score = score_health(inputs[partnership_id], scope.config)
        added += _weigh(row, inputs[partnership_id], score, scope, now, named=ids is not None, week_ago=week_ago)
        row.last_contact_at = contacts.get(partnership_id)
        row.computed_at = now
        changed.append(row)
    HealthSnapshot.objects.bulk_create(added, batch_size=BATCH)
    fields = [
        field.attname
        for field in PartnershipHealth._meta.concrete_fields
        if field.name not in ("id", "tenant", "partnership")
    ]
    PartnershipHealth.objects.bulk_update(changed, fields, batch_size=BATCH)
    _suggest_stages(scope, tenant.currency)
    return len(added)


def _weigh(
    row: PartnershipHealth,
    inputs: HealthInput,
    score: HealthScore,
    scope: HealthScope,
    now: datetime,
    *,
    named: bool,
    week_ago: dict[int, float],
) -> list[HealthSnapshot]:
    """Bring the present value up to date; the snapshot to add, if any."""
    latest = row.snapshot
    band = next_band(
        row.band if latest else None,
        week_ago.get(row.partnership_id),
        score.score,
        score.confidence,
        scope.config.bands,
    )
    plain = _plain(asdict(inputs))
    digest = hashlib.sha256(json.dumps([scope.config.version, plain], sort_keys=True).encode()).hexdigest()
    due = latest is None or latest.as_of <= scope.as_of - timedelta(days=SNAPSHOT_DAYS)
    differs = latest is None or latest.inputs_hash != digest
    moved = row.score is None or band != row.band or abs(score.score - row.score) >= NOTEWORTHY_POINTS
    if moved and row.score is not None:
        row.previous_score, row.previous_band, row.changed_at = row.score, row.band, now
    row.score, row.confidence, row.band = score.score, score.confidence, band
    if not differs or not (named or due or moved):
        return []
    row.snapshot = HealthSnapshot(
        partnership_id=row.partnership_id,
        as_of=scope.as_of,
        computed_at=now,
        config_version=scope.config.version,
        raw=score.raw,
        score=score.score,
        confidence=score.confidence,
        band=band,
        dimensions={
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
        caps=[[cap.code, cap.limit] for cap in score.caps],
        inputs=plain,
        inputs_hash=digest,
    )
    return [row.snapshot]


def _suggest_stages(scope: HealthScope, currency: str) -> None:
    facts = read_stage_facts(scope, currency)
    rows = list(Partnership.objects.filter(pk__in=facts).order_by("pk"))
    changed = []
    for row in rows:
        suggested = suggest_stage(facts[row.pk]) or ""
        if suggested != row.stage_suggested:
            row.stage_suggested = suggested
            changed.append(row)
    Partnership.objects.bulk_update(changed, ["stage_suggested"], batch_size=BATCH)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value
