"""What lists of colleagues can be filtered by: pages and API share these."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.choices import ExportState, ListFormat, Role, UnitKind, ViewVisibility
from tenants.models import LongExport, Membership, SavedView, Unit


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="user__name", lookup_expr="icontains", label=_("Name"))
    role = django_filters.MultipleChoiceFilter(choices=Role, label=_("Role"))
    present = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label=_("Works here now"))

    class Meta:
        model = Membership
        fields = ["q", "role", "present"]


class UnitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or code"))
    kind = django_filters.MultipleChoiceFilter(choices=UnitKind, label=_("Kind"))
    parent = django_filters.NumberFilter(field_name="parent_id", label=_("Part of"))
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull", label=_("Open"))

    class Meta:
        model = Unit
        fields = ["q", "kind", "parent", "open"]

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(code__icontains=value))


class ViewFilter(django_filters.FilterSet):
    list_code = django_filters.CharFilter(label=_("List"))
    visibility = django_filters.MultipleChoiceFilter(choices=ViewVisibility, label=_("Who sees it"))

    class Meta:
        model = SavedView
        fields = ["list_code", "visibility"]


class ExportFilter(django_filters.FilterSet):
    list_code = django_filters.CharFilter(label=_("List"))
    state = django_filters.MultipleChoiceFilter(choices=ExportState, label=_("State"))
    file_format = django_filters.MultipleChoiceFilter(choices=ListFormat, label=_("Format"))

    class Meta:
        model = LongExport
        fields = ["list_code", "state", "file_format"]
