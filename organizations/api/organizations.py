"""Organizations over HTTP."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.actor import Actor
from core.rest.references import Reference
from core.rest.serializers import Listed, Rows, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.actions.organizations import create_organization, delete_organization, edit_organization
from organizations.actions.profiles import edit_practices
from organizations.api.profiles import PracticesInput, PracticesSerializer
from organizations.filters import OrganizationFilter
from organizations.models import Organization, OrganizationIdentifier, OrganizationSector
from organizations.queries.merges import merged_organization
from organizations.queries.organizations import similar_organizations, visible_organizations
from organizations.queries.profiles import practices_of


class IdentifierSerializer(TenantSerializer):
    class Meta:
        model = OrganizationIdentifier
        fields = ["scheme", "value"]


class SectorSerializer(TenantSerializer):
    class Meta:
        model = OrganizationSector
        fields = ["scheme", "code"]


class SectorRows(Rows):
    """The further sectors, which the read brings along as one value of the row."""

    def shower(self):
        return attrgetter("further_sectors")


class TagNames(Listed):
    """The tags, which the read brings along as one value of the row."""

    def shower(self):
        return attrgetter("tag_names")


class OrganizationSerializer(TenantSerializer):
    allow_duplicate = serializers.BooleanField(
        write_only=True, required=False, help_text="Add it though a similar one is there."
    )
    parent = Reference(required=False, allow_null=True)
    aliases = Listed("aliases", "name", required=False, help_text="Other names. An update replaces them all.")
    identifiers = IdentifierSerializer(
        many=True, required=False, help_text="Ids in public schemes. An update replaces them all."
    )
    sectors = SectorRows(
        child=SectorSerializer(), required=False, help_text="Sectors beside the main one. An update replaces them all."
    )
    tags = TagNames("tagged", "tag", longest=40, required=False, help_text="An update replaces them all.")
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
            "headcount",
            "turnover_eur",
            "balance_sheet_eur",
            "owned_by_non_sme_share",
            "description",
            "sector_scheme",
            "sector_code",
            "sectors",
            "tags",
            "aliases",
            "identifiers",
            "external_id",
            "created_at",
            "updated_at",
            "allow_duplicate",
        ]
        extra_kwargs = {
            "country": {"help_text": "ISO 3166-1, two letters."},
            "size_class": {"help_text": "Follows from `headcount` where that is known."},
            "sme": {"help_text": "Follows from the size facts where these decide it."},
            "owned_by_non_sme_share": {
                "help_text": "The largest share that an enterprise which is no SME holds, 0 to 1."
            },
        }


def _similar(actor: Actor, values: Mapping[str, Any]) -> list[Organization]:
    return similar_organizations(actor, name=values["name"], website=values.get("website", ""))


class OrganizationViewSet(TenantViewSet):
    """Organizations outside the institution, by name; the institution itself is not among them."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    reads = staticmethod(visible_organizations)
    writes = {"create": create_organization, "update": edit_organization, "delete": delete_organization}
    subject = "organization"
    doubles = staticmethod(_similar)
    moved = staticmethod(merged_organization)
    sorting = {
        "name": "name_key",
        "country": "country",
        "kind": "kind",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    practices = part(practices_of, PracticesSerializer, summary="Get how an organization works")
    describe = verb(
        edit_practices,
        PracticesInput,
        subject="organization",
        summary="Describe how an organization works",
        description="What is left out stays. With `seen`, a description that somebody changed since answers 409.",
    )
