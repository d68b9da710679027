"""Playing with a score, doubting it, and answering a doubt."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm, VersionedForm
from partnerships.choices import (
    Channel,
    Direction,
    ImaginedRenewal,
    ImaginedTalent,
    InteractionKind,
    LedgerDirection,
    ProjectSize,
)
from partnerships.queries.health_explanation import Explanation
from partnerships.queries.health_whatif import (
    imagined_contact,
    imagined_exchange,
    imagined_project,
    imagined_rating,
    imagined_renewal,
    imagined_talent,
)
from partnerships.rules.health.whatif import Hypothetical
from partnerships.rules.touches import TOUCH_WEIGHTS

NOTHING = ("", _("Nothing"))
NEW, DECIDER = "new", "decider"
TOUCHES = [(kind.value, kind.label) for kind in InteractionKind if TOUCH_WEIGHTS[kind] > 0]


class WhatIfForm(forms.Form):
    """Records that are not there, to see what they would do to the score. It is sent by GET and writes nothing."""

    kind = forms.ChoiceField(label=_("A contact"), choices=[NOTHING, *TOUCHES], required=False)
    direction = forms.ChoiceField(label=_("Who reached out"), choices=Direction, required=False)
    who = forms.ChoiceField(label=_("With whom"), required=False)
    when = forms.DateField(label=_("When"), required=False, widget=forms.DateInput)
    channel = forms.ChoiceField(label=_("A project"), choices=[NOTHING, *Channel.choices], required=False)
    size = forms.ChoiceField(label=_("Its size"), choices=ProjectSize, required=False)
    ledger = forms.ChoiceField(
        label=_("Something given or got"), choices=[NOTHING, *LedgerDirection.choices], required=False
    )
    rating = forms.TypedChoiceField(
        label=_("A rating by the partner"),
        choices=[NOTHING, *[(str(number), str(number)) for number in range(5, 0, -1)]],
        required=False,
        coerce=int,
        empty_value=None,
    )
    delivered = forms.ChoiceField(label=_("An obligation met"), required=False)
    renewal = forms.ChoiceField(
        label=_("Renewal of the main agreement"), choices=[NOTHING, *ImaginedRenewal.choices], required=False
    )
    talent = forms.ChoiceField(
        label=_("Somebody who moves"), choices=[NOTHING, *ImaginedTalent.choices], required=False
    )

    def __init__(self, *args, explanation: Explanation, **kwargs):
        super().__init__(*args, **kwargs)
        self.explanation = explanation
        people = [(key, name) for key, name in explanation.people.items()]
        strangers = [(NEW, _("Somebody new")), (DECIDER, _("Somebody new who decides")), ("", _("Nobody named"))]
        self.fields["who"].choices = [*strangers[:2], *people, strangers[2]]
        self.fields["size"].initial, self.fields["who"].initial = ProjectSize.STANDARD, NEW
        self.fields["when"].initial = explanation.as_of
        remedies = [(str(place), move.subject) for place, move in enumerate(explanation.remedies)]
        self.fields["delivered"].choices = [NOTHING, *remedies]
        others = explanation.known.records.others
        for name, wanted in (
            ("delivered", bool(remedies)),
            ("renewal", "runway" in others),
            ("talent", "talent" in others),
        ):
            if not wanted:
                del self.fields[name]

    def clean_when(self) -> date | None:
        when, as_of = self.cleaned_data["when"], self.explanation.as_of
        if when is not None and not as_of - timedelta(days=self.explanation.config.window_days) <= when <= as_of:
            raise forms.ValidationError(
                _("Choose a day that counts: not after the day of the score, nor too long ago.")
            )
        return when

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not self.imagined():
            raise forms.ValidationError(_("Choose at least one record to imagine."))
        return cleaned

    def imagined(self) -> list[Hypothetical]:
        """What was chosen, as records for the formula; call on a form without errors."""
        given, found = self.cleaned_data, []
        if given.get("kind"):
            who = given.get("who", "")
            found.append(
                imagined_contact(
                    self.explanation,
                    kind=given["kind"],
                    direction=given.get("direction") or Direction.OUTBOUND,
                    occurred_on=given.get("when") or self.explanation.as_of,
                    contact_id=int(who) if who.isdecimal() else None,
                    somebody_new=who == NEW,
                    decides=who == DECIDER,
                )
            )
        if given.get("channel"):
            found.append(imagined_project(given["channel"], given.get("size") or ProjectSize.STANDARD))
        if given.get("ledger"):
            found.append(imagined_exchange(given["ledger"]))
        if given.get("rating") is not None:
            found.append(imagined_rating(given["rating"]))
        if given.get("delivered"):
            found += self.explanation.remedies[int(given["delivered"])].added
        if given.get("renewal"):
            found.append(imagined_renewal(given["renewal"]))
        if given.get("talent"):
            found.append(imagined_talent(given["talent"]))
        return found


class ObjectionForm(ActionForm):
    """What somebody thinks is wrong with a score."""

    text = forms.CharField(
        label=_("What is wrong with the score"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_(
            "It stands beside the score until a manager answers. It changes no score: that follows from records."
        ),
        error_messages={"required": _("Say what is wrong with the score.")},
    )


class AnswerForm(VersionedForm):
    """What was found about an objection, and what was done."""

    answer = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Say what you found, and what was done.")},
    )
