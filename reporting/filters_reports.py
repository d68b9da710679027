"""What the library of reports can be filtered by: page and API share this."""

import django_filters
from django.utils.translation import gettext_lazy as _

from organizations.filters import actor_of
from reporting.models import ReportDefinition, ReportSchedule
from reporting.queries.subjects import SUBJECTS
from tenants.choices import ViewVisibility

SUBJECT_CHOICES = [(code, subject.label) for code, subject in SUBJECTS.items()]


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    subject = django_filters.MultipleChoiceFilter(choices=SUBJECT_CHOICES, label=_("What it counts"))
    visibility = django_filters.MultipleChoiceFilter(choices=ViewVisibility, label=_("Shared with"))
    mine = django_filters.BooleanFilter(method="of_mine", label=_("Mine"))

    class Meta:
        model = ReportDefinition
        fields = ["q", "subject", "visibility", "mine"]

    def of_mine(self, queryset, name, value):
        actor = actor_of(self.request)
        own = {"owner_id": actor.user_id if actor else None}
        return queryset.filter(**own) if value else queryset.exclude(**own)


class ScheduleFilter(django_filters.FilterSet):
    report = django_filters.NumberFilter(field_name="report_id", label=_("Report"))
    is_paused = django_filters.BooleanFilter(label=_("Paused"))

    class Meta:
        model = ReportSchedule
        fields = ["report", "is_paused"]
