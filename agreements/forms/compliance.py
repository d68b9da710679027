"""Screenings of restricted parties, and conflicts of interest."""

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import ScreeningResult
from agreements.forms.records import AgreementChoice, ColleagueChoice
from agreements.models import Screening
from agreements.queries.agreements import visible_agreements
from core.actor import Actor
from core.forms import VersionedForm
from core.widgets import LookupSelect
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations
from partnerships.forms.records import day, prose
from tenants.models import User

FOUND = [(each.value, each.label) for each in (ScreeningResult.CLEAR, ScreeningResult.OPEN)]
DECISIONS = [(each.value, each.label) for each in (ScreeningResult.FALSE_HIT, ScreeningResult.TRUE_HIT)]


class OrganizationChoice(forms.ModelChoiceField):
    """An organization other than the institution; the form fills in what its actor may choose from."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Organization.objects.none(),
            widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
            error_messages={
                "required": _("Choose the organization."),
                "invalid_choice": _("Choose one from the list."),
            },
            **kwargs,
        )

    def offer(self, actor: Actor) -> None:
        self.queryset = visible_organizations(actor).prefetch_related(None)


class ScreeningForm(VersionedForm):
    """What can be corrected about a screening: everything but whom and with what result."""

    screened_on = day(_("Screened on"), required=True)
    lists = forms.CharField(
        label=_("Lists and their versions"),
        max_length=300,
        help_text=_("Such as: EU consolidated list of 3 Mar 2026, OFAC SDN of 2 Mar 2026."),
        error_messages={"required": _("Say with which lists, and of which day.")},
    )
    note = prose(_("What was found"), longest=10_000)
    valid_until = day(_("To be repeated by"))


class NewScreeningForm(ScreeningForm):
    """The same with whom it is about and what came of it; a hit is decided afterwards."""

    organization = OrganizationChoice(label=_("Organization"))
    result = forms.ChoiceField(
        label=_("Result"), choices=FOUND, widget=forms.RadioSelect, initial=ScreeningResult.CLEAR
    )
    field_order = ["organization", "screened_on", "lists", "result", "note", "valid_until"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].offer(actor)
        self.fields["screened_on"].initial = timezone.localdate

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("version", None)
        return cleaned


class DecisionForm(VersionedForm):
    """Whether a hit is true, and why."""

    result = forms.ChoiceField(
        label=_("The hit is"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Decide whether the hit is true or false.")},
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Added to what was found."),
        error_messages={"required": _("Say why it was decided so.")},
    )

    @classmethod
    def initial_of(cls, screening: Screening) -> dict:
        return {"version": screening.version}


class ConflictPlanForm(VersionedForm):
    """An interest and how it is managed. Changing either takes the approval away."""

    interest = forms.CharField(
        label=_("Interest"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as shares, a board seat, family, paid advice."),
        error_messages={"required": _("Say what the interest is.")},
    )
    plan = prose(_("How it is managed"))


class NewConflictPlanForm(ConflictPlanForm):
    """The same for a colleague under an agreement; those who see only their own write down their own."""

    agreement = AgreementChoice(label=_("Agreement"))
    member = ColleagueChoice(label=_("Who has the interest"))
    field_order = ["agreement", "member", "interest", "plan"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreement"].queryset = visible_agreements(actor).prefetch_related(None)
        self.fields["member"].offer(actor)
        if not actor.may("agreements.view_all_conflict_plans"):
            self.fields["member"].queryset = User.objects.filter(pk=actor.user_id)
            self.fields["member"].empty_label = None

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("version", None)
        return cleaned
