"""The small forms on an organization's page: one name, one identifier, one sector, one tag, one risk; practices."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm, VersionedForm
from organizations.choices import IdentifierScheme, IpStance, PublicationStance, RiskKind, SectorScheme


class AliasForm(ActionForm):
    name = forms.CharField(label=_("Another name"), max_length=300)


class IdentifierForm(ActionForm):
    scheme = forms.ChoiceField(label=_("Scheme"), choices=IdentifierScheme)
    value = forms.CharField(label=_("Identifier"), max_length=200)


class SectorForm(ActionForm):
    scheme = forms.ChoiceField(label=_("Scheme"), choices=SectorScheme)
    code = forms.CharField(label=_("Sector code"), max_length=12)


class TagForm(ActionForm):
    """A word; those in use are suggested while typing, another makes a new tag."""

    name = forms.CharField(
        label=_("Tag"), max_length=40, widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"})
    )


class RiskFlagForm(ActionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=RiskKind)
    note = forms.CharField(
        label=_("What was seen, and where"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    raised_on = forms.DateField(label=_("Seen on"), widget=forms.DateInput, initial=timezone.localdate)


class ClearingForm(ActionForm):
    clearing_note = forms.CharField(
        label=_("Why is the risk no longer there?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PracticesForm(VersionedForm):
    """How an organization decides, buys and protects; everything may stay empty."""

    procurement = forms.CharField(
        label=_("How they buy"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
    approval_chain = forms.CharField(
        label=_("Who has to approve"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Their fiscal year starts in"),
        choices=[("", _("Not known")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    payment_days = forms.IntegerField(
        label=_("Days until they pay"),
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(3650)],
    )
    ip_stance = forms.ChoiceField(label=_("Stance on IP"), choices=IpStance)
    publication_stance = forms.ChoiceField(label=_("Stance on publication"), choices=PublicationStance)
    publication_delay_days = forms.IntegerField(
        label=_("Usual publication delay in days"),
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(3650)],
    )
    constraints = forms.CharField(
        label=_("Other constraints"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
