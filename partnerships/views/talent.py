"""The overview of talent, talent events, and the Talent tab of a partner."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.actor import Actor
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.talent import add_talent_event, delete_talent_event, edit_talent_event
from partnerships.choices_talent import TalentEventKind
from partnerships.filters_talent import TalentEventFilter
from partnerships.forms.talent import NewTalentEventForm, PipelineForm, TalentEventForm
from partnerships.models import Partnership, Position, TalentEvent
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import placements_with
from partnerships.queries.positions import positions_with, visible_programs
from partnerships.queries.talent import (
    COUNTED,
    PathStep,
    events_with,
    talent_path,
    talent_pipeline,
    visible_talent_events,
)
from partnerships.registry import Tab, register_tab
from partnerships.views.talent_boards import number
from tenants.pages import render_history

FOLDER = "partnerships/talent/"
LABELS = {
    "contacted": gettext_lazy("Contacted"),
    "interns": gettext_lazy("Interns"),
    "capstones": gettext_lazy("Capstones"),
    "doctorates": gettext_lazy("Doctorates, secondments"),
    "hires": gettext_lazy("Hires"),
    "offers": gettext_lazy("Offers"),
    "eligible": gettext_lazy("Eligible"),
}
SHOWN = [code for code in COUNTED if code != "eligible"]


@page("partnerships.view_talent")
def overview(request: HttpRequest) -> HttpResponse:
    """Partners against stages, as counts; small ones are hidden."""
    actor, asked = request.actor, request.GET
    year = number(asked.get("year"))
    program = None
    if actor.may("partnerships.view_placements"):
        program = visible_programs(actor).filter(pk=number(asked.get("program")) or 0).first()
        if "year" not in asked:
            year = timezone.localdate().year
    found = talent_pipeline(actor, year=year, program=program, exact=asked.get("exact") == "on")
    partners = [(row.partnership_id, row.name) for row in found.rows]
    chosen = number(asked.get("partner"))
    initial = {"year": found.year or "", "partner": chosen or "", "program": program, "exact": found.exact}
    form = PipelineForm(actor=actor, years=list(found.years), partners=partners, initial=initial)
    rows = [row for row in found.rows if chosen in (None, row.partnership_id)]
    context = {
        "pipeline": found,
        "form": form,
        "rows": [
            {
                "row": row,
                "cells": _cells(row.cells, found.largest),
                "trend": _("People who moved, %s, last five years") % row.name,
            }
            for row in rows
        ],
        "heads": [(code, LABELS[code]) for code in SHOWN],
        "totals": [(LABELS[code], found.totals[code]) for code in SHOWN],
        "funnel": [(LABELS[code], cell) for code, cell in found.funnel],
        "one_partner": len(rows) != len(found.rows),
    }
    return render(request, f"{FOLDER}overview.html", context)


def _cells(cells: Any, largest: Any) -> list[tuple[str, Any, int]]:
    return [(LABELS[code], cells[code], largest[code] or 1) for code in SHOWN]


# Events

EVENTS = register_list(
    List(
        code="talent-events",
        label=gettext_lazy("Talent events"),
        url_name="partnerships:talent_events",
        reads=visible_talent_events,
        filterset_class=TalentEventFilter,
        columns=[
            Column("what", gettext_lazy("What"), sort="title", css="long-name", value=str),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("kind", gettext_lazy("Kind"), sort="kind", css="lead", value="get_kind_display"),
            Column("when", gettext_lazy("When"), sort="occurred_on", value="occurred_on"),
            Column("people", gettext_lazy("People"), sort="people", numeric=True, value="people"),
            Column("program", gettext_lazy("Program"), sort="program__name", value="program.name"),
            Column("note", gettext_lazy("Note"), shown=False, css="wrap", value="note"),
        ],
        default_sort="-when",
        row_template=f"{FOLDER}_event_row.html",
        counted=ngettext_lazy("%(n)d event", "%(n)d events", "n"),
        empty=Empty(
            gettext_lazy("No events yet. Add hires, guest lectures and career fairs; placements count by themselves."),
            icon="calendar",
            action=gettext_lazy("Add event"),
            url_name="partnerships:talent_event_new",
            permission="partnerships.add_talent_event",
        ),
        no_match=gettext_lazy("No event matches the filter."),
        api="talent-events",
    )
)


@page("partnerships.view_talent_events")
def events(request: HttpRequest) -> HttpResponse:
    """Hires, guest lectures, career fairs and the like."""
    return render_listing(request, build_listing(request, EVENTS), f"{FOLDER}events.html")


@page("partnerships.view_talent_events")
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event."""
    row = get_object_or_404(visible_talent_events(request.actor), pk=pk)
    return render(request, f"{FOLDER}event.html", {"event": row})


@page("partnerships.add_talent_event", methods=["GET", "POST"])
def event_new(request: HttpRequest) -> HttpResponse:
    """Add an event."""
    partner = visible_partnerships(request.actor).filter(pk=number(request.GET.get("partner")) or 0).first()
    kind = request.GET.get("kind", "")
    initial = {
        "partnership": partner,
        "kind": kind if kind in TalentEventKind.values else TalentEventKind.HIRE,
        "occurred_on": timezone.localdate(),
    }
    form = NewTalentEventForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version", None)
        row = form.perform(add_talent_event, actor=request.actor)
        if row is not None:
            messages.success(request, _("Event added."))
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}form.html", form, **_around(_("Add event")))


@page("partnerships.edit_talent_event", methods=["GET", "POST"])
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an event."""
    row = get_object_or_404(visible_talent_events(request.actor), pk=pk)
    form = TalentEventForm(request.POST or None, actor=request.actor, initial=TalentEventForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_talent_event, actor=request.actor, event=row, seen=seen) is not None:
            messages.success(request, form.told(_("Event changed.")))
            return redirect(row)
    return render_form(request, f"{FOLDER}form.html", form, **_around(_("Edit event"), row))


def _around(heading: str, row: TalentEvent | None = None) -> dict[str, Any]:
    return {
        "heading": heading,
        "list_url": reverse("partnerships:talent_events"),
        "row": row,
        "cancel_url": row.get_absolute_url() if row else "",
    }


@page("partnerships.delete_talent_event", methods=["POST"])
def event_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an event; the status bar has the way back."""
    row = get_object_or_404(visible_talent_events(request.actor), pk=pk)
    onward = reverse("partnerships:talent_events")
    return delete_and_tell(request, row, delete_talent_event, subject="event", onward=onward)


@page("partnerships.view_talent_events")
def event_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an event."""
    row = get_object_or_404(visible_talent_events(request.actor), pk=pk)
    return render_history(request, row)


# The tab of a partner

STEP_LABELS = {
    **{kind.value: kind.label for kind in TalentEventKind},
    "project": gettext_lazy("Sponsored project"),
    "license": gettext_lazy("License"),
}


def partner_tab(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What moves between the office and one partner: counts for everybody, the rest for who may see people."""
    actor = request.actor
    sees_people = actor.may("partnerships.view_placements")
    found = talent_pipeline(actor, partnership=partnership, exact=sees_people)
    context: dict[str, Any] = {
        "positions": positions_with(actor, partnership),
        "pipeline": found,
        "counts": _cells(found.rows[0].cells, found.largest) if found.rows else [],
        "conversion": found.rows[0].conversion if found.rows else None,
    }
    if sees_people:
        context["placements"] = placements_with(actor, partnership).prefetch_related(None)[:50]
    if actor.may("partnerships.view_talent_events"):
        context["events"] = events_with(actor, partnership)[:50]
        context["path"] = [_step(step) for step in talent_path(actor, partnership)]
    return context


def _step(step: PathStep) -> dict[str, Any]:
    return {"label": STEP_LABELS[step.kind], "first": step.first_on, "number": step.number, "last": step.last_on}


def count_positions(actor: Actor) -> QuerySet:
    return Position.objects.filter(partnership=OuterRef("pk"))


register_tab(
    Tab(
        "talent",
        gettext_lazy("Talent"),
        f"{FOLDER}_partner_tab.html",
        partner_tab,
        order=65,
        permission="partnerships.view_talent",
        count=count_positions,
    )
)


urlpatterns = [
    path("talent/", overview, name="talent"),
    path("talent-events/", events, name="talent_events"),
    path("talent-events/new/", event_new, name="talent_event_new"),
    path("talent-events/<int:pk>/", event, name="talent_event"),
    path("talent-events/<int:pk>/edit/", event_edit, name="talent_event_edit"),
    path("talent-events/<int:pk>/delete/", event_delete, name="talent_event_delete"),
    path("talent-events/<int:pk>/history/", event_history, name="talent_event_history"),
]
