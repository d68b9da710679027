"""Documents of agreements over HTTP: contract, files, shares and who fetched what."""

import base64
from datetime import timedelta

from django.utils import timezone

from agreements.models import Agreement, Document, DocumentShare
from core.tenancy.scope import tenant_scope
from tenants.models import FileAccess, User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.agreement_parts import make_document, make_nda
from tests.factories.agreements import make_agreement
from tests.factories.organizations import make_organization

WEB_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
PROGRAM = b"\x7fELF\x02\x01\x01" + b"\0" * 200


def of_researcher() -> Agreement:
    """An agreement that staff and alpha's researcher may read, but the viewer too."""
    return make_agreement(principal_investigator=User.objects.get(email="researcher@alpha.example"))


class TestDocuments(ApiContract):
    resource = Resource(
        prefix="documents",
        view="agreements.view_documents",
        create="agreements.add_document",
        edit="agreements.edit_document",
        delete="agreements.delete_document",
        make=lambda author: make_document(make_agreement(owner=author), added_by=author),
        payload=lambda: {
            "agreement": of_researcher().pk,
            "title": "First draft",
            "label": "draft",
            "level": "internal",
            "text": "1. Purpose",
        },
        patch={"label": "final"},
        references={"agreement": (make_agreement, lambda pk: {"agreement": pk})},
        queries={"list": 2, "detail": 1, "create": 5, "update": 5},
    )


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def file_of(agreement: Agreement, content: bytes = b"1. Purpose\n", name: str = "draft.txt", **fields) -> dict:
    return {"agreement": agreement.pk, "title": "A draft", "name": name, "content": encoded(content), **fields}


def test_each_title_counts_its_versions(in_alpha):
    api, row = Api(in_alpha, "officer"), make_agreement()
    made = [api.post("documents/", file_of(row, f"Version {n}\n".encode())).json() for n in (1, 2)]
    other = api.post("documents/", file_of(row, title="Another")).json()
    assert [each["number"] for each in (*made, other)] == [1, 2, 1]
    versions = api.get(f"documents/{made[0]['id']}/versions/").json()["results"]
    assert [each["id"] for each in versions] == [made[1]["id"], made[0]["id"]]
    assert Document.objects.get(pk=made[1]["id"]).text == "Version 2"


def test_a_file_is_handed_out_as_a_download_and_nothing_else(in_alpha):
    api = Api(in_alpha, "officer")
    made = api.post("documents/", file_of(make_agreement(), b"=cmd|' /C calc'!A0\n")).json()
    assert (made["file"], made["media_type"]) == ("draft.txt", "text/plain")
    assert not FileAccess.objects.exists()
    answer = api.post(f"documents/{made['id']}/download/")
    assert b"".join(answer.streaming_content) == b"=cmd|' /C calc'!A0\n"
    assert answer["Content-Disposition"] == 'attachment; filename="draft.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    error_of(api.get(f"documents/{made['id']}/download/"), 405)


def test_each_fetch_is_on_record_for_whoever_handles_or_added_it_and_managers(in_alpha):
    row = make_agreement(owner=in_alpha.user("officer"), principal_investigator=in_alpha.user("researcher"))
    made = Api(in_alpha, "officer").post("documents/", file_of(row)).json()
    for role in ("researcher", "manager"):
        assert Api(in_alpha, role).post(f"documents/{made['id']}/download/").status_code == 200
    with nothing_changes():
        error_of(Api(in_alpha, "viewer").post(f"documents/{made['id']}/download/"), 403)
    path = f"documents/{made['id']}/accesses/"
    fetched = [in_alpha.user(role).pk for role in ("manager", "researcher")]
    for role, expected in (("officer", fetched), ("manager", fetched), ("administrator", fetched), ("researcher", [])):
        shown = Api(in_alpha, role).get(path).json()["results"]
        assert [each["member"]["id"] for each in shown] == expected, role


def test_what_is_no_document_is_refused(in_alpha):
    """Told from the content: a program called .pdf is a program, and a web page called .txt a web page."""
    api, row = Api(in_alpha, "officer"), make_agreement()
    with nothing_changes():
        for body, where in (
            (file_of(row, PROGRAM, "agreement.pdf"), "content"),
            (file_of(row, WEB_PAGE, "agreement.txt"), "content"),
            (file_of(row, WEB_PAGE, "agreement.html"), "content"),
            (file_of(row, b"", "empty.txt"), "content"),
            ({**file_of(row), "content": "not base64!"}, "content"),
            (file_of(row, b"x" * (2**20 + 1)), "content"),
            ({"agreement": row.pk, "title": "Nothing"}, "file"),
            ({**file_of(row), "title": "  "}, "title"),
        ):
            wrong = error_of(api.post("documents/", body), 400)
            assert set(wrong["fields"]) <= {where, "file"}, (body.get("name"), wrong)


def test_nothing_confidential_is_shared_without_an_nda_in_force(in_alpha):
    organization, day = make_organization(), timezone.localdate()
    officer, manager = Api(in_alpha, "officer"), Api(in_alpha, "manager")
    row = make_agreement(owner=in_alpha.user("officer"))
    secret, open_one = (make_document(row, level=level) for level in ("confidential", "internal"))
    make_nda(organization, expires_on=day - timedelta(days=1))
    make_nda(organization, effective_on=day + timedelta(days=1))
    make_nda(organization, status="terminated", ended_on=day)
    make_nda(make_organization())
    body = {"organization": organization.pk}
    with nothing_changes():
        assert error_of(officer.post(f"documents/{secret.pk}/share/", body), 409)["code"] == "no_nda"
        reasoned = {**body, "override_reason": "They asked nicely."}
        assert error_of(officer.post(f"documents/{secret.pk}/share/", reasoned), 409)["code"] == "no_nda"
        assert error_of(manager.post(f"documents/{secret.pk}/share/", body), 409)["code"] == "no_nda"
    assert officer.post(f"documents/{open_one.pk}/share/", body).status_code == 200
    assert manager.post(f"documents/{secret.pk}/share/", reasoned).status_code == 200
    nda = make_nda(organization)
    assert officer.post(f"documents/{secret.pk}/share/", body).status_code == 200
    shares = officer.get(f"documents/{secret.pk}/shares/").json()["results"]
    assert [(each["under_nda"], each["nda_reference"], each["override_reason"]) for each in shares] == [
        (True, nda.reference, ""),
        (False, None, "They asked nicely."),
    ]
    assert DocumentShare.objects.filter(document=secret).count() == 2


def test_an_nda_above_ones_level_counts_and_is_not_named(in_alpha):
    organization = make_organization()
    make_nda(organization, level="restricted")
    document = make_document(make_agreement(owner=in_alpha.user("officer")), level="confidential")
    api = Api(in_alpha, "officer")
    assert api.post(f"documents/{document.pk}/share/", {"organization": organization.pk}).status_code == 200
    [share] = api.get(f"documents/{document.pk}/shares/").json()["results"]
    assert (share["under_nda"], share["nda_reference"]) == (True, None)


def test_documents_above_ones_level_are_absent(alpha):
    """By the document's level and the agreement's: one's own are there at every level."""
    with tenant_scope(alpha.id):
        open_one = make_agreement()
        rows = {level: make_document(open_one, level=level) for level in LEVELS}
        hidden = make_document(make_agreement(level="restricted"), level="public")
        mine = {role: make_document(open_one, level="restricted", added_by=alpha.user(role)) for role in HIGHEST}
    for role, highest in HIGHEST.items():
        api = Api(alpha, role)
        seen = {rows[level].pk for level in LEVELS[:highest]}
        if role == "administrator":
            seen |= {hidden.pk, *(each.pk for each in mine.values())}
        elif role != "researcher":  # who may not read the agreement does not read what hangs on it
            seen.add(mine[role].pk)
        listed = api.get("documents/").json()
        assert {each["id"] for each in listed["results"]} == seen, role
        assert listed["count"] == len(seen)
        for row in (*rows.values(), hidden):
            for path in ("", "versions/", "shares/", "accesses/"):
                expected = 200 if row.pk in seen else 404
                assert api.get(f"documents/{row.pk}/{path}").status_code == expected, (role, path)
    error_of(Api(alpha, "viewer").get("documents/"), 403)


def test_a_level_is_lowered_by_those_who_may_read_it_alone(in_alpha):
    mine = make_document(make_agreement(), level="restricted", added_by=in_alpha.user("officer"))
    theirs = make_document(level="internal")
    with nothing_changes():
        answer = Api(in_alpha, "officer").patch(f"documents/{mine.pk}/", {"level": "internal"})
        assert error_of(answer, 409)["code"] == "may_not_lower"
        answer = Api(in_alpha, "officer").patch(f"documents/{theirs.pk}/", {"level": "restricted"})
        assert error_of(answer, 409)["code"] == "beyond_sight"
    lowered = Api(in_alpha, "administrator").patch(f"documents/{mine.pk}/", {"level": "internal"})
    assert lowered.json()["level"] == "internal"


LEVELS = ["public", "internal", "partner_shared", "confidential", "restricted"]
HIGHEST = {"officer": 3, "manager": 4, "administrator": 5, "researcher": 0}


def test_two_versions_are_compared_paragraph_by_paragraph(in_alpha):
    agreement = make_agreement()
    old = make_document(agreement, text="1. Purpose\nThirty days to review.\n3. Law")
    new = make_document(agreement, text="1. Purpose\nSixty days to review.\n3. Law\n4. Term")
    found = Api(in_alpha, "officer").get(f"documents/{old.pk}/compare/", {"other": new.pk}).json()
    assert (found["left"]["id"], found["right"]["id"]) == (old.pk, new.pk)
    assert [row["kind"] for row in found["rows"]] == ["same", "changed", "same", "added"]
    changed, added = found["rows"][1], found["rows"][3]
    assert [piece["text"] for piece in changed["left"] if piece["changed"]] == ["Thirty"]
    assert [piece["text"] for piece in changed["right"] if piece["changed"]] == ["Sixty"]
    assert (added["left"], added["left_number"], added["right_number"]) == ([], None, 4)


def test_what_cannot_be_compared_says_why(in_alpha, beta):
    agreement = make_agreement(owner=in_alpha.user("administrator"))
    document = make_document(agreement)
    given = file_of(agreement, b"%PDF-1.4\n%%EOF\n", "scan.pdf", level="internal")
    scan = Api(in_alpha, "administrator").post("documents/", given).json()
    secret = make_document(agreement, level="restricted")
    with tenant_scope(beta.id):
        foreign = make_document()
    api = Api(in_alpha, "officer")
    assert error_of(api.get(f"documents/{document.pk}/compare/", {"other": scan["id"]}), 409)["code"] == "no_text"
    for absent in (secret.pk, foreign.pk, 999_999_999):
        assert error_of(api.get(f"documents/{document.pk}/compare/", {"other": absent}), 400)["code"] == "not_there"
    assert list(error_of(api.get(f"documents/{document.pk}/compare/"), 400)["fields"]) == ["other"]
    assert error_of(api.get(f"documents/{secret.pk}/compare/", {"other": document.pk}), 404)
