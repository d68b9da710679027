"""What a file is, told from its content. A name is only believed where it agrees with the content.

The list is closed and short: what an office exchanges with partners. Whatever a browser or a double-click would run
is not on it, under whatever name it comes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

HEAD = 64 * 1024
MOST_MEMBERS = 5_000
LARGEST_DIRECTORY = 2 * 1024 * 1024
END_OF_ARCHIVE = b"PK\x05\x06"

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    f"{OFFICE}wordprocessingml.document": (".docx",),
    f"{OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{OFFICE}presentationml.presentation": (".pptx",),
    f"{OPEN}text": (".odt",),
    f"{OPEN}spreadsheet": (".ods",),
    f"{OPEN}presentation": (".odp",),
    "text/plain": (".txt", ".csv", ".tsv", ".md", ".ics", ".vcf", ".eml", ".log"),
}
PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
PROGRAMS = (
    b"MZ", b"\x7fELF", b"#!", b"L\0\0\0\x01\x14\x02\0",
    b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
)  # fmt: skip
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEIC = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
MARKUP = re.compile(rb"\A\s*<|<\s*(?:script|html|svg|iframe|object|embed)\b", re.IGNORECASE)


class Unwelcome(Exception):
    """A file that is not taken; ``code`` says why: program, markup, macros, old_office, archive, ending or unknown."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    endings: tuple[str, ...]


def kind_of(stream: BinaryIO, name: str) -> Kind:
    """The kind of a file by its content, which its name must fit. Raises Unwelcome. The stream is left at its start."""
    stream.seek(0)
    head = stream.read(HEAD)
    try:
        media_type = _by_content(head, stream)
    finally:
        stream.seek(0)
    kind = Kind(media_type, ENDINGS[media_type])
    if PurePath(name).suffix.lower() not in kind.endings:
        raise Unwelcome("ending")
    return kind


def _by_content(head: bytes, stream: BinaryIO) -> str:
    if head.startswith(PROGRAMS):
        raise Unwelcome("program")
    if head.startswith(OLD_OFFICE):
        raise Unwelcome("old_office")
    if head.startswith(b"PK"):
        return _archive(stream)
    for start, media_type in STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return "image/heic"
    return _text(head, stream)


def _archive(stream: BinaryIO) -> str:
    """Office documents are archives; any other archive could hold anything."""
    members, declared = _members(stream)
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        raise Unwelcome("macros")
    if declared in ENDINGS:
        return declared
    if "[Content_Types].xml" in members:
        for part, media_type in PARTS.items():
            if part in members:
                return media_type
    raise Unwelcome("archive")


def _members(stream: BinaryIO) -> tuple[set[str], str]:
    """The names in the archive, and what an OpenDocument file says it is; nothing is unpacked but that line."""
    stream.seek(0, io.SEEK_END)
    stream.seek(max(0, stream.tell() - 66_000))
    _before, _mark, end = stream.read().rpartition(END_OF_ARCHIVE)
    count, size = int.from_bytes(end[6:8], "little"), int.from_bytes(end[8:12], "little")
    if len(end) < 18 or count > MOST_MEMBERS or size > LARGEST_DIRECTORY:
        raise Unwelcome("archive")
    try:
        with zipfile.ZipFile(stream) as archive:
            first = archive.infolist()[:1]
            declared = ""
            if first and first[0].filename == "mimetype" and first[0].file_size <= 100:
                declared = archive.read(first[0]).decode("ascii", "replace").strip()
            return set(archive.namelist()), declared
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as broken:
        raise Unwelcome("archive") from broken


def _text(head: bytes, stream: BinaryIO) -> str:
    """Text is UTF-8 without zero bytes from first to last, and no markup that a browser would show or run."""
    if MARKUP.search(head.removeprefix(b"\xef\xbb\xbf")):
        raise Unwelcome("markup")
    stream.seek(0)
    try:
        for line in io.TextIOWrapper(_Borrowed(stream), encoding="utf-8", newline="\n"):
            if "\0" in line:
                raise Unwelcome("unknown")
    except UnicodeDecodeError as binary:
        raise Unwelcome("unknown") from binary
    return "text/plain"


class _Borrowed(io.RawIOBase):
    """Somebody else's stream, read and not closed."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
