"""What belongs to a project: people, milestones, risks and issues, outputs, benefits, and its objectives."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm
from organizations.choices import Horizon
from organizations.models import Contact, Organization
from partnerships.choices import ObjectiveStatus, Side
from partnerships.choices_delivery import (
    BenefitKind,
    IssueKind,
    IssueTopic,
    MilestoneKind,
    OutputKind,
    ProjectPersonRole,
    Severity,
)
from partnerships.filters_delivery import SIDES
from partnerships.forms.interactions import PartnerChoice
from partnerships.forms.records import RecordForm, day, prose
from partnerships.models import Partnership, Project
from partnerships.queries.project_records import contacts_in, partnerships_in
from tenants.models import User
from tenants.queries.users import colleagues

LIKELIHOODS = [
    ("", "–"),
    ("1", _("1, hardly")),
    ("2", _("2, unlikely")),
    ("3", _("3, as likely as not")),
    ("4", _("4, likely")),
    ("5", _("5, almost certain")),
]


class MilestoneForm(RecordForm):
    """Something that one side owes the other by a day."""

    side = forms.ChoiceField(label=_("Who owes it"), choices=SIDES, widget=forms.RadioSelect, initial=Side.OURS)
    kind = forms.ChoiceField(label=_("Kind"), choices=MilestoneKind, initial=MilestoneKind.MILESTONE)
    title = forms.CharField(
        label=_("What"), max_length=300, error_messages={"required": _("Say what is to be reached.")}
    )
    due_on = day(_("Due"), required=True)
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    weight = forms.DecimalField(
        label=_("Importance"),
        max_digits=3,
        decimal_places=1,
        min_value=0,
        initial=1,
        help_text=_("For the health of the partners; usually 1."),
    )

    def offer(self, actor: Actor, project: Project) -> None:
        self.offer_colleagues(actor, "owner")


class CompleteMilestoneForm(ActionForm):
    """That a milestone is done, with the proof."""

    evidence = forms.CharField(
        label=_("What proves it"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Words, or the address of the proof."),
        error_messages={"required": _("Say what proves it. Nothing is done without proof.")},
    )
    done_on = day(_("Done"), required=True)


class AcceptMilestoneForm(ActionForm):
    """That the other side accepts what was done."""

    accepted_by = forms.CharField(label=_("Who accepts it"), max_length=200, required=False)
    accepted_on = day(_("Accepted"), required=True)

    def __init__(self, *args, side: str, **kwargs):
        super().__init__(*args, **kwargs)
        if side == Side.OURS:
            self.fields["accepted_by"].help_text = _("Somebody of the partner, because the university owed it.")
        else:
            self.fields["accepted_by"].help_text = _("A colleague, because the partner owed it. Empty: you.")


class ProjectIssueForm(RecordForm):
    """A risk, or an issue that has come true."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IssueKind, widget=forms.RadioSelect, initial=IssueKind.RISK)
    title = forms.CharField(label=_("What"), max_length=200, error_messages={"required": _("Say what it is.")})
    topic = forms.ChoiceField(label=_("About"), choices=IssueTopic, initial=IssueTopic.OTHER)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Severity,
        initial=Severity.MEDIUM,
        help_text=_("A critical issue caps the health of all partners in the project while it is open."),
    )
    likelihood = forms.TypedChoiceField(
        label=_("Likelihood"), choices=LIKELIHOODS, required=False, coerce=int, empty_value=None
    )
    description = prose(_("In words"), longest=20_000)
    response = prose(_("What is done about it"), longest=20_000)
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    raised_on = day(_("Since"), required=True)
    due_on = day(_("To be settled by"))

    def offer(self, actor: Actor, project: Project) -> None:
        self.offer_colleagues(actor, "owner")
        self.initial.setdefault("raised_on", timezone.localdate())


class CloseIssueForm(ActionForm):
    """How a risk or an issue was settled."""

    resolution = forms.CharField(
        label=_("How it was settled"), max_length=300, error_messages={"required": _("Say how it was settled.")}
    )
    closed_on = day(_("Settled"), required=True)


class ProjectPersonForm(RecordForm):
    """What can be changed about somebody's part in a project."""

    role = forms.ChoiceField(label=_("Role"), choices=ProjectPersonRole, initial=ProjectPersonRole.RESEARCHER)
    days_per_month = forms.DecimalField(
        label=_("Effort in days per month"), max_digits=4, decimal_places=1, min_value=0, max_value=31, required=False
    )
    started_on = day(_("From"))
    ended_on = day(_("Until"))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    field_order = ["name", "role"]

    def offer(self, actor: Actor, project: Project) -> None:
        if not self.initial.get("name"):  # a colleague or a contact, whose name stands there
            del self.fields["name"]


class NewProjectPersonForm(ProjectPersonForm):
    """Somebody new in a project: a colleague, a contact or a name."""

    member = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none(), required=False, empty_label="–")
    contact = forms.ModelChoiceField(
        label=_("Or somebody of the partner"), queryset=Contact.objects.none(), required=False, empty_label="–"
    )
    name = forms.CharField(
        label=_("Or somebody else, by name"),
        max_length=200,
        required=False,
        help_text=_("For example a student who is in no other list."),
    )
    field_order = ["member", "contact", "name", "role"]

    def offer(self, actor: Actor, project: Project) -> None:
        self.fields["member"].queryset = colleagues(actor)
        if actor.may("organizations.view_contacts"):
            self.fields["contact"].queryset = contacts_in(actor, project).prefetch_related(None)


class ProjectOutputForm(RecordForm):
    """Something that came out of a project."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OutputKind)
    title = forms.CharField(label=_("Title"), max_length=500, error_messages={"required": _("Say what came out.")})
    doi = forms.CharField(label=_("DOI"), max_length=300, required=False, help_text=_("With or without its address."))
    reference = forms.CharField(
        label=_("Reference"), max_length=80, required=False, help_text=_("A patent's or a report's number.")
    )
    url = forms.URLField(label=_("Address"), max_length=300, required=False, assume_scheme="https")
    produced_on = day(_("When"))
    people = forms.IntegerField(
        label=_("People"), min_value=1, max_value=32_000, required=False, help_text=_("How many were hired.")
    )


class ProjectBenefitForm(RecordForm):
    """What one side, or both, is to get."""

    side = forms.ChoiceField(label=_("Who gets it"), choices=Side, widget=forms.RadioSelect, initial=Side.OURS)
    kind = forms.ChoiceField(label=_("Kind"), choices=BenefitKind)
    description = forms.CharField(label=_("What"), max_length=300, error_messages={"required": _("Say what it is.")})
    organization = forms.ModelChoiceField(
        label=_("Whom of the partners"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Where several take part."),
    )
    share = forms.DecimalField(
        label=_("Share, %"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )

    def offer(self, actor: Actor, project: Project) -> None:
        partners = Organization.objects.filter(project_participations__project=project, is_own=False)
        self.fields["organization"].queryset = partners.order_by("name_key", "pk")


class ProjectObjectiveForm(RecordForm):
    """What one side, or both, wants of a project; it belongs to the partnership with one of its partners."""

    partnership = PartnerChoice(
        label=_("With"),
        queryset=Partnership.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the partner."), "invalid_choice": _("Choose a partner in the project.")},
    )
    side = forms.ChoiceField(label=_("Whose objective"), choices=Side, widget=forms.RadioSelect, initial=Side.OURS)
    title = forms.CharField(label=_("Objective"), max_length=200, error_messages={"required": _("Say what is wanted.")})
    metric = forms.CharField(label=_("Measured by"), max_length=120, required=False)
    target = forms.CharField(label=_("Target"), max_length=120, required=False)
    result = forms.CharField(label=_("So far"), max_length=120, required=False)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=[("", "–"), *Horizon.choices], required=False)
    due_on = day(_("By"))
    status = forms.ChoiceField(label=_("Status"), choices=ObjectiveStatus, initial=ObjectiveStatus.OPEN)

    def offer(self, actor: Actor, project: Project) -> None:
        self.fields["partnership"].queryset = partnerships_in(actor, project)
