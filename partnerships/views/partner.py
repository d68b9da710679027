"""The one page about a partner: its head, its tabs, and what the records suggest."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import leads_on, page, render_form, tab_links
from core.zones import local_time
from organizations.queries.profiles import visible_risk_flags
from partnerships.actions.partnerships import accept_stage, accept_tier, keep_stage, keep_tier
from partnerships.choices import CAP_LABELS, DIMENSION_LABELS
from partnerships.forms.partnerships import KeepForm
from partnerships.models import Partnership
from partnerships.queries.collisions import collisions
from partnerships.queries.merges import merged_partnership
from partnerships.queries.partnerships import partnerships_in_full, visible_partnerships, with_counts
from partnerships.queries.teams import gone_from_team
from partnerships.registry import counted_by, tabs_for
from tenants.queries.jobs import is_waiting

TARGET = "tab"


@page("partnerships.view_partnerships")
@leads_on(merged_partnership)
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner. ``?tab=`` chooses; each tab loads only what it shows, and htmx gets the tab alone."""
    actor = request.actor
    tabs = tabs_for(actor)
    tab = next((each for each in tabs if each.code == request.GET.get("tab")), tabs[0])
    partnership = get_object_or_404(with_counts(partnerships_in_full(actor), counted_by(actor, tabs)), pk=pk)
    context = {"partnership": partnership, "tab": tab, "today": timezone.localdate(), "target": TARGET}
    context["log_about"] = f"partner={partnership.pk}"
    context |= {"tabs": tab_links(request, partnership, tabs, tab), **tab.context(request, partnership)}
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        return render(request, "partnerships/partnerships/_tab.html", context)
    return render(request, "partnerships/partnerships/detail.html", {**context, **_head(request, partnership)})


def _head(request: HttpRequest, partnership: Partnership) -> dict:
    """What stands above the tabs: risks, people who have left, the time there."""
    actor, today = request.actor, timezone.localdate()
    risks = []
    if actor.may("organizations.view_risk_flags"):
        risks = visible_risk_flags(actor).filter(organization_id=partnership.organization_id, cleared_on=None)
    return {
        "risks": risks,
        "gone": gone_from_team(actor, partnership, today=today) if actor.may("partnerships.view_team") else [],
        "collisions": collisions(actor, partnership) if actor.may("partnerships.view_interactions") else None,
        "time_there": local_time(partnership.organization.country, timezone.now()),
        "review_is_overdue": partnership.next_review_on is not None and partnership.next_review_on < today,
    }


@page("partnerships.view_partnerships")
def health_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The health panel alone: a page asks for it every two seconds while a computation is under way."""
    partnership = get_object_or_404(partnerships_in_full(request.actor), pk=pk)
    context = {"partnership": partnership, **health_context(partnership)}
    return render(request, "partnerships/partnerships/_health_panel.html", context)


def health_context(partnership: Partnership) -> dict:
    """What the panel shows: the latest snapshot's dimensions by points lost, and whether a new one is on its way."""
    snapshot = partnership.health.snapshot
    dimensions = []
    if snapshot is not None:
        dimensions = [
            {"code": code, "label": DIMENSION_LABELS[code], "possible": each["points"] + each["lost"], **each}
            for code, each in snapshot.dimensions.items()
            if each["applicable"] and each["coverage"] > 0
        ]
        dimensions.sort(key=lambda each: -each["lost"])
    caps = [{"limit": limit, "words": CAP_LABELS[code]} for code, limit in snapshot.caps] if snapshot else []
    return {
        "snapshot": snapshot,
        "dimensions": dimensions,
        "caps": caps,
        "pending": is_waiting("partnerships.recompute_health", key=f"partnership-{partnership.pk}"),
    }


@page("partnerships.accept_stage", methods=["POST"])
def stage_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare the stage that the records suggest."""
    return _accept(request, pk, accept_stage, lambda row: row.get_stage_declared_display())


@page("partnerships.accept_tier", methods=["POST"])
def tier_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the tier that the rule suggests."""
    return _accept(request, pk, accept_tier, lambda row: row.get_tier_display())


@page("partnerships.keep_stage", methods=["GET", "POST"])
def stage_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the declared stage, and say why."""
    return _keep(request, pk, keep_stage, lambda row: row.get_stage_declared_display())


@page("partnerships.keep_tier", methods=["GET", "POST"])
def tier_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the tier, and say why."""
    return _keep(request, pk, keep_tier, lambda row: row.get_tier_display())


Named = Callable[[Partnership], str]


def _accept(request: HttpRequest, pk: int, action: Callable, named: Named) -> HttpResponse:
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    seen = request.POST.get("version", "")
    try:
        row = action(
            actor=request.actor,
            partnership=row,
            seen=int(seen) if seen.isdecimal() else None,
            reason=_("Accepted what the records suggest."),
        )
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        words = _("%(partner)s is now: %(value)s.") % {"partner": row.organization.name, "value": named(row)}
        messages.success(request, words)
    return redirect(row)


def _keep(request: HttpRequest, pk: int, action: Callable, named: Named) -> HttpResponse:
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    form = KeepForm(request.POST or None)
    heading = _("Keep: %s") % named(row)
    if request.method == "POST" and form.is_valid():
        if form.perform(action, actor=request.actor, partnership=row) is not None:
            messages.success(request, _("Kept. The reason stands in the history."))
            return redirect(row)
    return render_form(
        request, "partnerships/partnerships/record.html", form, partnership=row, heading=heading, tab="overview"
    )
