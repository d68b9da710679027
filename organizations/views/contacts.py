"""People: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.errors import ActionRefused
from core.pages import leads_on, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from organizations.actions.contacts import (
    create_contact,
    edit_contact,
    lift_opt_out,
    mark_contact_left,
    record_opt_out,
)
from organizations.filters import ContactFilter
from organizations.forms.contacts import (
    AffiliationFormSet,
    ClearanceForm,
    ContactForm,
    LeftForm,
    LiftForm,
    affiliations_cleaned,
    affiliations_initial,
)
from organizations.models import Affiliation, Contact
from organizations.queries.clearances import contact_notice, contact_notices, open_clearances_for
from organizations.queries.contacts import contacts_with_last_touch, visible_contacts
from organizations.queries.duplicates import similar_contacts
from organizations.queries.merges import merged_contact
from organizations.queries.personal_data import personal_data_of
from organizations.registry import sections_of
from organizations.rules.contacting import CLEARANCE_DAYS
from organizations.views.bulk import CONTACT_OPERATIONS


def present_positions(row: Contact) -> list[Affiliation]:
    """Where somebody works now."""
    return [each for each in row.affiliations.all() if not each.ended_on]


def organizations_of(row: Contact) -> str:
    """The organizations somebody works at now, for exports."""
    return "; ".join(each.organization.name for each in present_positions(row))


def titles_of(row: Contact) -> str:
    """The titles somebody has now, for exports."""
    return "; ".join(each.title for each in present_positions(row) if each.title)


def decides(row: Contact) -> str:
    """Whether somebody decides where they work now, for exports."""
    return _("Yes") if any(each.is_decision_maker for each in present_positions(row)) else ""


CONTACTS = register_list(
    List(
        code="people",
        label=gettext_lazy("People"),
        url_name="organizations:contacts",
        reads=contacts_with_last_touch,
        filterset_class=ContactFilter,
        columns=[
            Column("name", gettext_lazy("Name"), sort="name_key", value="name"),
            Column("organization", gettext_lazy("Organization"), value=organizations_of),
            Column("title", gettext_lazy("Job title"), value=titles_of),
            Column("decides", gettext_lazy("Decides"), value=decides, wide_only=True),
            Column("touch", gettext_lazy("Last touch"), sort="last_touch_at", value="last_touch_at"),
            Column("permission", gettext_lazy("Contact"), sort="permission", value="get_permission_display"),
            Column("owner", gettext_lazy("Kept by"), sort="owner__name", value="owner.name", shown=False),
            Column("left", gettext_lazy("Left"), sort="left_on", value="left_on", wide_only=True),
            Column("email", gettext_lazy("E-mail"), sort="email_key", value="email", shown=False),
            Column("phone", gettext_lazy("Telephone"), value="phone", shown=False),
        ],
        default_sort="name",
        row_template="organizations/contacts/_row.html",
        counted=ngettext_lazy("%(n)d person", "%(n)d people", "n"),
        empty=Empty(
            gettext_lazy("No people yet. Add those you talk to, so that it shows who knows whom."),
            icon="users",
            action=gettext_lazy("Add person"),
            url_name="organizations:contact_new",
            permission="organizations.create_contact",
        ),
        no_match=gettext_lazy("Nobody matches the filter."),
        api="contacts",
        bulk=CONTACT_OPERATIONS,
    )
)


@page("organizations.view_contacts")
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody the office knows outside."""
    return render_listing(request, build_listing(request, CONTACTS), "organizations/contacts/list.html")


@page("organizations.view_contacts")
@leads_on(merged_contact)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: whether one may contact them, where they work and worked, and what apps above add."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    return render_contact(request, row, ClearanceForm())


def render_contact(request: HttpRequest, row: Contact, form: ClearanceForm) -> HttpResponse:
    """The page; 422 with the question for a clearance when that could not be asked."""
    actor = request.actor
    to_answer = []
    if actor.may("organizations.grant_clearance"):
        to_answer = open_clearances_for(actor).filter(contact=row)[:10]
    context = {
        "contact": row,
        "notice": contact_notice(actor, row),
        "to_answer": to_answer,
        "days": CLEARANCE_DAYS,
        "sections": sections_of(actor, row),
    }
    return render_form(request, "organizations/contacts/detail.html", form, **context)


@page("organizations.create_contact", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    first = [{"organization": request.GET["organization"]}] if request.GET.get("organization") else []
    return _form(request, initial={"owner": request.actor.user_id}, positions=first, save=create_contact)


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


@page("organizations.mark_contact_left", methods=["GET", "POST"])
def left(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody has left."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    form = LeftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.perform(mark_contact_left, actor=request.actor, contact=row) is not None:
            messages.success(request, _("%s has left.") % row.name)
            return redirect(row)
    return render_form(request, "organizations/contacts/left.html", form, contact=row)


@page("organizations.record_opt_out", methods=["POST"])
def opt_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody wants no mailings."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    try:
        record_opt_out(actor=request.actor, contact=row)
        messages.success(request, _("%s gets no mailings any more.") % row.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row)


@page("organizations.lift_opt_out", methods=["GET", "POST"])
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift an opt-out, with the reason."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.perform(lift_opt_out, actor=request.actor, contact=row) is not None:
            messages.success(request, _("%s may get mailings again.") % row.name)
            return redirect(row)
    return render_form(request, "organizations/contacts/lift.html", form, contact=row)


@page("organizations.view_personal_data")
def personal_data(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is held on one person, to print or to hand over."""
    row = get_object_or_404(visible_contacts(request.actor), pk=pk)
    held = personal_data_of(request.actor, row)
    context = {"contact": row, "held": held, "now": timezone.now()}
    return render(request, "organizations/contacts/personal_data.html", context)


@page("organizations.view_contacts")
def lookup(request: HttpRequest) -> HttpResponse:
    """Options for a person combobox: the ten first by name, with where they work and whom to ask before."""
    found = ContactFilter({"q": request.GET.get("q", "")[:100]}, visible_contacts(request.actor), request=request).qs
    rows = list(found[:10])
    notices = contact_notices(request.actor, rows)
    options = [
        {
            "value": each.pk,
            "label": each.name,
            "hint": " · ".join(filter(None, [organizations_of(each), notices[each.pk].words])),
        }
        for each in rows
    ]
    return render(request, "components/options.html", {"options": options})


def _form(request: HttpRequest, *, initial: dict, positions: list[dict], save, contact=None) -> HttpResponse:
    form = ContactForm(request.POST or None, actor=request.actor, contact=contact, initial=initial)
    formset = AffiliationFormSet(
        request.POST or None, initial=positions, prefix="positions", form_kwargs={"actor": request.actor}
    )
    similar: list[Contact] = []
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        seen = form.cleaned_data.pop("version")
        subject = {"contact": contact, "seen": seen} if contact else {}
        positions = affiliations_cleaned(formset)
        if contact is None and "really_new" not in request.POST:
            similar = _similar(request, form, positions)
        row = None if similar else form.perform(save, actor=request.actor, affiliations=positions, **subject)
        if row is not None:
            messages.success(request, form.told(_("%s saved.") % row.name))
            return redirect(row)
    context = {"formset": formset, "contact": contact, "similar": similar}
    return render_form(request, "organizations/contacts/form.html", form, **context)


def _similar(request: HttpRequest, form: ContactForm, positions: list[dict]) -> list[Contact]:
    """People who may be the same as the one about to be added; never a silent merge."""
    given = {name: form.cleaned_data[name] for name in ("name", "email", "orcid")}
    at = {each["organization"].pk for each in positions}
    return similar_contacts(request.actor, **given, organization_ids=at)
