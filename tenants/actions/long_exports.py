"""Files that take too long to wait for: asking for one, fetching it, and doing without."""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, PermissionRefused
from core.exports import MOST_ROWS
from core.lists import list_of
from tenants.actions.exports import asked_rows
from tenants.actions.files import note_access, remove_bytes, take_away
from tenants.actions.jobs import enqueue
from tenants.choices import ExportState
from tenants.models import LongExport
from tenants.models.exports import UNDER_WAY
from tenants.queries.exports import lock_export

WRITE = "tenants.write_export"
MOST_UNDER_WAY = 3
KEPT = timedelta(days=90)
NOT_AGAIN = (ExportState.WAITING, ExportState.WRITING, ExportState.READY)


@action("tenants.request_export")
def request_export(*, actor: Actor, list_code: str, query: str, file_format: str) -> LongExport:
    """Have the rows of a list that match written by a worker, with what the actor may see when it is written.

    Besides this permission the actor needs the one of the list. Refused: a filter that does not hold, more than
    250,000 rows (100,000 in Excel), and a fourth file while three are under way.
    """
    asked = asked_rows(actor, list_code=list_code, query=query, file_format=file_format)
    _check_under_way(actor)
    number = asked.rows.count()
    check_length(number, file_format)
    export = LongExport.objects.create(
        member_id=actor.user_id,
        list_code=list_code,
        title=str(asked.declared.label)[:120],
        filter=asked.filter,
        query=asked.query,
        file_format=file_format,
        rows_all=number,
        request_id=actor.request_id,
        tells=actor.token_id is None,
    )
    want_step(export)
    return export


def want_step(export: LongExport) -> None:
    """Want the next step of writing a file; one that is asked for anew is another run."""
    enqueue(WRITE, export_id=export.pk, run=str(export.key))


def check_length(rows: int, file_format: str) -> None:
    """Refuse what no file is written of, and say what to do instead."""
    if rows <= (most := MOST_ROWS[file_format]):
        return
    if rows <= max(MOST_ROWS.values()):
        words = _("This is more than %(most)s rows, too many for Excel. Choose CSV, or narrow the list.")
    else:
        words = _("This is more than %(most)s rows. Narrow the list, or read it page by page over the API.")
    raise ActionRefused("too_many_rows", words % {"most": f"{most:,}"})


def _check_under_way(actor: Actor) -> None:
    if LongExport.objects.filter(member_id=actor.user_id, state__in=UNDER_WAY).count() >= MOST_UNDER_WAY:
        words = ngettext(
            "%d file of yours is being written already. Wait for it, or cancel it.",
            "%d files of yours are being written already. Wait for one, or cancel it.",
            MOST_UNDER_WAY,
        )
        raise ActionRefused("too_many_exports", words % MOST_UNDER_WAY)


@action("tenants.cancel_export")
def cancel_export(*, actor: Actor, export: LongExport) -> LongExport:
    """Stop writing a file: the worker ends with the slice it is at, and what was written is removed."""
    row = lock_export(export.pk)
    if not row.is_under_way:
        raise ActionRefused("not_under_way", _("This file is not being written any more."))
    finish(row, ExportState.CANCELED)
    return row


@action("tenants.retry_export")
def retry_export(*, actor: Actor, export: LongExport) -> LongExport:
    """Have a file written anew that failed, was refused or canceled, or is gone; with the rows of then."""
    row = lock_export(export.pk)
    if row.state_now in NOT_AGAIN:
        raise ActionRefused("under_way_or_ready", _("This file is there already, or being written."))
    declared = list_of(row.list_code)
    if declared is not None:
        actor.require(declared.reads.code)
    _check_under_way(actor)
    if row.file is not None:
        take_away([row.file])
    row.key, row.state, row.request_id = uuid.uuid4(), ExportState.WAITING, actor.request_id
    row.rows_done, row.parts, row.file, row.why = 0, [], None, ""
    row.asked_at, row.started_at, row.finished_at, row.expires_at = timezone.now(), None, None, None
    row.tells, row.told_at = actor.token_id is None, None
    row.save()
    want_step(row)
    return row


@action("tenants.open_export")
def open_export(*, actor: Actor, export: LongExport) -> LongExport:
    """The export with its file, ready to be read; written down. Refused to whoever may not see the list any more."""
    declared = list_of(export.list_code)
    if declared is None or not actor.may(declared.reads.code):
        raise PermissionRefused(declared.reads.code if declared else "tenants.open_export")
    if not export.is_open:
        raise ActionRefused("no_file", _("This file is not there. Have it written again."))
    note_access(actor=actor, file=export.file)
    return export


@action("tenants.delete_export")
def delete_export(*, actor: Actor, export: LongExport) -> None:
    """Take a file off one's list and remove it, be it ready or under way. That it was taken out stays on record."""
    row = lock_export(export.pk)
    clear_parts(row)
    if row.file is not None:
        take_away([row.file])
    row.delete()


def finish(export: LongExport, state: ExportState, why: str = "") -> None:
    """End an export that is locked without a file, and remove what was written of it."""
    export.state, export.why, export.parts, export.finished_at = state, why[:300], [], timezone.now()
    export.save(update_fields=["state", "why", "parts", "finished_at"])
    clear_parts(export)


def clear_parts(export: LongExport) -> None:
    """Remove what was written of an export on the way to its file, with the running transaction."""
    folder = export.folder
    transaction.on_commit(lambda: _clear(folder))


def _clear(folder: str) -> None:
    if not default_storage.exists(folder):
        return
    remove_bytes([f"{folder}/{name}" for name in default_storage.listdir(folder)[1]])
    with suppress(OSError):  # a worker wrote one more slice just now; the next purge takes it
        default_storage.delete(folder)


def purge_exports(*, actor: Actor) -> int:
    """Nightly: remove files after their days and lines after three months, and what canceled ones left behind.

    Answers how many files are gone.
    """
    now = timezone.now()
    over = list(
        LongExport.objects.filter(state=ExportState.READY, expires_at__lte=now)
        .select_related("file")
        .select_for_update(of=("self",))
    )
    take_away([export.file for export in over])
    LongExport.objects.filter(pk__in=[export.pk for export in over]).update(state=ExportState.EXPIRED)
    LongExport.objects.exclude(state__in=[*UNDER_WAY, ExportState.READY]).filter(finished_at__lt=now - KEPT).delete()
    _clear_strays(actor.tenant_id)
    return len(over)


def _clear_strays(tenant_id: int) -> None:
    home = f"exports/{tenant_id}"
    if not default_storage.exists(home):
        return
    busy = {str(key) for key in LongExport.objects.filter(state__in=UNDER_WAY).values_list("key", flat=True)}
    folders = [f"{home}/{name}" for name in default_storage.listdir(home)[0] if name not in busy]
    transaction.on_commit(lambda: [_clear(folder) for folder in folders])
