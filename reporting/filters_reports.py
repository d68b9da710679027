"""What the library of reports can be filtered by: page and API share this."""

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from organizations.filters import actor_of
from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule
from reporting.queries.subjects import SUBJECTS
from tenants.choices import ViewVisibility

SUBJECT_CHOICES = [(code, subject.label) for code, subject in SUBJECTS.items()]


def _sends_to(request, **what) -> Exists:
    """Whether whoever asks is among the recipients."""
    actor = actor_of(request)
    return Exists(ReportRecipient.objects.filter(member=actor.user_id if actor else None, **what))


class ReportFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    subject = django_filters.MultipleChoiceFilter(choices=SUBJECT_CHOICES, label=_("What it counts"))
    visibility = django_filters.MultipleChoiceFilter(choices=ViewVisibility, label=_("Shared with"))
    mine = django_filters.BooleanFilter(method="of_mine", label=_("Mine"))
    comes_to_me = django_filters.BooleanFilter(method="coming", label=_("Comes to me by e-mail"))

    class Meta:
        model = ReportDefinition
        fields = ["q", "subject", "visibility", "mine", "comes_to_me"]

    def of_mine(self, queryset, name, value):
        actor = actor_of(self.request)
        own = {"owner_id": actor.user_id if actor else None}
        return queryset.filter(**own) if value else queryset.exclude(**own)

    def coming(self, queryset, name, value):
        comes = _sends_to(self.request, report=OuterRef("pk"))
        return queryset.filter(comes) if value else queryset.exclude(comes)


class ScheduleFilter(django_filters.FilterSet):
    report = django_filters.NumberFilter(field_name="report_id", label=_("Report"))
    is_paused = django_filters.BooleanFilter(label=_("Paused"))
    comes_to_me = django_filters.BooleanFilter(method="coming", label=_("Comes to me"))

    class Meta:
        model = ReportSchedule
        fields = ["report", "is_paused", "comes_to_me"]

    def coming(self, queryset, name, value):
        comes = _sends_to(self.request, schedule=OuterRef("pk"))
        return queryset.filter(comes) if value else queryset.exclude(comes)
