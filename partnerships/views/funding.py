"""Money: the ledger with its sums, the page about an entry, recording and correcting."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.actor import Actor
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from core.templatetags.ui import money
from partnerships.actions.funding import add_funding_entry, delete_funding_entry, edit_funding_entry
from partnerships.choices_delivery import FundingMeasure
from partnerships.filters import ProjectFilter
from partnerships.filters_funding import FundingFilter
from partnerships.forms.funding import FundingForm
from partnerships.models import FundingEntry, Project
from partnerships.queries.funding import measure_sums, visible_funding
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from partnerships.rules.funding import MeasureSums, days_overdue, overhead
from tenants.pages import render_history
from tenants.queries.tenants import currency_of


def unit_name(row: FundingEntry) -> str:
    """The unit of the project; the ledger's filter knows the partner's lead unit besides."""
    return row.project.unit.name if row.project is not None and row.project.unit is not None else ""


FUNDING = register_list(
    List(
        code="funding",
        label=gettext_lazy("Funding"),
        url_name="partnerships:funding",
        reads=visible_funding,
        filterset_class=FundingFilter,
        columns=[
            Column("title", gettext_lazy("For"), css="long-name", value="subject"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                shown=False,
                value="partnership.organization.name",
            ),
            Column("measure", gettext_lazy("What happened"), sort="measure", css="lead", value="get_measure_display"),
            Column("day", gettext_lazy("Day"), sort="booked_on", value="booked_on"),
            Column("source", gettext_lazy("Source"), sort="source", value="get_source_display"),
            Column("channel", gettext_lazy("Channel"), sort="channel", shown=False, value="get_channel_display"),
            Column("amount", gettext_lazy("Amount"), sort="amount", numeric=True, value="amount", currency="currency"),
            Column("base", gettext_lazy("In our currency"), sort="base_amount", numeric=True, value="base_amount"),
            Column(
                "year", gettext_lazy("Fiscal year"), sort="fiscal_year", numeric=True, shown=False, value="fiscal_year"
            ),
            Column("domain", gettext_lazy("Domain"), sort="domain", shown=False, value="get_domain_display"),
            Column("project", gettext_lazy("Project"), sort="project__title", shown=False, value="project.title"),
            Column("unit", gettext_lazy("Unit"), sort="project__unit__name", shown=False, value=unit_name),
            Column("scheme", gettext_lazy("Scheme"), sort="scheme__name", shown=False, value="scheme.name"),
            Column("funder", gettext_lazy("Funder"), sort="funder", shown=False, value="funder"),
            Column("reference", gettext_lazy("Reference"), sort="reference", shown=False, value="reference"),
            Column("due", gettext_lazy("Due"), sort="due_on", shown=False, value="due_on"),
            Column("paid", gettext_lazy("Paid"), sort="paid_on", shown=False, value="paid_on"),
        ],
        default_sort="-day",
        row_template="partnerships/funding/_row.html",
        counted=ngettext_lazy("%(n)d entry", "%(n)d entries", "n"),
        empty=Empty(
            gettext_lazy("No money recorded yet. Add the first amount, or import a table."),
            icon="coin",
            action=gettext_lazy("Record money"),
            url_name="partnerships:funding_new",
            permission="partnerships.add_funding_entry",
        ),
        no_match=gettext_lazy("No entry matches the filter."),
        api="funding-entries",
    )
)


def sums_in_words(sums: MeasureSums, currency: str) -> list[tuple[str, str, str]]:
    """(measure, its name, its sum) of every measure that has any: five accounts side by side, and no total."""
    return [
        (measure, str(label), money(sums.of(measure), currency))
        for measure, label in FundingMeasure.choices
        if sums.of(measure)
    ]


def totals_of_list(actor: Actor, rows, columns: Sequence[Column]) -> dict[str, str]:
    """The last line of the ledger: one sum for each measure, below the amounts in the office's currency."""
    if "base" not in {column.name for column in columns}:
        return {}
    lines = sums_in_words(measure_sums(rows), currency_of(actor))
    words = format_html_join(
        SafeString("<br>"), '<span class="muted">{}</span> {}', ((name, amount) for _code, name, amount in lines)
    )
    return {"base": words or SafeString("–")}


@page("partnerships.view_funding")
def funding(request: HttpRequest) -> HttpResponse:
    """All money of the office, with what the shown entries add up to."""
    actor = request.actor
    listing = build_listing(request, FUNDING, totals=lambda rows, columns: totals_of_list(actor, rows, columns))
    context = {"currency": currency_of(actor), "today": timezone.localdate()}
    return render_listing(request, listing, "partnerships/funding/list.html", **context)


@page("partnerships.view_funding")
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One amount with everything that is known of it."""
    row = get_object_or_404(visible_funding(request.actor), pk=pk)
    has_overhead = row.overhead_base is not None and row.overhead_rate is not None
    context = {
        "entry": row,
        "currency": currency_of(request.actor),
        "overhead": overhead(row.overhead_base, row.overhead_rate) if has_overhead else None,
        "late": days_overdue(row.due_on, row.paid_on, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "partnerships/funding/detail.html", context)


@page("partnerships.add_funding_entry", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record money, from the ledger, a partner's page or a project's."""
    form = FundingForm(request.POST or None, actor=request.actor, initial=_presets(request))
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(add_funding_entry, actor=request.actor)
        if row is not None:
            messages.success(request, _("Recorded; health follows within seconds."))
            return redirect(next_address(request) or row)
    return render_form(request, "partnerships/funding/form.html", form, next=next_address(request))


def _presets(request: HttpRequest) -> dict[str, object]:
    """What the address says of the new entry: ``partner``, ``project`` and ``measure``."""
    actor, given = request.actor, request.GET
    presets: dict[str, object] = {}
    if (pk := _number(given.get("partner"))) is not None:
        presets["partnership"] = visible_partnerships(actor).filter(pk=pk).first()
    if (pk := _number(given.get("project"))) is not None and actor.may("partnerships.view_projects"):
        project = visible_projects(actor).prefetch_related(None).filter(pk=pk).first()
        if project is not None:
            presets |= {"project": project.pk, "channel": project.channel, "domain": project.domain}
            presets |= {"currency": project.currency}
    if given.get("measure") in FundingMeasure.values:
        presets["measure"] = given["measure"]
    return presets


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 18 else None


@page("partnerships.edit_funding_entry", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    row = get_object_or_404(visible_funding(request.actor), pk=pk)
    form = FundingForm(request.POST or None, actor=request.actor, initial=FundingForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_funding_entry, actor=request.actor, funding_entry=row, seen=seen) is not None:
            messages.success(request, form.told(_("Entry corrected.")))
            return redirect(row)
    return render_form(request, "partnerships/funding/form.html", form, entry=row)


@page("partnerships.view_funding")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an entry."""
    row = get_object_or_404(visible_funding(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.delete_funding_entry", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an entry; the status bar has the way back."""
    row = get_object_or_404(visible_funding(request.actor), pk=pk)
    onward = reverse("partnerships:funding")
    return delete_and_tell(request, row, delete_funding_entry, subject="funding_entry", onward=onward)


def _told_apart_by(project: Project) -> list[str]:
    """Who takes part beside us, and how it stands: titles alone are often alike."""
    partners = [each.organization.name for each in project.participants.all() if not each.organization.is_own]
    return [*partners[:2], str(project.get_status_display())]


@page("partnerships.view_projects")
def project_lookup(request: HttpRequest) -> HttpResponse:
    """Options for the project combobox: the ten latest whose title or acronym contains what was typed."""
    rows = visible_projects(request.actor)
    found = ProjectFilter({"q": request.GET.get("q", "")[:100]}, rows, request=request).qs[:10]
    options = [
        {"value": each.pk, "label": each.title, "hint": " · ".join(filter(None, [each.acronym, *_told_apart_by(each)]))}
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})


urlpatterns = [
    path("funding/", funding, name="funding"),
    path("funding/new/", new, name="funding_new"),
    path("funding/<int:pk>/", entry, name="funding_entry"),
    path("funding/<int:pk>/edit/", edit, name="funding_edit"),
    path("funding/<int:pk>/history/", history, name="funding_history"),
    path("funding/<int:pk>/delete/", delete, name="funding_delete"),
    path("ui/lookup/funding-projects/", project_lookup, name="funding_project_lookup"),
]
