"""Adding and correcting money, and importing it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from core.widgets import LookupSelect
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingImport, FundingMeasure, FundingSource, ResearchDomain
from partnerships.forms.interactions import PartnerChoice
from partnerships.forms.records import day, prose
from partnerships.models import FundingScheme, Partnership, Project
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from partnerships.queries.schemes import visible_schemes
from tenants.queries.tenants import currency_of

MONEY = {"max_digits": 14, "decimal_places": 2, "required": False}
PERCENT = {"max_digits": 5, "decimal_places": 2, "min_value": 0, "max_value": 100, "required": False}
LARGEST_FILE = 1024 * 1024


class FundingForm(VersionedForm):
    """One amount of one measure on one day."""

    measure = forms.ChoiceField(
        label=_("What happened"), choices=FundingMeasure, widget=forms.RadioSelect, initial=FundingMeasure.COMMITTED
    )
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=14, decimal_places=2, error_messages={"required": _("Give the amount.")}
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    booked_on = day(_("Day"), required=True)
    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={"invalid_choice": _("Choose a partner from the list.")},
    )
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:funding_project_lookup")),
        error_messages={"invalid_choice": _("Choose a project from the list.")},
    )
    source = forms.ChoiceField(label=_("Source"), choices=FundingSource, initial=FundingSource.INDUSTRY)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel, initial=Channel.RESEARCH)
    rate = forms.DecimalField(
        label=_("Exchange rate"),
        max_digits=18,
        decimal_places=8,
        required=False,
        help_text=_("How much of the office's currency one unit is worth. Empty for the office's own."),
    )
    rate_on = day(_("Rate of"))
    due_on = day(_("Due"))
    paid_on = day(_("Paid"))
    valuation_basis = forms.CharField(
        label=_("How it was valued"), max_length=200, required=False, help_text=_("Needed for a contribution in kind.")
    )
    domain = forms.ChoiceField(label=_("Domain"), choices=[("", "–"), *ResearchDomain.choices], required=False)
    scheme = forms.ModelChoiceField(
        label=_("Scheme"), queryset=FundingScheme.objects.none(), required=False, widget=LookupSelect()
    )
    funder = forms.CharField(label=_("Funder, where it is no partner"), max_length=200, required=False)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)
    overhead_base = forms.DecimalField(label=_("Overhead base"), min_value=0, **MONEY)
    overhead_rate = forms.DecimalField(label=_("Overhead rate in %"), **PERCENT)
    is_cost_share = forms.BooleanField(label=_("Part of an agreed cost share"), required=False)
    note = prose(_("Note"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)
        self.fields["project"].queryset = visible_projects(actor).prefetch_related(None)
        self.fields["scheme"].queryset = visible_schemes(actor)
        self.initial.setdefault("booked_on", timezone.localdate())
        self.office_currency = currency_of(actor)
        self.initial.setdefault("currency", self.office_currency)
        if self.initial["currency"] == self.office_currency:
            self.initial["rate"] = None

    def clean(self) -> dict[str, Any]:
        """In the office's own currency a rate that is left over from another one is forgotten."""
        cleaned = super().clean()
        if cleaned.get("currency") == self.office_currency:
            cleaned["rate"] = cleaned["rate_on"] = None
        return cleaned

    @property
    def folded(self) -> list[dict[str, Any]]:
        """What only some entries need, each group open where it holds something or is wrong."""
        groups = [
            (_("Exchange rate"), ["rate", "rate_on"]),
            (_("Invoice"), ["due_on", "paid_on"]),
            (_("Contribution in kind"), ["valuation_basis"]),
            (_("Domain, scheme and funder"), ["domain", "scheme", "funder", "reference"]),
            (_("Overhead and cost share"), ["overhead_base", "overhead_rate", "is_cost_share"]),
        ]
        return [
            {
                "label": label,
                "fields": [self[name] for name in names],
                "open": any(self.errors.get(name) or self[name].value() for name in names),
            }
            for label, names in groups
        ]


class TableFileForm(forms.Form):
    """A table as a file. What was previewed is sent along as it was, so that exactly that is imported."""

    file = forms.FileField(label=_("CSV file in UTF-8"), required=False)
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    name = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_FILE:
            message = _("This file is larger than 1 MB. Ask your administrator to import it with the command.")
            raise forms.ValidationError(message, code="too_large")
        return file

    def clean(self) -> dict[str, Any]:
        """The text of the file, or of the one that was previewed."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is not None:
            try:
                cleaned["content"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not UTF-8. Save it as CSV in UTF-8."))
            cleaned["name"] = file.name.rpartition("/")[2][:100]
        elif not cleaned.get("content") and "file" not in self.errors and self.needs_file(cleaned):
            self.add_error("file", _("Choose a file."))
        return cleaned

    def needs_file(self, cleaned: dict[str, Any]) -> bool:
        return True


class FundingFileForm(TableFileForm):
    """A table of money, or the awards that projects hold already; ``looked_at`` is the mark of what was shown."""

    kind = forms.ChoiceField(
        label=_("What to import"), choices=FundingImport, widget=forms.RadioSelect, initial=FundingImport.TABLE
    )
    file = forms.FileField(
        label=_("CSV file in UTF-8"), required=False, help_text=_("Awards are taken from the projects and need none.")
    )
    looked_at = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    whole_consortium = forms.BooleanField(
        label=_("Of awards, those of the other participants too"),
        required=False,
        help_text=_("They are promised to the others and not to you: the sums are then those of the consortia."),
    )
    add_partners = forms.BooleanField(
        label=_("Add organizations that are not here yet as partners"),
        required=False,
        help_text=_("Otherwise rows of a partner that nobody knows are left out and named."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=lambda: [("", "–"), *currency_choices()], required=False)
    rate = forms.DecimalField(
        label=_("Exchange rate"),
        max_digits=18,
        decimal_places=8,
        min_value=Decimal("0.00000001"),
        required=False,
        help_text=_("How much of the office's currency one unit is worth, for rows without a rate of their own."),
    )
    rate_on = day(_("Rate of"))

    def clean(self) -> dict[str, Any]:
        """Besides: awards come without a file; a rate is given whole or not at all."""
        cleaned = super().clean()
        if not self.needs_file(cleaned):
            if cleaned.get("file") is not None:
                self.add_error("file", _("Awards are taken from the projects. Leave out the file, or choose its kind."))
            cleaned["content"] = cleaned["name"] = ""
        given = {name: cleaned.get(name) for name in ("currency", "rate", "rate_on")}
        for name in [each for each, value in given.items() if any(given.values()) and not value]:
            if name not in self.errors:
                self.add_error(name, _("A rate needs its currency, its value and its day."))
        return cleaned

    def needs_file(self, cleaned: dict[str, Any]) -> bool:
        return cleaned.get("kind") != FundingImport.AWARDS
