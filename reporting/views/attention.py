"""What reports put on Today: those of one's own that are sent to nobody any more."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.attention import Line, Scope, Source, Step, as_rows, register_attention
from reporting.queries.schedules import sent_to_nobody


def unread_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Schedules of one's reports that everybody has left; the one that was left first stands first."""
    for row in scope.found["unread_reports"]:
        yield Line(
            key=f"report_schedule-{row.pk}",
            subject=row.subject,
            url=reverse("reporting:schedule", args=[row.pk]),
            reason=_("Everybody left, so this report is sent to nobody"),
            icon="send",
            step=Step(_("Choose who gets it"), reverse("reporting:schedule_edit", args=[row.pk]), "dialog"),
        )


def _unread(actor: Actor, scope: Scope) -> list[QuerySet]:
    return [as_rows(sent_to_nobody(actor), scope.most, day="updated_at", subject="report__name")]


register_attention(Source("unread_reports", "reporting.view_report_schedules", unread_lines, order=80, rows=_unread))
