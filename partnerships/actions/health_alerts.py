"""Raising and ending alerts of health as part of a computation; putting one off, and dealing with it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.followups import check_snooze
from partnerships.choices import AlertEnd
from partnerships.models import HealthAlert
from partnerships.queries.health import id_array
from partnerships.queries.health_alerts import DEEP, Watched, lock_alert, watch
from partnerships.queries.health_scoring import Scored
from partnerships.registry import HealthScope
from partnerships.rules.health.alerts import SNOOZE_DAYS, Changes, Standing, next_alerts

LONGEST_NOTE = 300

# Everything that a batch changes of alerts. What somebody ended in the meantime stays as they ended it.
STORE = """
    with ended as (
        update partnerships_healthalert
        set ended_at = %(now)s, "end" = 'passed', version = version + 1, updated_at = %(now)s
        where tenant_id = %(tenant)s and id = any(%(ended)s::bigint[]) and ended_at is null
    ),
    renewed as (
        update partnerships_healthalert a
        set numbers = r.numbers, routed_to_id = r.routed_to, version = version + 1, updated_at = %(now)s
        from json_to_recordset(%(renewed)s::json) as r (id bigint, numbers jsonb, routed_to bigint)
        where a.tenant_id = %(tenant)s and a.id = r.id and a.ended_at is null
    )
    insert into partnerships_healthalert
        (tenant_id, partnership_id, rule, numbers, raised_on, routed_to_id, told_at,
         "end", end_note, version, created_at, updated_at)
    select %(tenant)s, r.partnership_id, r.rule, r.numbers, %(as_of)s, r.routed_to, r.told_at,
           '', '', 1, %(now)s, %(now)s
    from json_to_recordset(%(raised)s::json) as r
        (partnership_id bigint, rule text, numbers jsonb, routed_to bigint, told_at timestamptz)
    order by r.partnership_id, r.rule
    on conflict do nothing
"""


def raise_alerts(scope: HealthScope, scored: Scored, closely: np.ndarray, now: datetime) -> None:
    """Bring the alerts of a batch up to date with what was scored, before that is stored; three statements at most.

    The caller holds the partnerships' rows of health. Doing it twice changes nothing. Of partnerships that are not
    looked at ``closely`` the rules that ask for the past stay as they are.
    """
    raised, renewed, ended = [], [], []
    for each in watch(scope, scored, closely, now):
        changes = _changes(each, scope.as_of)
        ended += changes.ended
        renewed += _renewals(each, changes, scope.as_of)
        raised += [
            {
                "partnership_id": each.partnership_id,
                "rule": alert.code,
                "numbers": _dated(alert.numbers, scope.as_of),
                "routed_to": each.routed_to,
                "told_at": _told_at(each, alert.code, now),
            }
            for alert in changes.raised
        ]
    if raised or renewed or ended:
        with connection.cursor() as cursor:
            cursor.execute(
                STORE,
                {
                    "tenant": scope.tenant_id,
                    "as_of": scope.as_of,
                    "now": now,
                    "ended": id_array(ended),
                    "renewed": orjson.dumps(renewed).decode(),
                    "raised": orjson.dumps(raised).decode(),
                },
            )


def _changes(watched: Watched, today: date) -> Changes:
    """What this run makes of the alerts on record; whatever is open ends where nothing is watched any more."""
    if watched.facts is None:
        return Changes(ended=[row["id"] for row in watched.alerts if row["is_open"]])
    standing = [
        Standing(row["id"], row["rule"], *_taken(row["numbers"], today), is_open=row["is_open"])
        for row in watched.alerts
        if row["is_open"] or (row["quiet_until"] or "") > today.isoformat()
    ]
    return next_alerts(watched.facts, standing, () if watched.closely else DEEP)


def _renewals(watched: Watched, changes: Changes, today: date) -> list[dict[str, Any]]:
    """The open alerts that go on with other numbers, or go to somebody else."""
    rows = []
    for row in watched.alerts:
        if not row["is_open"] or row["id"] in changes.ended:
            continue
        numbers = changes.renewed.get(row["id"])
        if numbers is not None or row["routed_to"] != watched.routed_to:
            numbers = row["numbers"] if numbers is None else _dated(numbers, today)
            rows.append({"id": row["id"], "numbers": numbers, "routed_to": watched.routed_to})
    return rows


def _dated(numbers: Mapping[str, float], today: date) -> dict[str, float]:
    return {**numbers, "on": today.toordinal()}


def _taken(numbers: Mapping[str, float], today: date) -> tuple[dict[str, float], int]:
    """The numbers of an alert on record without their day, and how many days ago that was."""
    rest = dict(numbers)
    return rest, today.toordinal() - int(rest.pop("on", today.toordinal()))


def _told_at(watched: Watched, rule: str, now: datetime) -> str | None:
    """When a digest last named this rule about the partner, if that was so lately that it need not again."""
    told: Sequence[str] = [row["told_at"] for row in watched.alerts if row["rule"] == rule and row["told_at"]]
    lately = [at for at in told if datetime.fromisoformat(at) > now - timedelta(days=SNOOZE_DAYS)]
    return max(lately, key=datetime.fromisoformat, default=None)


@action("partnerships.snooze_health_alert")
def snooze_health_alert(
    *, actor: Actor, alert: HealthAlert, until: date | None = None, seen: int | None = None
) -> HealthAlert:
    """Put an open alert off before a day, for everybody; without one for 30 days. It ends by itself all the same."""
    row = lock_alert(alert.pk)
    _refuse_ended(row)
    if until is None:
        until = timezone.localdate() + timedelta(days=SNOOZE_DAYS)
    check_snooze(until)
    apply_edit(row, {"quiet_until": until}, seen=seen)
    return row


@action("partnerships.wake_health_alert")
def wake_health_alert(*, actor: Actor, alert: HealthAlert, seen: int | None = None) -> HealthAlert:
    """Take an alert back that was put off; one that was not stays as it is."""
    row = lock_alert(alert.pk)
    _refuse_ended(row)
    apply_edit(row, {"quiet_until": None}, seen=seen)
    return row


@action("partnerships.settle_health_alert")
def settle_health_alert(*, actor: Actor, alert: HealthAlert, end_note: str, seen: int | None = None) -> HealthAlert:
    """Say what was done about an alert, which ends it. Its rule keeps quiet about the partner for 30 days."""
    row = lock_alert(alert.pk)
    _refuse_ended(row)
    end_note = " ".join(end_note.split())
    if not end_note:
        raise InvalidInput("required", _("Say in a few words what was done."), field="end_note")
    if len(end_note) > LONGEST_NOTE:
        words = _("Say it in at most %(most)d characters.") % {"most": LONGEST_NOTE}
        raise InvalidInput("too_long", words, field="end_note")
    changes = {
        "end": AlertEnd.HANDLED.value,
        "end_note": end_note,
        "ended_at": timezone.now(),
        "ended_by_id": actor.user_id,
        "quiet_until": timezone.localdate() + timedelta(days=SNOOZE_DAYS),
    }
    apply_edit(row, changes, seen=seen)
    return row


def _refuse_ended(row: HealthAlert) -> None:
    if row.ended_at is not None:
        raise ActionRefused("ended_already", _("This alert has ended already."))
