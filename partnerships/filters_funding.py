"""What lists of money and schemes can be filtered by: pages, API and exports share these."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.filters import CountryFilter
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure, FundingSource, ResearchDomain, SchemeKind
from partnerships.filters import YES_NO, units_of_request
from partnerships.models import FundingEntry, FundingScheme
from partnerships.queries.funding import of_unit, overdue_invoices
from partnerships.queries.schemes import offered

UNKNOWN = "none"
FIRST, LAST = 1900, 2201


class FundingFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    measure = django_filters.MultipleChoiceFilter(choices=FundingMeasure, label=_("What happened"))
    source = django_filters.MultipleChoiceFilter(choices=FundingSource, label=_("Source"))
    channel = django_filters.MultipleChoiceFilter(choices=Channel, label=_("Channel"))
    domain = django_filters.MultipleChoiceFilter(
        method="in_domain", choices=[*ResearchDomain.choices, (UNKNOWN, _("Not known"))], label=_("Domain")
    )
    year = django_filters.NumberFilter(
        field_name="fiscal_year", label=_("Fiscal year"), min_value=FIRST, max_value=LAST
    )
    year_from = django_filters.NumberFilter(
        field_name="fiscal_year", lookup_expr="gte", label=_("Fiscal year from"), min_value=FIRST, max_value=LAST
    )
    year_to = django_filters.NumberFilter(
        field_name="fiscal_year", lookup_expr="lte", label=_("Fiscal year to"), min_value=FIRST, max_value=LAST
    )
    unit = django_filters.ModelChoiceFilter(method="of_unit", queryset=units_of_request, label=_("Unit"))
    overdue = django_filters.ChoiceFilter(method="is_overdue", choices=YES_NO, label=_("Invoice overdue"))
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner's number"))
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project's number"))
    scheme = django_filters.NumberFilter(field_name="scheme_id", label=_("Scheme's number"))
    without = django_filters.ChoiceFilter(
        method="lacks", choices=[("partner", _("A partner")), ("unit", _("A unit"))], label=_("Without")
    )

    class Meta:
        model = FundingEntry
        fields = ["q", "measure", "source", "channel", "domain", "year", "unit", "overdue", "partnership", "project"]

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(
            Q(reference__icontains=key)
            | Q(funder__icontains=key)
            | Q(note__icontains=key)
            | Q(project__title__icontains=key)
            | Q(project__acronym__icontains=key)
            | Q(partnership__organization__name_key__contains=key.lower())
        )

    def in_domain(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(domain__in=["" if code == UNKNOWN else code for code in value])

    def of_unit(self, queryset, name, value: int):
        return queryset.filter(of_unit(value.pk))

    def lacks(self, queryset, name, value):
        return queryset.filter(of_unit(None) if value == "unit" else Q(partnership=None))

    def is_overdue(self, queryset, name, value):
        late = overdue_invoices(timezone.localdate())
        return queryset.filter(late) if value == "true" else queryset.exclude(late)


class SchemeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    kind = django_filters.MultipleChoiceFilter(choices=SchemeKind, label=_("Kind"))
    channel = django_filters.ChoiceFilter(method="for_channel", choices=Channel, label=_("Pays for channel"))
    domain = django_filters.ChoiceFilter(method="for_domain", choices=ResearchDomain, label=_("Pays for domain"))
    country = CountryFilter(label=_("Country"))
    sme_only = django_filters.ChoiceFilter(
        method="for_small_companies", choices=YES_NO, label=_("Only with a small company")
    )
    open = django_filters.ChoiceFilter(method="is_open", choices=YES_NO, label=_("On offer"))
    until = django_filters.DateFilter(field_name="deadline_on", lookup_expr="lte", label=_("Deadline until"))

    class Meta:
        model = FundingScheme
        fields = ["q", "kind", "channel", "domain", "country", "sme_only", "open", "until"]

    def for_small_companies(self, queryset, name, value):
        return queryset.filter(sme_only=value == "true")

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(Q(name__icontains=key) | Q(funder__icontains=key) | Q(eligibility__icontains=key))

    def for_channel(self, queryset, name, value: str):
        return queryset.filter(Q(channels=[]) | Q(channels__contains=[value]))

    def for_domain(self, queryset, name, value: str):
        return queryset.filter(Q(domains=[]) | Q(domains__contains=[value]))

    def is_open(self, queryset, name, value):
        condition = offered(timezone.localdate())
        return queryset.filter(condition) if value == "true" else queryset.exclude(condition)
