"""Partnerships and their health over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, part
from organizations.queries.organizations import visible_organizations
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.api.health import HealthSerializer, PresentHealthSerializer, SnapshotSerializer
from partnerships.filters import PartnershipFilter
from partnerships.models import Partnership
from partnerships.queries.health import present_health, visible_snapshots
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.users import colleagues


class PartnershipSerializer(TenantSerializer):
    organization = Reference(help_text="Stays as it was created.")
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    health = PresentHealthSerializer(read_only=True)
    related_reads = {"organization": visible_organizations, "owner": colleagues}

    class Meta:
        model = Partnership
        fields = [
            "id",
            "version",
            "organization",
            "stage_declared",
            "stage_suggested",
            "tier",
            "status",
            "owner",
            "summary",
            "started_on",
            "health",
            "created_at",
            "updated_at",
        ]


class PartnershipViewSet(TenantViewSet):
    """The office's partnerships by organization's name, with their present health."""

    serializer_class = PartnershipSerializer
    filterset_class = PartnershipFilter
    reads = staticmethod(visible_partnerships)
    writes = {"create": create_partnership, "update": edit_partnership}
    subject = "partnership"
    sorting = {
        "name": "organization__name_key",
        "score": "health__score",
        "last_contact_at": "health__last_contact_at",
        "changed_at": "health__changed_at",
        "started_on": "started_on",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    health = part(
        present_health,
        HealthSerializer,
        summary="Get the present health",
        description="Score, band and confidence as of now, and the dimensions that make up the latest computation. "
        "Everything is empty and the band `insufficient` until the first one, seconds after the partnership is made.",
    )
    health_snapshots = part(
        visible_snapshots,
        SnapshotSerializer,
        many=True,
        summary="List the health there was",
        description="Every computed score that was kept, newest first; a snapshot never changes.",
    )
