"""Handing over what a leaving colleague carries."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import ActionRefused
from core.pages import page, render_form
from partnerships.actions.handovers import (
    cancel_handover,
    choose_successors,
    finish_handover,
    refresh_handover,
    start_handover,
    thing_of,
)
from partnerships.choices import HandoverStatus
from partnerships.forms.handovers import StartForm, SuccessorsForm
from partnerships.models import Handover
from partnerships.queries.handovers import KINDS, lines_of, visible_handovers
from partnerships.queries.ties import carried_by

KIND_LABELS = {
    "partnership": gettext_lazy("Partners owned"),
    "role": gettext_lazy("Other roles"),
    "opportunity": gettext_lazy("Open opportunities"),
    "followup": gettext_lazy("Open follow-ups"),
    "contact": gettext_lazy("Contacts kept"),
}


@page("partnerships.view_handovers")
def handovers(request: HttpRequest) -> HttpResponse:
    """Handovers under way and past ones."""
    return render(request, "partnerships/handovers/list.html", {"handovers": visible_handovers(request.actor)[:200]})


@page("partnerships.start_handover", methods=["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """List what a colleague carries."""
    form = StartForm(request.POST or None, actor=request.actor, initial={"member": request.GET.get("member")})
    if request.method == "POST" and form.is_valid():
        row = form.perform(start_handover, actor=request.actor)
        if row is not None:
            return redirect(row)
    return render_form(request, "partnerships/handovers/start.html", form)


@page("partnerships.view_handovers")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One handover: its lines with their successors, and the ties that no line can hand over."""
    return _show(request, _find(request, pk))


def _show(request: HttpRequest, row: Handover, form: SuccessorsForm | None = None) -> HttpResponse:
    lines = list(lines_of(request.actor, row))
    is_open = row.status == HandoverStatus.OPEN
    form = form or SuccessorsForm(actor=request.actor, handover=row, lines=lines)
    groups = {kind: [] for kind in KINDS}
    for line in lines:
        groups[thing_of(line)[0]].append((line, form[f"line-{line.pk}"]))
    context = {
        "handover": row,
        "groups": [(KIND_LABELS[kind], kind, members) for kind, members in groups.items() if members],
        "named": sum(line.successor_id is not None for line in lines),
        "total": len(lines),
        "ties": carried_by(request.actor, row.member) if is_open else [],
        "is_open": is_open,
    }
    return render_form(request, "partnerships/handovers/detail.html", form, **context)


@page("partnerships.choose_successors", methods=["POST"])
def successors(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the successors: what was chosen per line, then the one for all that are left."""
    row = _find(request, pk)
    form = SuccessorsForm(request.POST, actor=request.actor, handover=row, lines=lines_of(request.actor, row))
    if not form.is_valid():
        return _show(request, row, form)
    wanted = list(form.choices().items())
    if form.cleaned_data["for_all"]:
        wanted.append((form.cleaned_data["for_all"], None))
    try:
        with transaction.atomic():
            for successor, items in wanted:
                choose_successors(actor=request.actor, handover=row, successor=successor, items=items)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Successors saved."))
    return redirect(row)


@page("partnerships.refresh_handover", methods=["POST"])
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the list up to date with what the colleague carries now."""
    return _perform(request, pk, refresh_handover, _("The list is up to date."))


@page("partnerships.finish_handover", methods=["POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everything to the successors."""
    return _perform(request, pk, finish_handover, _("Everything has changed hands."))


@page("partnerships.cancel_handover", methods=["POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The colleague stays."""
    return _perform(request, pk, cancel_handover, _("Handover canceled; nothing has changed hands."))


def _perform(request: HttpRequest, pk: int, action: Callable, words: str) -> HttpResponse:
    row = _find(request, pk)
    try:
        action(actor=request.actor, handover=row)
        messages.success(request, words)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row)


def _find(request: HttpRequest, pk: int) -> Handover:
    return get_object_or_404(visible_handovers(request.actor), pk=pk)
