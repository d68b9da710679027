"""Organizations: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import leads_on, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from organizations.actions.organizations import create_organization, edit_organization
from organizations.filters import OrganizationFilter
from organizations.forms.organizations import NewOrganizationForm, OrganizationForm
from organizations.models import Organization
from organizations.queries.merges import merged_organization
from organizations.queries.organizations import similar_organizations, visible_organizations
from organizations.views.bulk import ORGANIZATION_OPERATIONS
from organizations.views.organization_page import render_organization


def tag_words(row: Organization) -> str:
    """The tags as one line, for exports."""
    return ", ".join(row.tag_names)


ORGANIZATIONS = register_list(
    List(
        code="organizations",
        label=gettext_lazy("Organizations"),
        url_name="organizations:organizations",
        reads=visible_organizations,
        filterset_class=OrganizationFilter,
        columns=[
            Column("name", gettext_lazy("Organization"), sort="name_key", value="name"),
            Column("kind", gettext_lazy("Kind"), sort="kind", css="lead", value="get_kind_display"),
            Column("country", gettext_lazy("Country"), sort="country", value="country"),
            Column("city", gettext_lazy("City"), sort="city", value="city"),
            Column("size", gettext_lazy("Size"), sort="size_class", wide_only=True, value="get_size_class_display"),
            Column("tags", gettext_lazy("Tags"), value=tag_words, wide_only=True, css="wrap"),
            Column("sme", gettext_lazy("SME"), sort="sme", value="sme", shown=False),
            Column("parent", gettext_lazy("Part of"), sort="parent__name_key", value="parent.name", shown=False),
            Column("website", gettext_lazy("Website"), value="website", shown=False),
        ],
        default_sort="name",
        row_template="organizations/organizations/_row.html",
        counted=ngettext_lazy("%(n)d organization", "%(n)d organizations", "n"),
        empty=Empty(
            gettext_lazy("No organizations yet."),
            icon="building-community",
            action=gettext_lazy("Add organization"),
            url_name="organizations:organization_new",
            permission="organizations.create_organization",
        ),
        no_match=gettext_lazy("No organization matches the filter."),
        api="organizations",
        bulk=ORGANIZATION_OPERATIONS,
    )
)


@page("organizations.view_organizations")
def organizations(request: HttpRequest) -> HttpResponse:
    """Every organization the office knows, partner or not."""
    listing = build_listing(request, ORGANIZATIONS)
    return render_listing(request, listing, "organizations/organizations/list.html")


@page("organizations.view_organizations")
@leads_on(merged_organization)
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: what it is, how it works, who works there, what belongs to it."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    return render_organization(request, row)


@page("organizations.create_organization", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an organization; similar ones are shown before a second of the same is made."""
    form = NewOrganizationForm(
        request.POST or None, actor=request.actor, initial={"name": request.GET.get("name", "")[:300]}
    )
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
    form = OrganizationForm(request.POST or None, actor=request.actor, initial=OrganizationForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_organization, actor=request.actor, organization=row, seen=seen) is not None:
            messages.success(request, form.told(_("%s changed.") % form.cleaned_data["name"]))
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
