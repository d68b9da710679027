"""Needs and capabilities: adding and changing."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from core.widgets import LookupSelect
from organizations.choices import CapabilityKind, CapabilityStatus, Horizon, NeedStatus
from organizations.models import Capability, Contact, Need, Organization
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations
from organizations.rules.topics import read_topics, write_topics
from tenants.models import Unit, User
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues

TRL = [MinValueValidator(1), MaxValueValidator(9)]
HORIZONS = [("", _("Not known")), *Horizon.choices]
SUMMARY_HINT = _("What an outsider may read. Matching reads this text and no other.")


class TopicsField(forms.CharField):
    """Topics between commas; the cleaned value is what the actions take."""

    def clean(self, value):
        return [{"scheme": scheme, "code": code} for scheme, code in read_topics(super().clean(value))]


def topics_field() -> TopicsField:
    return TopicsField(
        label=_("Topics"),
        required=False,
        max_length=2000,
        help_text=_("Separated by commas: plain words, or codes such as “cpc: H01M10/42” and “nace: 27.2”."),
    )


def topics_of(row: Need | Capability) -> str:
    return write_topics((each.scheme, each.code) for each in row.topics.all())


class NeedForm(VersionedForm):
    """What a partner looks for."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.all(),
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
        error_messages={"required": _("Choose the organization."), "invalid_choice": _("Choose one from the list.")},
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("What they need"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For colleagues who handle the partner; not shown to researchers and viewers."),
    )
    public_summary = forms.CharField(
        label=_("Summary that may be shared"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SUMMARY_HINT,
    )
    topics = topics_field()
    trl_min = forms.IntegerField(label=_("TRL from"), required=False, validators=TRL)
    trl_max = forms.IntegerField(label=_("TRL to"), required=False, validators=TRL)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=HORIZONS, required=False)
    budget = forms.DecimalField(label=_("Budget"), min_value=0, max_digits=14, decimal_places=2, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, initial="EUR")
    status = forms.ChoiceField(label=_("Status"), choices=NeedStatus, initial=NeedStatus.OPEN)
    contact = forms.ModelChoiceField(
        label=_("Told by"),
        queryset=Contact.objects.all(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:contact_lookup")),
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)
        self.fields["contact"].queryset = visible_contacts(actor).prefetch_related(None)

    @classmethod
    def initial_of(cls, need: Need) -> dict[str, Any]:
        return {**super().initial_of(need), "topics": topics_of(need)}


class LeadChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name or user.email


class CapabilityForm(VersionedForm):
    """What the institution offers."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=CapabilityKind)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.all(), required=False)
    lead = LeadChoice(label=_("Who answers for it"), queryset=User.objects.none(), required=False)
    text = forms.CharField(
        label=_("What we can do"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    public_summary = forms.CharField(
        label=_("Summary that may be shared"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=SUMMARY_HINT,
    )
    topics = topics_field()
    trl = forms.IntegerField(label=_("TRL"), required=False, validators=TRL)
    horizon = forms.ChoiceField(label=_("Ready within"), choices=HORIZONS, required=False)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Papers, projects, references."),
    )
    status = forms.ChoiceField(label=_("Status"), choices=CapabilityStatus, initial=CapabilityStatus.OFFERED)

    def __init__(self, *args, actor: Actor, capability: Capability | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        unit, lead = (capability.unit_id, capability.lead_id) if capability else (None, None)
        # Who stands there may stay, though the unit is closed or the person has left.
        self.fields["unit"].queryset = (
            visible_units(actor).prefetch_related(None).filter(Q(closed_on=None) | Q(pk=unit))
        )
        self.fields["lead"].queryset = (colleagues(actor) | User.objects.filter(pk=lead)).distinct()

    @classmethod
    def initial_of(cls, capability: Capability) -> dict[str, Any]:
        return {**super().initial_of(capability), "topics": topics_of(capability)}
