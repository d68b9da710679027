"""Adding and changing students, candidates and rankings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.choices import PrivacyBasis
from partnerships.forms.records import day, prose
from partnerships.models import Candidacy, Student
from partnerships.queries.students import known_students

MOST_RANK = 500


class StudentForm(VersionedForm):
    """Who a student is."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Where evaluations are asked for."))
    number = forms.CharField(label=_("Student number"), max_length=40, required=False)
    field_of_study = forms.CharField(label=_("Field of study"), max_length=200, required=False)
    degree = forms.CharField(label=_("Degree"), max_length=60, required=False)
    graduates_on = day(_("Graduates"))
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=PrivacyBasis,
        initial=PrivacyBasis.UNKNOWN,
        help_text=_("On what ground the office keeps this."),
    )


def told_apart(student: Student) -> str:
    """A student's name with the number, which namesakes do not share."""
    return f"{student.name} ({student.number})" if student.number else student.name


class StudentChoice(forms.ModelChoiceField):
    """A student by id, told from namesakes by number; the form fills in whom its actor may choose."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Student"),
            queryset=Student.objects.none(),
            empty_label=_("Choose a student"),
            widget=LookupSelect(lookup_url=reverse_lazy("partnerships:student_lookup")),
            error_messages={"required": _("Choose a student."), "invalid_choice": _("Choose a student from the list.")},
            **kwargs,
        )

    def label_from_instance(self, student: Student) -> str:
        return told_apart(student)


class NewCandidacyForm(ActionForm):
    """Who becomes a candidate, and how both sides rank it if they do already."""

    student = StudentChoice()
    partner_rank = forms.IntegerField(label=_("Partner's rank"), min_value=1, max_value=MOST_RANK, required=False)
    student_rank = forms.IntegerField(label=_("Student's rank"), min_value=1, max_value=MOST_RANK, required=False)
    note = prose(_("Note"))

    def __init__(self, *args, actor: Actor, position: Any, **kwargs):
        super().__init__(*args, **kwargs)
        present = Candidacy.objects.filter(position=position).values("student_id")
        self.fields["student"].queryset = known_students(actor).exclude(pk__in=present)
        words = _("Choose a student from the list who is no candidate here yet.")
        self.fields["student"].error_messages["invalid_choice"] = words


class CandidacyForm(VersionedForm):
    """Ranks and note of a candidate."""

    partner_rank = forms.IntegerField(label=_("Partner's rank"), min_value=1, max_value=MOST_RANK, required=False)
    student_rank = forms.IntegerField(label=_("Student's rank"), min_value=1, max_value=MOST_RANK, required=False)
    note = prose(_("Note"))


class RankingForm(ActionForm):
    """A number for each row of a list, 1 for the best; rows without one are not ranked.

    ``cleaned_data["order"]`` has the rows in order. Two rows with one number are refused.
    """

    def __init__(self, *args, rows: Sequence[Candidacy], column: str, named: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {f"rank_{row.pk}": row for row in rows}
        for name, row in self.rows.items():
            self.fields[name] = forms.IntegerField(
                label=str(getattr(row, named)),
                min_value=1,
                max_value=MOST_RANK,
                required=False,
                initial=getattr(row, column),
            )

    def clean(self) -> dict[str, Any]:
        """The rows that have a number, by it."""
        cleaned = super().clean()
        seen: dict[int, str] = {}
        for name in self.rows:
            rank = cleaned.get(name)
            if rank is not None and rank in seen:
                self.add_error(name, _("Another one has this rank."))
            elif rank is not None:
                seen[rank] = name
        return {"order": [self.rows[seen[rank]] for rank in sorted(seen)]}
