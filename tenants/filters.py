"""What lists of colleagues can be filtered by: pages and API share these."""

import django_filters
from django.utils.translation import gettext_lazy as _

from tenants.choices import Role
from tenants.models import Membership


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="user__name", lookup_expr="icontains", label=_("Name"))
    role = django_filters.MultipleChoiceFilter(choices=Role, label=_("Role"))
    present = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label=_("Works here now"))

    class Meta:
        model = Membership
        fields = ["q", "role", "present"]
