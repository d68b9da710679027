"""The files one asked for: how far they are, fetching them, and doing without."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.exports import AT_ONCE
from core.lists import List, list_of
from core.pages import page
from tenants.actions.long_exports import cancel_export, delete_export, open_export, request_export, retry_export
from tenants.choices import ExportState
from tenants.models import LongExport
from tenants.pages import handed_out
from tenants.queries.exports import visible_exports

MOST_SHOWN = 100
KINDS = {
    ExportState.WRITING: "info",
    ExportState.READY: "success",
    ExportState.FAILED: "danger",
    ExportState.REFUSED: "danger",
}


def ask_for(request: HttpRequest, declared: List, query: str) -> HttpResponse:
    """Have a list written that is too long to wait for: on to where it will be, or back with the reason."""
    try:
        export = request_export(
            actor=request.actor, list_code=declared.code, query=query, file_format=request.POST.get("format", "")
        )
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(f"{reverse(declared.url_name)}?{'&'.join(filter(None, ['view=', query]))}")
    words = _(
        "The file with %s rows is being written. You may leave this page: it will be here, and an e-mail says so if it "
        "takes longer than a minute."
    )
    messages.success(request, words % number_format(export.rows_all, force_grouping=True))
    return redirect("tenants:exports")


@page("tenants.view_exports")
def exports(request: HttpRequest) -> HttpResponse:
    """One's files, newest first; htmx gets the list alone, again and again while something is being written."""
    rows = list(visible_exports(request.actor)[: MOST_SHOWN + 1])
    for row in rows:
        declared = list_of(row.list_code)
        row.kind = KINDS.get(row.state_now, "neutral")
        row.address = f"{reverse(declared.url_name)}?view=&{row.query}" if declared else ""
    context = {
        "exports": rows[:MOST_SHOWN],
        "has_more": len(rows) > MOST_SHOWN,
        "at_once": number_format(AT_ONCE, force_grouping=True),
        "is_busy": any(row.is_under_way for row in rows),
    }
    alone = request.htmx and not request.htmx.history_restore_request
    return render(request, f"tenants/exports/{'_list' if alone else 'list'}.html", context)


@page("tenants.open_export", methods=["POST"])
def open_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, as a download. A POST, because the office keeps a record of it."""
    try:
        export = open_export(actor=request.actor, export=_own(request, pk))
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect("tenants:exports")
    answer = handed_out(export.file)
    answer["Cache-Control"] = "no-store, private"
    return answer


@page("tenants.cancel_export", methods=["POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop writing a file."""
    return _change(request, pk, cancel_export, _("Canceled. What was written is removed."))


@page("tenants.retry_export", methods=["POST"])
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file written anew."""
    return _change(request, pk, retry_export, _("The file is being written anew."))


@page("tenants.delete_export", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file."""
    return _change(request, pk, delete_export, _("Removed."))


def _own(request: HttpRequest, pk: int) -> LongExport:
    return get_object_or_404(visible_exports(request.actor), pk=pk)


def _change(request: HttpRequest, pk: int, action: Callable[..., object], told: str) -> HttpResponse:
    try:
        action(actor=request.actor, export=_own(request, pk))
        messages.success(request, told)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("tenants:exports")
