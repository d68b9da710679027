"""Adding and changing people."""

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.merging import Conflict
from core.widgets import LookupSelect
from organizations.choices import ContactPermission, DataSource, PrivacyBasis
from organizations.models import Affiliation, Contact, Organization
from organizations.queries.organizations import visible_organizations
from tenants.models import User
from tenants.queries.users import colleagues

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name or user.email


class ContactForm(VersionedForm):
    """The person; the positions are a formset beside it."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As the person writes it."))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    orcid = forms.CharField(label=_("ORCID"), max_length=60, required=False)
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facts for work only; nothing private."),
    )

    owner = MemberChoice(label=_("Kept by"), queryset=User.objects.none(), required=False)
    permission = forms.ChoiceField(
        label=_("May colleagues contact them"),
        choices=ContactPermission,
        initial=ContactPermission.FREE,
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(label=_("Legal basis"), choices=PrivacyBasis, initial=PrivacyBasis.UNKNOWN)
    data_source = forms.ChoiceField(label=_("Where we have it from"), choices=DataSource, initial=DataSource.UNKNOWN)
    collected_on = forms.DateField(label=_("Collected on"), required=False, widget=DAY)
    reviewed_on = forms.DateField(label=_("Last reviewed on"), required=False, widget=DAY)
    objects_to_scoring = forms.BooleanField(
        label=_("Objects to relationship scoring"),
        required=False,
        help_text=_("Leaves the person out of tie figures."),
    )

    def __init__(self, *args, actor: Actor, contact: Contact | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        keepers = colleagues(actor)
        if contact is not None:
            keepers = keepers | User.objects.filter(pk=contact.owner_id)
        self.fields["owner"].queryset = keepers.distinct()

    def perform(self, action, *, actor: Actor, **extra):
        """Positions that somebody else removed meanwhile have lost their id; kept, they are added anew."""
        contact = extra.get("contact")
        if contact is not None and extra.get("affiliations") is not None:
            present = {each.pk for each in contact.affiliations.all()}
            given = extra["affiliations"]
            extra["affiliations"] = [{**each, "id": each["id"] if each["id"] in present else None} for each in given]
            if self.data.get("keep_positions") == "theirs":
                extra["affiliations"] = None
        return super().perform(action, actor=actor, **extra)

    def merge_beside(self, past, row, extra):
        if extra.get("affiliations") is None:
            return []
        yours, theirs = _positions(extra["affiliations"]), _positions(affiliations_initial(row))
        before = _positions(affiliations_initial(past)) if past is not None else None
        if theirs in (yours, before):
            return []
        if yours == before:
            extra["affiliations"] = None
            self.merged.append(str(_("Positions")))
            return []
        names = dict(
            Organization.objects.filter(pk__in={each[0] for each in yours + theirs + (before or [])}).values_list(
                "pk", "name"
            )
        )
        words = [
            "; ".join(", ".join(filter(None, [each[1], names.get(each[0])])) for each in side)
            for side in (yours, theirs, before or [])
        ]
        return [Conflict("positions", str(_("Positions")), *words)]


class AffiliationForm(forms.Form):
    """One position. A row that is cleared is removed."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.all(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
    )
    title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    started_on = forms.DateField(label=_("From"), required=False, widget=DAY)
    ended_on = forms.DateField(label=_("Until"), required=False, widget=DAY)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)


class PositionForm(ActionForm):
    """One position on a page of its own; refused ones say which field."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.all(),
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
        error_messages={"required": _("Choose the organization."), "invalid_choice": _("Choose one from the list.")},
    )
    title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    started_on = forms.DateField(label=_("From"), required=False, widget=DAY)
    ended_on = forms.DateField(
        label=_("Until"), required=False, widget=DAY, help_text=_("Leave empty while they work there.")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)

    @classmethod
    def initial_of(cls, position: Affiliation) -> dict:
        plain = {name: getattr(position, name) for name in cls.base_fields.keys() - {"organization"}}
        return {**plain, "organization": position.organization_id}


class LeftForm(ActionForm):
    left_on = forms.DateField(
        label=_("Left on"),
        widget=DAY,
        initial=timezone.localdate,
        help_text=_("Their present positions end on this day."),
    )


class ClearanceForm(ActionForm):
    purpose = forms.CharField(
        label=_("What for?"),
        max_length=300,
        help_text=_("One sentence that lets your colleague decide, for example “invite to the battery workshop”."),
    )


class LiftForm(ActionForm):
    reason = forms.CharField(
        label=_("How do you know that they want mailings again?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The objection binds the whole office; the reason stays in the history."),
    )


AffiliationFormSet = forms.formset_factory(AffiliationForm, extra=1, max_num=30, validate_max=True)


def _positions(rows: list[dict]) -> list[tuple]:
    """Positions without their ids, to compare those of two people: organization, title and the rest."""
    names = ("title", "is_decision_maker", "started_on", "ended_on")
    plain = [
        (getattr(each["organization"], "pk", each["organization"]), *(each[name] for name in names)) for each in rows
    ]
    return sorted(plain, key=str)


def affiliations_initial(contact: Contact) -> list[dict]:
    """The formset's rows of a contact."""
    names = ("id", "title", "is_decision_maker", "started_on", "ended_on")
    return [
        {**{name: getattr(row, name) for name in names}, "organization": row.organization_id}
        for row in contact.affiliations.all()
    ]


def affiliations_cleaned(formset) -> list[dict]:
    """What the action takes: the rows that name an organization."""
    return [dict(form.cleaned_data) for form in formset if form.cleaned_data.get("organization")]
