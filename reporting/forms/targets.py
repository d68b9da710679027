"""The form for a target."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm
from reporting.filters import FIRST, LAST
from reporting.registry import measures


def measure_choices() -> list[tuple[str, str]]:
    """Every figure that can have a target, in words."""
    return [(f"{question.code}.{each.code}", each.label) for question, each in measures()]


class TargetForm(ActionForm):
    measure = forms.ChoiceField(label=_("Figure"), choices=measure_choices)
    fiscal_year = forms.IntegerField(label=_("Fiscal year"), min_value=FIRST, max_value=LAST)
    value = forms.DecimalField(
        label=_("Target"), min_value=0, max_digits=16, decimal_places=2,
        help_text=_("Money in the office's currency, shares in percent, times in working days."),
    )  # fmt: skip
