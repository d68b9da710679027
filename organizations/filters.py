"""What lists of organizations and people can be filtered by: pages, API and exports share these."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.choices import country_choices
from organizations.choices import (
    CapabilityKind,
    CapabilityStatus,
    ClearanceState,
    ContactPermission,
    Horizon,
    NeedStatus,
    OrganizationKind,
    RiskKind,
    SizeClass,
)
from organizations.models import (
    Affiliation,
    Capability,
    CapabilityTopic,
    Clearance,
    Contact,
    Need,
    NeedTopic,
    Organization,
    OrganizationSector,
    OrganizationTag,
    RiskFlag,
    Tag,
)
from organizations.queries.profiles import visible_tags
from tenants.models import Unit, User
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues


def actor_of(request) -> Actor | None:
    """Who asks, on a page or over the API; nobody while the API's description is made."""
    return getattr(getattr(request, "_request", request), "actor", None)


def tags_of_request(request):
    """The choices of a tag filter."""
    actor = actor_of(request)
    return visible_tags(actor) if actor else Tag.objects.none()


def colleagues_of_request(request):
    """The choices of a filter by colleague."""
    actor = actor_of(request)
    return colleagues(actor) if actor else User.objects.none()


class CountryField(forms.ChoiceField):
    """A country, chosen by name; addresses have its two letters, small or capital."""

    default_error_messages = {
        "invalid_choice": _("There is no such country. Choose one; in an address it has two letters, such as DK."),
    }

    def __init__(self, **kwargs):
        super().__init__(choices=country_choices, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()

    def prepare_value(self, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


class CountryFilter(django_filters.Filter):
    field_class = CountryField


class OrganizationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"))
    kind = django_filters.MultipleChoiceFilter(choices=OrganizationKind, label=_("Kind"))
    country = CountryFilter(label=_("Country"))

    size = django_filters.MultipleChoiceFilter(field_name="size_class", choices=SizeClass, label=_("Size"))
    tag = django_filters.ModelMultipleChoiceFilter(method="tagged", queryset=tags_of_request, label=_("Tag"))
    sector = django_filters.CharFilter(method="in_sector", label=_("Sector code begins with"))
    at_risk = django_filters.BooleanFilter(field_name="is_at_risk", label=_("Open risk flag"))

    class Meta:
        model = Organization
        fields = ["q", "kind", "country", "size", "sme", "tag", "sector", "at_risk"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        actor = actor_of(self.request)
        if actor is not None and not actor.may("organizations.view_risk_flags"):
            del self.filters["at_risk"]

    def tagged(self, queryset, name, value: list[int]):
        for tag in value:
            queryset = queryset.filter(pk__in=OrganizationTag.objects.filter(tag=tag).values("organization_id"))
        return queryset

    def in_sector(self, queryset, name, value):
        code = value.strip().upper()
        further = OrganizationSector.objects.filter(code__startswith=code).values("organization_id")
        return queryset.filter(Q(sector_code__istartswith=code) | Q(pk__in=further))

    def search(self, queryset, name, value):
        key = value.strip().lower()
        aliased = Organization.objects.filter(aliases__name_key__contains=key).values("pk")
        return queryset.filter(Q(name_key__contains=key) | Q(pk__in=aliased))


class ContactFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name or e-mail"))
    organization = django_filters.NumberFilter(
        field_name="affiliations__organization_id", distinct=True, label=_("Organization")
    )
    decides = django_filters.BooleanFilter(method="decision_maker", label=_("Decides"))
    permission = django_filters.MultipleChoiceFilter(choices=ContactPermission, label=_("May colleagues contact them"))
    owner = django_filters.ModelChoiceFilter(queryset=colleagues_of_request, label=_("Kept by"))
    left = django_filters.BooleanFilter(field_name="left_on", lookup_expr="isnull", exclude=True, label=_("Left"))
    opted_out = django_filters.BooleanFilter(
        field_name="opted_out_at", lookup_expr="isnull", exclude=True, label=_("Wants no mailings")
    )

    class Meta:
        model = Contact
        fields = ["q", "organization", "decides", "permission", "owner", "left", "opted_out"]

    def search(self, queryset, name, value):
        key = value.strip().lower()
        return queryset.filter(Q(name_key__contains=key) | Q(email_key__contains=key))

    def decision_maker(self, queryset, name, value):
        deciding = Affiliation.objects.filter(is_decision_maker=True, ended_on=None).values("contact_id")
        return queryset.filter(pk__in=deciding) if value else queryset.exclude(pk__in=deciding)


class RiskFlagFilter(django_filters.FilterSet):
    organization = django_filters.NumberFilter(field_name="organization_id", label=_("Organization"))
    kind = django_filters.MultipleChoiceFilter(choices=RiskKind, label=_("Kind"))
    open = django_filters.BooleanFilter(field_name="cleared_on", lookup_expr="isnull", label=_("Open"))

    class Meta:
        model = RiskFlag
        fields = ["organization", "kind", "open"]


def units_of_request(request):
    """The choices of a filter by unit."""
    actor = actor_of(request)
    return visible_units(actor).prefetch_related(None) if actor else Unit.objects.none()


class NeedFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title or summary"))
    status = django_filters.MultipleChoiceFilter(choices=NeedStatus, label=_("Status"))
    horizon = django_filters.MultipleChoiceFilter(choices=Horizon, label=_("Horizon"))
    topic = django_filters.CharFilter(method="about", label=_("Topic"))
    trl = django_filters.NumberFilter(method="at_trl", label=_("TRL"), min_value=1, max_value=9)
    organization = django_filters.NumberFilter(field_name="organization_id", label=_("Organization"))

    class Meta:
        model = Need
        fields = ["q", "status", "horizon", "topic", "trl", "organization"]

    def search(self, queryset, name, value):
        """Title, summary and organization: never the full text, which not everybody who searches may read."""
        words = Q(title__icontains=value) | Q(public_summary__icontains=value)
        return queryset.filter(words | Q(organization__name_key__contains=value.strip().lower()))

    def about(self, queryset, name, value):
        topics = NeedTopic.objects.filter(code__istartswith=value.strip()).values("need_id")
        return queryset.filter(pk__in=topics)

    def at_trl(self, queryset, name, value):
        low, high = Q(trl_min=None) | Q(trl_min__lte=value), Q(trl_max=None) | Q(trl_max__gte=value)
        return queryset.filter(low & high)


class CapabilityFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title or text"))
    kind = django_filters.MultipleChoiceFilter(choices=CapabilityKind, label=_("Kind"))
    status = django_filters.MultipleChoiceFilter(choices=CapabilityStatus, label=_("Status"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))
    topic = django_filters.CharFilter(method="about", label=_("Topic"))
    trl = django_filters.NumberFilter(field_name="trl", lookup_expr="gte", label=_("TRL at least"))

    class Meta:
        model = Capability
        fields = ["q", "kind", "status", "unit", "topic", "trl"]

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(title__icontains=value) | Q(public_summary__icontains=value) | Q(text__icontains=value)
        )

    def about(self, queryset, name, value):
        topics = CapabilityTopic.objects.filter(code__istartswith=value.strip()).values("capability_id")
        return queryset.filter(pk__in=topics)


class ClearanceFilter(django_filters.FilterSet):
    contact = django_filters.NumberFilter(field_name="contact_id", label=_("Person"))
    state = django_filters.MultipleChoiceFilter(choices=ClearanceState, label=_("State"))

    class Meta:
        model = Clearance
        fields = ["contact", "state"]


class TagFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))

    class Meta:
        model = Tag
        fields = ["q"]
