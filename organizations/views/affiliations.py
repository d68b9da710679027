"""A person's positions, one at a time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page, render_form
from organizations.actions.contacts import add_affiliation, edit_affiliation
from organizations.forms.contacts import PositionForm
from organizations.queries.contacts import visible_affiliations, visible_contacts


@page("organizations.add_affiliation", methods=["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a position of a person."""
    contact = get_object_or_404(visible_contacts(request.actor), pk=pk)
    form = PositionForm(request.POST or None, actor=request.actor, initial={"started_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        if form.perform(add_affiliation, actor=request.actor, contact=contact) is not None:
            messages.success(request, _("Position added."))
            return redirect(contact)
    return render_form(request, "organizations/contacts/position.html", form, contact=contact)


@page("organizations.edit_affiliation", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a position, or end it on a day."""
    row = get_object_or_404(visible_affiliations(request.actor), pk=pk)
    form = PositionForm(request.POST or None, actor=request.actor, initial=PositionForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        if form.perform(edit_affiliation, actor=request.actor, affiliation=row) is not None:
            messages.success(request, _("Position changed."))
            return redirect(row.contact)
    return render_form(request, "organizations/contacts/position.html", form, contact=row.contact, position=row)


@page("organizations.edit_affiliation", methods=["POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a position today."""
    row = get_object_or_404(visible_affiliations(request.actor), pk=pk)
    try:
        edit_affiliation(actor=request.actor, affiliation=row, ended_on=timezone.localdate())
        messages.success(request, _("Position at %s ended.") % row.organization.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row.contact)
