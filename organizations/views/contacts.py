"""People: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pages import page, render_form
from core.tables import Column, build_listing, render_listing
from organizations.actions.contacts import create_contact, edit_contact
from organizations.filters import ContactFilter
from organizations.forms.contacts import (
    AffiliationFormSet,
    ContactForm,
    affiliations_cleaned,
    affiliations_initial,
)
from organizations.queries.contacts import visible_contacts

COLUMNS = [
    Column("name", gettext_lazy("Name"), sort="name_key"),
    Column("position", gettext_lazy("Position")),
    Column("email", gettext_lazy("E-mail"), sort="email_key"),
    Column("phone", gettext_lazy("Telephone"), wide_only=True),
]


@page("organizations.view_contacts")
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody the office knows outside."""
    listing = build_listing(
        request,
        visible_contacts(request.actor),
        columns=COLUMNS,
        filterset_class=ContactFilter,
        default_sort="name",
    )
    return render_listing(request, "organizations/contacts/list.html", listing)


@page("organizations.view_contacts")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """One person and where they work and worked."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return render(request, "organizations/contacts/detail.html", {"contact": row})


@page("organizations.create_contact", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    first = [{"organization": request.GET["organization"]}] if request.GET.get("organization") else []
    return _form(request, initial={}, positions=first, save=create_contact)


@page("organizations.edit_contact", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person and their positions."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return _form(
        request,
        initial=ContactForm.initial_of(row),
        positions=affiliations_initial(row),
        save=edit_contact,
        contact=row,
    )


def _form(request: HttpRequest, *, initial: dict, positions: list[dict], save, contact=None) -> HttpResponse:
    form = ContactForm(request.POST or None, initial=initial)
    formset = AffiliationFormSet(
        request.POST or None, initial=positions, prefix="positions", form_kwargs={"actor": request.actor}
    )
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        seen = form.cleaned_data.pop("version")
        subject = {"contact": contact, "seen": seen} if contact else {}
        row = form.perform(save, actor=request.actor, affiliations=affiliations_cleaned(formset), **subject)
        if row is not None:
            messages.success(request, _("%s saved.") % row.name)
            return redirect(row)
    return render_form(request, "organizations/contacts/form.html", form, formset=formset, contact=contact)
