"""Adding and changing projects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import currency_choices
from core.forms import VersionedForm
from core.widgets import LookupSelectMultiple
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations
from partnerships.choices import Channel, ProjectRole, ProjectSize, ProjectStatus
from partnerships.models import Project

DATE = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
MONEY = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "required": False}


class ProjectForm(VersionedForm):
    """A project with the partner organizations in it."""

    title = forms.CharField(label=_("Title"), max_length=500)
    acronym = forms.CharField(label=_("Acronym"), max_length=60, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel)
    size = forms.ChoiceField(label=_("Size"), choices=ProjectSize, initial=ProjectSize.STANDARD)
    status = forms.ChoiceField(label=_("Status"), choices=ProjectStatus, initial=ProjectStatus.ACTIVE)
    started_on = forms.DateField(label=_("Start"), **DATE)
    ended_on = forms.DateField(label=_("End"), **DATE)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    total_cost = forms.DecimalField(label=_("Total cost"), **MONEY)
    award = forms.DecimalField(label=_("Award"), **MONEY)
    programme = forms.CharField(label=_("Program"), max_length=300, required=False)
    we_coordinate = forms.BooleanField(label=_("We coordinate"), required=False)
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    organizations = forms.ModelMultipleChoiceField(
        label=_("Partners in it"), queryset=Organization.objects.all(), required=False, widget=LookupSelectMultiple()
    )

    def __init__(self, *args, actor: Actor, project: Project | None = None, **kwargs):
        self.project = project
        super().__init__(*args, **kwargs)
        self.fields["organizations"].queryset = visible_organizations(actor).prefetch_related(None)

    @classmethod
    def initial_of(cls, project: Project) -> dict:
        names = set(cls.base_fields) - {"organizations"}
        own = [each.organization_id for each in project.participants.all() if not each.organization.is_own]
        return {**{name: getattr(project, name) for name in names}, "organizations": own}

    def clean(self):
        """Turn the chosen organizations into participants, keeping the roles and awards of those present."""
        cleaned = super().clean()
        chosen = cleaned.pop("organizations", [])
        present = {each.organization_id: each for each in self.project.participants.all()} if self.project else {}
        participants = [{"organization": each.organization} for each in present.values() if each.organization.is_own]
        participants += [{"organization": each} for each in chosen]
        for given in participants:
            row = present.get(given["organization"].pk)
            given["role"] = row.role if row else ProjectRole.PARTICIPANT
            given["award"] = row.award if row else None
        cleaned["participants"] = participants
        return cleaned
