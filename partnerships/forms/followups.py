"""Adding, changing and putting off what is to be done."""

from datetime import date, timedelta

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from partnerships.forms.interactions import PartnerChoice
from partnerships.models import Partnership
from partnerships.queries.partnerships import visible_partnerships
from tenants.models import User
from tenants.queries.users import colleagues, everybody

SNOOZES = {"1d": timedelta(days=1), "1w": timedelta(weeks=1), "30d": timedelta(days=30)}


class FollowUpForm(VersionedForm):
    """What to do, when, who."""

    title = forms.CharField(label=_("What to do"), max_length=200)
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput)
    assignee = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        present = self.initial.get("assignee")
        people = colleagues(actor)
        if present is not None:
            people = people | everybody(actor).filter(pk=present)
        self.fields["assignee"].queryset = people.distinct()


class NewFollowUpForm(FollowUpForm):
    """The same for a partner that is chosen here."""

    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={
            "required": _("Choose the partner."),
            "invalid_choice": _("Choose a partner from the list."),
        },
    )
    field_order = ["title", "partnership", "due_on", "assignee"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("version", None)
        return cleaned


class SnoozeForm(ActionForm):
    """Until when: a day, a week, or a date."""

    for_time = forms.ChoiceField(choices=[(name, name) for name in SNOOZES], required=False)
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput)

    def clean(self):
        cleaned = super().clean()
        wanted = cleaned.pop("for_time", "")
        if wanted:
            cleaned["until"] = snoozed_for(wanted)
        elif not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose a day after today."))
        return cleaned


def snoozed_for(name: str) -> date:
    """The day on which something comes back that was put off by one of the usual spans."""
    return timezone.localdate() + SNOOZES[name]
