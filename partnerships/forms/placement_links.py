"""What somebody answers who came by an e-mail link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm
from partnerships.choices_talent import Decision

SCORES = [(5, _("5, very good")), (4, "4"), (3, "3"), (2, "2"), (1, _("1, very bad"))]
DECISIONS = [(each.value, each.label) for each in (Decision.APPROVED, Decision.REFUSED)]


class DecisionForm(ActionForm):
    """Approve, or refuse and say why."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=DECISIONS,
        widget=forms.HiddenInput,
        error_messages={"required": _("Press one of the two buttons.")},
    )
    note = forms.CharField(
        label=_("Remark"),
        max_length=500,
        required=False,
        help_text=_("Needed for a refusal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _score(label: str, *, required: bool = False) -> forms.TypedChoiceField:
    choices = SCORES if required else [("", _("No answer")), *SCORES]
    errors = {"required": _("Choose from 1 to 5.")}
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, empty_value=None, required=required, error_messages=errors
    )


class PlacementEvaluationForm(ActionForm):
    """How one side found it. Meaningful work and development are what students miss most where they are missing."""

    rating = _score(_("Overall"), required=True)
    meaningful_work = _score(_("Was the work meaningful?"))
    development = _score(_("Was there something to learn?"))
    comment = forms.CharField(
        label=_("In words"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
