"""Telling by e-mail of alerts that are new: every morning or on Mondays, as each member chose, by the office's clock.

The hourly look only decides who gets a mail today and wants it as a job of that day. The job marks the alerts as told
and sends; both hold or neither does, so what failed is tried again and tells the same, and what was told is told once.
"""

import zoneinfo
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from core.actor import Actor
from core.urls import office_url
from partnerships.alert_wording import alert_words
from partnerships.models import HealthAlert
from partnerships.queries.health_alerts import open_alerts
from tenants.actions.jobs import enqueue_each
from tenants.choices import Digest
from tenants.models import Job, Membership, Tenant
from tenants.queries.tenants import actor_of

DIGEST = "partnerships.mail_alert_digest"
MORNING, MONDAY = 7, 1
MOST_LISTED = 50


def plan_alert_digests(*, actor: Actor, now: datetime | None = None) -> int:
    """Want a mail for everybody to whom something is new, once a day from seven in the morning; answers how many."""
    office = Tenant.objects.get(pk=actor.tenant_id)
    there = (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(office.time_zone))
    if there.hour < MORNING:
        return 0
    wanted = [Digest.DAILY, Digest.WEEKLY] if there.isoweekday() == MONDAY else [Digest.DAILY]
    members = Membership.objects.filter(
        tenant_id=actor.tenant_id, ended_at=None, user__is_active=True, digest__in=wanted
    ).values("user_id")
    fresh = HealthAlert.objects.filter(ended_at=None, told_at=None, routed_to__in=members)
    people = fresh.order_by("routed_to").values_list("routed_to", flat=True).distinct()
    day = there.date().isoformat()
    jobs = {f"member-{pk}-{day}": {"member_id": pk, "day": day} for pk in people}
    done = set(Job.objects.filter(name=DIGEST, key__in=jobs).values_list("key", flat=True))
    enqueue_each(DIGEST, missing := {key: payload for key, payload in jobs.items() if key not in done})
    return len(missing)


def mail_alert_digest(*, actor: Actor, member_id: int, day: date) -> int:
    """Send one member what is new to them, and mark it as told; answers how many alerts. Nothing new sends nothing.

    Neither does what was put off or is no longer theirs to see. A mail that is sent twice, because its worker was lost
    after sending, has the same Message-ID. It names partners and no people, because mail travels in the open.
    """
    membership = (
        Membership.objects.filter(tenant_id=actor.tenant_id, user_id=member_id, ended_at=None, user__is_active=True)
        .exclude(digest=Digest.NEVER)
        .select_related("user", "tenant")
        .first()
    )
    reader = actor_of(membership, read_only=True) if membership is not None else None
    if reader is None or not reader.may("partnerships.view_health_alerts"):
        return 0
    fresh = HealthAlert.objects.filter(routed_to_id=member_id, ended_at=None, told_at=None)
    held = list(fresh.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    rows = list(open_alerts(reader, today=day).filter(pk__in=held))
    if not rows:
        return 0
    HealthAlert.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=timezone.now())
    _send(membership, rows, day)
    return len(rows)


def _send(membership: Membership, rows: list[HealthAlert], day: date) -> None:
    office = membership.tenant
    for row in rows:
        row.champion_name = None
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            {
                "partner": row.partnership.organization.name,
                "words": alert_words(row, day),
                "link": office_url(office.slug, "partnerships:health_alert", row.pk),
            }
            for row in rows[:MOST_LISTED]
        ]
        context = {
            "name": membership.user.name,
            "office": office.name,
            "lines": lines,
            "more": len(rows) - len(lines),
            "all": office_url(office.slug, "partnerships:health_alerts"),
            "preferences": office_url(office.slug, "tenants:preferences"),
        }
        subject = ngettext("%d new alert", "%d new alerts", len(rows)) % len(rows)
        text = render_to_string("partnerships/health_alerts/email.txt", context)
    identity = f"<alerts-{office.pk}-{membership.user_id}-{day.isoformat()}@{office.slug}.causeway>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    EmailMessage(f"{subject}: {office.name}", text, None, [membership.user.email], headers=headers).send()
