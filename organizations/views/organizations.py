"""Organizations: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pages import page, render_form
from core.tables import Column, build_listing, render_listing
from organizations.actions.organizations import create_organization, edit_organization
from organizations.filters import OrganizationFilter
from organizations.forms.organizations import NewOrganizationForm, OrganizationForm
from organizations.queries.contacts import contacts_at
from organizations.queries.organizations import similar_organizations, visible_organizations

COLUMNS = [
    Column("name", gettext_lazy("Organization"), sort="name_key"),
    Column("kind", gettext_lazy("Kind"), sort="kind"),
    Column("country", gettext_lazy("Country"), sort="country"),
    Column("city", gettext_lazy("City"), sort="city"),
    Column("size", gettext_lazy("Size"), sort="size_class", wide_only=True),
    Column("website", gettext_lazy("Website"), wide_only=True),
]


@page("organizations.view_organizations")
def organizations(request: HttpRequest) -> HttpResponse:
    """Every organization the office knows, partner or not."""
    listing = build_listing(
        request,
        visible_organizations(request.actor),
        columns=COLUMNS,
        filterset_class=OrganizationFilter,
        default_sort="name",
    )
    return render_listing(request, "organizations/organizations/list.html", listing)


@page("organizations.view_organizations")
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: what it is, who works there, what belongs to it."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    people = []
    if request.actor.may("organizations.view_contacts"):
        people = contacts_at(request.actor, row, on=timezone.localdate())[:50]
    subsidiaries = visible_organizations(request.actor).filter(parent=row)[:50]
    context = {"organization": row, "people": people, "subsidiaries": subsidiaries}
    return render(request, "organizations/organizations/detail.html", context)


@page("organizations.create_organization", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an organization; similar ones are shown before a second of the same is made."""
    form = NewOrganizationForm(request.POST or None, initial={"name": request.GET.get("name", "")[:300]})
    similar = []
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        really_new, make_partner = form.cleaned_data.pop("really_new"), form.cleaned_data.pop("make_partner")
        name, website = form.cleaned_data["name"], form.cleaned_data["website"]
        similar = [] if really_new else similar_organizations(request.actor, name=name, website=website)
        if not similar:
            row = form.perform(create_organization, actor=request.actor)
            if row is not None:
                messages.success(request, _("%s added.") % row.name)
                onward = f"{reverse('partnerships:partner_new')}?organization={row.pk}"
                return redirect(onward if make_partner else row)
    return render_form(request, "organizations/organizations/form.html", form, similar=similar)


@page("organizations.edit_organization", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organization."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    form = OrganizationForm(request.POST or None, initial=OrganizationForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_organization, actor=request.actor, organization=row, seen=seen) is not None:
            messages.success(request, _("%s changed.") % form.cleaned_data["name"])
            return redirect(row)
    return render_form(request, "organizations/organizations/form.html", form, organization=row)


@page("organizations.view_organizations")
def lookup(request: HttpRequest) -> HttpResponse:
    """Options for the organization combobox: the ten first whose name or alias contains what was typed."""
    rows = visible_organizations(request.actor).prefetch_related(None)
    found = OrganizationFilter({"q": request.GET.get("q", "")[:100]}, rows, request=request).qs[:10]
    options = [
        {"value": each.pk, "label": each.name, "hint": " · ".join(filter(None, [each.city, each.country]))}
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})
