"""Roles in a partnership, and how much time colleagues have."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm
from organizations.models import Contact
from partnerships.choices import TeamRole
from partnerships.forms.records import RecordForm, day
from partnerships.models import Partnership
from partnerships.queries.teams import contacts_of_group
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues

DAYS = {"max_digits": 4, "decimal_places": 1, "min_value": 0, "max_value": 31, "required": False}


class RoleForm(RecordForm):
    """A dated role; partner and person stay."""

    role = forms.ChoiceField(label=_("Role"), choices=TeamRole)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    days_per_month = forms.DecimalField(label=_("Effort in days per month"), **DAYS)
    started_on = day(_("From"), required=True)
    ended_on = day(_("Until"))

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        self.fields["unit"].queryset = open_units(actor)
        self.initial.setdefault("started_on", timezone.localdate())


class NewRoleForm(RoleForm):
    """Give a colleague or a contact a role: one of the two."""

    member = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none(), required=False)
    contact = forms.ModelChoiceField(
        label=_("Contact"),
        queryset=Contact.objects.none(),
        required=False,
        help_text=_("People of the partner, its parent and its subsidiaries."),
    )
    field_order = ["member", "contact", "role"]

    def offer(self, actor: Actor, partnership: Partnership) -> None:
        super().offer(actor, partnership)
        self.fields["member"].queryset = colleagues(actor)
        today = timezone.localdate()
        contacts = contacts_of_group(actor, partnership.organization, on=today).prefetch_related(None)
        self.fields["contact"].queryset = contacts


class CapacityForm(ActionForm):
    """How many days a month a colleague has for partnerships."""

    days_per_month = forms.DecimalField(label=_("Days per month"), help_text=_("Empty: not known."), **DAYS)
