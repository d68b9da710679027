"""Adding and changing agreements: the kind decides what is asked."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, Level
from agreements.models import Agreement
from agreements.queries.agreements import visible_frames
from agreements.rules.kinds import KINDS
from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from core.widgets import LookupSelect, LookupSelectMultiple
from partnerships.forms.interactions import PartnerChoice
from partnerships.models import Partnership, Project
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues

DAY = {"widget": forms.DateInput(attrs={"type": "date"})}
HANDLING = ("owner", "unit", "level", "renewal_intended")
NO_WORK = frozenset({"nda", "mou", "gift"})


class AgreementForm(VersionedForm):
    """What can be changed about an agreement that is not executed; ``kind`` leaves out what it does not ask for.

    A field that the kind does not ask for stays where the agreement has something in it.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=AgreementKind)
    title = forms.CharField(label=_("Title"), max_length=300, error_messages={"required": _("Give it a title.")})
    partnership = PartnerChoice(
        label=_("Partner"),
        queryset=Partnership.objects.none(),
        required=False,
        empty_label="–",
        widget=LookupSelect(lookup_url=reverse_lazy("partnerships:lookup")),
    )
    parent = forms.ModelChoiceField(
        label=_("Made under"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label="–",
        widget=LookupSelect(lookup_url=reverse_lazy("agreements:frame_lookup")),
        help_text=_("The master or consortium agreement above it."),
        error_messages={"required": _("Name the master: this kind stands only under one.")},
    )
    owner = forms.ModelChoiceField(label=_("Handled by"), queryset=User.objects.none(), required=False, empty_label="–")
    principal_investigator = forms.ModelChoiceField(
        label=_("Principal investigator"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label="–")
    level = forms.ChoiceField(label=_("Who may read it"), choices=Level, initial=Level.INTERNAL)
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=2, min_value=0, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    requested_on = forms.DateField(label=_("Requested"), initial=timezone.localdate, **DAY)
    effective_on = forms.DateField(label=_("Binds from"), required=False, **DAY)
    expires_on = forms.DateField(
        label=_("Expires"), required=False, help_text=_("Its last day. Empty: runs until it is ended."), **DAY
    )
    notice_days = forms.IntegerField(label=_("Notice period in days"), min_value=0, max_value=3650, required=False)
    renews_automatically = forms.BooleanField(label=_("Renews by itself"), required=False)
    renewal_intended = forms.BooleanField(label=_("Meant to be renewed"), required=False, initial=True)
    governing_law = forms.CharField(label=_("Governing law"), max_length=120, required=False)
    their_reference = forms.CharField(label=_("Their reference"), max_length=80, required=False)
    projects = forms.ModelMultipleChoiceField(
        label=_("Projects"),
        queryset=Project.objects.none(),
        required=False,
        widget=LookupSelectMultiple(lookup_url=reverse_lazy("partnerships:funding_project_lookup")),
    )
    summary = forms.CharField(
        label=_("Summary"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, actor: Actor, kind: str, agreement: Agreement | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        fields, people = self.fields, colleagues(actor)
        fields["partnership"].queryset = visible_partnerships(actor)
        fields["parent"].queryset = visible_frames(actor, but=agreement)
        for name in ("owner", "principal_investigator"):
            held = [getattr(agreement, f"{name}_id")] if agreement is not None else []
            fields[name].queryset = (people | User.objects.filter(pk__in=filter(None, held))).distinct()
        fields["unit"].queryset = open_units(actor)
        if actor.may("partnerships.view_projects"):
            fields["projects"].queryset = visible_projects(actor).prefetch_related(None)
        asked = KINDS.get(kind, KINDS["other"])
        fields["parent"].required = asked.needs_parent and (agreement is None or agreement.amends_id is None)
        for name in _left_out(kind):
            if agreement is None or not self.initial.get("value" if name == "currency" else name):
                del fields[name]

    @classmethod
    def initial_of(cls, row: Agreement) -> dict[str, Any]:
        return {**super().initial_of(row), "projects": [each.project_id for each in row.projects.all()]}


def _left_out(kind: str) -> list[str]:
    """The fields that a kind does not ask for."""
    asked = KINDS.get(kind, KINDS["other"])
    names = [] if asked.money else ["value", "currency"]
    if kind in NO_WORK:
        names.append("projects")
    if asked.gift or kind == "assignment":
        names += ["notice_days", "renews_automatically"]
    return names


class NewAgreementForm(AgreementForm):
    """A new agreement: who it is with has to be said."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].required = True
        self.fields["partnership"].error_messages["required"] = _("Choose the partner.")
        del self.fields["version"]


class HandlingForm(AgreementForm):
    """What can still be changed after execution: who handles it, who may read it, whether it shall be renewed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - {*HANDLING, "version"}:
            del self.fields[name]
        self.initial = {name: value for name, value in self.initial.items() if name in (*HANDLING, "version")}
