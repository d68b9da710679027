"""Importing a table of positions or of candidates from a page: look at what would happen, then let it happen."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.imports.report import Outcome, Tally
from core.imports.tables import Table, Unreadable
from core.pages import page, render_form
from partnerships.actions.talent_import import import_talent
from partnerships.forms.talent import TalentFileForm
from partnerships.rules.talent_import import (
    CANDIDATE_COLUMNS,
    FURTHER_CANDIDATE_COLUMNS,
    FURTHER_POSITION_COLUMNS,
    POSITION_COLUMNS,
    is_table_of_candidates,
)

MOST_REMARKS = 100


@page("partnerships.import_talent", methods=["GET", "POST"])
def talent_import(request: HttpRequest) -> HttpResponse:
    """Choose a file and see what it would bring; ``confirm`` imports exactly what was shown."""
    form = TalentFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "positions": (POSITION_COLUMNS, FURTHER_POSITION_COLUMNS),
        "candidates": (CANDIDATE_COLUMNS, FURTHER_CANDIDATE_COLUMNS),
    }
    if request.method == "POST" and form.is_valid():
        confirmed = "confirm" in request.POST and "file" not in request.FILES
        try:
            tally = _run(request.actor, form.cleaned_data["content"], keep=confirmed)
        except Unreadable as unusable:
            form.add_error("file", str(unusable))
        else:
            if confirmed:
                messages.success(request, _told(tally))
                return redirect("partnerships:positions")
            context["preview"] = _preview(tally, form.cleaned_data)
    return render_form(request, "partnerships/talent/import.html", form, **context)


def _run(actor: Actor, content: str, *, keep: bool) -> Tally:
    """Import the text; unless it is to be kept everything is rolled back, and only the account is left."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        file = Path(folder, "table.csv")
        file.write_text(content, encoding="utf-8", newline="")
        with Table(file, []) as table:
            candidates = is_table_of_candidates(table.header)
            missing = [name for name in POSITION_COLUMNS if name not in table.header]
            if not candidates and missing:
                raise Unreadable(
                    _("The table has no columns %(missing)s. It needs those of positions or those of candidates.")
                    % {"missing": ", ".join(missing)}
                )
            rows = list(table.scan())
            for broken in table.broken:
                tally.reject(file.name, broken.line, broken.reason)
        import_talent(actor=actor, file=file.name, rows=rows, candidates=candidates, tally=tally)
        if not keep:
            transaction.set_rollback(True)
    return tally


def _preview(tally: Tally, given: dict) -> dict[str, object]:
    return {
        "counts": [(outcome.label, tally.total(outcome), outcome) for outcome in Outcome],
        "remarks": tally.remarks[:MOST_REMARKS],
        "more": max(0, len(tally.remarks) - MOST_REMARKS),
        "has_changes": tally.has_changes,
        "content": given["content"],
        "name": given["name"] or _("table.csv"),
    }


def _told(tally: Tally) -> str:
    """What an import did, in one line."""
    added, changed = tally.total(Outcome.CREATED), tally.total(Outcome.UPDATED)
    words = ngettext("%d row added", "%d rows added", added) % added
    words += ", " + ngettext("%d changed", "%d changed", changed) % changed
    if left_out := tally.total(Outcome.REJECTED):
        words += ", " + ngettext("%d left out", "%d left out", left_out) % left_out
    return words + "."


urlpatterns = [path("talent/import/", talent_import, name="talent_import")]
