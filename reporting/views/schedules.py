"""Setting when a report is sent by e-mail; the page of the report shows what came of it."""

import zoneinfo
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import next_address, page, render_form
from core.templatetags.ui import written_date
from reporting.actions.schedules import (
    delete_report_schedule,
    edit_report_schedule,
    leave_report_schedule,
    schedule_report,
)
from reporting.choices import ReportCadence
from reporting.forms.schedules import ScheduleForm
from reporting.models import ReportSchedule
from reporting.queries.reports import visible_reports
from reporting.queries.schedules import last_deliveries, readers_of, visible_schedules
from tenants.models import Tenant

TEMPLATE = "reporting/reports/schedule.html"


def rhythm_words(row: ReportSchedule) -> str:
    """ "Every Monday at 7:00", by the clock of the office."""
    if row.cadence == ReportCadence.WEEKLY:
        return _("Every %s") % WEEKDAYS[row.weekday - 1]
    if row.day_of_month > 28:
        return _("On day %d of the month, or its last") % row.day_of_month
    return _("On day %d of the month") % row.day_of_month


def moment_words(at: datetime, office: Tenant) -> str:
    """A moment by the clock of the office."""
    local = at.astimezone(zoneinfo.ZoneInfo(office.time_zone))
    return f"{written_date(local)}, {date_format(local, 'H:i')}"


def shown_schedules(request: HttpRequest, found: list[ReportSchedule]) -> list[ReportSchedule]:
    """Schedules with their rhythm in words, what came of their last morning, and whether they send to the reader."""
    last = last_deliveries(request.actor, found) if found else {}
    for each in found:
        each.words, each.last = rhythm_words(each), last.get(each.pk)
        each.next_words = moment_words(each.next_at, request.tenant) if each.next_at else ""
        each.is_mine = any(one.member_id == request.actor.user_id for one in each.recipients.all())
    return found


@page("reporting.view_report_schedules")
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """When and to whom a report is sent: where the mail leads whoever wants it no longer."""
    row = get_object_or_404(visible_schedules(request.actor), pk=pk)
    [row] = shown_schedules(request, [row])
    return render(request, "reporting/reports/mailing.html", {"schedule": row, "report": row.report})


@page("reporting.leave_report_schedule", methods=["POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Get a report no longer by e-mail; the status bar has the way back."""
    row = get_object_or_404(visible_schedules(request.actor), pk=pk)
    try:
        leave_report_schedule(actor=request.actor, schedule=row)
        messages.success(request, _("“%s” comes to you no longer in this way.") % row.report.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(next_address(request) or reverse("reporting:schedule", args=[row.pk]))


@page("reporting.schedule_report", methods=["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a report sent by e-mail."""
    report = get_object_or_404(visible_reports(request.actor), pk=pk)
    initial = {"recipients": [request.actor.user_id]}
    form = ScheduleForm(request.POST or None, readers=readers_of(request.actor, report), initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        if form.perform(schedule_report, actor=request.actor, report=report) is not None:
            messages.success(request, _("The report will be sent."))
            return redirect(report)
    return render_form(request, TEMPLATE, form, report=report)


@page("reporting.edit_report_schedule", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change when and to whom a report is sent."""
    row = get_object_or_404(visible_schedules(request.actor), pk=pk)
    readers = readers_of(request.actor, row.report)
    form = ScheduleForm(request.POST or None, readers=readers, initial=ScheduleForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_report_schedule, actor=request.actor, schedule=row, seen=seen) is not None:
            messages.success(request, form.told(_("Saved.")))
            return redirect(row.report)
    return render_form(request, TEMPLATE, form, report=row.report, schedule=row)


@page("reporting.edit_report_schedule", methods=["POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause a schedule, or let it go on."""
    row = get_object_or_404(visible_schedules(request.actor), pk=pk)
    is_paused = request.POST.get("paused") == "1"
    try:
        edit_report_schedule(actor=request.actor, schedule=row, is_paused=is_paused)
        messages.success(request, _("Paused.") if is_paused else _("It is sent again from the next time on."))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row.report)


@page("reporting.delete_report_schedule", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a report no longer in this way."""
    row = get_object_or_404(visible_schedules(request.actor), pk=pk)
    try:
        delete_report_schedule(actor=request.actor, schedule=row)
        messages.success(request, _("The report is no longer sent in this way."))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row.report)
