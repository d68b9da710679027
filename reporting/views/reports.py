"""The library of saved reports, and one report with its numbers of this moment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.errors import ActionRefused
from core.pages import delete_and_tell, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from core.views_of_lists import LONGEST_QUERY
from reporting.actions.reports import delete_report, edit_report, save_report
from reporting.filters_reports import ReportFilter
from reporting.forms.reports import ReportForm
from reporting.models import ReportDefinition, ReportSchedule
from reporting.queries.kept import Kept, kept_answer, read_kept, title_of
from reporting.queries.reports import visible_reports
from reporting.queries.schedules import coming_to, visible_schedules
from reporting.queries.subjects import SUBJECTS
from reporting.views.builder import SHOWN, panel_of
from reporting.views.schedules import rhythm_words, shown_schedules
from tenants.choices import ViewVisibility
from tenants.pages import render_history


def subject_words(row: ReportDefinition) -> str:
    """What the report counts."""
    return str(SUBJECTS[row.subject].label)


def sharing_words(row: ReportDefinition) -> str:
    """Who sees it: a team by its name."""
    return row.unit.name if row.visibility == ViewVisibility.TEAM else str(row.get_visibility_display())


REPORTS = register_list(
    List(
        code="reports",
        label=gettext_lazy("Reports"),
        url_name="reporting:reports",
        reads=visible_reports,
        filterset_class=ReportFilter,
        columns=[
            Column("name", gettext_lazy("Report"), sort="name", css="long-name", value="name"),
            Column("subject", gettext_lazy("What it counts"), sort="subject", value=subject_words),
            Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
            Column("shared", gettext_lazy("Shared with"), sort="visibility", value=sharing_words),
            Column("mail", gettext_lazy("Comes to you")),
            Column("changed", gettext_lazy("Last changed"), sort="updated_at", value="updated_at"),
            Column("description", gettext_lazy("Description"), css="wrap", shown=False, value="description"),
        ],
        default_sort="name",
        row_template="reporting/reports/_row.html",
        counted=ngettext_lazy("%(n)d report", "%(n)d reports", "n"),
        empty=Empty(
            gettext_lazy("No report is saved yet. Build one, and save what you will ask for again."),
            icon="chart-bar",
            action=gettext_lazy("Build a report"),
            url_name="reporting:builder",
            permission="reporting.view_insights",
        ),
        no_match=gettext_lazy("No report matches the filter."),
        api="reports",
    )
)


@page("reporting.view_reports")
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that the reader sees."""
    listing = build_listing(request, REPORTS)
    rows = list(listing.rows)
    coming = mine_among(request, rows) if REPORTS.column("mail") in listing.columns else {}
    for row in rows:
        row.subject_words, row.sharing_words = subject_words(row), sharing_words(row)
        row.coming = coming.get(row.pk, [])
    return render_listing(request, listing, "reporting/reports/list.html", rows=rows)


def mine_among(request: HttpRequest, rows: list[ReportDefinition]) -> dict[int, list[ReportSchedule]]:
    """Report → the schedules by which it comes to the reader, each with its rhythm in words."""
    if not rows or not request.actor.may("reporting.view_report_schedules"):
        return {}
    found = coming_to(request.actor, rows)
    for each in (each for schedules in found.values() for each in schedules):
        each.words, each.is_mine = rhythm_words(each), True
    return found


@page("reporting.view_reports")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, with the numbers that its reader may see; or what of it does not hold any more."""
    row = get_object_or_404(visible_reports(request.actor), pk=pk)
    kept = read_kept(request.actor, row.query, request.tenant)
    context = {
        "report": row,
        "kept": kept,
        "sharing": sharing_words(row),
        "builder": builder_address(row),
        "schedules": schedules_of(request, row),
    }
    if not kept.problems:
        answer = kept_answer(request.actor, kept)
        context |= {
            "title": title_of(kept.recipe),
            "panel": panel_of(kept.recipe, answer, kept.query),
            "lines": len(answer.rows),
            "shown": SHOWN,
            "query": kept.query,
        }
    return render(request, "reporting/reports/detail.html", context)


def schedules_of(request: HttpRequest, row: ReportDefinition) -> list[ReportSchedule]:
    """When the report is sent by e-mail, each with its rhythm in words and what came of its last morning."""
    if not request.actor.may("reporting.view_report_schedules"):
        return []
    return shown_schedules(request, list(visible_schedules(request.actor).filter(report=row)))


def builder_address(row: ReportDefinition) -> str:
    """The builder with the report in it."""
    return f"{reverse('reporting:builder')}?report={row.pk}&{row.query}"


@page("reporting.save_report", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Save a built report; its query comes with the address, then with the form."""
    query = _query_of(request)
    form = ReportForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(save_report, actor=request.actor, query=query)
        if row is not None:
            messages.success(request, _("Report “%s” saved.") % row.name)
            return redirect(row)
    back = f"{reverse('reporting:builder')}?{query}"
    return render_form(request, "reporting/reports/form.html", form, query=query, back=back, **_about(request, query))


def _query_of(request: HttpRequest) -> str:
    if request.method == "POST":
        return request.POST.get("query", "")[: LONGEST_QUERY + 1]
    given = request.GET.copy()
    given.pop("report", None)
    return given.urlencode()[: LONGEST_QUERY + 1]


def _about(request: HttpRequest, query: str) -> dict[str, object]:
    """What the form says of the query that it keeps."""
    kept: Kept = read_kept(request.actor, query, request.tenant)
    return {"kept": kept, "title": "" if kept.problems else title_of(kept.recipe)}


@page("reporting.edit_report", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a report, describe it or change who sees it."""
    row = get_object_or_404(visible_reports(request.actor), pk=pk)
    form = ReportForm(request.POST or None, actor=request.actor, report=row, initial=ReportForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_report, actor=request.actor, report=row, seen=seen) is not None:
            messages.success(request, form.told(_("Report changed.")))
            return redirect(row)
    about = _about(request, row.query)
    return render_form(request, "reporting/reports/form.html", form, report=row, back=row.get_absolute_url(), **about)


@page("reporting.edit_report", methods=["POST"])
def overwrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the builder shows in the report that it was opened with."""
    row = get_object_or_404(visible_reports(request.actor), pk=pk)
    try:
        edit_report(actor=request.actor, report=row, query=request.POST.get("query", ""))
        messages.success(request, _("Report “%s” saved.") % row.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row)


@page("reporting.view_reports")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a report."""
    return render_history(request, get_object_or_404(visible_reports(request.actor), pk=pk))


@page("reporting.delete_report", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a report; the status bar has the way back."""
    row = get_object_or_404(visible_reports(request.actor), pk=pk)
    return delete_and_tell(request, row, delete_report, subject="report", onward=reverse("reporting:reports"))
