"""Adding and changing projects, saying how they go, and who takes part with which share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from core.merging import Conflict
from core.widgets import LookupSelect, LookupSelectMultiple
from organizations.models import Organization
from organizations.queries.organizations import organizations_and_own, visible_organizations
from partnerships.choices import Channel, ProjectRole, ProjectSize, ProjectStatus
from partnerships.choices_delivery import Light, ResearchDomain
from partnerships.choices_delivery import ProjectForm as Form
from partnerships.models import Project
from partnerships.rules.projects import HIGHEST_LEVEL, LOWEST_LEVEL
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues, everybody

DATE = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
MONEY = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "required": False}
LEVEL = {"min_value": LOWEST_LEVEL, "max_value": HIGHEST_LEVEL, "required": False}
NONE = [("", "–")]


class ProjectForm(VersionedForm):
    """A project with the partner organizations in it."""

    title = forms.CharField(label=_("Title"), max_length=500)
    acronym = forms.CharField(label=_("Acronym"), max_length=60, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel)
    form = forms.ChoiceField(label=_("Form"), choices=[*NONE, *Form.choices], required=False)
    domain = forms.ChoiceField(label=_("Domain"), choices=[*NONE, *ResearchDomain.choices], required=False)
    size = forms.ChoiceField(label=_("Size"), choices=ProjectSize, initial=ProjectSize.STANDARD)
    status = forms.ChoiceField(label=_("Status"), choices=ProjectStatus, initial=ProjectStatus.ACTIVE)
    started_on = forms.DateField(label=_("Start"), **DATE)
    ended_on = forms.DateField(label=_("End"), **DATE)
    lead = forms.ModelChoiceField(
        label=_("Principal investigator"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label="–")
    organizations = forms.ModelMultipleChoiceField(
        label=_("Partners in it"),
        queryset=Organization.objects.all(),
        required=False,
        widget=LookupSelectMultiple(lookup_url=reverse_lazy("organizations:lookup")),
        help_text=_("As many as take part."),
    )
    summary = forms.CharField(
        label=_("What it is about"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    total_cost = forms.DecimalField(label=_("Total cost"), **MONEY)
    award = forms.DecimalField(label=_("Award"), **MONEY)
    programme = forms.CharField(label=_("Program"), max_length=300, required=False)
    membership_tier = forms.CharField(
        label=_("Tier of membership"), max_length=60, required=False, help_text=_("Of a consortium.")
    )
    annual_fee = forms.DecimalField(label=_("Fee a year"), help_text=_("Of a consortium."), **MONEY)
    trl_start = forms.IntegerField(label=_("TRL at the start"), **LEVEL)
    trl_now = forms.IntegerField(label=_("TRL now"), **LEVEL)
    trl_target = forms.IntegerField(label=_("TRL to reach"), **LEVEL)
    trl_evidence = forms.CharField(label=_("What shows the level"), max_length=300, required=False)
    we_coordinate = forms.BooleanField(label=_("We coordinate"), required=False)
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")

    def __init__(self, *args, actor: Actor, project: Project | None = None, **kwargs):
        self.project = project
        super().__init__(*args, **kwargs)
        self.fields["organizations"].queryset = visible_organizations(actor).prefetch_related(None)
        people, units = colleagues(actor), open_units(actor)
        if project is not None and project.lead_id is not None:
            people = (people | everybody(actor).filter(pk=project.lead_id)).distinct()
        if project is not None and project.unit_id is not None:
            units = units | Unit.objects.filter(pk=project.unit_id)
        self.fields["lead"].queryset, self.fields["unit"].queryset = people, units

    @classmethod
    def initial_of(cls, project: Project) -> dict[str, Any]:
        own = [each.organization_id for each in project.participants.all() if not each.organization.is_own]
        return {**super().initial_of(project), "organizations": own}

    def clean(self):
        """Turn the chosen organizations into participants, keeping what is known of those present."""
        cleaned = super().clean()
        if "organizations" not in self.fields:  # reduced to a field that is edited where it stands
            return cleaned
        chosen = cleaned.pop("organizations", [])
        present = {each.organization_id: each for each in self.project.participants.all()} if self.project else {}
        participants = [{"organization": each.organization} for each in present.values() if each.organization.is_own]
        participants += [{"organization": each} for each in chosen]
        for given in participants:
            row = present.get(given["organization"].pk)
            given["role"] = row.role if row else ProjectRole.PARTICIPANT
            given["award"], given["share"] = (row.award, row.share) if row else (None, None)
        cleaned["participants"] = participants
        return cleaned


class LightForm(VersionedForm):
    """How a project goes, and why where it does not go well."""

    light = forms.ChoiceField(
        label=_("How it goes"),
        choices=[("", _("Nobody has said")), *Light.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    light_reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("A sentence, unless it is on course.")
    )


Rows = Sequence[Mapping[str, Any]]
COLUMNS = ("organization", "role", "award", "share")


class ParticipantsForm(VersionedForm):
    """What stands beside the rows: of two people who edit them, the second is asked whose to keep."""

    @classmethod
    def present(cls, project: Project) -> list[dict[str, Any]]:
        """The participants of a project as the action takes them."""
        rows = list(project.participants.all())
        named = Organization.objects.in_bulk({each.organization_id for each in rows})
        return [
            {"organization": named[each.organization_id], "role": each.role, "award": each.award, "share": each.share}
            for each in rows
            if each.organization_id in named
        ]

    def perform(self, action, *, actor: Actor, **extra):
        if self.data.get("keep_participants") == "theirs":
            extra["participants"] = self.present(extra["project"])
        return super().perform(action, actor=actor, **extra)

    def merge_beside(self, past, row, extra) -> list[Conflict]:
        yours, theirs = _plain(extra["participants"]), _plain(self.present(row))
        before = _plain(self.present(past)) if past is not None else None
        if theirs in (yours, before):
            return []
        if yours == before:
            extra["participants"] = self.present(row)
            self.merged.append(str(_("Participants")))
            return []
        words = [_words(side) for side in (extra["participants"], self.present(row))]
        words.append(_words(self.present(past)) if past is not None else "")
        return [Conflict("participants", str(_("Participants")), *words)]


def _plain(rows: Rows) -> list[tuple]:
    """The rows so that those of two people can be compared, whatever their order."""
    return sorted((tuple(str(getattr(each[name], "pk", each[name])) for name in COLUMNS) for each in rows), key=str)


def _words(rows: Rows) -> str:
    told = []
    for each in rows:
        words = f"{each['organization'].name} · {ProjectRole(each['role']).label}"
        told.append(words if each["share"] is None else f"{words} · {each['share'].normalize():f} %")
    return "; ".join(told)


class ParticipantRow(forms.Form):
    """One participant. A row without an organization is left out."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ProjectRole, initial=ProjectRole.PARTICIPANT)
    award = forms.DecimalField(label=_("Award"), **MONEY)
    share = forms.DecimalField(
        label=_("Share of the cost, %"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations_and_own(actor).prefetch_related(None)

    def clean(self):
        """What was written without an organization would be lost."""
        cleaned = super().clean()
        if cleaned.get("organization") is None and "organization" not in self.errors:
            if cleaned.get("award") is not None or cleaned.get("share") is not None:
                self.add_error("organization", _("Choose the organization, or empty the row."))
        return cleaned


def given_in(formset: Iterable[Any]) -> list[dict[str, Any]]:
    """What the filled rows of a valid formset say."""
    return [dict(row.cleaned_data) for row in formset if row.cleaned_data.get("organization") is not None]


PARTICIPANT_ROWS = forms.formset_factory(ParticipantRow, extra=2, max_num=100, validate_max=True)
