"""Adding and changing organizations."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import country_choices
from core.forms import VersionedForm
from core.widgets import AnsweredByButton, LookupSelect
from organizations.choices import IdentifierScheme, OrganizationKind, SectorScheme, SizeClass
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations

YES_NO_UNKNOWN = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]
BLANK = [("", "–")]


class PercentField(forms.DecimalField):
    """A share of one, written and read in percent."""

    def to_python(self, value):
        percent = super().to_python(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value):
        return (value * 100).normalize() if isinstance(value, Decimal) else value


class OrganizationForm(VersionedForm):
    """What an organization is. Names, identifiers, sectors, tags, practices and risks are changed on its page."""

    name = forms.CharField(label=_("Name"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganizationKind)
    legal_name = forms.CharField(label=_("Legal name"), max_length=300, required=False)
    description = forms.CharField(
        label=_("What they do"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Organization.objects.all(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
        help_text=_("The organization directly above it in its group."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), max_digits=8, decimal_places=5, required=False)
    longitude = forms.DecimalField(label=_("Longitude"), max_digits=8, decimal_places=5, required=False)
    headcount = forms.IntegerField(
        label=_("Employees worldwide"),
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text=_("Decides the size class; with the three facts below it decides whether this is an SME."),
    )
    turnover_eur = forms.DecimalField(
        label=_("Turnover in EUR"), min_value=0, max_digits=15, decimal_places=2, required=False
    )
    balance_sheet_eur = forms.DecimalField(
        label=_("Balance sheet total in EUR"), min_value=0, max_digits=15, decimal_places=2, required=False
    )
    owned_by_non_sme_share = PercentField(
        label=_("Largest share held by an enterprise that is no SME, in percent"),
        max_digits=5,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(1, _("Give at most 100 percent."))],
    )
    size_class = forms.ChoiceField(
        label=_("Size"),
        choices=[*BLANK, *SizeClass.choices],
        required=False,
        help_text=_("Only where the number of employees is not known."),
    )
    sme = forms.TypedChoiceField(
        label=_("SME"),
        choices=YES_NO_UNKNOWN,
        required=False,
        coerce=lambda value: value == "true",
        empty_value=None,
        help_text=_("Only where the facts above do not decide it."),
    )
    sector_scheme = forms.ChoiceField(label=_("Sector scheme"), choices=[*BLANK, *SectorScheme.choices], required=False)
    sector_code = forms.CharField(label=_("Sector code"), max_length=12, required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = visible_organizations(actor).prefetch_related(None)

    @classmethod
    def initial_of(cls, organization: Organization) -> dict[str, Any]:
        return {**super().initial_of(organization), "sme": {True: "true", False: "false", None: ""}[organization.sme]}


class NewOrganizationForm(OrganizationForm):
    """The same with other names (one a line), identifiers ("scheme: value", one a line) and tags.

    ``really_new`` answers the question whether a similar one is meant.
    """

    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: abbreviations, former names, the name in other languages."),
    )
    identifiers = forms.CharField(
        label=_("Identifiers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example “ror: https://ror.org/03yrm5c26” or “lei: 5493000IBP32UQZ0KL24”."),
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=500, help_text=_("Separated by commas; a new word makes a new tag.")
    )
    really_new = forms.BooleanField(label=_("None of these; add it"), required=False, widget=AnsweredByButton)
    make_partner = forms.BooleanField(label=_("Make it a partner"), required=False, initial=True)

    def clean_tags(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["tags"].split(",") if name.strip()]

    def clean_aliases(self) -> list[str]:
        return [line.strip()[:300] for line in self.cleaned_data["aliases"].splitlines() if line.strip()]

    def clean_identifiers(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["identifiers"].splitlines():
            if not line.strip():
                continue
            scheme, colon, value = line.partition(":")
            scheme = scheme.strip().lower()
            if not colon or scheme not in IdentifierScheme.values:
                known = ", ".join(IdentifierScheme.values)
                raise forms.ValidationError(
                    _now("“%(line)s” must begin with one of %(known)s and a colon.") % {"line": line, "known": known}
                )
            found.append({"scheme": scheme, "value": value.strip()})
        return found
