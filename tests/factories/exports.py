"""Files that somebody asked for, in every state; the scope must be open."""

import io
from datetime import timedelta

from django.utils import timezone

from tenants.actions.files import keep_written
from tenants.choices import ExportState
from tenants.models import LongExport, User


def make_export(member: User, state: str = ExportState.FAILED, *, content: bytes = b"Partner\r\n", **fields):
    """One that is over, or with ``state`` ready one with a file."""
    now = timezone.now()
    values = {"list_code": "partners", "title": "Partners", "file_format": "csv", "rows_all": 3, **fields}
    if state in (ExportState.READY, ExportState.EXPIRED):
        values.setdefault("expires_at", now + timedelta(days=7))
        values["file"] = keep_written(
            content=io.BytesIO(content), name="partners.csv", media_type="text/csv", member_id=member.pk
        )
    if state not in (ExportState.WAITING, ExportState.WRITING):
        values.setdefault("finished_at", now)
    return LongExport.objects.create(member=member, state=state, **values)
