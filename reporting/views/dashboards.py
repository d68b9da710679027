"""Dashboards: pages of questions, each with its finding, drawing, table, and the way to the records behind it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import neutralize
from core.pages import page
from core.views_of_lists import filter_parts
from partnerships.models import Partnership
from reporting import drawing
from reporting.filters import ScopeFilter
from reporting.queries import questions as asked
from reporting.queries.asking import ask, may_ask, targets_of
from reporting.registry import Question, question_of
from reporting.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One page of questions."""

    code: str
    title: str
    questions: Sequence[Question]
    about: str = ""

    @property
    def url_name(self) -> str:
        return f"reporting:{self.code}"


DIRECTOR = Dashboard(
    "director", gettext_lazy("Insights"), asked.DIRECTOR, gettext_lazy("Six questions, answered from the records.")
)
PORTFOLIO = Dashboard(
    "portfolio", gettext_lazy("Portfolio review"), asked.PORTFOLIO,
    gettext_lazy("What to look at before the quarter's meeting."),
)  # fmt: skip
CHANNELS = Dashboard("channels", gettext_lazy("Channels"), asked.CHANNELS)
PLACES = Dashboard("places", gettext_lazy("Map"), asked.PLACES)
IMPACT = Dashboard(
    "impact", gettext_lazy("Regional impact"), asked.IMPACT, gettext_lazy("What the region got, and what shows it.")
)
DASHBOARDS = [DIRECTOR, PORTFOLIO, CHANNELS, PLACES, IMPACT]


@dataclass(frozen=True, slots=True)
class Panel:
    """A question with its answer, as the page shows it."""

    question: Question
    answer: Answer
    query: str

    @property
    def chart(self) -> str:
        return drawing.drawn(self.answer, "" if self.is_heat else self.question.chart)

    @property
    def is_heat(self) -> bool:
        """Whether the table itself is the drawing, by the shade of its cells."""
        return drawing.is_shaded(self.question.chart)

    @property
    def bar(self) -> str:
        return drawing.drawn(self.answer, "bands") if self.question.chart == "bands" else ""

    @property
    def legend(self) -> list[dict]:
        return [] if self.answer.is_empty else drawing.legend(self.answer, self.question.chart)

    @property
    def most(self) -> float:
        """The largest count of the table's body: the darkest shade."""
        return drawing.darkest(self.answer, self.question.chart)

    @property
    def lines(self) -> list[tuple]:
        """The rows with their cells beside the columns."""
        return [(row, list(zip(self.answer.columns, row.cells, strict=True))) for row in self.answer.rows]

    @property
    def last_line(self) -> list[tuple]:
        totals = self.answer.totals
        return list(zip(self.answer.columns, totals.cells, strict=True)) if totals else []

    @property
    def file_address(self) -> str:
        return _with(reverse("reporting:answer_file", args=[self.question.code]), self.query)

    @property
    def api_address(self) -> str:
        return _with(f"{get_script_prefix()}api/v1/analytics/{self.question.code}/", self.query)


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def scope_filter(request: HttpRequest) -> ScopeFilter:
    """The filters in the address."""
    return ScopeFilter(request.GET, queryset=Partnership.objects.none(), request=request)


def canonical(filterset: ScopeFilter, parameters: QueryDict) -> str:
    """The filters that hold, in one order."""
    kept = QueryDict(mutable=True)
    for name in filterset.base_filters:
        values = [value for value in parameters.getlist(name) if value]
        if values and name not in filterset.form.errors:
            kept.setlist(name, values)
    return kept.urlencode()


def chips_of(filterset: ScopeFilter, parameters: QueryDict) -> list[dict]:
    """The filters in force, each with the query that remains without it."""
    chips = []
    for name, label, value in filter_parts(filterset, parameters):
        without = parameters.copy()
        without.pop(name, None)
        chips.append({"name": name, "label": label, "value": value, "remove": without.urlencode()})
    return chips


def _view(dashboard: Dashboard):
    @page("reporting.view_insights")
    def dashboard_page(request: HttpRequest) -> HttpResponse:
        filterset = scope_filter(request)
        scope = filterset.scope(request.tenant)
        query = canonical(filterset, request.GET)
        targets = targets_of(request.actor, scope.last_year or scope.this_year)
        panels = [
            Panel(question, ask(request.actor, question, scope, targets), query)
            for question in dashboard.questions
            if may_ask(request.actor, question)
        ]
        context = {
            "dashboard": dashboard,
            "panels": panels,
            "tabs": _tabs(dashboard, query),
            "chips": chips_of(filterset, request.GET),
            "problems": filterset.problems,
            "filter_address": _with(reverse("reporting:filter", args=[dashboard.code]), query),
            "pack_address": _with(reverse("reporting:board_pack"), query),
            "as_of": panels[0].answer.as_of if panels else None,
        }
        return render(request, "reporting/dashboard.html", context)

    return dashboard_page


def _tabs(current: Dashboard, query: str) -> list[dict]:
    return [
        {"label": each.title, "url": _with(reverse(each.url_name), query), "current": each is current}
        for each in DASHBOARDS
    ]


director, portfolio, channels, places, impact = map(_view, DASHBOARDS)


@page("reporting.view_insights")
def choose_filter(request: HttpRequest, code: str) -> HttpResponse:
    """The form with the filters of a dashboard, which it leads back to."""
    dashboard = next((each for each in DASHBOARDS if each.code == code), None)
    if dashboard is None:
        raise Http404
    filterset = scope_filter(request)
    context = {"dashboard": dashboard, "form": filterset.form, "back": reverse(dashboard.url_name)}
    return render(request, "reporting/filter.html", context)


@page("reporting.view_insights")
def answer_file(request: HttpRequest, code: str) -> HttpResponse:
    """The table of a question as CSV, with what it says and as of when in the first lines."""
    question = question_of(code)
    if question is None:
        raise Http404
    scope = scope_filter(request).scope(request.tenant)
    return csv_of(str(question.title), ask(request.actor, question, scope), f"{question.code}.csv")


def csv_of(title: str, answer: Answer, name: str) -> HttpResponse:
    """An answer as a CSV file called ``name``: what it says and as of when, then its whole table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in (
        title,
        answer.finding,
        answer.source,
        answer.period,
        answer.as_of.isoformat(timespec="seconds"),
    ):
        writer.writerow([neutralize(str(line))])
    writer.writerow([])
    writer.writerow([answer.subject, *(_head(column, answer.currency) for column in answer.columns)])
    for row in [*answer.rows, *([answer.totals] if answer.totals else [])]:
        writer.writerow([neutralize(row.label), *(_in_file(cell) for cell in row.cells)])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _head(column, currency: str) -> str:
    return f"{column.label}, {currency}" if column.kind == "money" else str(column.label)


def _in_file(cell) -> str:
    if cell.hidden:
        return _("hidden")
    return "" if cell.value is None else neutralize(str(cell.value)) if isinstance(cell.value, str) else str(cell.value)
