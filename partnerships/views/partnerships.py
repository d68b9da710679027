"""Partners: the list, the one page about each, adding and changing."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseStopPolling

from core.pages import page, render_form
from core.tables import Column, build_listing
from organizations.queries.contacts import contacts_at
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.filters import PartnershipFilter
from partnerships.forms.partnerships import NewPartnershipForm, PartnershipForm
from partnerships.queries.health import snapshots_since, visible_snapshots
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import projects_with

COLUMNS = [
    Column("partner", gettext_lazy("Partner"), sort="organization__name_key"),
    Column("health", gettext_lazy("Health"), sort="health__score"),
    Column("trend", gettext_lazy("12 months"), wide_only=True),
    Column("contact", gettext_lazy("Last contact"), sort="health__last_contact_at"),
    Column("stage", gettext_lazy("Stage"), sort="stage_declared"),
    Column("tier", gettext_lazy("Tier"), sort="tier"),
    Column("country", gettext_lazy("Country"), sort="organization__country", wide_only=True),
    Column("owner", gettext_lazy("Owner"), sort="owner__name"),
]
TABS = ("overview", "activity", "people", "projects", "health")


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
    template = "partnerships/partnerships/list.html"
    if request.htmx and not request.htmx.boosted:
        template += "#results"
    return render(request, template, {"listing": listing, "rows": rows})


@page("partnerships.view_partnerships")
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner. ``?tab=`` chooses; each tab loads only what it shows."""
    actor = request.actor
    partnership = get_object_or_404(visible_partnerships(actor), pk=pk)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "overview"
    context = {
        "partnership": partnership,
        "tab": tab,
        "today": timezone.localdate(),
        "snapshot": partnership.health.snapshot,
    }
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
    return render(
        request,
        f"partnerships/partnerships/_{tab}.html" if request.htmx else "partnerships/partnerships/detail.html",
        context,
    )


@page("partnerships.view_partnerships")
def health_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The health panel for a page that waits for a new score; stops asking once one newer than ``since`` is there."""
    partnership = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    context = {"partnership": partnership, "snapshot": partnership.health.snapshot}
    response = render(request, "partnerships/partnerships/_health_panel.html", context)
    computed = partnership.health.computed_at
    since = request.GET.get("since", "")
    if computed is not None and since.replace(".", "", 1).isdigit() and computed.timestamp() > float(since):
        response.status_code = HttpResponseStopPolling.status_code
    return response


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
    return render_form(request, "partnerships/partnerships/new.html", form)


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
    return render_form(request, "partnerships/partnerships/edit.html", form, partnership=row)


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
