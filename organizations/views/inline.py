"""Facts of organizations and people that are edited where they stand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.inline import Inline, edit_inline
from core.pages import page
from organizations.actions.contacts import edit_contact
from organizations.actions.organizations import edit_organization
from organizations.forms.contacts import ContactForm
from organizations.forms.organizations import OrganizationForm
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations

ORGANIZATION = Inline(
    form_of=lambda request, row, data: OrganizationForm(
        data, actor=request.actor, initial=OrganizationForm.initial_of(row)
    ),
    action=edit_organization,
    subject="organization",
    fields={"legal_name": False, "website": False, "country": False, "city": False, "region": False},
    edit_url=lambda row: reverse("organizations:organization_edit", args=[row.pk]),
)
CONTACT = Inline(
    form_of=lambda request, row, data: ContactForm(
        data, actor=request.actor, contact=row, initial=ContactForm.initial_of(row)
    ),
    action=edit_contact,
    subject="contact",
    fields={"email": False, "phone": False, "orcid": False, "notes": False},
    edit_url=lambda row: reverse("organizations:contact_edit", args=[row.pk]),
)


@page("organizations.edit_organization", methods=["GET", "POST"])
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact of an organization: its field, and saving it."""
    row = get_object_or_404(visible_organizations(request.actor), pk=pk)
    return edit_inline(request, row, ORGANIZATION, told=_("%s changed.") % row.name)


@page("organizations.edit_contact", methods=["GET", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact of a person: its field, and saving it."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return edit_inline(request, row, CONTACT, told=_("%s changed.") % row.name)
