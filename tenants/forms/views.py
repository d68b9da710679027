"""Saving a view of a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import VersionedForm
from tenants.choices import ViewVisibility
from tenants.models import SavedView
from tenants.queries.sharing import sharing_choices


class ViewForm(VersionedForm):
    """Name and sharing of a view; offers only the kinds of sharing that the actor may choose, or that it has."""

    name = forms.CharField(label=_("Name"), max_length=80)
    visibility = forms.ChoiceField(
        label=_("Who sees it"), widget=forms.RadioSelect, initial=ViewVisibility.PRIVATE, required=True
    )
    unit = forms.ModelChoiceField(
        label=_("Team"), queryset=None, required=False, help_text=_("Only for a view that a team sees.")
    )

    def __init__(self, *args, actor: Actor, view: SavedView | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        choices, teams = sharing_choices(actor, view)
        self.fields["visibility"].choices = choices
        self.fields["unit"].queryset = teams
        if ViewVisibility.TEAM not in dict(choices):
            del self.fields["unit"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("visibility") != ViewVisibility.TEAM:
            cleaned["unit"] = None
        return cleaned
