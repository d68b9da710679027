"""Adding and changing what is owed, doing it with evidence, waiving it; and making a calendar address."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import ObligationKind, ObligationSide, Recurrence
from agreements.forms.records import AgreementChoice, ColleagueChoice
from agreements.models import Obligation
from agreements.queries.agreements import visible_agreements
from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from partnerships.forms.records import day


class ObligationForm(VersionedForm):
    """What can be changed about an open obligation: everything but its agreement."""

    title = forms.CharField(label=_("What"), max_length=200, error_messages={"required": _("Say what is owed.")})
    side = forms.ChoiceField(label=_("Who owes it"), choices=ObligationSide, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Kind"), choices=ObligationKind)
    due_on = day(_("Due"), required=True)
    recurrence = forms.ChoiceField(label=_("Repeats"), choices=Recurrence, initial=Recurrence.ONCE)
    repeats_until = day(_("Repeats until"))
    owner = ColleagueChoice(label=_("Who looks after it"), required=False, empty_label=_("Nobody yet"))
    clause_number = forms.CharField(label=_("Clause"), max_length=20, required=False)
    weight = forms.DecimalField(
        label=_("Importance"),
        max_digits=3,
        decimal_places=1,
        initial=1,
        help_text=_("1 is usual. The score of the partner counts it that often."),
    )
    consequence = forms.CharField(label=_("What happens if not"), max_length=200, required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].error_messages["required"] = _("Say by when.")
        self.fields["owner"].offer(actor, self.initial.get("owner"))


class NewObligationForm(ObligationForm):
    """The same under an agreement that is chosen here."""

    agreement = AgreementChoice(label=_("Agreement"))
    field_order = ["agreement", "title", "side"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["agreement"].queryset = visible_agreements(actor).prefetch_related(None)

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("version", None)
        return cleaned


class CompleteForm(VersionedForm):
    """The proof: words, a link, or a file. One of them must be there."""

    evidence = forms.CharField(
        label=_("What proves it"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A link, or where it can be found. Or attach the proof below."),
    )
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, image, Office document or text, up to 25 MB.")
    )
    done_on = day(_("Done on"), required=True)

    @classmethod
    def initial_of(cls, obligation: Obligation) -> dict:
        return {"version": obligation.version, "done_on": timezone.localdate()}


class WaiveForm(VersionedForm):
    why = forms.CharField(
        label=_("Why it need not be done"), max_length=200, error_messages={"required": _("Say why it is waived.")}
    )


class CalendarFeedForm(ActionForm):
    everything = forms.BooleanField(label=_("Whatever I may see, not only what I look after"), required=False)
