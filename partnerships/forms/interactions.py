"""The quick log and the full form of an interaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Contact
from organizations.queries.contacts import visible_contacts
from partnerships.choices import QUICK_KINDS, Channel, Confidentiality, Direction, InteractionKind
from partnerships.models import Interaction, Opportunity, Partnership
from partnerships.queries.logging import contacts_in_touch, opportunities_to_log
from partnerships.queries.partnerships import visible_partnerships
from tenants.models import User
from tenants.queries.users import colleagues, everybody

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
ASSUMED = ("direction", "confidentiality", "occurred_at")


class PartnerChoice(forms.ModelChoiceField):
    """A partner by id, shown as the organization's name; the widget is made a combobox by the page."""

    def label_from_instance(self, partnership: Partnership) -> str:
        return partnership.organization.name


class SeveralFiles(forms.FileField):
    """Any number of files; their kind is checked by the action that keeps them."""

    class Input(forms.FileInput):
        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(each, initial) for each in given if each]


class LogForm(ActionForm):
    """Type, partner, what happened: the three inputs that matter. Everything else has a sensible value.

    ``compact`` leaves out what only a chosen partner makes useful; then the actor alone took part.
    """

    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[(kind.value, kind.label) for kind in QUICK_KINDS],
        widget=forms.RadioSelect,
        initial=InteractionKind.MEETING,
    )
    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.all(),
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
        error_messages={
            "required": _("Choose the partner."),
            "invalid_choice": _("Choose a partner from the list."),
        },
    )
    note = forms.CharField(
        label=_("What happened?"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contacts = forms.ModelMultipleChoiceField(
        label=_("Who took part on their side?"), queryset=Contact.objects.all(), required=False
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Who took part on our side?"), queryset=User.objects.none(), required=False
    )
    occurred_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    direction = forms.ChoiceField(
        label=_("Who took the initiative?"),
        choices=Direction,
        widget=forms.RadioSelect,
        initial=Direction.OUTBOUND,
    )
    channel = forms.ChoiceField(
        label=_("What is it about?"), choices=[("", _("Nothing in particular")), *Channel.choices], required=False
    )
    opportunity = forms.ModelChoiceField(
        label=_("Opportunity"),
        queryset=Opportunity.objects.all(),
        required=False,
        empty_label=_("None"),
        error_messages={"invalid_choice": _("Choose an opportunity of this partner.")},
    )
    confidentiality = forms.ChoiceField(
        label=_("Who may read it?"), choices=Confidentiality, initial=Confidentiality.INTERNAL
    )
    files = SeveralFiles(
        label=_("Files"),
        required=False,
        help_text=_("PDF, images, Office documents or text, up to 25 MB each."),
    )

    def __init__(self, *args, actor: Actor, partnership: Partnership | None = None, compact: bool = False, **kwargs):
        self.partner, self.compact = partnership, compact
        self.people: Sequence[Contact] = []
        self.team: Sequence[User] = [] if compact else list(colleagues(actor))
        self.openings: Sequence[Opportunity] = []
        if partnership is not None and not compact:
            if actor.may("organizations.view_contacts"):
                self.people = list(contacts_in_touch(actor, partnership))
            if actor.may("partnerships.view_opportunities"):
                self.openings = list(opportunities_to_log(actor, partnership))
        initial = {
            "occurred_at": timezone.localtime().replace(second=0, microsecond=0),
            "members": [actor.user_id],
            "partnership": partnership.pk if partnership else None,
            "channel": self.assumed_channel,
            **kwargs.pop("initial", {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self._offer(actor)

    @property
    def assumed_channel(self) -> str:
        """The channel of the opportunity that moved last; what a talk with this partner is likely to be about."""
        latest = max(self.openings, key=lambda each: each.stage_since, default=None)
        return getattr(latest, "channel", "")

    def _offer(self, actor: Actor) -> None:
        """Fill the choices. What is chosen already stays one of them, though somebody left or something was closed."""
        fields = self.fields
        fields["partnership"].queryset = visible_partnerships(actor)
        fields["members"].queryset = everybody(actor)
        if actor.may("organizations.view_contacts"):
            fields["contacts"].queryset = visible_contacts(actor).prefetch_related(None)
        else:
            fields["contacts"].queryset = Contact.objects.none()
        offered = {
            "members": [(member.pk, member.name) for member in self.team],
            "contacts": [(contact.pk, contact.name) for contact in self.people],
            "opportunity": [(each.pk, each.title) for each in self.openings],
        }
        for name, choices in offered.items():
            missing = self._chosen(name) - {pk for pk, _label in choices}
            if missing and not self.compact:
                choices += [(row.pk, str(row)) for row in fields[name].queryset.filter(pk__in=missing)]
            fields[name].choices = [("", fields[name].empty_label), *choices] if name == "opportunity" else choices

    def _chosen(self, name: str) -> set[int]:
        given = self.initial.get(name)
        given = given if isinstance(given, list | tuple) else [given]
        return {int(pk) for pk in given if str(pk or "").isascii() and str(pk or "").isdigit()}

    def clean(self):
        cleaned = super().clean()
        for name in ASSUMED:
            if name not in self.data and name in self.errors:
                del self.errors[name]
                cleaned[name] = self.get_initial_for_field(self.fields[name], name)
        if "full" not in self.data and not cleaned.get("members"):
            cleaned["members"] = None
        return cleaned


class InteractionForm(VersionedForm, LogForm):
    """Correcting an interaction: every field, and any type."""

    kind = forms.ChoiceField(label=_("Type"), choices=InteractionKind)
    files = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("members") is None:
            cleaned["members"] = []
        return cleaned

    @classmethod
    def initial_of(cls, interaction: Interaction) -> dict:
        participants = list(interaction.participants.all())
        return {
            **super().initial_of(interaction),
            "contacts": [each.contact_id for each in participants if each.contact_id],
            "members": [each.member_id for each in participants if each.member_id],
            "occurred_at": timezone.localtime(interaction.occurred_at),
        }


def moment_of(value: object) -> datetime | None:
    """A moment as a form shows or sends it; None when it is none."""
    try:
        moment = value if isinstance(value, datetime) else forms.DateTimeField().clean(value)
    except forms.ValidationError:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
