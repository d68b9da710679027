"""The catalog of schemes: who pays for what, until when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import delete_and_tell, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.schemes import add_scheme, delete_scheme, edit_scheme
from partnerships.filters_funding import SchemeFilter
from partnerships.forms.schemes import SchemeForm
from partnerships.models import FundingScheme
from partnerships.queries.funding import measure_sums, visible_funding
from partnerships.queries.schemes import listed_schemes, visible_schemes
from partnerships.views.funding import sums_in_words
from tenants.pages import render_history
from tenants.queries.tenants import currency_of

MOST_ENTRIES = 20


def channel_names(row: FundingScheme) -> str:
    return ", ".join(row.channel_labels)


def domain_names(row: FundingScheme) -> str:
    return ", ".join(row.domain_labels)


def level_words(row: FundingScheme) -> str:
    if row.trl_from is None and row.trl_to is None:
        return ""
    return f"{row.trl_from or 1}–{row.trl_to or 9}"


SCHEMES = register_list(
    List(
        code="schemes",
        label=gettext_lazy("Funding schemes"),
        url_name="partnerships:schemes",
        reads=listed_schemes,
        filterset_class=SchemeFilter,
        columns=[
            Column("name", gettext_lazy("Scheme"), sort="name", css="long-name", value="name"),
            Column("deadline", gettext_lazy("Deadline"), sort="coming_on", css="lead", value="deadline_on"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("funder", gettext_lazy("Who pays"), sort="funder", css="wrap", value="funder"),
            Column("rate", gettext_lazy("Rate"), sort="rate", numeric=True, value="rate"),
            Column("cap", gettext_lazy("At most"), sort="cap", numeric=True, value="cap", currency="currency"),
            Column("trl", gettext_lazy("TRL"), sort="trl_from", wide_only=True, value=level_words),
            Column("sme", gettext_lazy("Small companies only"), sort="sme_only", shown=False, value="sme_only"),
            Column("channels", gettext_lazy("Channels"), css="wrap", shown=False, value=channel_names),
            Column("domains", gettext_lazy("Domains"), css="wrap", shown=False, value=domain_names),
            Column("country", gettext_lazy("Country"), sort="country", shown=False, value="country"),
            Column("opens", gettext_lazy("Opens"), sort="opens_on", shown=False, value="opens_on"),
            Column("closed", gettext_lazy("No longer offered since"), sort="closed_on", shown=False, value="closed_on"),
        ],
        default_sort="deadline",
        row_template="partnerships/schemes/_row.html",
        counted=ngettext_lazy("%(n)d scheme", "%(n)d schemes", "n"),
        empty=Empty(
            gettext_lazy("The catalog is empty. Add the first scheme that pays for working together."),
            icon="building-bank",
            action=gettext_lazy("Add scheme"),
            url_name="partnerships:scheme_new",
            permission="partnerships.add_scheme",
        ),
        no_match=gettext_lazy("No scheme matches the filter."),
        api="funding-schemes",
    )
)


@page("partnerships.view_schemes")
def schemes(request: HttpRequest) -> HttpResponse:
    """The catalog, the nearest deadline first."""
    listing = build_listing(request, SCHEMES)
    return render_listing(request, listing, "partnerships/schemes/list.html", today=timezone.localdate())


@page("partnerships.view_schemes")
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """One scheme: what it asks for, and the money that came from it."""
    actor, today = request.actor, timezone.localdate()
    row = get_object_or_404(visible_schemes(actor), pk=pk)
    context = {
        "scheme": row,
        "today": today,
        "channels": channel_names(row),
        "domains": domain_names(row),
        "levels": level_words(row),
        "is_over": row.deadline_on is not None and row.deadline_on < today,
        "is_closed": row.closed_on is not None and row.closed_on <= today,
    }
    if actor.may("partnerships.view_funding"):
        entries = visible_funding(actor).filter(scheme=row)
        context["entries"] = entries[:MOST_ENTRIES]
        context["sums"] = sums_in_words(measure_sums(entries), currency_of(actor))
    return render(request, "partnerships/schemes/detail.html", context)


@page("partnerships.add_scheme", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a scheme."""
    form = SchemeForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(add_scheme, actor=request.actor)
        if row is not None:
            messages.success(request, _("Scheme added."))
            return redirect(row)
    return render_form(request, "partnerships/schemes/form.html", form)


@page("partnerships.edit_scheme", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a scheme."""
    row = get_object_or_404(visible_schemes(request.actor), pk=pk)
    form = SchemeForm(request.POST or None, actor=request.actor, initial=SchemeForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_scheme, actor=request.actor, scheme=row, seen=seen) is not None:
            messages.success(request, form.told(_("Scheme changed.")))
            return redirect(row)
    return render_form(request, "partnerships/schemes/form.html", form, scheme=row)


@page("partnerships.view_schemes")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a scheme."""
    row = get_object_or_404(visible_schemes(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.delete_scheme", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a scheme from which no money came."""
    row = get_object_or_404(visible_schemes(request.actor), pk=pk)
    return delete_and_tell(request, row, delete_scheme, subject="scheme", onward=reverse("partnerships:schemes"))


urlpatterns = [
    path("schemes/", schemes, name="schemes"),
    path("schemes/new/", new, name="scheme_new"),
    path("schemes/<int:pk>/", scheme, name="funding_scheme"),
    path("schemes/<int:pk>/edit/", edit, name="scheme_edit"),
    path("schemes/<int:pk>/history/", history, name="scheme_history"),
    path("schemes/<int:pk>/delete/", delete, name="scheme_delete"),
]
