"""Documents: what is kept, what is compared, what is given out, and what stays."""

import io
import zipfile

import pytest

from agreements.actions.agreements import delete_agreement
from agreements.actions.documents import (
    LONGEST_TEXT,
    add_document,
    delete_document,
    edit_document,
    open_document,
    share_document,
)
from agreements.models import Document, DocumentShare
from agreements.queries.documents import compare, versions_of
from agreements.rules.differences import RowKind
from core.errors import ActionRefused, InvalidInput
from organizations.models import Organization
from tenants.actions.files import LARGEST
from tenants.models import FileAccess, StoredFile
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_document, make_nda
from tests.factories.agreements import make_agreement
from tests.factories.logging import upload
from tests.factories.organizations import make_organization

PROGRAM = b"MZ\x90\x00" + b"\0" * 300


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def refused(code: str, write, **arguments) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        write(**arguments)
    assert refusal.value.code == code
    return refusal.value


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("agreement.pdf", PROGRAM, "file_program"),
        ("agreement.docx", PROGRAM, "file_program"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n", "file_program"),
        ("agreement.exe", b"%PDF-1.7\n", "file_ending"),
        ("agreement.txt", b"<html><body>", "file_markup"),
        ("drawing.svg", b"<svg onload='x'>", "file_markup"),
        ("agreement.docx", archive(hello_dot_txt=b"hello"), "file_archive"),
        ("agreement.docx", archive(word__document_dot_xml=b"", word__vbaProject_dot_bin=b"x"), "file_macros"),
        ("agreement.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "file_old_office"),
        ("agreement.txt", b"", "empty_file"),
    ],
)
def test_what_is_no_document_is_not_kept(in_alpha, name, content, code):
    row, actor = make_agreement(), in_alpha.actor("officer")
    refusal = refused(code, add_document, actor=actor, agreement=row, title="Draft", file=upload(content, name))
    assert (refusal.field, isinstance(refusal, InvalidInput)) == ("file", True)


def test_a_file_has_25_megabytes_at_most(in_alpha):
    row, actor = make_agreement(), in_alpha.actor("officer")
    big = upload(b"a" * (LARGEST + 1), "draft.txt")
    assert "25 MB" in refused("file_too_large", add_document, actor=actor, agreement=row, title="A", file=big).message
    made = add_document(actor=actor, agreement=row, title="A", file=upload(b"a" * 1000, "draft.txt"))
    assert made.file.size == 1000
    long_text = "a" * (LONGEST_TEXT + 1)
    refused("too_long", add_document, actor=actor, agreement=row, title="A", text=long_text)


def test_a_document_has_a_title_and_a_content(in_alpha):
    row, actor = make_agreement(), in_alpha.actor("officer")
    assert refused("no_title", add_document, actor=actor, agreement=row, title=" ", text="x").field == "title"
    assert refused("no_content", add_document, actor=actor, agreement=row, title="A", text=" \n").field == "file"
    made = add_document(actor=actor, agreement=row, title=" A  draft ", text="One\r\nTwo\r\n")
    assert (made.title, made.text, made.number, made.level) == ("A draft", "One\nTwo", 1, "confidential")
    refused("no_content", edit_document, actor=actor, document=made, text="")
    for name, value in (("title", "B"), ("agreement", make_agreement())):
        refused("fixed", edit_document, actor=actor, document=made, **{name: value})


# Differences


def test_two_versions_are_compared_word_by_word(in_alpha):
    row, actor = make_agreement(), in_alpha.actor("officer")
    first = add_document(
        actor=actor,
        agreement=row,
        title="Draft",
        level="internal",
        text="1. Purpose\n\nThe parties work on membranes for two years.\nNobody publishes anything.",
    )
    second = add_document(
        actor=actor,
        agreement=row,
        title="Draft",
        level="internal",
        file=upload(
            b"\xef\xbb\xbf1. Purpose\nThe parties work on membranes for three years.\n4. Law of Denmark\n", "draft.txt"
        ),
    )
    assert list(versions_of(actor, first)) == [second, first]
    rows = compare(actor, document_a=first, document_b=second)
    assert [each.kind for each in rows] == [RowKind.SAME, RowKind.CHANGED, RowKind.REMOVED, RowKind.ADDED]
    assert [piece.text for piece in rows[1].left if piece.changed] == ["two"]
    assert [piece.text for piece in rows[1].right if piece.changed] == ["three"]
    assert (rows[2].left_text, rows[3].right_text) == ("Nobody publishes anything.", "4. Law of Denmark")
    assert all(each.kind is RowKind.SAME for each in compare(actor, document_a=first, document_b=first))


def test_only_texts_that_one_may_read_are_compared(in_alpha):
    row = make_agreement()
    one, hidden = make_document(row), make_document(row, level="restricted")
    bare = make_document(row)
    Document.objects.filter(pk=bare.pk).update(text="", file=add_file(in_alpha, row))
    actor = in_alpha.actor("officer")
    for other, code in ((hidden, "not_there"), (bare, "no_text")):
        other.refresh_from_db()
        refused(code, lambda other: compare(actor, document_a=one, document_b=other), other=other)
    Document.objects.filter(pk=bare.pk).update(text="a" * 400_001)
    refused("too_long", lambda: compare(actor, document_a=one, document_b=bare))


def add_file(office, row) -> StoredFile:
    actor = office.actor("officer")
    return add_document(actor=actor, agreement=row, title="F", file=upload(b"%PDF-1.7\n", "a.pdf")).file


# Opening, giving, deleting


def test_opening_is_written_down_each_time(in_alpha):
    actor = in_alpha.actor("manager")
    made = add_document(actor=actor, agreement=make_agreement(), title="F", file=upload(b"%PDF-1.7\n", "a.pdf"))
    assert (made.text, FileAccess.objects.count()) == ("", 0)
    for _ in range(2):
        open_document(actor=actor, document=made)
    assert list(FileAccess.objects.values_list("file_id", "member_id")) == [(made.file_id, actor.user_id)] * 2
    refused("no_file", open_document, actor=actor, document=make_document())


@pytest.mark.parametrize(
    ("level", "needed"),
    [
        ("public", False),
        ("internal", False),
        ("partner_shared", True),
        ("confidential", True),
        ("restricted", True),
    ],
)
def test_from_which_level_an_nda_is_needed(in_alpha, level, needed):
    document, organization = make_document(level=level), make_organization()
    give = {"actor": in_alpha.actor("officer"), "document": document, "organization": organization}
    if needed:
        assert refused("no_nda", share_document, **give).field == "organization"
        make_nda(organization)
    share_document(**give)
    share = DocumentShare.objects.get()
    assert (share.nda_id is not None) == needed
    assert bool(share.override_reason) != needed


def test_nothing_is_given_to_the_institution_itself(in_alpha):
    own = Organization.objects.create(name="Alpha University", is_own=True)
    give = {"actor": in_alpha.actor("officer"), "document": make_document(), "organization": own}
    refused("own_institution", share_document, **give)


def test_what_was_executed_or_given_stays(in_alpha):
    actor, agreement = in_alpha.actor("officer"), make_agreement()
    executed, given = make_document(agreement, label="executed"), make_document(agreement)
    plain = make_document(agreement)
    share_document(actor=actor, document=given, organization=make_organization())
    refused("executed", delete_document, actor=actor, document=executed)
    refused("shared", delete_document, actor=actor, document=given)
    with nothing_changes(), pytest.raises(ActionRefused):
        delete_agreement(actor=actor, agreement=agreement)
    delete_document(actor=actor, document=plain)
    assert set(Document.objects.all()) == {executed, given}
