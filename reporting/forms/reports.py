"""Saving a built report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import VersionedForm
from reporting.models import ReportDefinition
from tenants.choices import ViewVisibility
from tenants.queries.sharing import sharing_choices


class ReportForm(VersionedForm):
    """Name and sharing of a report; offers only the kinds of sharing that the actor may choose, or that it has."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("Description"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is for, and who asks for it."),
    )  # fmt: skip
    visibility = forms.ChoiceField(label=_("Who sees it"), widget=forms.RadioSelect, initial=ViewVisibility.PRIVATE)
    unit = forms.ModelChoiceField(
        label=_("Team"), queryset=None, required=False, help_text=_("Only for a report that a team sees.")
    )

    def __init__(self, *args, actor: Actor, report: ReportDefinition | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        choices, teams = sharing_choices(actor, report)
        self.fields["visibility"].choices = choices
        self.fields["unit"].queryset = teams
        if ViewVisibility.TEAM not in dict(choices):
            del self.fields["unit"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("visibility") != ViewVisibility.TEAM:
            cleaned["unit"] = None
        return cleaned
