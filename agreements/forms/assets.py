"""IP: adding, changing, disclosing it; the rights granted in it; and asking whether one more could be granted."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from agreements.choices import AssetKind, Exclusivity, GrantKind, Level
from agreements.forms.compliance import OrganizationChoice
from agreements.forms.records import AgreementChoice, ColleagueChoice
from agreements.models import Grant, IpAsset
from agreements.queries.agreements import visible_agreements
from agreements.queries.assets import visible_ip_assets
from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from partnerships.forms.records import day, prose
from tenants.models import Unit
from tenants.queries.units import open_units, visible_units


class WordsField(forms.CharField):
    """Words between commas; the cleaned value is a list of them."""

    def clean(self, value):
        return [word for each in super().clean(value).split(",") if (word := " ".join(each.split()))]


def fields_of_use() -> WordsField:
    return WordsField(
        label=_("Fields of use"),
        max_length=4_000,
        required=False,
        help_text=_("Separated by commas. Empty: all of them."),
    )


def territories() -> WordsField:
    return WordsField(
        label=_("Territories"),
        max_length=500,
        required=False,
        help_text=_("Country codes such as DK, DE, separated by commas. Empty: all of them."),
    )


class AssetChoice(forms.ModelChoiceField):
    """A piece of IP that the actor may read."""

    def __init__(self, **kwargs):
        lookup = LookupSelect(lookup_url=reverse_lazy("agreements:ip_asset_lookup"))
        errors = {"required": _("Choose the IP."), "invalid_choice": _("Choose one from the list.")}
        super().__init__(queryset=IpAsset.objects.none(), widget=lookup, error_messages=errors, **kwargs)

    def offer(self, actor: Actor) -> None:
        self.queryset = visible_ip_assets(actor)


class IpAssetForm(VersionedForm):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=40,
        error_messages={"required": _("Give it a reference, such as IP-2026-014.")},
    )
    title = forms.CharField(label=_("Title"), max_length=300, error_messages={"required": _("Give it a title.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetKind, initial=AssetKind.INVENTION)
    level = forms.ChoiceField(label=_("Who may read it"), choices=Level, initial=Level.RESTRICTED)
    public_summary = forms.CharField(
        label=_("Summary that may be shared"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What an outsider may read. Nothing else leaves the office without an NDA."),
    )
    text = prose(_("Description"), rows=6, longest=50_000)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label="–")
    lead = ColleagueChoice(label=_("Handled by"), required=False, empty_label=_("Nobody yet"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        units = open_units(actor)
        if self.initial.get("unit"):
            units = units | visible_units(actor).filter(pk=self.initial["unit"]).prefetch_related(None)
        self.fields["unit"].queryset = units
        self.fields["lead"].offer(actor, self.initial.get("lead"))


class DiscloseForm(ActionForm):
    """To whom. A manager may give a reason instead of an NDA, and the agreement in whose file it is kept."""

    organization = OrganizationChoice(label=_("Organization"))
    override_reason = forms.CharField(
        label=_("Why without an NDA"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreement = AgreementChoice(
        label=_("Kept in the file of"), required=False, help_text=_("Without an NDA: the agreement it belongs to.")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].offer(actor)
        if actor.may("agreements.share_without_nda"):
            self.fields["agreement"].queryset = visible_agreements(actor).prefetch_related(None)
        else:
            del self.fields["override_reason"], self.fields["agreement"]


class GrantForm(VersionedForm):
    """What can be changed about a right: everything but its agreement. IP that one may not read stays as it is."""

    kind = forms.ChoiceField(label=_("Kind"), choices=GrantKind)
    exclusivity = forms.ChoiceField(label=_("Exclusivity"), choices=Exclusivity, initial=Exclusivity.NONEXCLUSIVE)
    asset = AssetChoice(label=_("IP"), required=False, empty_label=_("All results of the agreement"))
    fields_of_use = fields_of_use()
    territories = territories()
    starts_on = day(_("From"))
    ends_on = day(_("Until"))

    def __init__(self, *args, actor: Actor, grant: Grant | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        shows = actor.may("agreements.view_ip_assets")
        if not shows or (grant is not None and grant.asset_id is not None and grant.seen_asset is None):
            del self.fields["asset"]
        else:
            self.fields["asset"].offer(actor)

    @classmethod
    def initial_of(cls, grant: Grant) -> dict[str, Any]:
        lists = {"fields_of_use": ", ".join(grant.fields), "territories": ", ".join(grant.territories)}
        return {**super().initial_of(grant), **lists}

    def clean(self):
        """A form has ``fields`` of its own, so the right's are called otherwise here."""
        cleaned = super().clean()
        if "fields_of_use" in cleaned:
            cleaned["fields"] = cleaned.pop("fields_of_use")
        return cleaned


class NewGrantForm(GrantForm):
    agreement = AgreementChoice(label=_("Agreement"))
    field_order = ["agreement", "kind", "exclusivity", "asset"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["agreement"].queryset = visible_agreements(actor).prefetch_related(None)

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("version", None)
        return cleaned


class FreedomForm(ActionForm):
    """The right that somebody asks for; sent with GET, so that the answer has an address."""

    asset = AssetChoice(label=_("IP"), empty_label=_("Choose the IP"))
    exclusivity = forms.ChoiceField(
        label=_("Exclusivity"), choices=Exclusivity, initial=Exclusivity.EXCLUSIVE, required=False
    )
    fields_of_use = fields_of_use()
    territories = territories()
    starts_on = day(_("From"))
    ends_on = day(_("Until"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asset"].offer(actor)

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end lies before the start."))
        return cleaned
