"""Adding and changing people."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import VersionedForm
from core.widgets import LookupSelect
from organizations.models import Contact, Organization
from organizations.queries.organizations import visible_organizations

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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

    @classmethod
    def initial_of(cls, contact: Contact) -> dict:
        return {name: getattr(contact, name) for name in cls.base_fields}


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


AffiliationFormSet = forms.formset_factory(AffiliationForm, extra=1, max_num=30, validate_max=True)


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
