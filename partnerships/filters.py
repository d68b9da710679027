"""What lists of partnerships, interactions and projects can be filtered by: pages, API and exports share these."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.choices import OrganizationKind
from organizations.models import OrganizationAlias
from partnerships.choices import Band, Channel, InteractionKind, PartnershipStatus, ProjectStatus, Stage, Tier
from partnerships.models import Interaction, Partnership, Project
from partnerships.queries.partnerships import silent_for
from tenants.models import User
from tenants.queries.users import colleagues


def colleagues_of_request(request):
    """The choices of an owner filter; nobody while the API's description is made."""
    actor = getattr(getattr(request, "_request", request), "actor", None)
    return colleagues(actor) if actor else User.objects.none()


class PartnershipFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"))
    band = django_filters.MultipleChoiceFilter(field_name="health__band", choices=Band, label=_("Health"))
    stage = django_filters.MultipleChoiceFilter(field_name="stage_declared", choices=Stage, label=_("Stage"))
    tier = django_filters.MultipleChoiceFilter(choices=Tier, label=_("Tier"))
    status = django_filters.MultipleChoiceFilter(choices=PartnershipStatus, label=_("Status"))
    kind = django_filters.MultipleChoiceFilter(
        field_name="organization__kind", choices=OrganizationKind, label=_("Kind of organization")
    )
    country = django_filters.CharFilter(field_name="organization__country", lookup_expr="iexact", label=_("Country"))
    owner = django_filters.ModelChoiceFilter(queryset=colleagues_of_request, label=_("Owner"))
    silent = django_filters.NumberFilter(method="silent_for", label=_("Silent for days"), min_value=1, max_value=36500)
    changed = django_filters.NumberFilter(
        method="changed_in", label=_("Health changed in days"), min_value=1, max_value=36500
    )
    organization = django_filters.NumberFilter(field_name="organization_id", label=_("Organization"))

    class Meta:
        model = Partnership
        fields = ["q", "band", "stage", "tier", "status", "kind", "country", "owner", "silent", "changed"]

    def search(self, queryset, name, value):
        key = value.strip().lower()
        aliased = OrganizationAlias.objects.filter(name_key__contains=key).values("organization_id")
        return queryset.filter(Q(organization__name_key__contains=key) | Q(organization_id__in=aliased))

    def silent_for(self, queryset, name, value):
        return queryset.filter(silent_for(int(value)))

    def changed_in(self, queryset, name, value):
        return queryset.filter(health__changed_at__gte=timezone.now() - timedelta(days=int(value)))


class InteractionFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    kind = django_filters.MultipleChoiceFilter(choices=InteractionKind, label=_("Type"))
    after = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte", label=_("From"))
    before = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt", label=_("Before"))
    contact = django_filters.NumberFilter(field_name="participants__contact_id", label=_("Person"))

    class Meta:
        model = Interaction
        fields = ["partnership", "kind", "direction", "after", "before", "contact"]


class ProjectFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title"))
    channel = django_filters.MultipleChoiceFilter(choices=Channel, label=_("Channel"))
    status = django_filters.MultipleChoiceFilter(choices=ProjectStatus, label=_("Status"))
    organization = django_filters.NumberFilter(field_name="participants__organization_id", label=_("Organization"))

    class Meta:
        model = Project
        fields = ["q", "channel", "status", "organization"]

    def search(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(acronym__icontains=value))
