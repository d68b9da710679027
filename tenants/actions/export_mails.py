"""Telling by e-mail of a file that took long, or that will never be: once, to the person who asked.

The mail is a job of its own, so that a file is there though the mail server is away. The job notes that it told and
sends; both hold or neither does. A mail that goes twice, because its worker was lost after sending, has the same
Message-ID. It has no filter and no rows, because mail travels in the open, and leads to the file without being it.
"""

import zoneinfo
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.actor import Actor
from core.urls import office_url
from tenants.actions.jobs import enqueue
from tenants.choices import ExportState
from tenants.models import LongExport, Membership
from tenants.queries.exports import membership_behind

MAIL = "tenants.mail_export"
# Whoever waits so long has gone to do something else.
LONG = timedelta(minutes=1)
WITHOUT_FILE = (ExportState.FAILED, ExportState.REFUSED)


def want_mail(export: LongExport) -> None:
    """Want a mail about an export that has just ended, unless a program asked, or the file was there in a minute."""
    was_quick = export.state == ExportState.READY and export.finished_at - export.asked_at <= LONG
    if export.tells and not was_quick:
        enqueue(MAIL, key=f"export-{export.key}", export_id=export.pk, run=str(export.key))


def mail_export(*, actor: Actor, export_id: int, run: str) -> bool:
    """Tell whoever asked that a file is ready, or that none will come; answers whether a mail was sent.

    Nothing is sent of what was told, removed or asked for anew, of a file that is gone, nor to whoever left.
    """
    waiting = LongExport.objects.select_for_update(of=("self",)).filter(told_at=None)
    row = waiting.filter(pk=export_id, key=run, state__in=[ExportState.READY, *WITHOUT_FILE]).first()
    membership = membership_behind(row) if row is not None else None
    if membership is None or row.state_now == ExportState.EXPIRED:
        return False
    row.told_at = timezone.now()
    row.save(update_fields=["told_at"])
    _send(row, membership)
    return True


def _send(export: LongExport, membership: Membership) -> None:
    office, is_ready = membership.tenant, export.state == ExportState.READY
    zone = zoneinfo.ZoneInfo(membership.user.time_zone or office.time_zone)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        context = {
            "name": membership.user.name,
            "office": office.name,
            "export": export,
            "is_ready": is_ready,
            "link": office_url(office.slug, "tenants:exports"),
        }
        words = _("Your file is ready: %(title)s, %(office)s") if is_ready else _("No file: %(title)s, %(office)s")
        text = render_to_string("tenants/exports/email.txt", context)
    identity = f"<export-{export.key}@{office.slug}.causeway>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    subject = words % {"title": export.title, "office": office.name}
    EmailMessage(subject, text, None, [membership.user.email], headers=headers).send()
