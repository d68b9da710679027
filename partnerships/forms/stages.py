"""The stages of the pipeline."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import VersionedForm
from partnerships.choices import StageMeaning


class StageForm(VersionedForm):
    """One stage of the pipeline."""

    name = forms.CharField(label=_("Name"), max_length=60, error_messages={"required": _("Give the stage a name.")})
    meaning = forms.ChoiceField(
        label=_("Meaning"),
        choices=StageMeaning,
        help_text=_("Figures count by the meaning, whatever the name. It is fixed once an opportunity was here."),
    )
    probability = forms.IntegerField(label=_("Probability in %"), min_value=0, max_value=100, initial=0)
    expected_days = forms.IntegerField(
        label=_("Expected days"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=_("An opportunity that stands here longer is marked. Empty: no limit."),
    )
    exit_criteria = forms.CharField(
        label=_("What has to be true to leave it"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
