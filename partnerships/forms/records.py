"""What the forms of records that belong to one partnership, or to one project, have in common."""

from typing import Any

from django import forms

from core.actor import Actor
from core.forms import VersionedForm
from partnerships.models import Partnership, Project
from tenants.queries.users import colleagues, everybody

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RecordForm(VersionedForm):
    """Adding and changing one record of a partnership or of a project. Its fields are named as those of the model."""

    def __init__(self, *args, actor: Actor, of: Partnership | Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(actor, of)

    def offer(self, actor: Actor, of: Any) -> None:
        """Fill the choices that depend on who asks and on what the record belongs to."""

    def offer_colleagues(self, actor: Actor, name: str) -> None:
        """Who works here now, and whoever is named already."""
        people, named = colleagues(actor), self.initial.get(name)
        if named:
            people = (people | everybody(actor).filter(pk=named)).distinct()
        self.fields[name].queryset = people


def prose(label: str, rows: int = 3, longest: int = 5_000) -> forms.CharField:
    """A text of several lines that may stay empty."""
    return forms.CharField(label=label, required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}))


def day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DAY)
