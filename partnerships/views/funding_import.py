"""Importing money from a page: look at what would happen, then let it happen."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
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
from partnerships.actions.imports.funding import Rate, import_funding
from partnerships.choices_delivery import FundingImport
from partnerships.forms.funding import FundingFileForm
from partnerships.imports.funding import AWARDS, Read, award_rows, read_funding_file_as
from partnerships.rules.imports.funding import CONTRACT_COLUMNS, FUNDING_COLUMNS, FURTHER_COLUMNS

MOST_REMARKS, MOST_LINES = 100, 8
MOST_AWARDS = 20_000
LONGEST_FILE_NAME = 60
SENT_AGAIN = ("kind", "content", "name", "whole_consortium", "add_partners", "currency", "rate", "rate_on")


@dataclass(frozen=True, slots=True)
class Account:
    """What an import does: ``mark`` tells it from any other; ``kept`` says whether it was done."""

    tally: Tally
    mark: str
    kept: bool


@page("partnerships.import_funding", methods=["GET", "POST"])
def funding_import(request: HttpRequest) -> HttpResponse:
    """Choose what to import and see what it would bring; ``confirm`` imports exactly what was shown.

    Where that has changed meanwhile, nothing is imported and the page shows it anew, with status 409.
    """
    form = FundingFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "needed": FUNDING_COLUMNS,
        "further": FURTHER_COLUMNS,
        "contract_columns": CONTRACT_COLUMNS,
    }
    overtaken = False
    if request.method == "POST" and form.is_valid():
        confirmed = "confirm" in request.POST and "file" not in request.FILES
        given = form.cleaned_data
        try:
            account = _run(request.actor, given, looked_at=given["looked_at"] if confirmed else "")
        except Unreadable as unusable:
            form.add_error("kind" if given["kind"] == FundingImport.AWARDS else "file", str(unusable))
        else:
            if account.kept:
                messages.success(request, told(account.tally))
                return redirect("partnerships:funding")
            overtaken = confirmed
            context |= {"preview": _preview(account, given), "overtaken": overtaken}
    answer = render_form(request, "partnerships/funding/import.html", form, **context)
    if overtaken:
        answer.status_code = 409
    return answer


def _run(actor: Actor, given: dict, *, looked_at: str) -> Account:
    """Import; unless it does what was looked at everything is rolled back, and only the account is left."""
    tally = Tally()
    rates = {given["currency"]: Rate(given["rate"], given["rate_on"])} if given["currency"] else {}
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        file = Path(folder, _file_name(given["name"]))
        rows = list(_rows(given, file, tally))
        import_funding(
            actor=actor,
            file=AWARDS if given["kind"] == FundingImport.AWARDS else file.name,
            rows=rows,
            tally=tally,
            add_partners=given["add_partners"],
            rates=rates,
        )
        mark = _mark(rows, tally)
        if kept := mark == looked_at:
            return Account(tally, mark, kept)
        transaction.set_rollback(True)
    return Account(tally, mark, kept)


def _rows(given: dict, file: Path, tally: Tally) -> Iterable[Read]:
    if given["kind"] == FundingImport.AWARDS:
        rows = list(islice(award_rows(tally, whole_consortium=given["whole_consortium"]), MOST_AWARDS + 1))
        if len(rows) > MOST_AWARDS:
            words = _("There are more than %d awards. Ask your administrator to import them with the command.")
            raise Unreadable(words % MOST_AWARDS)
        return rows
    file.write_text(given["content"], encoding="utf-8", newline="")
    return read_funding_file_as(given["kind"], file, tally)


def _file_name(name: str) -> str:
    """A name that any file system takes, near enough to that of the file for people to know it in a message."""
    kept = "".join(sign for sign in name if sign.isalnum() or sign in " ._-")[:LONGEST_FILE_NAME].strip(" .")
    return kept or "table.csv"


def _mark(rows: Iterable[Read], tally: Tally) -> str:
    """Another one as soon as a row, what becomes of the rows or what is said about them differs."""
    outcome = [sorted(counts.items()) for counts in tally.counts.values()], sorted(tally.made.items()), tally.remarks
    return sha256(repr(([parsed.record for _row, parsed in rows], outcome)).encode()).hexdigest()


def _preview(account: Account, given: dict) -> dict[str, object]:
    tally = account.tally
    said = _said(tally)
    sent = {name: given[name] for name in SENT_AGAIN} | {"looked_at": account.mark}
    return {
        "counts": [(outcome.label, tally.total(outcome), outcome) for outcome in Outcome],
        "rows": sum(tally.total(outcome) for outcome in Outcome),
        "made": list(tally.made.items()),
        "remarks": said[:MOST_REMARKS],
        "more": max(0, len(said) - MOST_REMARKS),
        "has_changes": tally.has_changes,
        "name": given["name"] or FundingImport(given["kind"]).label,
        "is_awards": given["kind"] == FundingImport.AWARDS,
        "sent": [(name, "on" if value is True else str(value)) for name, value in sent.items() if value],
    }


def _said(tally: Tally) -> list[dict[str, object]]:
    """What is to be said, once each, with the first lines that it is about."""
    lines: dict[tuple[str, bool], list[int]] = {}
    for remark in tally.remarks:
        lines.setdefault((remark.text, remark.rejected), []).append(remark.line)
    return [
        {
            "text": text,
            "rejected": rejected,
            "lines": ", ".join(map(str, found[:MOST_LINES])),
            "further": max(0, len(found) - MOST_LINES),
        }
        for (text, rejected), found in lines.items()
    ]


def told(tally: Tally) -> str:
    """What an import did, in one line."""
    added, changed = tally.total(Outcome.CREATED), tally.total(Outcome.UPDATED)
    words = ngettext("%d entry added", "%d entries added", added) % added
    words += ", " + ngettext("%d changed", "%d changed", changed) % changed
    if left_out := tally.total(Outcome.REJECTED):
        words += ", " + ngettext("%d left out", "%d left out", left_out) % left_out
    return words + "."


urlpatterns = [path("funding/import/", funding_import, name="funding_import")]
