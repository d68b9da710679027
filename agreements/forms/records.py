"""Choices that forms of records on agreements share: of agreements and of colleagues."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from core.actor import Actor
from core.widgets import LookupSelect
from tenants.models import User
from tenants.queries.users import colleagues, everybody


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
