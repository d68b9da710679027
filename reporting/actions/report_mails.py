"""Sending reports by e-mail: in the morning of the office, to each recipient what they may see, each morning once.

The hourly look only decides whose morning has come, and wants a mail for each recipient as a job of that day. The job
writes down what came of it and sends; both hold or neither does, so what failed is tried again, and what was sent is
sent once. A mail that goes twice, because its worker was lost after sending, has the same Message-ID.
"""

import zoneinfo
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.actor import Actor
from core.errors import ActionRefused
from core.urls import in_office, office_url
from reporting.actions.report_files import note_file
from reporting.choices import DeliveryOutcome
from reporting.files import ReportFile, file_of
from reporting.models import ReportDelivery, ReportRecipient, ReportSchedule
from reporting.queries.kept import kept_answer, read_kept
from reporting.queries.reports import visible_reports
from reporting.rules.answers import Answer
from reporting.rules.schedules import due
from tenants.actions.jobs import enqueue_each
from tenants.models import Job, Membership, Tenant
from tenants.queries.tenants import actor_of

MAIL = "reporting.mail_report"


def plan_report_mails(*, actor: Actor, now: datetime | None = None) -> int:
    """Want a mail for each recipient of what falls due; answers how many. Twice in a morning is as once."""
    zone = zoneinfo.ZoneInfo(Tenant.objects.get(pk=actor.tenant_id).time_zone)
    now = now or timezone.now()
    slots = {
        row.pk: slot
        for row in ReportSchedule.objects.filter(is_paused=False)
        if (slot := due(row.rhythm, now=now, zone=zone, since=row.since)) is not None
    }
    jobs = {}
    recipients = ReportRecipient.objects.filter(schedule__in=slots).order_by("pk")
    for schedule, member in recipients.values_list("schedule_id", "member_id"):
        slot = slots[schedule].isoformat()
        payload = {"schedule_id": schedule, "member_id": member, "slot": slot}
        jobs[f"schedule-{schedule}-member-{member}-{slot}"] = payload
    done = set(Job.objects.filter(name=MAIL, key__in=jobs).values_list("key", flat=True))
    enqueue_each(MAIL, missing := {key: payload for key, payload in jobs.items() if key not in done})
    return len(missing)


def mail_report(*, actor: Actor, schedule_id: int, member_id: int, slot: date) -> bool:
    """Send one member a report as they may see it, and write down what came of it; answers whether it was sent.

    Nothing is sent, nor written, to whoever left, was taken off the recipients, or got it; nor while it is paused.
    """
    schedule = ReportSchedule.objects.filter(pk=schedule_id, is_paused=False).select_related("report").first()
    membership = _membership(actor, schedule_id, member_id)
    if schedule is None or membership is None or _deliveries(schedule_id, member_id, slot).exists():
        return False
    office, reader = membership.tenant, actor_of(membership, read_only=True, request_id=actor.request_id)
    here = timezone.override(zoneinfo.ZoneInfo(office.time_zone))
    with here, translation.override(settings.LANGUAGE_CODE), in_office(office.slug):
        may_see = (
            reader.may("reporting.view_reports") and visible_reports(reader).filter(pk=schedule.report_id).exists()
        )
        if not may_see:
            _note(schedule, member_id, slot, DeliveryOutcome.UNSEEN)
            return False
        try:
            kept = read_kept(reader, schedule.report.query, office)
            answer = kept_answer(reader, kept)
            written = file_of(
                schedule.file_format,
                kept,
                answer,
                title=schedule.report.name,
                office=office,
                author=reader.name,
                now=timezone.now(),
            )
        except ActionRefused as refused:
            _note(schedule, member_id, slot, DeliveryOutcome.BROKEN, str(refused.message))
            return False
        _note(schedule, member_id, slot, DeliveryOutcome.SENT)
        note_file(reader, kept.query, schedule.file_format, written.rows)
        _send(schedule, membership, answer, written, slot)
    return True


def give_up_mail(*, actor: Actor, schedule_id: int, member_id: int, slot: date) -> None:
    """Write down that a mail could not be delivered, where the schedule still is."""
    schedule = ReportSchedule.objects.filter(pk=schedule_id).first()
    if schedule is not None and not _deliveries(schedule_id, member_id, slot).exists():
        _note(schedule, member_id, slot, DeliveryOutcome.FAILED)


def _membership(actor: Actor, schedule_id: int, member_id: int) -> Membership | None:
    if not ReportRecipient.objects.filter(schedule_id=schedule_id, member_id=member_id).exists():
        return None
    working = Membership.objects.filter(tenant_id=actor.tenant_id, ended_at=None, user__is_active=True)
    return working.filter(user_id=member_id).select_related("user", "tenant").first()


def _deliveries(schedule_id: int, member_id: int, slot: date) -> QuerySet[ReportDelivery]:
    return ReportDelivery.objects.filter(schedule_id=schedule_id, member_id=member_id, slot=slot)


def _note(schedule: ReportSchedule, member_id: int, slot: date, outcome: str, problem: str = "") -> None:
    ReportDelivery.objects.create(
        schedule=schedule, member_id=member_id, slot=slot, outcome=outcome, problem=problem[:500]
    )


def _send(schedule: ReportSchedule, membership: Membership, answer: Answer, written: ReportFile, slot: date) -> None:
    office, report = membership.tenant, schedule.report
    context = {
        "name": membership.user.name,
        "office": office.name,
        "report": report.name,
        "finding": answer.finding,
        "set_by": schedule.set_by.name,
        "link": office_url(office.slug, "reporting:report", report.pk),
        "schedule": office_url(office.slug, "reporting:schedule", schedule.pk),
    }
    text = render_to_string("reporting/reports/email.txt", context)
    identity = f"<report-{schedule.pk}-{membership.user_id}-{slot.isoformat()}@{office.slug}.causeway>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    message = EmailMessage(f"{report.name}: {office.name}", text, None, [membership.user.email], headers=headers)
    message.attach(written.name, written.content, written.content_type.partition(";")[0])
    message.send()
