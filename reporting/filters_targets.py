"""What targets can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from reporting.models import Target


class TargetFilter(django_filters.FilterSet):
    measure = django_filters.CharFilter(label=_("Figure"))
    fiscal_year = django_filters.NumberFilter(label=_("Fiscal year"))

    class Meta:
        model = Target
        fields = ["measure", "fiscal_year"]
