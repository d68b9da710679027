"""Alerts of health: the list, one with what to do about it, putting off, and saying that it was dealt with."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.actor import Actor
from core.errors import ActionRefused
from core.lists import Column, Empty, List, Operation, register_list
from core.pages import next_address, page, render_form
from core.tables import build_listing, render_listing
from partnerships.actions.health_alerts import settle_health_alert, snooze_health_alert, wake_health_alert
from partnerships.alert_wording import BEHIND, alert_words, icon_of, step_words
from partnerships.choices import AlertStanding
from partnerships.filters import AlertFilter
from partnerships.forms.followups import SnoozeForm
from partnerships.forms.health_alerts import SettleForm, SettleManyForm, SnoozeManyForm
from partnerships.models import HealthAlert, Partnership
from partnerships.queries.health_alerts import visible_alerts

FOLDER = "partnerships/health_alerts/"

OPERATIONS = (
    Operation(
        code="snooze",
        label=gettext_lazy("Put off"),
        icon="clock",
        action=snooze_health_alert,
        subject="alert",
        form_class=SnoozeManyForm,
        title=ngettext_lazy("Put off %(n)d alert", "Put off %(n)d alerts", "n"),
        told=ngettext_lazy("%(n)d alert put off.", "%(n)d alerts put off.", "n"),
        is_done=lambda row, values: row.quiet_until == values.get("until") and row.ended_at is None,
    ),
    Operation(
        code="settle",
        label=gettext_lazy("Dealt with"),
        icon="check",
        action=settle_health_alert,
        subject="alert",
        form_class=SettleManyForm,
        title=ngettext_lazy("%(n)d alert was dealt with", "%(n)d alerts were dealt with", "n"),
        told=ngettext_lazy("%(n)d alert dealt with.", "%(n)d alerts dealt with.", "n"),
        already="ended_already",
    ),
)

ALERTS = register_list(
    List(
        code="health-alerts",
        label=gettext_lazy("Alerts"),
        url_name="partnerships:health_alerts",
        reads=visible_alerts,
        filterset_class=AlertFilter,
        columns=[
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column(
                "what",
                gettext_lazy("What"),
                sort="rule",
                css="wrap",
                value=lambda row: f"{row.get_rule_display()}: {alert_words(row, timezone.localdate())}",
            ),
            Column(
                "health", gettext_lazy("Health"), sort="partnership__health__score", value="partnership.health.band"
            ),
            Column("since", gettext_lazy("Since"), sort="raised_on", value="raised_on"),
            Column("for", gettext_lazy("For"), sort="routed_to__name", value="routed_to.name"),
            Column(
                "state",
                gettext_lazy("State"),
                sort="standing",
                css="lead",
                value=lambda row: str(AlertStanding(row.standing).label),
            ),
            Column(
                "owner",
                gettext_lazy("Owner"),
                sort="partnership__owner__name",
                shown=False,
                value="partnership.owner.name",
            ),
            Column("done", gettext_lazy("What was done"), shown=False, css="wrap", value="end_note"),
        ],
        default_sort="state",
        row_template=f"{FOLDER}_row.html",
        counted=ngettext_lazy("%(n)d alert", "%(n)d alerts", "n"),
        empty=Empty(
            gettext_lazy("Nothing to report. Alerts are raised when health is computed: every night, and on changes."),
            icon="bell",
        ),
        no_match=gettext_lazy("No alert matches the filter. Remove one of its parts, or clear it."),
        api="health-alerts",
        bulk=OPERATIONS,
    )
)


def told(rows: Iterable[HealthAlert], *, onward: str = "") -> list[HealthAlert]:
    """The alerts with ``words``, ``icon`` and ``step`` for a page, and ``plan``: the address that plans the step."""
    today, found = timezone.localdate(), list(rows)
    for row in found:
        row.words, row.icon, row.step = alert_words(row, today), icon_of(row), step_words(row)
        planned = {"partner": row.partnership_id, "title": row.step, "next": onward or row.get_absolute_url()}
        row.plan = f"{reverse('partnerships:followup_new')}?{urlencode(planned)}"
        row.is_put_off = row.standing == AlertStanding.PUT_OFF
    return found


def alerts_section(actor: Actor, partnership: Partnership, *, onward: str) -> list[HealthAlert]:
    """The alerts about one partner that have not ended, for its pages; none for who may not see alerts."""
    if not actor.may("partnerships.view_health_alerts"):
        return []
    return told(visible_alerts(actor).filter(partnership=partnership, ended_at=None), onward=onward)


@page("partnerships.view_health_alerts")
def alerts(request: HttpRequest) -> HttpResponse:
    """What somebody should know about the health of partners, open ones first."""
    listing = build_listing(request, ALERTS)
    return render_listing(request, listing, f"{FOLDER}list.html", rows=told(listing.rows))


@page("partnerships.view_health_alerts")
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: what it tells, what to do about it, and what became of it."""
    (row,) = told([get_object_or_404(visible_alerts(request.actor), pk=pk)])
    context = {"alert": row, "today": timezone.localdate(), "behind": BEHIND.get(row.rule, "")}
    return render(request, f"{FOLDER}detail.html", context)


@page("partnerships.snooze_health_alert", methods=["POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alert off until a day."""
    row = get_object_or_404(visible_alerts(request.actor), pk=pk)
    form = SnoozeForm(request.POST)
    if form.is_valid() and form.perform(snooze_health_alert, actor=request.actor, alert=row) is not None:
        day = date_format(form.cleaned_data["until"], "j M Y")
        messages.success(request, _("Put off until %s.") % day)
    else:
        for errors in form.errors.values():
            messages.error(request, errors[0])
    return HttpResponseRedirect(next_address(request) or row.get_absolute_url())


@page("partnerships.wake_health_alert", methods=["POST"])
def wake(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that an alert was put off."""
    row = get_object_or_404(visible_alerts(request.actor), pk=pk)
    try:
        wake_health_alert(actor=request.actor, alert=row)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("It is open again."))
    return HttpResponseRedirect(next_address(request) or row.get_absolute_url())


@page("partnerships.settle_health_alert", methods=["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about an alert, which ends it."""
    (row,) = told([get_object_or_404(visible_alerts(request.actor), pk=pk)])
    form = SettleForm(request.POST or None, initial=SettleForm.initial_of(row))
    onward = next_address(request) or row.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(settle_health_alert, actor=request.actor, alert=row, seen=seen) is not None:
            messages.success(request, _("Dealt with."))
            return HttpResponseRedirect(onward)
    return render_form(request, f"{FOLDER}settle.html", form, onward=onward, alert=row)
