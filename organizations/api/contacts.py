"""People at organizations over HTTP."""

from rest_framework import serializers

from core.rest.references import LARGEST_ID, Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.actions.contacts import create_contact, edit_contact
from organizations.filters import ContactFilter
from organizations.models import Affiliation, Contact
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations


class AffiliationSerializer(TenantSerializer):
    id = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Of a position that stays and is changed; without it a new one is added.",
    )
    organization = Reference()
    related_reads = {"organization": visible_organizations}

    class Meta:
        model = Affiliation
        fields = ["id", "organization", "title", "is_decision_maker", "started_on", "ended_on"]


class ContactSerializer(TenantSerializer):
    affiliations = AffiliationSerializer(
        many=True, required=False, help_text="Positions, present ones first. An update replaces the list."
    )

    class Meta:
        model = Contact
        fields = [
            "id",
            "version",
            "name",
            "email",
            "phone",
            "orcid",
            "notes",
            "affiliations",
            "created_at",
            "updated_at",
        ]


class ContactViewSet(TenantViewSet):
    """People outside the institution, by name, with the positions they hold or held."""

    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    reads = staticmethod(visible_contacts)
    writes = {"create": create_contact, "update": edit_contact}
    subject = "contact"
    sorting = {
        "name": "name_key",
        "email": "email_key",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
