"""One's own preferences."""

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm
from tenants.choices import Density, Digest, Theme
from tenants.registry import has_monthly_digest


def time_zone_choices() -> list[tuple[str, str]]:
    """The zones of the IANA database that name a place, with the office's own as the first choice."""
    places = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [("", _("The office's")), *((zone, zone.replace("_", " ")) for zone in ["UTC", *places])]


class PreferencesForm(ActionForm):
    name = forms.CharField(label=_("Your name"), max_length=150)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, required=False)
    theme = forms.ChoiceField(label=_("Colors"), choices=Theme)
    density = forms.ChoiceField(label=_("Density"), choices=Density)
    digest = forms.ChoiceField(
        label=_("E-mail about new alerts"),
        choices=Digest,
        required=False,
        help_text=_("For this office. Each new alert is listed once; when there is nothing new, nothing is sent."),
    )
    monthly_digest = forms.BooleanField(
        label=_("E-mail with last month in figures"),
        required=False,
        help_text=_("For this office, on the first working day of the month: what the dashboards find, for you."),
    )
    single_key_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Turn off when they get in the way of speech input."),
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_monthly_digest(actor):
            del self.fields["monthly_digest"]

    def clean(self):
        cleaned = super().clean()
        cleaned["digest"] = cleaned.get("digest") or None
        return cleaned
