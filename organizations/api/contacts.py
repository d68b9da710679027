"""People at organizations over HTTP."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.actions import visible
from core.actor import Actor
from core.rest.references import LARGEST_ID, Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.actions.contacts import (
    create_contact,
    delete_contact,
    edit_contact,
    lift_opt_out,
    mark_contact_left,
    record_opt_out,
)
from organizations.filters import ContactFilter
from organizations.models import Affiliation, Contact
from organizations.queries.contacts import visible_contacts
from organizations.queries.duplicates import similar_contacts
from organizations.queries.merges import merged_contact
from organizations.queries.organizations import visible_organizations
from organizations.queries.personal_data import personal_data_of
from tenants.queries.users import everybody


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
    allow_duplicate = serializers.BooleanField(
        write_only=True, required=False, help_text="Add it though a similar one is there."
    )
    affiliations = AffiliationSerializer(
        many=True, required=False, help_text="Positions, present ones first. An update replaces the list."
    )

    owner = Reference(required=False, allow_null=True, help_text="The colleague who keeps the person.")
    related_reads = {"owner": everybody}

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
            "owner",
            "permission",
            "left_on",
            "basis",
            "data_source",
            "collected_on",
            "reviewed_on",
            "opted_out_at",
            "objects_to_scoring",
            "affiliations",
            "created_at",
            "updated_at",
            "allow_duplicate",
        ]
        read_only_fields = ["left_on", "opted_out_at"]


class PersonalDataSerializer(TenantSerializer):
    held = serializers.JSONField(read_only=True, help_text="By kind of record: a list of records, label to value.")

    class Meta:
        model = Contact
        fields = ["id", "name", "held"]
        read_only_fields = fields


@visible("organizations.view_personal_data")
def contact_with_personal_data(actor: Actor, contact: Contact) -> Contact:
    """The person with ``held``: all that the office holds on them, as far as the actor may read it."""
    contact.held = {each.label: each.rows for each in personal_data_of(actor, contact)}
    return contact


class LeftInput(serializers.Serializer):
    left_on = serializers.DateField(required=False, help_text="Today unless given.")


class ReasonInput(serializers.Serializer):
    reason = serializers.CharField(max_length=500, help_text="How one knows that they want mailings again.")


def _similar(actor: Actor, values: Mapping[str, Any]) -> list[Contact]:
    given = {name: values.get(name, "") for name in ("name", "email", "orcid")}
    at = {each["organization"].pk for each in values.get("affiliations", ())}
    return similar_contacts(actor, **given, organization_ids=at)


class ContactViewSet(TenantViewSet):
    """People outside the institution, by name, with the positions they hold or held."""

    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    reads = staticmethod(visible_contacts)
    writes = {"create": create_contact, "update": edit_contact, "delete": delete_contact}
    subject = "contact"
    doubles = staticmethod(_similar)
    moved = staticmethod(merged_contact)
    sorting = {
        "name": "name_key",
        "email": "email_key",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    personal_data = part(
        contact_with_personal_data,
        PersonalDataSerializer,
        summary="Get all that is held on a person",
        description="For a request of the person to see it. What one's role may not read is left out.",
    )
    mark_left = verb(
        mark_contact_left,
        LeftInput,
        subject="contact",
        summary="Record that a person has left",
        description="Present positions end on that day.",
    )
    opt_out = verb(
        record_opt_out,
        subject="contact",
        summary="Record that a person wants no mailings",
        description="It holds for the address: for everybody who has it, now or later.",
    )
    lift_opt_out = verb(lift_opt_out, ReasonInput, subject="contact", summary="Lift an opt-out")
