"""Adding and changing programs and positions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Contact
from organizations.queries.contacts import contacts_at
from partnerships.choices_talent import ApproverRole, ProgramKind, WorkPlace
from partnerships.forms.interactions import PartnerChoice
from partnerships.forms.records import day, prose
from partnerships.models import Partnership, Project, TalentProgram
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.positions import open_programs
from partnerships.queries.projects import visible_projects
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues

YES_NO = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]
ROLES = [("", "–"), *ApproverRole.choices]
MOST_APPROVERS = len(ApproverRole.choices)


def partner_field(**more: Any) -> PartnerChoice:
    """A partner to be found by name."""
    return PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={
            "required": _("Choose the partner."),
            "invalid_choice": _("Choose a partner from the list."),
        },
        **more,
    )


def yes_no(label: str) -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        coerce=lambda given: given == "true",
        empty_value=None,
    )


def present_yes_no(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


class ProgramForm(VersionedForm):
    """A program, and who approves its placements in what order."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgramKind)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label="–")
    coordinator = forms.ModelChoiceField(
        label=_("Coordinator"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    first = forms.ChoiceField(label=_("Approves first"), choices=ROLES, required=False)
    second = forms.ChoiceField(label=_("Approves second"), choices=ROLES, required=False)
    third = forms.ChoiceField(label=_("Approves third"), choices=ROLES, required=False)
    fourth = forms.ChoiceField(label=_("Approves fourth"), choices=ROLES, required=False)
    approval_days = forms.IntegerField(
        label=_("Days to approve"),
        min_value=1,
        max_value=90,
        initial=7,
        help_text=_("Each approver has so many; a placement that waits longer needs a review."),
    )
    closed_on = day(_("No longer offered since"))
    PLACES = ("first", "second", "third", "fourth")

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units(actor)
        self.fields["coordinator"].queryset = colleagues(actor)

    @classmethod
    def initial_of(cls, program: TalentProgram) -> dict[str, Any]:
        return {**super().initial_of(program), **dict(zip(cls.PLACES, program.approvers, strict=False))}

    def clean(self) -> dict[str, Any]:
        """The roles as one list; what stands after an empty place moves up."""
        cleaned = super().clean()
        cleaned["approvers"] = [role for role in (cleaned.pop(name, "") for name in self.PLACES) if role]
        return cleaned


class TermsForm(VersionedForm):
    """What positions and placements have in common."""

    starts_on = day(_("Start"))
    ends_on = day(_("End"))
    hours_per_week = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=80, required=False)
    credit = forms.DecimalField(label=_("Credit points"), max_digits=5, decimal_places=1, min_value=0, required=False)
    is_paid = yes_no(_("Paid"))
    pay = forms.DecimalField(label=_("Pay an hour"), max_digits=8, decimal_places=2, min_value=0, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    supervisor = forms.ModelChoiceField(
        label=_("Supervisor at the partner"), queryset=Contact.objects.none(), required=False, empty_label="–"
    )
    academic_lead = forms.ModelChoiceField(
        label=_("Academic lead"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, empty_label="–"
    )
    learning_goals = prose(_("What is to be learned"))

    def __init__(self, *args, actor: Actor, partnership: Partnership | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["academic_lead"].queryset = colleagues(actor)
        if partnership is None:
            for name in ("supervisor", "project"):
                del self.fields[name]
            return
        today = timezone.localdate()
        people = contacts_at(actor, partnership.organization, on=today).prefetch_related(None)
        there = Q(pk__in=people.order_by().values("pk")) | Q(pk=self.initial.get("supervisor") or 0)
        self.fields["supervisor"].queryset = Contact.objects.filter(there)
        works = visible_projects(actor).prefetch_related(None)
        self.fields["project"].queryset = works.filter(participants__organization=partnership.organization).distinct()

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        return {**super().initial_of(row), "is_paid": present_yes_no(row.is_paid)}


class PositionForm(TermsForm):
    """What can be changed about a position: everything but its partner, program and status."""

    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Give it a title.")})
    openings = forms.IntegerField(label=_("Places"), min_value=1, max_value=1000, initial=1)
    term = forms.CharField(label=_("Term"), max_length=40, required=False, help_text=_("Such as Autumn 2026."))
    apply_by = day(_("Apply by"))
    place = forms.ChoiceField(label=_("Where"), choices=WorkPlace, initial=WorkPlace.ON_SITE)
    location = forms.CharField(label=_("Town"), max_length=120, required=False)
    description = prose(_("What it is about"), rows=5, longest=20_000)
    needs_nda = forms.BooleanField(label=_("Needs an NDA"), required=False)
    assigns_ip = forms.BooleanField(label=_("The student assigns IP"), required=False)
    needs_work_permit = forms.BooleanField(label=_("A work permit is needed"), required=False)
    field_order = [
        *("partnership", "program", "title", "openings", "term", "starts_on", "ends_on", "apply_by", "description"),
        *("hours_per_week", "credit", "is_paid", "pay", "currency", "place", "location", "supervisor"),
        *("academic_lead", "project", "learning_goals", "needs_nda", "assigns_ip", "needs_work_permit"),
    ]


class NewPositionForm(PositionForm):
    """A new position: its partner and program come first."""

    partnership = partner_field()
    program = forms.ModelChoiceField(label=_("Program"), queryset=TalentProgram.objects.none(), empty_label=None)

    def __init__(self, *args, actor: Actor, partnership: Partnership | None = None, **kwargs):
        super().__init__(*args, actor=actor, partnership=partnership, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)
        self.fields["program"].queryset = open_programs(actor)


class ReturnForm(ActionForm):
    """Why a position goes back as a draft."""

    reason = forms.CharField(
        label=_("What is missing"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
