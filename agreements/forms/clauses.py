"""Answering the clause questions of an agreement, and setting a rule aside."""

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms.moves import ReasonForm
from agreements.models import Agreement
from agreements.rules.clauses import LARGEST_NUMBER, TEXT_LIMIT, Answer, Question, questions_for
from agreements.wording import OWNERS, QUESTIONS, TOPICS
from core.forms import VersionedForm

YES, NO = "yes", "no"
YES_NO = [("", _("Not looked at")), (YES, _("Yes")), (NO, _("No"))]
PLACE, NOTE = "-place", "-note"  # a question's fields are its code, and its code with these


class ClausesForm(VersionedForm):
    """The questions of one kind of agreement (``clauses_form``), each with where it is answered and a note.

    ``given`` are the answers that hold, by code: None where nothing is answered; a question whose answer is no answer
    is left out.
    """

    questions: tuple[Question, ...] = ()

    @classmethod
    def initial_of(cls, row: Agreement) -> dict[str, Any]:
        given = {each.code: each for each in row.answers.all()}
        values: dict[str, Any] = {"version": row.version}
        for question in cls.questions:
            answer = given.get(question.code)
            values[question.code] = "" if answer is None else _shown(question, answer.value)
            values[question.code + PLACE] = "" if answer is None else answer.clause_number
            values[question.code + NOTE] = "" if answer is None else answer.note
        return values

    def clean(self):
        cleaned = super().clean()
        self.given: dict[str, object] = {}
        answers = []
        for question in self.questions:
            code = question.code
            place, note = cleaned.pop(code + PLACE, ""), cleaned.pop(code + NOTE, "")
            if code not in cleaned:
                continue
            value = self.given[code] = _stored(question, cleaned.pop(code))
            if value is None and (place or note):
                self.add_error(code, _("Answer the question too, or empty clause and note."))
            answers.append({"code": code, "value": value, "clause_number": place, "note": note})
        cleaned["answers"] = answers
        return cleaned

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The questions by contract topic in the order of the table, each with its fields."""
        found: dict[int | None, list[dict[str, Any]]] = {}
        for question in self.questions:
            code = question.code
            fields = {"answer": self[code], "place": self[code + PLACE], "note": self[code + NOTE]}
            found.setdefault(question.topic, []).append({"code": code, **fields})
        return [
            (str(TOPICS[topic]) if topic is not None else str(_("Further terms")), rows)
            for topic, rows in found.items()
        ]


@cache
def clauses_form(kind: str) -> type[ClausesForm]:
    """The form with the questions of a kind."""
    questions = tuple(questions_for(kind))
    fields: dict[str, Any] = {}
    for question in questions:
        fields[question.code] = _field(question)
        fields[question.code + PLACE] = forms.CharField(label=_("Clause"), max_length=20, required=False)
        fields[question.code + NOTE] = forms.CharField(
            label=_("Note"), max_length=TEXT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
    return type("ClausesForm", (ClausesForm,), {"questions": questions, **fields})


def _field(question: Question) -> forms.Field:
    label = QUESTIONS[question.code]
    if question.answer is Answer.YES_NO:
        return forms.ChoiceField(label=label, choices=YES_NO, required=False, widget=forms.RadioSelect)
    if question.answer is Answer.NUMBER:
        return forms.IntegerField(label=label, min_value=0, max_value=LARGEST_NUMBER, required=False)
    if question.answer is Answer.CHOICE:
        choices = [("", _("Not looked at")), *((code, OWNERS[code]) for code in question.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    return forms.CharField(label=label, max_length=TEXT_LIMIT, required=False)


def _shown(question: Question, value: Any) -> Any:
    if question.answer is Answer.YES_NO:
        return YES if value is True else NO
    return value


def _stored(question: Question, value: Any) -> Any:
    if question.answer is Answer.YES_NO:
        return {YES: True, NO: False}.get(value)
    return None if value in (None, "") else value


class OverrideForm(ReasonForm):
    """Why a rule that stands against signature is set aside."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the agreement, with your name. The rule still counts in the score."),
        error_messages={"required": _("Say why it is set aside.")},
    )
