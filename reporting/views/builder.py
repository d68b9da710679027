"""Building a report: the choices, and what they answer, in one page whose address is the report."""

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse

from core.errors import ActionRefused
from core.pages import page
from reporting.actions.report_files import export_report
from reporting.forms.builder import RecipeForm
from reporting.models import ReportDefinition
from reporting.queries.builder import Recipe, built_answer
from reporting.queries.kept import title_of
from reporting.queries.reports import visible_reports
from reporting.registry import Question
from reporting.rules.answers import Answer
from reporting.views.dashboards import Panel, canonical, chips_of, scope_filter

SHOWN = 50
LONGEST_ID = 18


class BuiltPanel(Panel):
    """A built answer, as the page shows it: the first lines of it, and the addresses of all."""

    __slots__ = ()

    @property
    def file_address(self) -> str:
        """None: its files are on the record, so a form asks for them."""
        return ""

    @property
    def api_address(self) -> str:
        return f"{get_script_prefix()}api/v1/analytics/built/?{self.query}"


def panel_of(recipe: Recipe, answer: Answer, query: str) -> BuiltPanel:
    """The panel of a recipe; lines beyond the fiftieth are in the file alone, and its totals count them."""
    title = title_of(recipe)
    question = Question("built", title, built_answer, recipe.chart)
    return BuiltPanel(question, replace(answer, rows=answer.rows[:SHOWN]), query)


@page("reporting.view_insights")
def builder(request: HttpRequest) -> HttpResponse:
    """The choices, the filter and the answer. What does not go together falls back to what does."""
    form = RecipeForm(request.actor, request.GET)
    filterset = scope_filter(request)
    recipe = form.recipe()
    context = {
        "form": form,
        "filters": filterset.form,
        "chips": [],
        "report": _opened(request),
        "problems": filterset.problems,
    }
    if recipe is not None:
        answer = built_answer(request.actor, filterset.scope(request.tenant), recipe)
        chosen = urlencode({name: value for name, value in form.cleaned_data.items() if value})
        query = "&".join(filter(None, [chosen, canonical(filterset, request.GET)]))
        context |= {
            "panel": panel_of(recipe, answer, query),
            "chips": chips_of(filterset, request.GET),
            "lines": len(answer.rows),
            "shown": SHOWN,
            "query": query,
        }
    return render(request, "reporting/builder/page.html", context)


def _opened(request: HttpRequest) -> ReportDefinition | None:
    """The saved report that is being changed, where the address names one that the reader may change."""
    given = request.GET.get("report", "")
    if not given.isdecimal() or len(given) > LONGEST_ID or not request.actor.may("reporting.edit_report"):
        return None
    return visible_reports(request.actor).filter(pk=int(given), may_change=True).first()


@page("reporting.export_report", methods=["POST"])
def built_file(request: HttpRequest) -> HttpResponse:
    """The whole table as a file. A POST, because the office keeps a record of it."""
    query, report = request.POST.get("query", ""), None
    given = request.POST.get("report", "")
    if given.isdecimal() and len(given) <= LONGEST_ID and request.actor.may("reporting.view_reports"):
        report = visible_reports(request.actor).filter(pk=int(given)).first()
    try:
        written = export_report(
            actor=request.actor, query=query, file_format=request.POST.get("format", ""), report=report
        )
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(report or f"{reverse('reporting:builder')}?{query}")
    response = HttpResponse(written.content, content_type=written.content_type)
    response["Content-Disposition"] = f'attachment; filename="{written.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
