"""The history of organizations and people, and deleting them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.pages import delete_and_tell, page
from organizations.actions.contacts import delete_contact
from organizations.actions.organizations import delete_organization
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations
from tenants.pages import render_history


@page("organizations.view_organizations")
def organization_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an organization."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    return render_history(request, row)


@page("organizations.view_contacts")
def contact_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a person."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return render_history(request, row)


@page("organizations.delete_organization", methods=["POST"])
def organization_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an organization; the status bar has the way back."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    return delete_and_tell(
        request, row, delete_organization, subject="organization", onward=reverse("organizations:organizations")
    )


@page("organizations.delete_contact", methods=["POST"])
def contact_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a person; the status bar has the way back."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return delete_and_tell(request, row, delete_contact, subject="contact", onward=reverse("organizations:contacts"))
