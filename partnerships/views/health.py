"""The page that explains one partner's score, and what one does with it: look behind, play, doubt, take away."""

import zoneinfo
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.charts import BandArea, Marker, line_chart
from core.pages import leads_on, page, render_form
from partnerships.actions.health_files import export_health
from partnerships.actions.health_objections import answer_objection, object_to_health
from partnerships.choices import DIMENSION_LABELS, Band
from partnerships.forms.health import AnswerForm, ObjectionForm, WhatIfForm
from partnerships.models import Partnership
from partnerships.queries.governance import visible_partner_events
from partnerships.queries.health_configuration import health_config_beside
from partnerships.queries.health_evidence import Shown, shown
from partnerships.queries.health_explanation import Explanation, explain_health, visible_objections
from partnerships.queries.health_groups import GroupHealth, group_health
from partnerships.queries.health_series import Series, series_of
from partnerships.queries.health_whatif import imagine
from partnerships.queries.merges import merged_partnership
from partnerships.queries.partnerships import partnerships_in_full
from partnerships.registry import evidence_readers
from partnerships.rules.health import INSUFFICIENT, Trend, health_trend
from partnerships.rules.health.rollup import MEAN, RULES, WEIGHTED, WORST
from partnerships.rules.health.workings import totals, workings
from partnerships.views.health_alerts import alerts_section
from partnerships.wording import ASKS
from tenants.queries.jobs import is_waiting

FOLDER = "partnerships/health/"
WEEKS = (13, 26, 52)
MOST_EVENTS = 12
MOST_OBJECTIONS = 20
ROLL_UPS = {
    WEIGHTED: gettext_lazy("weighted"),
    MEAN: gettext_lazy("mean"),
    WORST: gettext_lazy("worst"),
}
TREND_WORDS = {
    "improving": gettext_lazy("Improving"),
    "stable": gettext_lazy("Stable"),
    "declining": gettext_lazy("Declining"),
    "unknown": gettext_lazy("Too few scores for a trend"),
}


class DayForm(forms.Form):
    """The day as of which a score is explained."""

    as_of = forms.DateField(label=gettext_lazy("As of"), widget=forms.DateInput, required=False)

    def __init__(self, *args, partnership: Partnership, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership, self.today = partnership, today

    def clean_as_of(self) -> date:
        day = self.cleaned_data["as_of"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("That day is still to come. Choose today or a day before."))
        if day < self.partnership.started_on:
            words = _("The partnership began on %(day)s. Choose that day or a later one.")
            raise forms.ValidationError(words % {"day": date_format(self.partnership.started_on, "j M Y")})
        return day


@dataclass(frozen=True, slots=True)
class Asked:
    """One partner on one day, as the address says; a day that cannot be is today, and the form says why."""

    partnership: Partnership
    today: date
    as_of: date
    form: DayForm

    @property
    def is_past(self) -> bool:
        return self.as_of < self.today

    @property
    def query(self) -> str:
        """What links of this page carry on."""
        return urlencode({"as_of": self.as_of.isoformat()}) if self.is_past else ""


def asked(request: HttpRequest, pk: int) -> Asked:
    """What is asked for: the partner must be the reader's to see."""
    partnership = get_object_or_404(partnerships_in_full(request.actor), pk=pk)
    today = timezone.localdate(timezone=zoneinfo.ZoneInfo(request.tenant.time_zone))
    data = {"as_of": request.GET.get("as_of", "")}
    form = DayForm(data if data["as_of"] else {"as_of": today.isoformat()}, partnership=partnership, today=today)
    day = form.cleaned_data["as_of"] if form.is_valid() else today
    return Asked(partnership, today, max(day, min(today, partnership.started_on)), form)


def explained(request: HttpRequest, wanted: Asked) -> Explanation:
    return explain_health(
        request.actor,
        wanted.partnership,
        as_of=wanted.as_of,
        today=wanted.today,
        time_zone=request.tenant.time_zone,
    )


@page("partnerships.view_partnerships")
@leads_on(merged_partnership)
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the score is what it is. ``?dimension=`` opens the records behind one; htmx gets these alone."""
    wanted = asked(request, pk)
    dimension = request.GET.get("dimension", "")
    dimension = dimension if dimension in evidence_readers() else ""
    if request.htmx and dimension and not request.htmx.history_restore_request:
        context = {"code": dimension, "evidence": _evidence(request, wanted, dimension), "query": wanted.query}
        return render(request, f"{FOLDER}_evidence.html", context)
    found = explained(request, wanted)
    actor, partnership = request.actor, wanted.partnership
    weeks = int(request.GET.get("weeks", "")) if request.GET.get("weeks", "") in map(str, WEEKS) else WEEKS[0]
    rule = request.GET.get("roll_up", "")
    rule = rule if rule in RULES else found.config.roll_up
    objections = visible_objections(actor).filter(partnership=partnership)
    context = {
        "partnership": partnership,
        "log_about": f"partner={partnership.pk}",
        "asked": wanted,
        "query": wanted.query,
        "explanation": found,
        "lines": _lines(found),
        "dimension": dimension,
        "evidence": _evidence(request, wanted, dimension) if dimension else None,
        "trend": _trend(request, found, weeks),
        "help": _help(request, found) if not wanted.is_past else [],
        "group": _group(group_health(actor, partnership.organization, found.config, rule=rule)),
        "roll_ups": [{"code": code, "label": label, "current": code == rule} for code, label in ROLL_UPS.items()],
        "rule": ROLL_UPS[rule],
        "alerts": [] if wanted.is_past else alerts_section(actor, partnership, onward=request.path),
        "objections": list(objections[:MOST_OBJECTIONS]),
        "pending": is_waiting("partnerships.recompute_health", key=f"partnership-{pk}"),
    }
    return render(request, f"{FOLDER}page.html", context, status=422 if wanted.form.errors else 200)


def _lines(found: Explanation) -> list[dict[str, Any]]:
    """The dimensions as a table shows them."""
    readers, records = evidence_readers(), found.known.records
    counts = {
        "recency": sum(touch.age_days <= found.config.window_days for touch in records.touches),
        "breadth": len(records.engagements),
        "depth": len(records.tie_masses(found.config)),
        "satisfaction": len(records.ratings),
    }
    words = {
        "recency": lambda n: ngettext("%(n)d contact", "%(n)d contacts", n),
        "breadth": lambda n: ngettext("%(n)d project", "%(n)d projects", n),
        "depth": lambda n: ngettext("%(n)d person", "%(n)d people", n),
        "satisfaction": lambda n: ngettext("%(n)d rating", "%(n)d ratings", n),
    }
    lines = []
    for line in found.table.lines:
        number = counts.get(line.code)
        lines.append(
            {
                "line": line,
                "label": DIMENSION_LABELS[line.code],
                "asks": ASKS[line.code],
                "percent": round(100 * line.coverage),
                "records": words[line.code](number) % {"n": number} if number is not None else _("Records"),
                "has_records": line.code in readers and line.state != "not_applicable" and number != 0,
            }
        )
    return lines


def _evidence(request: HttpRequest, wanted: Asked, dimension: str) -> Shown:
    reader = evidence_readers()[dimension]
    return shown(reader(request.actor, wanted.partnership, wanted.as_of, health_config_beside(wanted.partnership)))


def _help(request: HttpRequest, found: Explanation) -> list[dict[str, Any]]:
    """What would help, each with the address that plans it."""
    partner = found.partnership
    return [
        {
            "words": each.words,
            "gain": each.gain,
            "after": each.after,
            "plan": f"{reverse('partnerships:followup_new')}?"
            + urlencode(
                {
                    "partner": partner.pk,
                    "title": each.words,
                    "next": reverse("partnerships:health_explanation", args=[partner.pk]),
                }
            ),
        }
        for each in found.help
    ]


def _trend(request: HttpRequest, found: Explanation, weeks: int) -> dict[str, Any]:
    """The scores of the last weeks as a picture, a word and a table of the same numbers."""
    since = found.as_of - timedelta(weeks=weeks)
    series = [
        Series(each.version, points)
        for each in series_of(request.actor, found.partnership, since=since)
        if (points := _weekly(each.points, found.as_of))
    ]
    if found.knows_enough:
        _end_with(series, found)
    values: list[float | None] = []
    days: list[date] = []
    rows, markers = [], []
    for place, each in enumerate(series):
        if place:
            values.append(None)
            days.append(each.started_on)
            words = _("settings version %(version)d") % {"version": each.version}
            markers.append(_marker(each.started_on, since, weeks, f"v{each.version}", words))
        for day, score, band in each.points:
            known = band != INSUFFICIENT
            values.append(round(score, 1) if known else None)
            days.append(day)
            rows.append([_short(day), number_format(score, 1) if known else "", str(Band(band).label), each.version])
    events = []
    if request.actor.may("partnerships.view_partner_events"):
        span = (since, found.as_of)
        found_events = visible_partner_events(request.actor).filter(partnership=found.partnership)
        events = list(found_events.filter(occurred_on__range=span)[:MOST_EVENTS])
    for event in reversed(events):
        markers.append(_marker(event.occurred_on, since, weeks, "●", str(event.get_kind_display())))
    bands = found.config.bands
    chart = line_chart(
        values,
        [_short(day) for day in days],
        _("Health over %(weeks)d weeks") % {"weeks": weeks},
        high=100,
        bands=[
            BandArea(str(Band.HEALTHY.label), bands.healthy, 100, "healthy"),
            BandArea(str(Band.WATCH.label), bands.watch, bands.healthy, "watch"),
            BandArea(str(Band.AT_RISK.label), 0, bands.watch, "risk"),
        ],
        markers=markers,
        at=[_along(day, since, weeks) for day in days],
        height=220,
    )
    trend = _heading(series, found)
    return {
        "weeks": [{"number": number, "current": number == weeks} for number in WEEKS],
        "chart": chart if any(value is not None for value in values) else "",
        "rows": list(reversed(rows)),
        "headers": [_("Day"), _("Health"), _("Band"), _("Settings")],
        "word": TREND_WORDS[trend.word],
        "direction": trend.word,
        "slope": None if trend.slope is None else round(trend.slope, 1),
        "events": events,
        "versions": len(series) > 1,
    }


def _short(day: date) -> str:
    return date_format(day, "j M")


def _along(day: date, since: date, weeks: int) -> float:
    return min(1.0, max(0.0, (day - since).days / (7 * weeks)))


def _marker(day: date, since: date, weeks: int, sign: str, label: str) -> Marker:
    return Marker(0, sign, label, at=_along(day, since, weeks), name=_short(day))


def _weekly(points: list[tuple[date, float, str]], as_of: date) -> list[tuple[date, float, str]]:
    """The last score of each week that ends with the day asked for."""
    weeks = {(as_of - point[0]).days // 7: point for point in points if point[0] <= as_of}
    return [weeks[number] for number in sorted(weeks, reverse=True)]


def _end_with(series: list[Series], found: Explanation) -> None:
    """Let the line end in the score that the page explains."""
    point = (found.as_of, found.score.score, found.band)
    if series and series[-1].version == found.config.version:
        kept = [each for each in series[-1].points if (found.as_of - each[0]).days >= 7]
        series[-1] = Series(series[-1].version, [*kept, point])
    else:
        series.append(Series(found.config.version, [point]))


def _heading(series: list[Series], found: Explanation) -> Trend:
    """Where the present series is heading; scores of other versions say nothing about it."""
    points = series[-1].points if series and series[-1].version == found.config.version else []
    known = [(day.toordinal(), score) for day, score, band in points if band != INSUFFICIENT]
    return health_trend(known, found.config.trend)


def _group(found: GroupHealth | None) -> dict[str, Any] | None:
    if found is None:
        return None
    number = len(found.partners)
    return {
        "health": found,
        "words": ngettext("%(n)d partner", "%(n)d partners", number) % {"n": number},
        "partners": [(each, None if each.share is None else round(100 * each.share)) for each in found.partners],
    }


@page("partnerships.view_partnerships")
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What a record that is not there would do to the score. It writes nothing, and its address can be sent."""
    wanted = asked(request, pk)
    found = explained(request, wanted)
    sent = bool(request.GET.keys() & WhatIfForm.base_fields.keys())
    form = WhatIfForm(request.GET if sent else None, explanation=found)
    result = imagine(found, form.imagined()) if sent and form.is_valid() else None
    context = {
        "partnership": wanted.partnership,
        "asked": wanted,
        "query": wanted.query,
        "explanation": found,
        "result": result,
        "dimensions": [(DIMENSION_LABELS[each.code], each) for each in result.dimensions] if result else [],
    }
    return render_form(request, f"{FOLDER}what_if.html", form, **context)


@page("partnerships.view_partnerships")
def formula(request: HttpRequest, pk: int) -> HttpResponse:
    """How this score was computed, with every number, to be printed and computed again by hand."""
    wanted = asked(request, pk)
    found = explained(request, wanted)
    steps = workings(found.inputs, found.score, found.config)
    readers = evidence_readers()
    parts = [
        {
            "line": line,
            "label": DIMENSION_LABELS[line.code],
            "asks": ASKS[line.code],
            "steps": steps.get(line.code, []),
            "evidence": shown(readers[line.code](request.actor, wanted.partnership, wanted.as_of, found.config))
            if line.code in readers and line.code in steps
            else None,
        }
        for line in sorted(found.table.lines, key=lambda line: list(DIMENSION_LABELS).index(line.code))
    ]
    context = {
        "partnership": wanted.partnership,
        "asked": wanted,
        "query": wanted.query,
        "explanation": found,
        "parts": parts,
        "totals": totals(found.score),
        "now": timezone.now(),
    }
    return render(request, f"{FOLDER}formula.html", context)


@page("partnerships.export_health", methods=["POST"])
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The score with its records as CSV."""
    wanted = asked(request, pk)
    exported = export_health(
        actor=request.actor, partnership=wanted.partnership, as_of=wanted.as_of, today=wanted.today
    )
    written = exported.written
    return FileResponse(written.file, as_attachment=True, filename=exported.name, content_type=written.content_type)


@page("partnerships.object_to_health", methods=["GET", "POST"])
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong with a score."""
    partnership = get_object_or_404(partnerships_in_full(request.actor), pk=pk)
    form = ObjectionForm(request.POST or None)
    onward = reverse("partnerships:health_explanation", args=[pk])
    if request.method == "POST" and form.is_valid():
        if form.perform(object_to_health, actor=request.actor, partnership=partnership) is not None:
            messages.success(request, _("Your objection stands beside the score until somebody answers."))
            return HttpResponseRedirect(f"{onward}#objections")
    context = {"partnership": partnership, "heading": _("I disagree with this score"), "onward": onward}
    return render_form(request, f"{FOLDER}note.html", form, **context)


@page("partnerships.answer_objection", methods=["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an objection, which closes it."""
    row = get_object_or_404(visible_objections(request.actor), pk=pk)
    form = AnswerForm(request.POST or None, initial=AnswerForm.initial_of(row))
    onward = reverse("partnerships:health_explanation", args=[row.partnership_id])
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(answer_objection, actor=request.actor, objection=row, seen=seen) is not None:
            messages.success(request, _("Answered."))
            return HttpResponseRedirect(f"{onward}#objections")
    context = {
        "partnership": row.partnership,
        "heading": _("Answer an objection"),
        "onward": onward,
        "objection": row,
    }
    return render_form(request, f"{FOLDER}note.html", form, **context)
