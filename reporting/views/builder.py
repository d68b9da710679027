"""Building a report: the choices, and what they answer, in one page whose address is the report."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.pages import page
from reporting.forms.builder import RecipeForm
from reporting.queries.builder import Recipe, built_answer
from reporting.queries.subjects import SUBJECTS
from reporting.registry import Question
from reporting.rules.answers import Answer
from reporting.views.dashboards import Panel, canonical, chips_of, csv_of, scope_filter

SHOWN = 50


class BuiltPanel(Panel):
    """A built answer, as the page shows it: the first lines of it, and the addresses of all."""

    __slots__ = ()

    @property
    def file_address(self) -> str:
        return f"{reverse('reporting:built_file')}?{self.query}"

    @property
    def api_address(self) -> str:
        return f"{get_script_prefix()}api/v1/analytics/built/?{self.query}"


def panel_of(recipe: Recipe, answer: Answer, query: str) -> BuiltPanel:
    """The panel of a recipe; lines beyond the fiftieth are in the file alone, and its totals count them."""
    title = title_of(recipe)
    question = Question("built", title, built_answer, recipe.chart)
    return BuiltPanel(question, replace(answer, rows=answer.rows[:SHOWN]), query)


def title_of(recipe: Recipe) -> str:
    """ "Projects: by channel and fiscal year", in the words of the choices."""
    subject = SUBJECTS[recipe.subject]
    parts = [str(subject.dimensions[code].label) for code in (recipe.rows, recipe.columns) if code]
    return f"{subject.label}: {' × '.join(parts)}"


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
        "problems": [" ".join(errors) for errors in filterset.form.errors.values()],
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
        }
    return render(request, "reporting/builder/page.html", context)


@page("reporting.view_insights")
def built_file(request: HttpRequest) -> HttpResponse:
    """The whole table as CSV, with what it says and as of when in the first lines."""
    recipe = RecipeForm(request.actor, request.GET).recipe()
    if recipe is None:
        raise Http404(_("Nothing can be counted with your role."))
    answer = built_answer(request.actor, scope_filter(request).scope(request.tenant), recipe)
    return csv_of(title_of(recipe), answer, f"{recipe.subject}.csv")
