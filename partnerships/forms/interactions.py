"""The quick log and the full form of an interaction."""

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Contact
from organizations.queries.contacts import contacts_at, visible_contacts
from partnerships.choices import QUICK_KINDS, Confidentiality, Direction, InteractionKind
from partnerships.models import Interaction, Partnership
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.users import colleagues

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PartnerChoice(forms.ModelChoiceField):
    """A partner by id, shown as the organization's name; the widget is made a combobox by the page."""

    def label_from_instance(self, partnership: Partnership) -> str:
        return partnership.organization.name


class LogForm(ActionForm):
    """Type, partner, what happened: the three inputs that matter. Everything else has a sensible value."""

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
        label=_("Who took part on our side?"), queryset=Contact.objects.all(), required=False
    )
    direction = forms.ChoiceField(
        label=_("Who took the initiative?"),
        choices=Direction,
        widget=forms.RadioSelect,
        initial=Direction.OUTBOUND,
    )
    occurred_at = forms.DateTimeField(label=_("When"), widget=MOMENT)
    confidentiality = forms.ChoiceField(
        label=_("Who may read it?"), choices=Confidentiality, initial=Confidentiality.INTERNAL
    )

    def __init__(self, *args, actor: Actor, partnership: Partnership | None = None, **kwargs):
        initial = {
            "occurred_at": timezone.localtime().replace(second=0, microsecond=0),
            "members": [actor.user_id],
            "partnership": partnership.pk if partnership else None,
            **kwargs.pop("initial", {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)
        self.fields["members"].queryset = colleagues(actor)
        self.fields["contacts"].queryset = visible_contacts(actor).prefetch_related(None)
        if partnership is None:
            self.fields["contacts"].choices = []
            self.fields["contacts"].help_text = _("Save first; then add people on the interaction's own page.")
        else:
            people = contacts_at(actor, partnership.organization, on=timezone.localdate()).prefetch_related(None)
            self.fields["contacts"].choices = [(contact.pk, contact.name) for contact in people[:300]]

    def clean(self):
        cleaned = super().clean()
        for name in ("direction", "confidentiality", "occurred_at"):
            if name not in self.data and name in self.errors:
                del self.errors[name]
                cleaned[name] = self.get_initial_for_field(self.fields[name], name)
        return cleaned


class InteractionForm(VersionedForm, LogForm):
    """Correcting an interaction: every field, and any type."""

    kind = forms.ChoiceField(label=_("Type"), choices=InteractionKind)

    @classmethod
    def initial_of(cls, interaction: Interaction) -> dict:
        """The form's values of an interaction."""
        participants = list(interaction.participants.all())
        return {
            "version": interaction.version,
            "kind": interaction.kind,
            "partnership": interaction.partnership_id,
            "note": interaction.note,
            "contacts": [each.contact_id for each in participants if each.contact_id],
            "members": [each.member_id for each in participants if each.member_id],
            "direction": interaction.direction,
            "occurred_at": timezone.localtime(interaction.occurred_at),
            "confidentiality": interaction.confidentiality,
        }
