"""When a report is sent by e-mail, and to whom."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.forms import VersionedForm
from reporting.choices import ReportCadence
from reporting.models import ReportSchedule
from tenants.choices import ExportFormat
from tenants.models import User

WEEKDAY_CHOICES = [(number + 1, label) for number, label in WEEKDAYS.items()]


def as_number(value: str) -> int | None:
    return int(value) if value else None


class ScheduleForm(VersionedForm):
    """``readers``: the members who may see the report. The day of the other cadence is left out."""

    cadence = forms.ChoiceField(
        label=_("How often"), choices=ReportCadence, widget=forms.RadioSelect, initial=ReportCadence.WEEKLY
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=WEEKDAY_CHOICES, coerce=as_number, empty_value=None, required=False, initial=1,
        help_text=_("For every week."),
    )  # fmt: skip
    day_of_month = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False, initial=1,
        help_text=_("For every month. Where a month is shorter, its last day."),
    )  # fmt: skip
    file_format = forms.ChoiceField(label=_("File"), choices=ExportFormat, initial=ExportFormat.PDF)
    recipients = forms.ModelMultipleChoiceField(
        label=_("Who gets it"), queryset=None, widget=forms.CheckboxSelectMultiple,
        help_text=_("Members who may see the report. Each gets the numbers that they may see."),
    )  # fmt: skip

    def __init__(self, *args, readers: Sequence[User], **kwargs):
        super().__init__(*args, **kwargs)
        offered = User.objects.filter(pk__in=[each.pk for each in readers]).order_by("name", "pk")
        self.fields["recipients"].queryset = offered
        self.fields["recipients"].label_from_instance = lambda user: user.name

    def clean(self):
        cleaned = super().clean()
        other = "day_of_month" if cleaned.get("cadence") == ReportCadence.WEEKLY else "weekday"
        cleaned[other] = None
        return cleaned

    @classmethod
    def initial_of(cls, schedule: ReportSchedule) -> dict[str, Any]:
        return {**super().initial_of(schedule), "recipients": [each.member_id for each in schedule.recipients.all()]}
