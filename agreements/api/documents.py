"""Documents of agreements over HTTP: their versions, files, and to whom they were given."""

from typing import Any

from rest_framework import serializers

from agreements.actions.documents import (
    add_document,
    delete_document,
    edit_document,
    open_document,
    share_document,
)
from agreements.api.files import with_upload
from agreements.filters import DocumentFilter
from agreements.models import Document, DocumentShare
from agreements.queries.agreements import visible_agreements
from agreements.queries.documents import (
    accesses_of,
    differences_between,
    shares_of,
    versions_of,
    visible_documents,
)
from agreements.rules.differences import RowKind
from core.rest.references import Reference
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.queries.organizations import visible_organizations
from tenants.models import FileAccess
from tenants.pages import handed_out


class DocumentSerializer(TenantSerializer):
    agreement = Reference(named="reference", help_text="Stays as it was added.")
    file = serializers.CharField(source="file.name", read_only=True, allow_null=True, help_text="The name of the file.")
    size = serializers.IntegerField(source="file.size", read_only=True, allow_null=True, help_text="In bytes.")
    media_type = serializers.CharField(
        source="file.media_type", read_only=True, allow_null=True, help_text="Told from the content."
    )
    added_by = Reference(read_only=True)
    text = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=1_000_000,
        help_text="For comparing versions. A plain text file brings its own.",
    )
    name = serializers.CharField(
        write_only=True, required=False, max_length=200, help_text="Of the file, with its ending: draft.docx."
    )
    content = serializers.CharField(
        write_only=True,
        required=False,
        max_length=1_400_000,
        trim_whitespace=False,
        help_text="The file in base64, at most 1 MB. Larger ones are added on the page.",
    )
    related_reads = {"agreement": visible_agreements}

    class Meta:
        model = Document
        fields = [
            "id",
            "version",
            "agreement",
            "label",
            "title",
            "number",
            "level",
            "file",
            "size",
            "media_type",
            "added_by",
            "text",
            "name",
            "content",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["number"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_upload(attrs)


class ShareInput(serializers.Serializer):
    organization = Reference()
    override_reason = serializers.CharField(
        required=False, max_length=1000, help_text="Why without an NDA in force; a manager's word."
    )
    related_reads = {"organization": visible_organizations}


class ShareSerializer(TenantSerializer):
    organization = Reference(read_only=True)
    shared_by = Reference(read_only=True)
    under_nda = serializers.SerializerMethodField(help_text="Whether there was an NDA in force.")
    nda_reference = serializers.CharField(allow_null=True, help_text="Of the NDA, where you may read that.")

    class Meta:
        model = DocumentShare
        fields = ["id", "organization", "under_nda", "nda_reference", "override_reason", "shared_by", "shared_at"]

    def get_under_nda(self, row: DocumentShare) -> bool:
        return row.nda_id is not None


class AccessSerializer(TenantSerializer):
    member = Reference(read_only=True)
    at = Moment()

    class Meta:
        model = FileAccess
        fields = ["id", "member", "at"]


DIFFERENCES = [(each.value, each.value) for each in RowKind]


class OtherInput(serializers.Serializer):
    other = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The id of the document beside it.")


class PieceSerializer(serializers.Serializer):
    text = serializers.CharField()
    changed = serializers.BooleanField(help_text="The other side has it differently, or not.")


class TextRowSerializer(serializers.Serializer):
    """A paragraph of each side, with its number from 1; null and empty where a side has none."""

    kind = serializers.ChoiceField(choices=DIFFERENCES)
    left = PieceSerializer(many=True)
    right = PieceSerializer(many=True)
    left_number = serializers.IntegerField(allow_null=True)
    right_number = serializers.IntegerField(allow_null=True)


class DifferencesSerializer(TenantSerializer):
    left = Reference(named="title", read_only=True)
    right = Reference(named="title", read_only=True)
    rows = TextRowSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = ["left", "right", "rows"]


class DocumentViewSet(TenantViewSet):
    """Documents that you may read, by agreement and title, newest version first."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    reads = staticmethod(visible_documents)
    writes = {"create": add_document, "update": edit_document, "delete": delete_document}
    subject = "document"
    sorting = {"title": "title", "created_at": "created_at", "updated_at": "updated_at"}
    download = verb(
        open_document,
        subject="document",
        summary="Fetch the file",
        description="The answer is the file, as a download. Each fetch is written down.",
        hands_out=lambda document: handed_out(document.file),
    )
    share = verb(
        share_document,
        ShareInput,
        subject="document",
        summary="Give it to an organization",
        description="From the level partner_shared upwards this takes an NDA in force, or a manager's reason.",
    )
    versions = part(versions_of, DocumentSerializer, many=True, summary="List its versions")
    compare = part(
        differences_between,
        DifferencesSerializer,
        query=OtherInput,
        summary="Compare it with another document",
        description="Paragraph by paragraph. Both must have a text, of at most 400,000 characters.",
    )
    shares = part(shares_of, ShareSerializer, many=True, summary="List to whom it was given")
    accesses = part(
        accesses_of,
        AccessSerializer,
        many=True,
        summary="List who fetched the file",
        description="For whoever handles the agreement or added the document, and managers; empty for others.",
    )
