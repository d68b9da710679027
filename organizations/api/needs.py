"""What partners look for, and what the institution offers, over HTTP."""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.actions.capabilities import create_capability, edit_capability
from organizations.actions.needs import create_need, edit_need
from organizations.filters import CapabilityFilter, NeedFilter
from organizations.models import Capability, CapabilityTopic, Need, NeedTopic
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.contacts import visible_contacts
from organizations.queries.needs import visible_needs
from organizations.queries.organizations import visible_organizations
from tenants.queries.units import visible_units
from tenants.queries.users import everybody

STAFF_ONLY = "Null to whoever may not see details of needs."


class Detail:
    """Mixin of a field that is shown where the read found that the actor may see details, else null."""

    def shower(self):
        value_of, represent = attrgetter(self.source), self.to_representation

        def show(row: Need) -> Any:
            if not row.shows_details:
                return None
            value = value_of(row)
            return None if value is None else represent(value)

        return show


class DetailText(Detail, serializers.CharField):
    pass


class DetailAmount(Detail, serializers.DecimalField):
    pass


class DetailReference(Detail, Reference):
    pass


class NeedTopicSerializer(TenantSerializer):
    class Meta:
        model = NeedTopic
        fields = ["scheme", "code"]


class NeedSerializer(TenantSerializer):
    organization = Reference()
    text = DetailText(required=False, allow_blank=True, max_length=10_000, help_text=STAFF_ONLY)
    budget = DetailAmount(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True, help_text=STAFF_ONLY
    )
    currency = DetailText(required=False, min_length=3, max_length=3, help_text=STAFF_ONLY)
    contact = DetailReference(required=False, allow_null=True, help_text=STAFF_ONLY)
    topics = NeedTopicSerializer(many=True, required=False, help_text="An update replaces them all.")
    related_reads = {"organization": visible_organizations, "contact": visible_contacts}

    class Meta:
        model = Need
        fields = [
            "id",
            "version",
            "organization",
            "title",
            "text",
            "public_summary",
            "topics",
            "trl_min",
            "trl_max",
            "horizon",
            "budget",
            "currency",
            "status",
            "contact",
            "created_at",
            "updated_at",
        ]


class NeedViewSet(TenantViewSet):
    """What partners look for, the latest first. Matching reads `public_summary` and topics, and nothing else."""

    serializer_class = NeedSerializer
    filterset_class = NeedFilter
    reads = staticmethod(visible_needs)
    writes = {"create": create_need, "update": edit_need}
    subject = "need"
    sorting = {
        "title": "title",
        "organization": "organization__name_key",
        "status": "status",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }


class CapabilityTopicSerializer(TenantSerializer):
    class Meta:
        model = CapabilityTopic
        fields = ["scheme", "code"]


class CapabilitySerializer(TenantSerializer):
    unit = Reference(required=False, allow_null=True)
    lead = Reference(required=False, allow_null=True, help_text="The colleague who answers for it.")
    topics = CapabilityTopicSerializer(many=True, required=False, help_text="An update replaces them all.")
    related_reads = {"unit": visible_units, "lead": everybody}

    class Meta:
        model = Capability
        fields = [
            "id",
            "version",
            "title",
            "kind",
            "unit",
            "lead",
            "text",
            "public_summary",
            "topics",
            "trl",
            "horizon",
            "evidence",
            "status",
            "created_at",
            "updated_at",
        ]


class CapabilityViewSet(TenantViewSet):
    """Expertise, technology, equipment and training of the institution, by title."""

    serializer_class = CapabilitySerializer
    filterset_class = CapabilityFilter
    reads = staticmethod(visible_capabilities)
    writes = {"create": create_capability, "update": edit_capability}
    subject = "capability"
    sorting = {"title": "title", "status": "status", "created_at": "created_at", "updated_at": "updated_at"}
