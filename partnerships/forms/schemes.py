"""Adding and changing schemes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import country_choices, currency_choices
from core.forms import VersionedForm
from partnerships.choices import Channel
from partnerships.choices_delivery import ResearchDomain, SchemeKind
from partnerships.forms.funding import MONEY, PERCENT
from partnerships.forms.records import day, prose
from tenants.queries.tenants import currency_of

LEVEL = {"min_value": 1, "max_value": 9, "required": False}


class SchemeForm(VersionedForm):
    """A subsidy, voucher or tax incentive: for whom, at which rate, up to what, until when."""

    name = forms.CharField(label=_("Name"), max_length=300, error_messages={"required": _("Give the scheme a name.")})
    funder = forms.CharField(label=_("Who pays"), max_length=200, error_messages={"required": _("Say who pays.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=SchemeKind, initial=SchemeKind.GRANT)
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, required=False, help_text=_("Somebody who takes part is there.")
    )
    opens_on = day(_("Opens"))
    deadline_on = day(_("Deadline"))
    rate = forms.DecimalField(label=_("Rate in %"), **PERCENT)
    cap = forms.DecimalField(label=_("At most"), min_value=0, **MONEY)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    trl_from = forms.IntegerField(label=_("TRL from"), **LEVEL)
    trl_to = forms.IntegerField(label=_("TRL to"), **LEVEL)
    sme_only = forms.BooleanField(label=_("Only with a small or medium-sized enterprise"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=Channel,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )
    domains = forms.MultipleChoiceField(
        label=_("Domains"),
        choices=ResearchDomain,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )
    url = forms.URLField(label=_("Address"), max_length=300, required=False, assume_scheme="https")
    closed_on = day(_("No longer offered since"))
    eligibility = prose(_("Who may apply"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        if "currency" not in self.initial:
            self.initial["currency"] = currency_of(actor)
