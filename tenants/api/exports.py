"""Files out of lists that a worker writes, over HTTP."""

from rest_framework import serializers

from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from tenants.actions.long_exports import cancel_export, delete_export, open_export, request_export, retry_export
from tenants.choices import ExportState, ListFormat
from tenants.filters import ExportFilter
from tenants.models import LongExport
from tenants.pages import handed_out
from tenants.queries.exports import visible_exports


class ExportSerializer(TenantSerializer):
    list_code = serializers.CharField(max_length=40, help_text="The code of the list, such as `partners`.")
    query = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=2000,
        help_text="Filter, `columns` and `sort` as in the list's address; kept in canonical form.",
    )
    file_format = serializers.ChoiceField(choices=ListFormat.choices)
    state = serializers.ChoiceField(choices=ExportState.choices, source="state_now", read_only=True)
    rows_done = serializers.IntegerField(read_only=True, help_text="Rows read so far.")
    rows_all = serializers.IntegerField(read_only=True, help_text="Rows in all; in a file that is ready, those in it.")
    why = serializers.CharField(read_only=True, help_text="What went wrong, in words.")
    file = serializers.CharField(source="file.name", read_only=True, allow_null=True, default=None)
    size = serializers.IntegerField(
        source="file.size", read_only=True, allow_null=True, default=None, help_text="In bytes."
    )

    class Meta:
        model = LongExport
        fields = [
            "id",
            "list_code",
            "query",
            "file_format",
            "state",
            "rows_done",
            "rows_all",
            "why",
            "file",
            "size",
            "asked_at",
            "finished_at",
            "expires_at",
        ]
        read_only_fields = ["asked_at", "finished_at", "expires_at"]


class ExportViewSet(TenantViewSet):
    """The files that you asked for, newest first. A worker writes them: ask for one, look until it is `ready`, and
    download it within seven days.

    Creating one answers at once. It holds the rows that you may see when it is written.
    """

    serializer_class = ExportSerializer
    filterset_class = ExportFilter
    reads = staticmethod(visible_exports)
    writes = {"create": request_export, "delete": delete_export}
    subject = "export"
    singular, plural = "export", "exports"
    sorting = {"asked_at": "asked_at"}
    download = verb(
        open_export,
        subject="export",
        summary="Fetch the file",
        description="The answer is the file, as a download. Each fetch is written down.",
        hands_out=lambda export: handed_out(export.file),
    )
    cancel = verb(
        cancel_export,
        subject="export",
        summary="Cancel an export",
        description="The worker stops with the rows it is at, and what was written is removed.",
    )
    retry = verb(
        retry_export,
        subject="export",
        summary="Have an export written again",
        description="One that failed, was refused or canceled, or has expired.",
    )
