"""Adding and changing organizations."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.choices import country_choices
from core.forms import VersionedForm
from organizations.choices import IdentifierScheme, OrganizationKind, SectorScheme, SizeClass
from organizations.models import Organization

YES_NO_UNKNOWN = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]
BLANK = [("", "–")]


class OrganizationForm(VersionedForm):
    """Everything about an organization. Aliases stand one a line; identifiers as "scheme: value", one a line."""

    name = forms.CharField(label=_("Name"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganizationKind)
    legal_name = forms.CharField(label=_("Legal name"), max_length=300, required=False)
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: abbreviations, former names, the name in other languages."),
    )
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), max_digits=8, decimal_places=5, required=False)
    longitude = forms.DecimalField(label=_("Longitude"), max_digits=8, decimal_places=5, required=False)
    size_class = forms.ChoiceField(label=_("Size"), choices=[*BLANK, *SizeClass.choices], required=False)
    sme = forms.TypedChoiceField(
        label=_("SME"),
        choices=YES_NO_UNKNOWN,
        required=False,
        coerce=lambda value: value == "true",
        empty_value=None,
        help_text=_("Under 250 people, at most €50m turnover or €43m balance sheet, and independent."),
    )
    sector_scheme = forms.ChoiceField(label=_("Sector scheme"), choices=[*BLANK, *SectorScheme.choices], required=False)
    sector_code = forms.CharField(label=_("Sector code"), max_length=12, required=False)
    identifiers = forms.CharField(
        label=_("Identifiers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example “ror: https://ror.org/03yrm5c26” or “lei: 5493000IBP32UQZ0KL24”."),
    )

    @classmethod
    def initial_of(cls, organization: Organization) -> dict:
        names = set(cls.base_fields) - {"aliases", "identifiers", "sme"}
        return {
            **{name: getattr(organization, name) for name in names},
            "sme": {True: "true", False: "false", None: ""}[organization.sme],
            "aliases": "\n".join(alias.name for alias in organization.aliases.all()),
            "identifiers": "\n".join(f"{each.scheme}: {each.value}" for each in organization.identifiers.all()),
        }

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


class NewOrganizationForm(OrganizationForm):
    """The same, with the question whether a similar one is meant answered by a tick."""

    really_new = forms.BooleanField(label=_("None of these; add it"), required=False, widget=forms.HiddenInput)
    make_partner = forms.BooleanField(label=_("Make it a partner"), required=False, initial=True)
