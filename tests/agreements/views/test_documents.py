"""Documents of agreements on pages: versions, fetching, comparing, giving out, and who may."""

from agreements.models import Document, DocumentShare
from tenants.models import FileAccess
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_document, make_nda
from tests.factories.agreements import make_agreement
from tests.factories.logging import upload
from tests.factories.organizations import make_organization


def page_of(office, row, path: str = "") -> str:
    return f"{office.prefix}/documents/{row.pk}/{path}"


def add(member, office, row, *, content: bytes = b"Terms.\nFee 10.\n", **more):
    given = {"title": "Draft", "label": "draft", "level": "internal", "file": upload(content, "draft.txt"), **more}
    return member.post(f"{office.prefix}/agreements/{row.pk}/documents/new/", given)


def test_the_same_title_makes_the_next_version_and_both_are_compared(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha, "officer")
    assert add(member, in_alpha, row)["Location"].endswith("?tab=documents")
    assert add(member, in_alpha, row, content=b"Terms.\nFee 12.\n", label="redline").status_code == 302
    first, second = Document.objects.filter(agreement=row).order_by("number")
    tab = member.get(f"{in_alpha.prefix}/agreements/{row.pk}/?tab=documents").content.decode()
    assert "Redline" in tab
    text = member.get(page_of(in_alpha, second, "compare/")).content.decode()
    assert "1 paragraph differs" in text
    assert "<del>10</del>" in text
    assert "<ins>12</ins>" in text
    assert member.get(page_of(in_alpha, first, "compare/?left=999&right=x")).status_code == 200


def test_what_may_not_be_kept_is_refused_at_the_field(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha, "officer")
    with nothing_changes():
        program = add(member, in_alpha, row, content=b"MZ\x90\x00program")
        nothing = member.post(
            f"{in_alpha.prefix}/agreements/{row.pk}/documents/new/",
            {"title": "Draft", "label": "draft", "level": "internal"},
        )
    assert program.status_code == 422
    assert "Choose a file, or paste the text." in nothing.content.decode()


def test_each_fetch_is_written_down_and_shown_to_the_owner_alone(in_alpha, client_of):
    row = make_agreement(owner=in_alpha.user("officer"))
    owner, researcher = client_of(in_alpha, "officer"), client_of(in_alpha, "administrator")
    add(owner, in_alpha, row)
    document = Document.objects.get()
    answer = researcher.get(page_of(in_alpha, document, "file/"))
    assert b"".join(answer.streaming_content) == b"Terms.\nFee 10.\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert FileAccess.objects.get().member == in_alpha.user("administrator")
    assert "Who fetched it" in owner.get(page_of(in_alpha, document)).content.decode()
    other = make_document(make_agreement(), level="internal")
    assert "Who fetched it" not in owner.get(page_of(in_alpha, other)).content.decode()


def test_giving_it_out_takes_an_nda_or_a_managers_reason(in_alpha, client_of):
    row, outsider = make_document(level="confidential"), make_organization(name="Outsider")
    officer, manager = client_of(in_alpha, "officer"), client_of(in_alpha)
    row.agreement.owner = in_alpha.user("officer")
    row.agreement.save()
    page, given = page_of(in_alpha, row, "share/"), {"organization": outsider.pk}
    with nothing_changes():
        refused = officer.post(page, {**given, "override_reason": "They asked"})
    assert (refused.status_code, "no NDA in force with Outsider" in refused.content.decode()) == (422, True)
    assert manager.post(page, {**given, "override_reason": "The board decided"}).status_code == 302
    make_nda(outsider)
    assert officer.post(page, given).status_code == 302
    shares = list(DocumentShare.objects.order_by("pk"))
    assert [bool(share.nda_id) for share in shares] == [False, True]
    text = manager.get(page_of(in_alpha, row)).content.decode()
    assert "The board decided" in text
    assert "Outsider" in text


def test_levels_hold_for_pages_files_and_comparisons(in_alpha, client_of):
    row = make_document(level="restricted")
    for path in ("", "file/", "compare/", "edit/", "share/"):
        assert client_of(in_alpha, "officer").get(page_of(in_alpha, row, path)).status_code == 404
        assert client_of(in_alpha, "viewer").get(page_of(in_alpha, row, path)).status_code == 403


def test_a_document_is_corrected_and_deleted(in_alpha, client_of):
    row, member = make_document(level="internal"), client_of(in_alpha)
    given = {"version": 1, "label": "final", "level": "internal", "text": "Other words"}
    assert member.post(page_of(in_alpha, row, "edit/"), given).status_code == 302
    row.refresh_from_db()
    assert (row.label, row.text) == ("final", "Other words")
    kept = make_document(row.agreement, label="executed", level="internal")
    with nothing_changes():
        answer = member.post(page_of(in_alpha, kept, "delete/"), follow=True)
    assert "is kept" in answer.content.decode()
    assert member.post(page_of(in_alpha, row, "delete/")).status_code == 302
    assert not Document.objects.filter(pk=row.pk).exists()
