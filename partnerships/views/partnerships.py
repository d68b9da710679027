"""Partners: the list, the one page about each, adding and changing."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pages import page, render_form
from core.tables import Column, build_listing, render_listing
from organizations.queries.contacts import contacts_at
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.choices import CAP_LABELS, DIMENSION_LABELS
from partnerships.filters import PartnershipFilter
from partnerships.forms.partnerships import NewPartnershipForm, PartnershipForm
from partnerships.models import Partnership
from partnerships.queries.health import snapshots_since, visible_snapshots
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import projects_with
from tenants.queries.jobs import is_waiting

COLUMNS = [
    Column("partner", gettext_lazy("Partner"), sort="organization__name_key"),
    Column("health", gettext_lazy("Health"), sort="health__score"),
    Column("trend", gettext_lazy("12 months"), wide_only=True),
    Column("contact", gettext_lazy("Last contact"), sort="health__last_contact_at"),
    Column("stage", gettext_lazy("Stage"), sort="stage_declared"),
    Column("tier", gettext_lazy("Tier"), sort="tier"),
    Column("owner", gettext_lazy("Owner"), sort="owner__name"),
]
TABS = {
    "overview": gettext_lazy("Overview"),
    "activity": gettext_lazy("Activity"),
    "people": gettext_lazy("People"),
    "projects": gettext_lazy("Projects"),
    "health": gettext_lazy("Health"),
}


@page("partnerships.view_partnerships")
def partners(request: HttpRequest) -> HttpResponse:
    """The portfolio as a table; filter, sort and page live in the URL."""
    listing = build_listing(
        request,
        visible_partnerships(request.actor),
        columns=COLUMNS,
        filterset_class=PartnershipFilter,
        default_sort="partner",
    )
    rows = list(listing.rows)
    series = snapshots_since([row.pk for row in rows], timezone.localdate() - timedelta(days=365))
    for row in rows:
        row.scores = [score for _day, score in series.get(row.pk, [])]
    return render_listing(request, "partnerships/partnerships/list.html", listing, rows=rows)


@page("partnerships.view_partnerships")
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner. ``?tab=`` chooses; each tab loads only what it shows."""
    actor = request.actor
    partnership = get_object_or_404(visible_partnerships(actor), pk=pk)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "overview"
    context = {**health_context(partnership), "tab": tab, "today": timezone.localdate()}
    sees_people = actor.may("organizations.view_contacts")
    if tab in ("overview", "activity") and actor.may("partnerships.view_interactions"):
        activity = visible_interactions(actor).filter(partnership=partnership)
        context["interactions"] = activity[: 8 if tab == "overview" else 100]
    if tab in ("overview", "people") and sees_people:
        people = contacts_at(actor, partnership.organization, on=timezone.localdate())
        context["people"] = people[: 6 if tab == "overview" else 200]
    if tab in ("overview", "projects"):
        context["projects"] = projects_with(actor, partnership)[: 5 if tab == "overview" else 200]
    if tab == "health":
        context["snapshots"] = visible_snapshots(actor, partnership)[:60]
    context["tabs"] = [
        {"label": label, "url": f"{partnership.get_absolute_url()}?tab={code}", "current": code == tab}
        for code, label in TABS.items()
    ]
    context["tab_template"] = f"partnerships/partnerships/_{tab}.html"
    return render(request, "partnerships/partnerships/detail.html", context)


@page("partnerships.view_partnerships")
def health_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The health panel alone: a page asks for it every two seconds while a computation is under way."""
    partnership = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    return render(request, "partnerships/partnerships/_health_panel.html", health_context(partnership))


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
        "partnership": partnership,
        "snapshot": snapshot,
        "dimensions": dimensions,
        "caps": caps,
        "pending": is_waiting("partnerships.recompute_health", key=f"partnership-{partnership.pk}"),
    }


@page("partnerships.create_partnership", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an organization a partner."""
    initial = {
        "organization": request.GET.get("organization"),
        "owner": request.actor.user_id,
        "started_on": timezone.localdate(),
    }
    form = NewPartnershipForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        partnership = form.perform(create_partnership, actor=request.actor)
        if partnership is not None:
            messages.success(request, _("%s is a partner now.") % partnership.organization.name)
            return redirect(partnership)
    return render_form(request, "partnerships/partnerships/form.html", form)


@page("partnerships.edit_partnership", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a partnership."""
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    form = PartnershipForm(request.POST or None, actor=request.actor, initial=PartnershipForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_partnership, actor=request.actor, partnership=row, seen=seen) is not None:
            messages.success(request, _("%s changed.") % row.organization.name)
            return redirect(row)
    return render_form(request, "partnerships/partnerships/form.html", form, partnership=row)


@page("partnerships.view_partnerships")
def lookup(request: HttpRequest) -> HttpResponse:
    """Options for the partner combobox: the ten first whose name or alias contains what was typed."""
    found = PartnershipFilter(
        {"q": request.GET.get("q", "")[:100]}, visible_partnerships(request.actor), request=request
    ).qs[:10]
    options = [
        {
            "value": each.pk,
            "label": each.organization.name,
            "hint": " · ".join(filter(None, [each.get_tier_display(), each.organization.city])),
        }
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})
