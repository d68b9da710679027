"""What lists of organizations and people can be filtered by: pages, API and exports share these."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.choices import OrganizationKind
from organizations.models import Contact, Organization


class OrganizationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"))
    kind = django_filters.MultipleChoiceFilter(choices=OrganizationKind, label=_("Kind"))
    country = django_filters.CharFilter(lookup_expr="iexact", label=_("Country"))

    class Meta:
        model = Organization
        fields = ["q", "kind", "country", "sme"]

    def search(self, queryset, name, value):
        key = value.strip().lower()
        aliased = Organization.objects.filter(aliases__name_key__contains=key).values("pk")
        return queryset.filter(Q(name_key__contains=key) | Q(pk__in=aliased))


class ContactFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or e-mail"))
    organization = django_filters.NumberFilter(
        field_name="affiliations__organization_id", distinct=True, label=_("Organization")
    )

    class Meta:
        model = Contact
        fields = ["q", "organization"]

    def search(self, queryset, name, value):
        key = value.strip().lower()
        return queryset.filter(Q(name_key__contains=key) | Q(email_key__contains=key))
