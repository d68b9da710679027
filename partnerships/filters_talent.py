"""What lists of talent can be filtered by: pages, API and exports share these."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.filters import actor_of
from partnerships.choices_talent import (
    CandidateStatus,
    PlacementStatus,
    PositionStatus,
    ProgramKind,
    ReturnOffer,
    TalentEventKind,
    WorkPlace,
)
from partnerships.filters import YES_NO
from partnerships.models import Candidacy, MatchRun, Placement, Position, Student, TalentEvent, TalentProgram
from partnerships.queries.positions import visible_programs


def programs_of_request(request):
    """The choices of a filter by program; none while the API's description is made."""
    actor = actor_of(request)
    return visible_programs(actor) if actor else TalentProgram.objects.none()


class ProgramFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    kind = django_filters.MultipleChoiceFilter(choices=ProgramKind, label=_("Kind"))
    open = django_filters.ChoiceFilter(method="is_open", choices=YES_NO, label=_("Still offered"))

    class Meta:
        model = TalentProgram
        fields = ["q", "kind", "open"]

    def is_open(self, queryset, name, value):
        return queryset.filter(closed_on__isnull=value == "true")


class StudentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or number"))
    field = django_filters.CharFilter(field_name="field_of_study", lookup_expr="icontains", label=_("Field of study"))
    program = django_filters.ModelChoiceFilter(method="in_program", queryset=programs_of_request, label=_("Program"))
    erased = django_filters.ChoiceFilter(method="is_erased", choices=YES_NO, label=_("Erased"))

    class Meta:
        model = Student
        fields = ["q", "field", "program", "erased"]

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value.strip()) | Q(number__iexact=value.strip()))

    def in_program(self, queryset, name, value: int):
        candidates = Candidacy.objects.filter(position__program=value).values("student_id")
        placed = Placement.objects.filter(program=value).values("student_id")
        return queryset.filter(Q(pk__in=candidates) | Q(pk__in=placed))

    def is_erased(self, queryset, name, value):
        return queryset.filter(erased_at__isnull=value != "true")


class PositionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title or partner"))
    status = django_filters.MultipleChoiceFilter(choices=PositionStatus, label=_("Status"))
    program = django_filters.ModelMultipleChoiceFilter(queryset=programs_of_request, label=_("Program"))
    kind = django_filters.MultipleChoiceFilter(field_name="program__kind", choices=ProgramKind, label=_("Kind"))
    term = django_filters.CharFilter(lookup_expr="iexact", label=_("Term"))
    place = django_filters.MultipleChoiceFilter(choices=WorkPlace, label=_("Where"))
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    starts_after = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte", label=_("Starts from"))
    starts_before = django_filters.DateFilter(field_name="starts_on", lookup_expr="lt", label=_("Starts before"))

    class Meta:
        model = Position
        fields = ["q", "status", "program", "kind", "term", "place", "partnership", "starts_after", "starts_before"]

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(Q(title__icontains=key) | Q(partnership__organization__name_key__contains=key.lower()))


class CandidacyFilter(django_filters.FilterSet):
    position = django_filters.NumberFilter(field_name="position_id", label=_("Position"))
    student = django_filters.NumberFilter(field_name="student_id", label=_("Student"))
    program = django_filters.ModelChoiceFilter(
        field_name="position__program", queryset=programs_of_request, label=_("Program")
    )
    term = django_filters.CharFilter(field_name="position__term", lookup_expr="iexact", label=_("Term"))
    status = django_filters.MultipleChoiceFilter(choices=CandidateStatus, label=_("Status"))
    matching = django_filters.NumberFilter(field_name="matching_id", label=_("Matching"))

    class Meta:
        model = Candidacy
        fields = ["position", "student", "program", "term", "status", "matching"]


class MatchRunFilter(django_filters.FilterSet):
    program = django_filters.ModelChoiceFilter(queryset=programs_of_request, label=_("Program"))
    term = django_filters.CharFilter(lookup_expr="iexact", label=_("Term"))

    class Meta:
        model = MatchRun
        fields = ["program", "term"]


class PlacementFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Student or partner"))
    status = django_filters.MultipleChoiceFilter(choices=PlacementStatus, label=_("Status"))
    program = django_filters.ModelMultipleChoiceFilter(queryset=programs_of_request, label=_("Program"))
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    student = django_filters.NumberFilter(field_name="student_id", label=_("Student"))
    position = django_filters.NumberFilter(field_name="position_id", label=_("Position"))
    return_offer = django_filters.MultipleChoiceFilter(choices=ReturnOffer, label=_("Offer to return"))
    starts_after = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte", label=_("Starts from"))
    starts_before = django_filters.DateFilter(field_name="starts_on", lookup_expr="lt", label=_("Starts before"))
    overdue = django_filters.ChoiceFilter(method="is_overdue", choices=YES_NO, label=_("Past its end and open"))

    class Meta:
        model = Placement
        fields = ["q", "status", "program", "partnership", "student", "position", "return_offer"]

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(
            Q(student__name__icontains=key) | Q(partnership__organization__name_key__contains=key.lower())
        )

    def is_overdue(self, queryset, name, value):
        late = Q(
            ends_on__lt=timezone.localdate(),
            status__in=[PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED, PlacementStatus.EVALUATED],
        )
        return queryset.filter(late if value == "true" else ~late)


class TalentEventFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    kind = django_filters.MultipleChoiceFilter(choices=TalentEventKind, label=_("Kind"))
    program = django_filters.ModelChoiceFilter(queryset=programs_of_request, label=_("Program"))
    placement = django_filters.NumberFilter(field_name="placement_id", label=_("Placement"))
    after = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=_("From"))
    before = django_filters.DateFilter(field_name="occurred_on", lookup_expr="lt", label=_("Before"))

    class Meta:
        model = TalentEvent
        fields = ["partnership", "kind", "program", "placement", "after", "before"]
