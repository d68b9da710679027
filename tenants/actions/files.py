"""Keeping files. Called inside the actions of what a file belongs to: the permission is theirs."""

import base64
import binascii
import hashlib
import io
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import IO, Protocol

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import InvalidInput
from core.media import Unwelcome, kind_of
from tenants.models import FileAccess, StoredFile

LARGEST = 25 * 1024 * 1024
LARGEST_IN_JSON = 1024 * 1024
KEPT_UNUSED = timedelta(days=60)
LONGEST_NAME = 200
REASONS = {
    "program": gettext_lazy("%s is a program. Programs are not kept here."),
    "markup": gettext_lazy("%s is a web page or a drawing with code in it. Save it as PDF and attach that."),
    "macros": gettext_lazy("%s contains macros. Save it without macros (.docx, .xlsx, .pptx) and attach that."),
    "old_office": gettext_lazy("%s is in an old Office format. Save it as .docx, .xlsx, .pptx or PDF and attach that."),
    "archive": gettext_lazy("%s is an archive. Attach the files in it one by one."),
    "ending": gettext_lazy("The name %s does not fit what the file is. Give it the right ending, such as .pdf."),
    "unknown": gettext_lazy("%s is of a kind that is not kept here. Attach a PDF, image, Office document or text."),
}


class Upload(Protocol):
    """What a form or the API hands over: an open file with name and size."""

    name: str
    size: int

    def read(self, size: int = ...) -> bytes: ...
    def seek(self, offset: int, whence: int = ...) -> int: ...


def check_file(upload: Upload, *, field: str = "files") -> str:
    """The media type of a file that may be kept; refuses any other and says how to bring it."""
    name = upload.name
    if not upload.size:
        raise InvalidInput("empty_file", _("%s is empty. Choose another file.") % name, field=field)
    if upload.size > LARGEST:
        words = _("%(name)s has more than %(most)s MB. Attach a smaller file, or write down where it lies.")
        raise InvalidInput("file_too_large", words % {"name": name, "most": LARGEST // 2**20}, field=field)
    try:
        return kind_of(upload, name).media_type
    except Unwelcome as unwelcome:
        raise InvalidInput(f"file_{unwelcome.code}", REASONS[unwelcome.code] % name, field=field) from None


def decoded_upload(name: str, content: str, *, field: str = "content") -> Upload:
    """A small file out of base64, as bodies of the API carry it; what it is, ``store_file`` looks at."""
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("not_base64", _("Give the content in base64."), field=field) from None
    if len(data) > LARGEST_IN_JSON:
        raise InvalidInput("file_too_large", _("Files above 1 MB are attached on the page."), field=field)
    upload = io.BytesIO(data)
    upload.name, upload.size = name, len(data)
    return upload


def store_file(*, actor: Actor, upload: Upload, field: str = "files") -> StoredFile:
    """Keep a file; whoever calls refers to it. Bytes without a row, after a rollback, are removed by the next purge."""
    media_type = check_file(upload, field=field)
    return _keep(upload, name=_plain_name(upload.name), media_type=media_type, member_id=actor.user_id)


def keep_written(*, content: IO[bytes], name: str, media_type: str, member_id: int) -> StoredFile:
    """Keep a file that was written here for a member; nobody has to look at what it is. Else as ``store_file``."""
    size = content.seek(0, io.SEEK_END)
    upload = File(content, name=name)
    upload.size = size
    return _keep(upload, name=name, media_type=media_type, member_id=member_id)


def _keep(upload: Upload, *, name: str, media_type: str, member_id: int | None) -> StoredFile:
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(2**16):
        digest.update(chunk)
    upload.seek(0)
    stored = StoredFile.objects.create(
        name=name, size=upload.size, media_type=media_type, sha256=digest.hexdigest(), uploaded_by_id=member_id
    )
    default_storage.save(stored.path, File(upload, name=stored.path))
    return stored


def take_away(files: Iterable[StoredFile]) -> None:
    """Remove the bytes of files for good, with the running transaction; the rows stay, for who fetched them."""
    gone = [file for file in files if file.purged_at is None]
    StoredFile.objects.filter(pk__in=[file.pk for file in gone]).update(purged_at=timezone.now())
    paths = [file.path for file in gone]
    transaction.on_commit(lambda: remove_bytes(paths))


def _plain_name(name: str) -> str:
    """The last part of a path without letters that a file system or a header minds; its ending is kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '"<>|:*?')
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" or get_valid_filename(kept)


def note_access(*, actor: Actor, file: StoredFile) -> None:
    """Write down that somebody fetched a file."""
    FileAccess.objects.create(file=file, member_id=actor.user_id)


def purge_files(*, actor: Actor) -> int:
    """Remove the bytes of files that nothing referred to for 60 days, and bytes without a row; answers how many.

    An undo brings back what refers to a file, so its bytes wait longer than an undo may take.
    """
    now = timezone.now()
    used = Q()
    for relation in _uses():
        used |= Exists(relation.related_model.objects.filter(**{relation.field.attname: OuterRef("pk")}))
    files = StoredFile.objects.filter(purged_at=None)
    files.filter(used, unused_since__isnull=False).update(unused_since=None)
    files.exclude(used).filter(unused_since=None).update(unused_since=now)
    gone = list(files.exclude(used).filter(unused_since__lt=now - KEPT_UNUSED))
    StoredFile.objects.filter(pk__in=[file.pk for file in gone]).update(purged_at=now)
    paths = [file.path for file in gone] + _strays(actor.tenant_id, older_than=now - timedelta(days=1))
    transaction.on_commit(lambda: remove_bytes(paths))
    return len(paths)


def _uses() -> Collection[models.ManyToOneRel]:
    """The references of whatever a file can belong to."""
    fields = StoredFile._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.one_to_many and field.related_model is not FileAccess]


def _strays(tenant_id: int, *, older_than) -> list[str]:
    folder = f"files/{tenant_id}"
    if not default_storage.exists(folder):
        return []
    names = default_storage.listdir(folder)[1]
    known = {str(key) for key in StoredFile.objects.filter(purged_at=None).values_list("key", flat=True)}
    paths = [f"{folder}/{name}" for name in names if name not in known]
    return [path for path in paths if default_storage.get_modified_time(path) < older_than]


def remove_bytes(paths: Iterable[str]) -> None:
    """Remove what lies in the storage under these names, where it is still there."""
    for path in paths:
        with suppress(FileNotFoundError):
            default_storage.delete(path)
