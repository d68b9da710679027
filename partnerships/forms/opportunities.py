"""Adding and changing opportunities, and moving them."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Capability, Need
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.needs import visible_needs
from partnerships.choices import Channel, LeadSource, LossReason, StageMeaning
from partnerships.forms.interactions import PartnerChoice
from partnerships.models import Opportunity, OpportunityStage, Partnership
from partnerships.queries.opportunities import titled_alike
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.stages import stages_in_use, visible_stages
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues

DAY = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
MONEY = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "required": False}
REASONS = [("", _("Choose a reason")), *LossReason.choices]


class OpportunityForm(VersionedForm):
    """What can be changed about an opportunity: everything but its partner and its stage."""

    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Give it a title.")})
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("Next step due"), **DAY)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False, empty_label="–")
    value = forms.DecimalField(label=_("Value"), **MONEY)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    probability = forms.IntegerField(
        label=_("Probability in %"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty: that of the stage."),
    )
    expected_close_on = forms.DateField(label=_("Expected decision"), **DAY)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel, initial=Channel.RESEARCH)
    lead_source = forms.ChoiceField(label=_("Push or pull"), choices=LeadSource, initial=LeadSource.PULL)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label="–")
    need = forms.ModelChoiceField(label=_("Need"), queryset=Need.objects.none(), required=False, empty_label="–")
    capability = forms.ModelChoiceField(
        label=_("Capability"), queryset=Capability.objects.none(), required=False, empty_label="–"
    )
    description = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    loss_reason = forms.ChoiceField(label=_("Why it was lost"), choices=REASONS, required=False)
    loss_note = forms.CharField(
        label=_("What we learned"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args,
        actor: Actor,
        partnership: Partnership | None = None,
        opportunity: Opportunity | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(actor)
        self.fields["unit"].queryset = open_units(actor)
        self.fields["capability"].queryset = visible_capabilities(actor).prefetch_related(None)
        if partnership is None:
            del self.fields["need"]
        else:
            needs = visible_needs(actor).filter(organization_id=partnership.organization_id)
            self.fields["need"].queryset = needs.prefetch_related(None)
        if opportunity is None or opportunity.stage.meaning != StageMeaning.LOST:
            del self.fields["loss_reason"], self.fields["loss_note"]


class NewOpportunityForm(OpportunityForm):
    """A new opportunity: its partner and where it begins come first."""

    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={
            "required": _("Choose the partner."),
            "invalid_choice": _("Choose a partner from the list."),
        },
    )
    stage = forms.ModelChoiceField(label=_("Stage"), queryset=OpportunityStage.objects.none(), empty_label=None)
    anyway = forms.BooleanField(label=_("Add it all the same"), required=False)
    field_order = ["partnership", "title", "anyway", "stage"]

    def __init__(self, *args, actor: Actor, partnership: Partnership | None = None, **kwargs):
        super().__init__(*args, actor=actor, partnership=partnership, **kwargs)
        self.actor = actor
        self.fields["partnership"].queryset = visible_partnerships(actor)
        beginnings = [StageMeaning.OPEN, StageMeaning.ON_HOLD]
        self.fields["stage"].queryset = stages_in_use(actor).filter(meaning__in=beginnings)
        if not self.is_bound:
            self.fields["anyway"].widget = forms.HiddenInput()

    def clean(self):
        """Ask before a partner gets a second opportunity with the same title."""
        cleaned = super().clean()
        partnership, title = cleaned.get("partnership"), cleaned.get("title")
        alike = None
        if partnership and title:
            alike = titled_alike(self.actor, partnership_id=partnership.pk, title=title)
        if alike is None:
            self.fields["anyway"].widget = forms.HiddenInput()
        elif not cleaned.get("anyway"):
            words = {"stage": alike.stage.name}
            message = _(
                "This partner has an opportunity with this title already, in %(stage)s. "
                "Change the title, or tick the box below."
            )
            self.add_error("title", forms.ValidationError(message, code="alike", params=words))
        return cleaned


class NextStepForm(VersionedForm):
    """What is next, and by when."""

    next_step = forms.CharField(label=_("What"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("By"), **DAY)


class MoveForm(ActionForm):
    """Where an opportunity goes. With a stage chosen beforehand it asks only for what that stage needs.

    It remembers the stage in which the mover saw it, so that two people do not move it past each other.
    """

    was = forms.ModelChoiceField(queryset=OpportunityStage.objects.none(), required=False, widget=forms.HiddenInput)

    stage = forms.ModelChoiceField(
        label=_("Stage"),
        queryset=OpportunityStage.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a stage."), "invalid_choice": _("Choose a stage from the list.")},
    )
    loss_reason = forms.ChoiceField(label=_("Why it was lost"), choices=REASONS, required=False)
    loss_note = forms.CharField(
        label=_("What we learned"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    value = forms.DecimalField(label=_("Value as agreed"), **MONEY)
    note = forms.CharField(label=_("Note"), max_length=2_000, required=False)

    def __init__(self, *args, actor: Actor, opportunity: Opportunity, stage: OpportunityStage | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["was"].queryset = visible_stages(actor)
        self.fields["stage"].queryset = stages_in_use(actor).exclude(pk=opportunity.stage_id)
        if stage is not None:
            self.fields["stage"].widget = forms.HiddenInput()
            lost, won = stage.meaning == StageMeaning.LOST, stage.meaning == StageMeaning.WON
            for name, asked in (
                ("loss_reason", lost),
                ("loss_note", lost),
                ("value", won),
                ("note", not lost),
            ):
                if not asked:
                    del self.fields[name]
            if lost:
                self.fields["loss_reason"].required = True
                self.fields["loss_reason"].error_messages["required"] = _("Choose why it was lost.")

    def show_present_stage(self) -> None:
        """After a refusal: the form sent again has seen where the opportunity stands now."""
        self.data = {**self.data.dict(), "was": str(self.initial["was"])}
