"""What a file is, told from its content; what is refused, and why, whatever its name."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media import ENDINGS, Unwelcome, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def archive(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
XLSX = archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<c/>"})


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7\n...", "Minutes.PDF", "application/pdf"),
        (PNG, "photo.png", "image/png"),
        (b"\xff\xd8\xff\xe0....", "photo.jpeg", "image/jpeg"),
        (b"GIF89a....", "x.gif", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "x.webp", "image/webp"),
        (b"\0\0\0\x18ftypheic....", "x.heic", "image/heic"),
        (DOCX, "draft.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "budget.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (ODT, "draft.odt", "application/vnd.oasis.opendocument.text"),
        ("Grüße, 山田\n".encode(), "notes.txt", "text/plain"),
        (b"a;b\r\n1;2\r\n", "list.csv", "text/plain"),
    ],
)
def test_what_an_office_exchanges_is_welcome(content, name, media_type):
    assert kind_of(io.BytesIO(content), name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\0", "program"),
        (b"\x7fELF\x02", "program"),
        (b"\xca\xfe\xba\xbe\0", "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"<!DOCTYPE html><p>", "markup"),
        (b"\xef\xbb\xbf  <html>", "markup"),
        (b'<?xml version="1.0"?><svg onload="x()"/>', "markup"),
        (b"Hello <script>alert(1)</script>", "markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old_office"),
        (archive(a="b"), "archive"),
        (archive(**{"META-INF/MANIFEST.MF": "x", "A.class": "x"}), "archive"),
        (archive(**{"[Content_Types].xml": "x", "word/document.xml": "x", "word/vbaProject.bin": "x"}), "macros"),
        (b"PK\x03\x04 and nothing else", "archive"),
        (b"\0\x01\x02", "unknown"),
        (b"\xff\xfea\0b\0", "unknown"),
        (b"", "ending"),
    ],
)
@pytest.mark.parametrize("name", ["innocent.pdf", "photo.png", "draft.docx"])
def test_what_would_run_is_refused_under_every_name(content, code, name):
    with pytest.raises(Unwelcome) as refused:
        kind_of(io.BytesIO(content), name)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["x.exe", "x.pdf.exe", "x.html", "x", "x.svg", "x.png"])
def test_a_name_has_to_fit_the_content(name):
    with pytest.raises(Unwelcome, match="ending"):
        kind_of(io.BytesIO(b"%PDF-1.7"), name)


def test_zero_bytes_far_inside_a_text_are_found():
    with pytest.raises(Unwelcome, match="unknown"):
        kind_of(io.BytesIO(b"text\n" * 50_000 + b"\0"), "x.txt")


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.pdf", "a.docx", "a.png", "a"]))
def test_any_content_is_told_or_refused(content, name):
    stream = io.BytesIO(content)
    try:
        kind = kind_of(stream, name)
    except Unwelcome:
        pass
    else:
        assert kind.endings == ENDINGS[kind.media_type]
    assert stream.tell() == 0
