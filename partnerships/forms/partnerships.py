"""Adding and changing partners."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations
from partnerships.choices import PartnershipStatus, Stage, Tier
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues


class PartnershipFields(forms.Form):
    stage_declared = forms.ChoiceField(label=_("Stage"), choices=Stage)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier, initial=Tier.PROSPECT)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False, empty_label="–")
    unit = forms.ModelChoiceField(label=_("Lead unit"), queryset=Unit.objects.none(), required=False)
    started_on = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))
    money_expected = forms.BooleanField(
        label=_("Money is expected"),
        required=False,
        initial=True,
        help_text=_("Without it, health leaves funding out."),
    )
    talent_expected = forms.BooleanField(
        label=_("Movement of people is expected"),
        required=False,
        initial=True,
        help_text=_("Without it, health leaves internships and hires out."),
    )
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(actor)
        self.fields["unit"].queryset = open_units(actor)


class NewPartnershipForm(PartnershipFields, ActionForm):
    """Make a known organization a partner."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.all(),
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
    )
    field_order = ["organization"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)


class KeepForm(ActionForm):
    """Deciding against a suggestion needs a reason."""

    reason = forms.CharField(
        label=_("Why it stays as it is"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: it stands in the history for those who ask later.")},
    )


class PartnershipForm(PartnershipFields, VersionedForm):
    """Change a partnership."""

    status = forms.ChoiceField(label=_("Status"), choices=PartnershipStatus)
    reason = forms.CharField(
        label=_("Reason for the change"), max_length=300, required=False, help_text=_("Kept in the history.")
    )
    field_order = ["stage_declared", "tier", "status", "owner", "unit"]
