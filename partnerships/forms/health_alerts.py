"""Saying what was done about an alert; putting many off at once."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.bulk import BulkForm
from core.forms import VersionedForm
from partnerships.actions.health_alerts import LONGEST_NOTE
from partnerships.rules.health.alerts import SNOOZE_DAYS


class SettleForm(VersionedForm):
    end_note = forms.CharField(
        label=_("What was done"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The alert ends. The same is not told again about this partner for 30 days."),
        error_messages={"required": _("Say in a few words what was done.")},
    )


class SnoozeManyForm(BulkForm):
    until = forms.DateField(label=_("Until"), widget=forms.DateInput)

    def __init__(self, *args, actor: Actor, **kwargs):
        initial = {"until": timezone.localdate() + timedelta(days=SNOOZE_DAYS)}
        super().__init__(*args, actor=actor, initial=initial, **kwargs)


class SettleManyForm(BulkForm):
    end_note = forms.CharField(label=_("What was done"), max_length=LONGEST_NOTE)
