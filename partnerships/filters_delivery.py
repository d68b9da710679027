"""What lists of a project's records can be filtered by: pages, API and exports share these."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.choices import Side
from partnerships.choices_delivery import (
    BenefitKind,
    IssueKind,
    IssueTopic,
    MilestoneKind,
    OutputKind,
    ProjectPersonRole,
    Severity,
)
from partnerships.filters import MemberFilter
from partnerships.models import Milestone, ProjectBenefit, ProjectIssue, ProjectOutput, ProjectPerson
from partnerships.queries.delivery import overdue

SIDES = [(side.value, side.label) for side in (Side.OURS, Side.THEIRS)]


class MilestoneFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    kind = django_filters.MultipleChoiceFilter(choices=MilestoneKind, label=_("Kind"))
    side = django_filters.MultipleChoiceFilter(choices=SIDES, label=_("Who owes it"))
    owner = MemberFilter(field_name="owner_id", label=_("Who looks after it"))
    open = django_filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", label=_("Open"))
    overdue = django_filters.BooleanFilter(method="is_overdue", label=_("Overdue"))
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", label=_("Due before"))

    class Meta:
        model = Milestone
        fields = ["project", "kind", "side", "owner", "open", "overdue", "due_before"]

    def is_overdue(self, queryset, name, value):
        late = overdue(timezone.localdate())
        return queryset.filter(late) if value else queryset.exclude(late)


class ProjectIssueFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    kind = django_filters.MultipleChoiceFilter(choices=IssueKind, label=_("Kind"))
    topic = django_filters.MultipleChoiceFilter(choices=IssueTopic, label=_("About"))
    severity = django_filters.MultipleChoiceFilter(choices=Severity, label=_("Severity"))
    owner = MemberFilter(field_name="owner_id", label=_("Who looks after it"))
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull", label=_("Open"))

    class Meta:
        model = ProjectIssue
        fields = ["project", "kind", "topic", "severity", "owner", "open"]


class ProjectPersonFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    member = django_filters.NumberFilter(field_name="member_id", label=_("Colleague"))
    contact = django_filters.NumberFilter(field_name="contact_id", label=_("Person"))
    role = django_filters.MultipleChoiceFilter(choices=ProjectPersonRole, label=_("Role"))
    present = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", label=_("Without an end"))

    class Meta:
        model = ProjectPerson
        fields = ["project", "member", "contact", "role", "present"]


class ProjectOutputFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    kind = django_filters.MultipleChoiceFilter(choices=OutputKind, label=_("Kind"))
    doi = django_filters.CharFilter(lookup_expr="iexact", label=_("DOI"))
    after = django_filters.DateFilter(field_name="produced_on", lookup_expr="gte", label=_("From"))

    class Meta:
        model = ProjectOutput
        fields = ["project", "kind", "doi", "after"]


class ProjectBenefitFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    side = django_filters.MultipleChoiceFilter(choices=Side, label=_("Who gets it"))
    kind = django_filters.MultipleChoiceFilter(choices=BenefitKind, label=_("Kind"))

    class Meta:
        model = ProjectBenefit
        fields = ["project", "side", "kind"]
