"""Organizations over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import Listed, TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.actions.organizations import create_organization, edit_organization
from organizations.filters import OrganizationFilter
from organizations.models import Organization, OrganizationIdentifier
from organizations.queries.organizations import visible_organizations


class IdentifierSerializer(TenantSerializer):
    class Meta:
        model = OrganizationIdentifier
        fields = ["scheme", "value"]


class OrganizationSerializer(TenantSerializer):
    parent = Reference(required=False, allow_null=True)
    aliases = Listed("aliases", "name", required=False, help_text="Other names. An update replaces them all.")
    identifiers = IdentifierSerializer(
        many=True, required=False, help_text="Ids in public schemes. An update replaces them all."
    )
    related_reads = {"parent": visible_organizations}

    class Meta:
        model = Organization
        fields = [
            "id",
            "version",
            "name",
            "legal_name",
            "kind",
            "parent",
            "country",
            "city",
            "region",
            "latitude",
            "longitude",
            "geo_precision",
            "website",
            "size_class",
            "sme",
            "sector_scheme",
            "sector_code",
            "aliases",
            "identifiers",
            "external_id",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {"country": {"help_text": "ISO 3166-1, two letters."}}


class OrganizationViewSet(TenantViewSet):
    """Organizations outside the institution, by name; the institution itself is not among them."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    reads = staticmethod(visible_organizations)
    writes = {"create": create_organization, "update": edit_organization}
    subject = "organization"
    sorting = {
        "name": "name_key",
        "country": "country",
        "kind": "kind",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
