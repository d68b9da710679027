"""What the forms of records that hang on agreements have in common."""

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from core.actor import Actor
from core.forms import VersionedForm
from core.widgets import LookupSelect
from tenants.models import User
from tenants.queries.users import colleagues, everybody


class RecordForm(VersionedForm):
    """Adding and changing one record. Its fields are named as those of the model."""

    @classmethod
    def initial_of(cls, row: Model) -> dict[str, Any]:
        """The form's values of a record; references as ids."""
        columns = {name: f"{name}_id" for name, each in cls.base_fields.items() if hasattr(each, "queryset")}
        return {name: getattr(row, columns.get(name, name)) for name in cls.base_fields}


class AgreementChoice(forms.ModelChoiceField):
    """An agreement by id, shown by reference and title; the form fills in what its actor may choose from."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Agreement.objects.none(),
            widget=LookupSelect(lookup_url=reverse_lazy("agreements:lookup")),
            error_messages={
                "required": _("Choose the agreement."),
                "invalid_choice": _("Choose an agreement from the list."),
            },
            **kwargs,
        )


class ColleagueChoice(forms.ModelChoiceField):
    """A colleague; ``offer`` fills in who works here now, and whoever is named already."""

    def __init__(self, **kwargs):
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, user: User) -> str:
        return user.name or user.email

    def offer(self, actor: Actor, present: object = None) -> None:
        people = colleagues(actor)
        if present:
            people = people | everybody(actor).filter(pk=present)
        self.queryset = people.distinct()
