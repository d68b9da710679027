"""The questions that lead to a model agreement; the address keeps the answers."""

from collections.abc import Iterable, Mapping

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from agreements.rules.model_choice import LICENSE_QUESTIONS, OWNERSHIP_QUESTIONS
from agreements.wording import LICENSE_TEST, OWNERSHIP_TEST
from agreements.wording_models import MODELS
from core.actor import Actor
from core.forms import ActionForm
from core.widgets import LookupSelect
from partnerships.forms.interactions import PartnerChoice
from partnerships.models import Partnership
from partnerships.queries.partnerships import visible_partnerships

YES, NO = "yes", "no"


class TestForm(forms.Form):
    """One of the two tests. ``answers`` is None until every question has its yes or no."""

    __test__ = False  # it is no test of ours
    questions: Mapping[str, object] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, words in self.questions.items():
            self.fields[code] = forms.ChoiceField(
                label=words,
                choices=[(YES, _("Yes")), (NO, _("No"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer yes or no."), "invalid_choice": _("Answer yes or no.")},
            )

    @property
    def answers(self) -> dict[str, bool] | None:
        return {name: value == YES for name, value in self.cleaned_data.items()} if self.is_valid() else None


class OwnershipForm(TestForm):
    questions = {code: OWNERSHIP_TEST[code] for code in OWNERSHIP_QUESTIONS}


class LicenseForm(TestForm):
    questions = {code: LICENSE_TEST[code] for code in LICENSE_QUESTIONS}


class ModelDraftForm(ActionForm):
    """For whom, what it is called, and from which of the models that fit."""

    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={
            "required": _("Choose the partner."),
            "invalid_choice": _("Choose a partner from the list."),
        },
    )
    title = forms.CharField(label=_("Title"), max_length=300, error_messages={"required": _("Give it a title.")})
    model = forms.ChoiceField(label=_("Model"), widget=forms.RadioSelect)

    def __init__(self, *args, actor: Actor, models: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)
        self.fields["model"].choices = [(code, f"{code}: {MODELS[code].rights}") for code in models]
