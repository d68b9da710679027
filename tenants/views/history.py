"""Undo, and what was deleted."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import ActionRefused
from core.pages import next_address, page
from tenants.actions.history import Undone, undo_changes
from tenants.queries.history import recycle_bin as deleted_records


@page("tenants.undo_changes", methods=["POST"])
def undo(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take back what one request changed, then back to where one was, or to the list if that is gone."""
    try:
        undone = undo_changes(actor=request.actor, request_id=request_id)
    except ActionRefused as refused:
        if refused.code == "nothing_to_undo":
            raise Http404 from refused
        messages.error(request, refused.message)
        return redirect(_came_from(request))
    messages.success(request, _told(undone))
    return redirect(_onward(request, undone))


def _told(undone: Undone) -> str:
    names = [str(row) for row in undone.present] + [each.name for each in undone.gone]
    if len(names) == 1 and undone.gone:
        return _("Undone: %s is gone again.") % names[0]
    if len(names) == 1:
        return _("Undone: %s is as it was before.") % names[0]
    return ngettext("Undone for %(count)d record.", "Undone for %(count)d records.", len(names)) % {"count": len(names)}


def _came_from(request: HttpRequest) -> str:
    given = next_address(request) or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return given if safe else reverse("tenants:preferences").removesuffix("preferences/")


def _onward(request: HttpRequest, undone: Undone) -> str:
    """Where one came from, unless that is the page of a record that is gone now."""
    target = _came_from(request)
    path = urlsplit(target).path
    for each in undone.gone:
        if path.startswith(each.row.get_absolute_url()):
            return reverse(each.record.home)
    restored = path == reverse("tenants:recycle_bin") and len(undone.present) == 1
    return undone.present[0].get_absolute_url() if restored else target


@page("tenants.view_recycle_bin")
def recycle_bin(request: HttpRequest) -> HttpResponse:
    """What was deleted in the last 30 days, with the way back."""
    return render(request, "tenants/history/recycle_bin.html", {"deleted": deleted_records(request.actor)})
