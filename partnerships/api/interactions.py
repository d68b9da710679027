"""Interactions over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference, References
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.queries.contacts import visible_contacts
from partnerships.actions.attachments import attach_content
from partnerships.actions.interactions import (
    delete_interaction,
    edit_interaction,
    log_interaction,
    pin_interaction,
    unpin_interaction,
)
from partnerships.choices import Source
from partnerships.filters import InteractionFilter
from partnerships.models import Interaction, InteractionAttachment
from partnerships.queries.attachments import attachments_of
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.users import everybody


class InteractionSerializer(TenantSerializer):
    partnership = Reference(named="organization.name")
    contacts = References("participants", "contact", required=False, help_text="Who took part on their side.")
    members = References(
        "participants", "member", required=False, help_text="Who took part on ours; left out: you alone."
    )
    opportunity = Reference(named="title", required=False, allow_null=True, help_text="One of the partner's.")
    logged_by = Reference(read_only=True)
    related_reads = {
        "partnership": visible_partnerships,
        "opportunity": visible_opportunities,
        "contacts": visible_contacts,
        "members": everybody,
    }

    class Meta:
        model = Interaction
        fields = [
            "id",
            "version",
            "partnership",
            "kind",
            "direction",
            "occurred_at",
            "note",
            "confidentiality",
            "channel",
            "opportunity",
            "is_pinned",
            "contacts",
            "members",
            "source",
            "logged_by",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["is_pinned"]


class AttachmentSerializer(TenantSerializer):
    name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size", help_text="In bytes.")
    media_type = serializers.CharField(source="file.media_type", help_text="Told from the content.")
    sha256 = serializers.CharField(source="file.sha256")
    uploaded_by = Reference(source="file.uploaded_by", read_only=True)
    uploaded_at = Moment(source="file.uploaded_at")

    class Meta:
        model = InteractionAttachment
        fields = ["id", "name", "size", "media_type", "sha256", "uploaded_by", "uploaded_at"]
        read_only_fields = fields


class ContentInput(serializers.Serializer):
    name = serializers.CharField(max_length=200, help_text="With its ending, such as minutes.pdf.")
    content = serializers.CharField(max_length=1_400_000, trim_whitespace=False, help_text="In base64; at most 1 MB.")


class InteractionViewSet(TenantViewSet):
    """Interactions that you may read, newest first: confidential ones only if you took part or manage."""

    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter
    reads = staticmethod(visible_interactions)
    writes = {"create": log_interaction, "update": edit_interaction, "delete": delete_interaction}
    subject = "interaction"
    created_as = {"source": Source.API}
    sorting = {"occurred_at": "occurred_at", "created_at": "created_at", "updated_at": "updated_at"}
    attachments = part(
        attachments_of,
        AttachmentSerializer,
        many=True,
        summary="List attached files",
        description="What the files are; their content is handed out on the page alone, where each access is noted.",
    )
    attach = verb(
        attach_content,
        ContentInput,
        subject="interaction",
        summary="Attach a small file",
        description="Bodies are JSON and at most 2 MB, so larger files are attached on the page.",
    )
    pin = verb(pin_interaction, subject="interaction", summary="Pin to the top of the partner's activity")
    unpin = verb(unpin_interaction, subject="interaction", summary="Let it go back to its place in time")
