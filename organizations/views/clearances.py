"""Asking to contact somebody, and answering: one click each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import next_address, page
from organizations.actions.clearances import (
    grant_clearance,
    refuse_clearance,
    request_clearance,
    withdraw_clearance,
)
from organizations.forms.contacts import ClearanceForm
from organizations.queries.clearances import open_clearances_for, visible_clearances
from organizations.queries.contacts import visible_contacts
from organizations.rules.contacting import CLEARANCE_DAYS
from organizations.views.contacts import render_contact


@page("organizations.view_clearances")
def clearances(request: HttpRequest) -> HttpResponse:
    """The open requests that are mine to answer, and those I made."""
    mine = visible_clearances(request.actor).filter(requested_by_id=request.actor.user_id)
    context = {
        "to_answer": open_clearances_for(request.actor)[:100],
        "mine": mine[:50],
        "days": CLEARANCE_DAYS,
        "today": timezone.localdate(),
    }
    return render(request, "organizations/clearances/list.html", context)


@page("organizations.request_clearance", methods=["POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whoever keeps a person."""
    contact = get_object_or_404(visible_contacts(request.actor), pk=pk)
    form = ClearanceForm(request.POST)
    if form.is_valid() and form.perform(request_clearance, actor=request.actor, contact=contact) is not None:
        messages.success(request, _("Request sent."))
        return redirect(contact)
    return render_contact(request, contact, form)


@page("organizations.grant_clearance", methods=["POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the colleague contact the person for the days on the button."""
    given = request.POST.get("days", "")
    days = int(given) if given.isdecimal() and len(given) < 4 else CLEARANCE_DAYS[0]
    return _answer(request, pk, grant_clearance, _("Granted."), days=days)


@page("organizations.refuse_clearance", methods=["POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no."""
    return _answer(request, pk, refuse_clearance, _("Refused."))


@page("organizations.withdraw_clearance", methods=["POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    return _answer(request, pk, withdraw_clearance, _("Request withdrawn."))


def _answer(request: HttpRequest, pk: int, answer, words: str, **given: object) -> HttpResponse:
    row = get_object_or_404(visible_clearances(request.actor), pk=pk)
    try:
        answer(actor=request.actor, clearance=row, **given)
        messages.success(request, words)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(next_address(request) or "organizations:clearances")
