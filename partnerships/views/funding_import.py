"""Importing a table of money from a page: look at what would happen, then let it happen."""

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
from core.imports.tables import Unreadable
from core.pages import page, render_form
from partnerships.actions.imports.funding import import_funding
from partnerships.forms.funding import FundingFileForm
from partnerships.imports.funding import read_funding_file
from partnerships.rules.imports.funding import CONTRACT_COLUMNS, FUNDING_COLUMNS, FURTHER_COLUMNS

MOST_REMARKS = 100


@page("partnerships.import_funding", methods=["GET", "POST"])
def funding_import(request: HttpRequest) -> HttpResponse:
    """Choose a file and see what it would bring; ``confirm`` imports exactly what was shown."""
    form = FundingFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "needed": FUNDING_COLUMNS,
        "further": FURTHER_COLUMNS,
        "contract_columns": CONTRACT_COLUMNS,
    }
    if request.method == "POST" and form.is_valid():
        confirmed = "confirm" in request.POST and "file" not in request.FILES
        try:
            tally = _run(request.actor, form.cleaned_data, keep=confirmed)
        except Unreadable as unusable:
            form.add_error("file", str(unusable))
        else:
            if confirmed:
                messages.success(request, told(tally))
                return redirect("partnerships:funding")
            context["preview"] = _preview(tally, form.cleaned_data)
    return render_form(request, "partnerships/funding/import.html", form, **context)


def _run(actor: Actor, given: dict, *, keep: bool) -> Tally:
    """Import the text; unless it is to be kept everything is rolled back, and only the account is left."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        file = Path(folder, "table.csv")
        file.write_text(given["content"], encoding="utf-8", newline="")
        rows = read_funding_file(file, tally)
        import_funding(actor=actor, file=file.name, rows=rows, tally=tally, add_partners=given["add_partners"])
        if not keep:
            transaction.set_rollback(True)
    return tally


def _preview(tally: Tally, given: dict) -> dict[str, object]:
    return {
        "counts": [(outcome.label, tally.total(outcome), outcome) for outcome in Outcome],
        "made": list(tally.made.items()),
        "remarks": tally.remarks[:MOST_REMARKS],
        "more": max(0, len(tally.remarks) - MOST_REMARKS),
        "has_changes": tally.has_changes,
        "content": given["content"],
        "name": given["name"] or _("table.csv"),
        "add_partners": given["add_partners"],
    }


def told(tally: Tally) -> str:
    """What an import did, in one line."""
    added, changed = tally.total(Outcome.CREATED), tally.total(Outcome.UPDATED)
    words = ngettext("%d entry added", "%d entries added", added) % added
    words += ", " + ngettext("%d changed", "%d changed", changed) % changed
    if left_out := tally.total(Outcome.REJECTED):
        words += ", " + ngettext("%d left out", "%d left out", left_out) % left_out
    return words + "."


urlpatterns = [path("funding/import/", funding_import, name="funding_import")]
