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
from partnerships.models import Partnership
from tenants.models import User
from tenants.queries.users import colleagues


class PartnershipFields(forms.Form):
    stage_declared = forms.ChoiceField(label=_("Stage"), choices=Stage)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier, initial=Tier.PROSPECT)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False, empty_label="–")
    started_on = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(actor)


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


class PartnershipForm(PartnershipFields, VersionedForm):
    """Change a partnership."""

    status = forms.ChoiceField(label=_("Status"), choices=PartnershipStatus)
    field_order = ["stage_declared", "tier", "status", "owner"]

    @classmethod
    def initial_of(cls, partnership: Partnership) -> dict:
        names = ("version", "stage_declared", "tier", "status", "started_on", "summary")
        return {**{name: getattr(partnership, name) for name in names}, "owner": partnership.owner_id}
