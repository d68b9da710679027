"""Requesting and changing placements, and what each step of their way asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm
from partnerships.choices_talent import ApproverRole, EvaluatorSide, ReturnOffer
from partnerships.forms.placement_links import DecisionForm, PlacementEvaluationForm
from partnerships.forms.positions import TermsForm, partner_field
from partnerships.forms.records import day, prose
from partnerships.forms.students import StudentChoice
from partnerships.models import Partnership, Placement, Position, TalentProgram
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.positions import open_programs
from partnerships.queries.students import known_students


class PlacementForm(TermsForm):
    """What can be changed about a placement: its terms, people and project."""

    starts_on = day(_("Start"), required=True)
    ends_on = day(_("End"), required=True)


class NewPlacementForm(PlacementForm):
    """A new placement: for whom, where and in which program. From a position, all but the student is known."""

    student = StudentChoice()
    partnership = partner_field(required=False)
    program = forms.ModelChoiceField(
        label=_("Program"), queryset=TalentProgram.objects.none(), required=False, empty_label="–"
    )
    field_order = ["student", "partnership", "program", "starts_on", "ends_on"]

    def __init__(
        self, *args, actor: Actor, partnership: Partnership | None = None, position: Position | None = None, **kwargs
    ):
        super().__init__(*args, actor=actor, partnership=position.partnership if position else partnership, **kwargs)
        self.fields["student"].queryset = known_students(actor)
        if position is not None:
            for name in ("partnership", "program"):
                del self.fields[name]
        else:
            self.fields["partnership"].queryset = visible_partnerships(actor)
            self.fields["partnership"].required = self.fields["program"].required = True
            self.fields["program"].queryset = open_programs(actor)


class ApproversForm(ActionForm):
    """Who approves, in order: one role, name and address for each place; empty places are left out."""

    def __init__(self, *args, placement: Placement, **kwargs):
        super().__init__(*args, **kwargs)
        present = list(placement.approvals.all())
        self.places: list[Sequence[str]] = []
        for number in range(1, max(len(present), 1) + 2):
            row = present[number - 1] if number <= len(present) else None
            names = [f"{what}_{number}" for what in ("role", "name", "email")]
            roles = [("", "–"), *ApproverRole.choices]
            self.fields[names[0]] = forms.ChoiceField(
                label=_("Role %d") % number, choices=roles, required=False, initial=row.role if row else ""
            )
            self.fields[names[1]] = forms.CharField(
                label=_("Name %d") % number, max_length=200, required=False, initial=row.name if row else ""
            )
            self.fields[names[2]] = forms.EmailField(
                label=_("E-mail %d") % number, required=False, initial=row.email if row else ""
            )
            self.places.append(names)

    @property
    def lines(self) -> list[list[tuple[forms.BoundField, str]]]:
        """The fields of each place, with what they are called within it."""
        words = (_("Role"), _("Name"), _("E-mail"))
        return [[(self[name], word) for name, word in zip(names, words, strict=True)] for names in self.places]

    def clean(self) -> dict[str, Any]:
        """The approvers as the action takes them."""
        cleaned = super().clean()
        found = []
        for names in self.places:
            values = [cleaned.get(name, "") for name in names]
            if any(values):
                for name, value in zip(names, values, strict=True):
                    if not value and name not in self.errors:
                        self.add_error(name, _("Give each approver a role, a name and an e-mail address."))
                found.append(dict(zip(("role", "name", "email"), values, strict=True)))
        return {"approvers": found}


class ApprovalForm(DecisionForm):
    """What an approver has decided another way."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=DecisionForm.base_fields["decision"].choices, widget=forms.RadioSelect
    )


class CheckForm(ActionForm):
    """What the mid-term check found."""

    note = prose(_("What the check found"), rows=4)


class SideEvaluationForm(PlacementEvaluationForm):
    """What one side answered through the office."""

    side = forms.ChoiceField(label=_("Who answers"), choices=EvaluatorSide)
    field_order = ["side"]


class SideForm(ActionForm):
    """Which side gets a new link."""

    side = forms.ChoiceField(label=_("Who gets a new link"), choices=EvaluatorSide)


class EndForm(ActionForm):
    """Why a placement ends early, and on which day."""

    why = forms.CharField(label=_("Why it ends early"), max_length=300)
    ended_on = day(_("Last day"))


class OfferForm(ActionForm):
    """Whether the partner asked the student back."""

    offer = forms.ChoiceField(label=_("Offer to return"), choices=ReturnOffer)


class HireForm(ActionForm):
    """The first day at the partner."""

    occurred_on = day(_("First day"))
