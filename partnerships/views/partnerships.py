"""Partners: the list, adding and changing; the one page about each stands in views.partner."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.filters import PartnershipFilter
from partnerships.forms.partnerships import NewPartnershipForm, PartnershipForm
from partnerships.queries.health import snapshots_since
from partnerships.queries.partnerships import visible_partnerships

PARTNERS = register_list(
    List(
        code="partners",
        label=gettext_lazy("Partners"),
        url_name="partnerships:partners",
        reads=visible_partnerships,
        filterset_class=PartnershipFilter,
        columns=[
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="organization__name_key",
                css="long-name",
                value="organization.name",
            ),
            Column("health", gettext_lazy("Health"), sort="health__score", css="lead", value="health.score"),
            Column("trend", gettext_lazy("12 months"), wide_only=True, css="hide-phone"),
            Column(
                "contact",
                gettext_lazy("Last contact"),
                sort="health__last_contact_at",
                value="health.last_contact_at",
            ),
            Column("stage", gettext_lazy("Stage"), sort="stage_declared", value="get_stage_declared_display"),
            Column("tier", gettext_lazy("Tier"), sort="tier", value="get_tier_display"),
            Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
            Column("status", gettext_lazy("Status"), sort="status", shown=False, value="get_status_display"),
            Column(
                "kind",
                gettext_lazy("Kind of organization"),
                sort="organization__kind",
                shown=False,
                value="organization.get_kind_display",
            ),
            Column(
                "country",
                gettext_lazy("Country"),
                sort="organization__country",
                shown=False,
                value="organization.country",
            ),
            Column("started", gettext_lazy("Partner since"), sort="started_on", shown=False, value="started_on"),
        ],
        default_sort="partner",
        row_template="partnerships/partnerships/_row.html",
        counted=ngettext_lazy("%(n)d partner", "%(n)d partners", "n"),
        empty=Empty(
            gettext_lazy("No partners yet. Add the first organization and make it a partner."),
            icon="building-community",
            action=gettext_lazy("Add partner"),
            url_name="organizations:organization_new",
            permission="partnerships.create_partnership",
        ),
        no_match=gettext_lazy("No partner matches the filter. Remove one of its parts, or clear it."),
        api="partnerships",
    )
)


@page("partnerships.view_partnerships")
def partners(request: HttpRequest) -> HttpResponse:
    """The portfolio as a table; filter, sort and page live in the URL."""
    listing = build_listing(request, PARTNERS)
    rows = list(listing.rows)
    series = snapshots_since([row.pk for row in rows], timezone.localdate() - timedelta(days=365))
    for row in rows:
        row.scores = [score for _day, score in series.get(row.pk, [])]
    return render_listing(request, listing, "partnerships/partnerships/list.html", rows=rows)


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
            messages.success(request, form.told(_("%s changed.") % row.organization.name))
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
