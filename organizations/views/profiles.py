"""Changing one thing of an organization at a time: names, identifiers, sectors, tags, practices, risks."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.pages import page, render_form
from organizations.actions import profiles
from organizations.forms.profiles import ClearingForm, PracticesForm
from organizations.queries.organizations import visible_organizations
from organizations.queries.profiles import (
    practices_of,
    visible_aliases,
    visible_identifiers,
    visible_risk_flags,
    visible_sectors,
    visible_tagged,
)
from organizations.views.organization_page import render_organization, small_form


def _add(request: HttpRequest, pk: int, name: str, add: Callable, words: str) -> HttpResponse:
    """Save one of the page's small forms; when it is refused the page comes back with what was typed."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    form = small_form(name, request.POST)
    if form.is_valid() and form.perform(add, actor=request.actor, organization=row) is not None:
        messages.success(request, words)
        return redirect(row)
    return render_organization(request, row, refused={name: form})


def _remove(request: HttpRequest, rows: QuerySet, pk: int, name: str, remove: Callable, words: str) -> HttpResponse:
    part = get_object_or_404(rows, pk=pk)
    organization = remove(actor=request.actor, **{name: part})
    messages.success(request, words)
    return redirect(organization)


@page("organizations.add_alias", methods=["POST"])
def add_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Add another name."""
    return _add(request, pk, "alias", profiles.add_alias, _("Name added."))


@page("organizations.remove_alias", methods=["POST"])
def remove_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove another name."""
    return _remove(request, visible_aliases(request.actor), pk, "alias", profiles.remove_alias, _("Name removed."))


@page("organizations.add_identifier", methods=["POST"])
def add_identifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an identifier."""
    return _add(request, pk, "identifier", profiles.add_identifier, _("Identifier added."))


@page("organizations.remove_identifier", methods=["POST"])
def remove_identifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an identifier."""
    rows = visible_identifiers(request.actor)
    return _remove(request, rows, pk, "identifier", profiles.remove_identifier, _("Identifier removed."))


@page("organizations.add_sector", methods=["POST"])
def add_sector(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a further sector."""
    return _add(request, pk, "sector", profiles.add_sector, _("Sector added."))


@page("organizations.remove_sector", methods=["POST"])
def remove_sector(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a further sector."""
    return _remove(request, visible_sectors(request.actor), pk, "sector", profiles.remove_sector, _("Sector removed."))


@page("organizations.tag_organization", methods=["POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Tag an organization."""
    return _add(request, pk, "tag", profiles.tag_organization, _("Tag added."))


@page("organizations.untag_organization", methods=["POST"])
def untag(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a tag off."""
    return _remove(request, visible_tagged(request.actor), pk, "tagged", profiles.untag_organization, _("Tag removed."))


@page("organizations.raise_risk_flag", methods=["POST"])
def raise_risk_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Raise a risk."""
    return _add(request, pk, "risk_flag", profiles.raise_risk_flag, _("Risk flag raised."))


@page("organizations.clear_risk_flag", methods=["GET", "POST"])
def clear_risk_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear a risk, with the reason."""
    flag = get_object_or_404(visible_risk_flags(request.actor), pk=pk)
    form = ClearingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.perform(profiles.clear_risk_flag, actor=request.actor, risk_flag=flag) is not None:
            messages.success(request, _("Risk flag cleared."))
            return redirect(flag.organization)
    return render_form(request, "organizations/organizations/clear_risk.html", form, flag=flag)


@page("organizations.edit_practices", methods=["GET", "POST"])
def edit_practices(request: HttpRequest, pk: int) -> HttpResponse:
    """Describe how an organization works."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    initial = PracticesForm.initial_of(practices_of(request.actor, row))
    form = PracticesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(profiles.edit_practices, actor=request.actor, organization=row, seen=seen) is not None:
            messages.success(request, _("Working practices saved."))
            return redirect(row)
    return render_form(request, "organizations/organizations/practices.html", form, organization=row)
