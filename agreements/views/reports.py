"""How long agreements take and what they say, summed up; and the agreements behind each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.actions.reports import export_clauses, export_turnaround
from agreements.choices import AgreementKind, Court
from agreements.filters import ReportedFilter
from agreements.forms.reports import ClauseReportForm, TurnaroundForm
from agreements.queries.agreements import visible_agreements
from agreements.queries.clause_report import clause_report
from agreements.queries.turnaround import COURTS, KindTurnaround, turnaround_report
from agreements.rules.clock import ENOUGH
from agreements.wording import QUESTIONS, RULES, SEVERITIES, TOPICS
from core.charts import Part
from core.pages import page
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from tenants.actions.exports import Exported

FOLDER = "agreements/reports/"
COLORS = dict(zip(COURTS, ("s1", "s2", "s3", "s4"), strict=True))
BADGES = {"B": "danger", "W": "warning", "I": "info"}

REPORTED = register_list(
    List(
        code="reported-agreements",
        label=gettext_lazy("Agreements behind a report"),
        url_name="agreements:reported",
        reads=visible_agreements,
        filterset_class=ReportedFilter,
        columns=[
            Column("title", gettext_lazy("Agreement"), sort="title", css="long-name", value="title"),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("reference", gettext_lazy("Reference"), sort="reference", shown=False, value="reference"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("complete", gettext_lazy("Request complete"), sort="complete_on", value="complete_on"),
            Column("executed", gettext_lazy("Executed"), sort="executed_on", value="executed_on"),
            Column("clarity", gettext_lazy("Clarity"), sort="clarity", numeric=True, value="clarity"),
            Column("owner", gettext_lazy("Handled by"), sort="owner__name", value="owner.name"),
            Column("unit", gettext_lazy("Unit"), sort="unit__name", shown=False, value="unit.name"),
        ],
        default_sort="-complete",
        row_template=f"{FOLDER}_row.html",
        counted=ngettext_lazy("%(n)d agreement", "%(n)d agreements", "n"),
        empty=Empty(gettext_lazy("No agreements yet that you may read."), icon="report-analytics"),
        no_match=gettext_lazy("No agreement stands behind this figure today."),
    )
)


@page("agreements.view_agreements")
def reported(request: HttpRequest) -> HttpResponse:
    """The agreements behind a figure."""
    return render_listing(request, build_listing(request, REPORTED), f"{FOLDER}records.html")


def _behind(**filters: object) -> str:
    """The address of the agreements behind a figure."""
    return f"{reverse('agreements:reported')}?{urlencode({k: v for k, v in filters.items() if v not in (None, '')})}"


# Turnaround


@page("agreements.view_turnaround")
def turnaround(request: HttpRequest) -> HttpResponse:
    """Working days from complete request to signature by kind, and in whose court they were spent."""
    form = TurnaroundForm(request.GET or None, actor=request.actor)
    chosen = form.chosen if form.is_bound else {}
    lines = turnaround_report(request.actor, **{**chosen, "unit": _id(chosen)})
    context = {
        "form": form,
        "lines": [_shown(line, chosen) for line in lines],
        "courts": [(Court(court).label, COLORS[court]) for court in COURTS],
        "legend": [{"label": Court(court).label, "kind": COLORS[court]} for court in COURTS],
        "few": ENOUGH,
        "query": request.GET.urlencode(),
    }
    return render(request, f"{FOLDER}turnaround.html", context)


def _shown(line: KindTurnaround, chosen: Mapping[str, object]) -> dict[str, object]:
    filters = {
        "kind": line.kind,
        "unit": _id(chosen),
        "complete_after": chosen.get("after"),
        "complete_before": chosen.get("before"),
    }
    return {
        "line": line,
        "finished_url": _behind(**filters, timed="finished"),
        "open_url": _behind(**filters, timed="open"),
        "parts": [Part(str(Court(court).label), line.by_court[court] or 0, COLORS[court]) for court in COURTS],
        "days": [(Court(court).label, line.by_court[court]) for court in COURTS],
        "is_few": 0 < line.finished < ENOUGH,
    }


@page("agreements.export_turnaround", methods=["POST"])
def turnaround_file(request: HttpRequest) -> FileResponse:
    """The same as CSV. A POST, because the office keeps a record of it."""
    form = TurnaroundForm(request.POST, actor=request.actor)
    return _sent(export_turnaround(actor=request.actor, **form.chosen))


# Clauses


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one kind: ``number`` of ``among``, and what stands behind it. ``among`` 0: nothing is asked."""

    number: int
    among: int
    url: str

    @property
    def percent(self) -> int:
        return round(100 * self.number / self.among) if self.among else 0


@page("agreements.view_clause_report")
def clauses(request: HttpRequest) -> HttpResponse:
    """Per rule how many agreements it fires for and was set aside for, per question how many have answered it."""
    form = ClauseReportForm(request.GET or None, actor=request.actor)
    chosen = form.chosen if form.is_bound else {}
    report = clause_report(request.actor, **{**chosen, "unit": _id(chosen)})
    filters = {"kind": chosen.get("kind"), "standing": chosen.get("standing"), "unit": _id(chosen)}
    shows_questions = request.GET.get("part") == "questions"
    parts = request.GET.copy()
    links = []
    for part, label in (("rules", _("Rules")), ("questions", _("Questions"))):
        parts["part"] = part
        links.append(
            {"label": label, "url": f"?{parts.urlencode()}", "current": (part == "questions") == shows_questions}
        )
    context = {
        "form": form,
        "report": report,
        "part": "questions" if shows_questions else "rules",
        "parts": links,
        "kinds": [AgreementKind(code).label for code in report.kinds],
        "rows": _questions(report, filters) if shows_questions else _rules(report, filters),
        "query": request.GET.urlencode(),
    }
    return render(request, f"{FOLDER}clauses.html", context)


def _rules(report, filters: dict[str, object]) -> list[dict[str, object]]:
    rows = []
    for each in report.rules:
        code, (applies, fires, aside) = each.rule.code, each.total
        rows.append(
            {
                "code": code,
                "words": RULES[code],
                "severity": SEVERITIES[each.rule.severity],
                "badge": BADGES[each.rule.severity],
                "total": Cell(fires, applies, _behind(**filters, fires=code)),
                "aside": Cell(aside, aside, _behind(**filters, aside=code)),
                "cells": [
                    Cell(
                        each.fires.get(kind, 0),
                        each.applies.get(kind, 0),
                        _behind(**{**filters, "kind": kind}, fires=code),
                    )
                    for kind in report.kinds
                ],
            }
        )
    return rows


def _questions(report, filters: dict[str, object]) -> list[dict[str, object]]:
    rows = []
    for each in report.questions:
        code, (asked, answered) = each.question.code, each.total
        topic = each.question.topic
        rows.append(
            {
                "code": code,
                "words": QUESTIONS[code],
                "topic": TOPICS[topic] if topic is not None else "",
                "total": Cell(answered, asked, _behind(**filters, answered=code)),
                "missing": Cell(asked - answered, asked, _behind(**filters, unanswered=code)),
                "cells": [
                    Cell(
                        each.answered.get(kind, 0),
                        each.asked.get(kind, 0),
                        _behind(**{**filters, "kind": kind}, answered=code),
                    )
                    for kind in report.kinds
                ],
            }
        )
    return rows


@page("agreements.export_clauses", methods=["POST"])
def clauses_file(request: HttpRequest) -> FileResponse:
    """The same as CSV, questions and rules together."""
    form = ClauseReportForm(request.POST, actor=request.actor)
    return _sent(export_clauses(actor=request.actor, **form.chosen))


def _id(chosen: Mapping[str, object]) -> int | None:
    unit = chosen.get("unit")
    return unit.pk if unit else None


def _sent(exported: Exported) -> FileResponse:
    written = exported.written
    answer = FileResponse(written.file, as_attachment=True, filename=exported.name, content_type=written.content_type)
    answer["Cache-Control"] = "no-store, private"
    return answer
