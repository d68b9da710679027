"""Writing a long file: one job for each step, so that workers share an office and a killed one loses little.

The steps are the order of the rows, slice after slice of their cells, and the file. Each is one transaction with the
export's advance: one that is repeated finds its work done, and one that was overtaken by a cancel leaves nothing.
Every step asks anew what the member may see.
"""

import tempfile
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import ActionRefused, PermissionRefused
from core.export_slices import SLICE, ids_in, packed_ids, packed_rows, rows_in
from core.exports import FORMATS, IN_MEMORY, MOST_ROWS, Note, Row, exported, heads, read_rows
from core.lists import Column, List, list_of
from core.urls import in_office
from tenants.actions.export_mails import want_mail
from tenants.actions.exports import asked_rows, file_name
from tenants.actions.files import keep_written, remove_bytes
from tenants.actions.long_exports import check_length, clear_parts, finish, want_step
from tenants.choices import ExportState
from tenants.models import Export, LongExport, Membership
from tenants.models.exports import UNDER_WAY
from tenants.queries.exports import membership_behind
from tenants.queries.tenants import actor_of

LIVES = timedelta(days=7)


class Overtaken(Exception):
    """The export was canceled or deleted meanwhile."""


def write_on(*, actor: Actor, export_id: int, run: str) -> None:
    """Take the next step towards a file; nothing for one that is not under way, or was asked for anew since."""
    export = LongExport.objects.filter(pk=export_id, key=run, state__in=UNDER_WAY).first()
    if export is None:
        return
    membership = membership_behind(export)
    try:
        if membership is None:
            raise PermissionRefused("tenants.request_export")
        zone = membership.user.time_zone or membership.tenant.time_zone
        with in_office(membership.tenant.slug), timezone.override(zoneinfo.ZoneInfo(zone)):
            _step(export, membership)
    except PermissionRefused:
        _end(export, ExportState.REFUSED, _("You may not take out this list any more, so nothing was written."))
    except ActionRefused as refused:
        _end(export, ExportState.FAILED, refused.message)
    except Overtaken:
        return


def give_up(*, actor: Actor, export_id: int, run: str) -> None:
    """Say that nothing will come, after the last attempt at a step."""
    export = LongExport.objects.filter(pk=export_id, key=run).first()
    if export is not None:
        _end(export, ExportState.FAILED, _("Something went wrong each time. If it does so again, tell your office."))


def _step(export: LongExport, membership: Membership) -> None:
    reader = actor_of(membership)
    reader.require("tenants.request_export")
    if (declared := list_of(export.list_code)) is not None:
        reader.require(declared.reads.code)
    asked = asked_rows(reader, list_code=export.list_code, query=export.query, file_format=export.file_format)
    columns = exported(asked.declared.columns_of(asked.parameters))
    if export.state == ExportState.WAITING:
        _put_in_order(export, asked.rows)
    elif export.rows_done < export.rows_all:
        _read_slice(export, asked.rows, columns)
    else:
        _write(export, asked.declared, columns, membership)


def _put_in_order(export: LongExport, rows: QuerySet) -> None:
    wanted = rows.prefetch_related(None).values_list("pk", flat=True)[: MOST_ROWS[export.file_format] + 1]
    order = packed_ids(wanted.iterator(chunk_size=SLICE))
    number = len(order) // 8
    check_length(number, export.file_format)
    part = _put(export, order)
    _advance(export, [part], state=ExportState.WRITING, started_at=timezone.now(), rows_all=number)


def _read_slice(export: LongExport, rows: QuerySet, columns: list[Column]) -> None:
    with default_storage.open(f"{export.folder}/{export.parts[0]}") as order:
        ids = ids_in(order, export.rows_done, SLICE)
    lines = [heads(columns), *read_rows(rows, columns, ids)]
    part = _put(export, b"".join(packed_rows(lines)))
    _advance(export, [*export.parts, part], rows_done=export.rows_done + len(ids))


def _put(export: LongExport, content: bytes) -> str:
    name = uuid.uuid4().hex
    default_storage.save(f"{export.folder}/{name}", ContentFile(content))
    return name


def _advance(export: LongExport, parts: list[str], **changes: object) -> None:
    """Note what was written and want the next step, unless the export is no more what it was."""
    seen = LongExport.objects.filter(pk=export.pk, key=export.key, state=export.state, rows_done=export.rows_done)
    if not seen.update(parts=parts, **changes):
        remove_bytes([f"{export.folder}/{parts[-1]}"])
        raise Overtaken
    want_step(export)


def _write(export: LongExport, declared: List, columns: list[Column], membership: Membership) -> None:
    """Put the slices together. The bytes lie apart from the row until it is known that nobody canceled."""
    office, started = membership.tenant, timezone.localtime(export.started_at)
    note = Note(export.title, export.filter, office.name, membership.user.name, started)
    chosen, names, counted = FORMATS[export.file_format], heads(columns), _Counted(_rows_of(export))
    _check_columns(export, names)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        chosen.write(target, names, iter(counted), note)
        row = LongExport.objects.select_for_update(of=("self",)).filter(pk=export.pk, key=export.key).first()
        if row is None or row.state != ExportState.WRITING:
            raise Overtaken
        row.file = keep_written(
            content=target,
            name=file_name(declared, office, started, export.file_format),
            media_type=chosen.content_type,
            member_id=export.member_id,
        )
    now = timezone.now()
    row.state, row.finished_at, row.expires_at, row.parts = ExportState.READY, now, now + LIVES, []
    row.rows_all = row.rows_done = counted.rows
    row.save()
    Export.objects.create(
        member_id=export.member_id,
        list_code=export.list_code,
        query=export.query,
        file_format=export.file_format,
        rows=counted.rows,
        request_id=export.request_id,
    )
    clear_parts(row)
    want_mail(row)


class _Counted:
    """Rows that can be counted once they are read."""

    def __init__(self, rows: Iterable[Row]):
        self._given, self.rows = rows, 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._given:
            self.rows += 1
            yield row


def _rows_of(export: LongExport) -> Iterator[Row]:
    """The rows of all slices; they stop where somebody canceled, which the writer is told of when it has ended."""
    for part in export.parts[1:]:
        if not LongExport.objects.filter(pk=export.pk, key=export.key, state=ExportState.WRITING).exists():
            return
        with default_storage.open(f"{export.folder}/{part}") as source:
            lines = rows_in(source)
            next(lines)
            yield from lines


def _check_columns(export: LongExport, names: list[str]) -> None:
    """Slices read before an upgrade may have other columns than those read after it."""
    for part in export.parts[1:]:
        with default_storage.open(f"{export.folder}/{part}") as source:
            if next(rows_in(source)) != names:
                words = _("The columns of the list were changed meanwhile. Try again.")
                raise ActionRefused("columns_changed", words)


def _end(export: LongExport, state: ExportState, why: str) -> None:
    with transaction.atomic():
        row = LongExport.objects.select_for_update(of=("self",)).filter(pk=export.pk, key=export.key).first()
        if row is not None and row.is_under_way:
            finish(row, state, why)
            want_mail(row)
