"""Objectives, the value ledger, reviews, changes at the partner and ratings."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from organizations.choices import Horizon
from organizations.models import Contact
from partnerships.choices import (
    LedgerDirection,
    LedgerKind,
    ObjectiveStatus,
    PartnerEventKind,
    RaterSide,
    RatingScale,
    Side,
)
from partnerships.forms.records import RecordForm, day, prose
from partnerships.models import Partnership, Project
from partnerships.queries.projects import projects_with
from partnerships.queries.teams import contacts_of_group
from tenants.models import User
from tenants.queries.tenants import currency_of


class ObjectiveForm(RecordForm):
    """What one side, or both, wants, and how one will know."""

    side = forms.ChoiceField(label=_("Whose objective"), choices=Side, widget=forms.RadioSelect, initial=Side.OURS)
    title = forms.CharField(label=_("Objective"), max_length=200, error_messages={"required": _("Say what is wanted.")})
    metric = forms.CharField(label=_("Measured by"), max_length=120, required=False)
    target = forms.CharField(label=_("Target"), max_length=120, required=False)
    result = forms.CharField(label=_("So far"), max_length=120, required=False)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=[("", "–"), *Horizon.choices], required=False)
    due_on = day(_("By"))
    status = forms.ChoiceField(label=_("Status"), choices=ObjectiveStatus, initial=ObjectiveStatus.OPEN)
    project = forms.ModelChoiceField(
        label=_("Of one project"), queryset=Project.objects.none(), required=False, empty_label="–"
    )

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        self.fields["project"].queryset = projects_with(actor, partnership).prefetch_related(None)


class ObjectiveStatusForm(VersionedForm):
    """How an objective stands, as one choice in its line."""

    status = forms.ChoiceField(label=_("Status"), choices=ObjectiveStatus)


class LedgerForm(RecordForm):
    """Something of value that one side gave the other outside contracts."""

    direction = forms.ChoiceField(
        label=_("Direction"), choices=LedgerDirection, widget=forms.RadioSelect, initial=LedgerDirection.GIVE
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=LedgerKind, initial=LedgerKind.INTRODUCTION)
    description = forms.CharField(
        label=_("What"), max_length=300, error_messages={"required": _("Say what was given or got.")}
    )
    occurred_on = day(_("When"), required=True)
    value = forms.DecimalField(
        label=_("Estimated value"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("It counts without a value too."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    valuation_basis = forms.CharField(
        label=_("How it was valued"), max_length=200, required=False, help_text=_("Needed with a value.")
    )

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        self.initial.setdefault("occurred_on", timezone.localdate())
        if "currency" not in self.initial:
            self.initial["currency"] = currency_of(actor)


class ReviewForm(RecordForm):
    """A look back: what worked, what did not, what changes."""

    held_on = day(_("Held on"), required=True)
    worked = prose(_("What worked?"))
    did_not_work = prose(_("What did not?"))
    changes = prose(_("What will we do differently?"))
    with_partner = forms.BooleanField(label=_("Held together with the partner"), required=False)
    held_by = forms.ModelChoiceField(label=_("Led by"), queryset=User.objects.none(), required=False)

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        self.offer_colleagues(actor, "held_by")
        self.initial.setdefault("held_on", timezone.localdate())
        self.initial.setdefault("held_by", actor.user_id)


class PartnerEventForm(RecordForm):
    """A change at the partner that may change the partnership."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartnerEventKind)
    occurred_on = day(_("When"), required=True)
    description = forms.CharField(
        label=_("What changed, and what it means for us"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what changed.")},
    )
    source_url = forms.URLField(label=_("Source"), max_length=300, required=False, assume_scheme="https")

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        self.initial.setdefault("occurred_on", timezone.localdate())


class EvaluationForm(RecordForm):
    """A rating by somebody of either side or by a third party."""

    rater_side = forms.ChoiceField(label=_("Who rates"), choices=RaterSide, initial=RaterSide.PARTNER)
    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), required=False, help_text=_("For ratings by the partner.")
    )
    member = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("For ratings by an investigator or our office."),
    )
    rater = forms.CharField(label=_("Name or organization"), max_length=200, required=False)
    scale = forms.ChoiceField(label=_("Scale"), choices=RatingScale, initial=RatingScale.FIVE)
    score = forms.IntegerField(label=_("Rating"), min_value=0, max_value=10)
    rated_on = day(_("Rated on"), required=True)
    project = forms.ModelChoiceField(label=_("Project"), queryset=Project.objects.none(), required=False)
    comment = prose(_("In words"))

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        today = timezone.localdate()
        contacts = contacts_of_group(actor, partnership.organization, on=today).prefetch_related(None)
        self.fields["contact"].queryset = contacts
        self.offer_colleagues(actor, "member")
        self.fields["project"].queryset = projects_with(actor, partnership).prefetch_related(None)
        self.initial.setdefault("rated_on", today)
