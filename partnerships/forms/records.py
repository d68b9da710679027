"""What the forms of records that belong to one partnership have in common."""

from typing import Any

from django import forms
from django.db.models import Model

from core.actor import Actor
from core.forms import VersionedForm
from partnerships.models import Partnership

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RecordForm(VersionedForm):
    """Adding and changing one record of a partnership. Its fields are named as those of the model."""

    def __init__(self, *args, actor: Actor, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(actor, partnership)

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        """Fill the choices that depend on who asks and on the partner."""

    @classmethod
    def initial_of(cls, row: Model) -> dict[str, Any]:
        """The form's values of a record; references as ids."""
        columns = {name: f"{name}_id" for name, each in cls.base_fields.items() if hasattr(each, "queryset")}
        return {name: getattr(row, columns.get(name, name)) for name in cls.base_fields}


def prose(label: str, rows: int = 3, longest: int = 5_000) -> forms.CharField:
    """A text of several lines that may stay empty."""
    return forms.CharField(label=label, required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}))


def day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DAY)
