"""Attached files: for whoever may read the interaction, each access noted, never shown inside a page."""

import base64
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core.actor import Actor
from core.tenancy.scope import tenant_scope, tenant_transaction
from partnerships.models import InteractionAttachment
from tenants.actions.files import KEPT_UNUSED, purge_files
from tenants.models import FileAccess, StoredFile
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.logging import make_attachment
from tests.factories.partnerships import make_interaction, make_partnership

TEXT = b"Minutes of a meeting\n"


@pytest.fixture
def attachment(alpha) -> InteractionAttachment:
    with tenant_scope(alpha.id):
        row = make_interaction(make_partnership(), confidentiality="confidential", logged_by=alpha.user("manager"))
        return make_attachment(alpha, row, content=TEXT, name="Minutes.txt")


def test_a_file_is_downloaded_and_never_shown(alpha, attachment, client_of):
    answer = client_of(alpha, "manager").get(f"{alpha.prefix}/attachments/{attachment.pk}/")
    assert b"".join(answer.streaming_content) == TEXT
    assert answer["Content-Disposition"] == 'attachment; filename="Minutes.txt"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "text/plain")
    with tenant_scope(alpha.id):
        access = FileAccess.objects.get()
        assert (access.file_id, access.member_id) == (attachment.file_id, alpha.user("manager").pk)


@pytest.mark.parametrize("role", ["officer", "researcher"])
def test_who_may_not_read_the_interaction_gets_no_file(alpha, attachment, client_of, role):
    member = client_of(alpha, role)
    with nothing_changes():
        assert member.get(f"{alpha.prefix}/attachments/{attachment.pk}/").status_code == 404
        assert member.post(f"{alpha.prefix}/attachments/{attachment.pk}/detach/").status_code == 404
        interaction = attachment.interaction_id
        error_of(Api(alpha, role).get(f"interactions/{interaction}/attachments/"), 404)
        body = {"name": "x.txt", "content": base64.b64encode(b"x").decode()}
        error_of(Api(alpha, role).post(f"interactions/{interaction}/attach/", body), 404)


def test_another_office_and_a_viewer_get_no_file(alpha, beta, attachment, client_of):
    with nothing_changes():
        assert client_of(beta, "administrator").get(f"{beta.prefix}/attachments/{attachment.pk}/").status_code == 404
        assert client_of(alpha, "viewer").get(f"{alpha.prefix}/attachments/{attachment.pk}/").status_code == 403


def test_small_files_over_the_api(in_alpha):
    api, row = Api(in_alpha, "manager"), make_interaction(make_partnership())
    path = f"interactions/{row.pk}/attach/"
    body = {"name": "notes.txt", "content": base64.b64encode(TEXT).decode()}
    assert api.post(path, body).status_code == 200
    (shown,) = api.get(f"interactions/{row.pk}/attachments/").json()["results"]
    assert (shown["name"], shown["size"], shown["media_type"]) == ("notes.txt", len(TEXT), "text/plain")
    with nothing_changes():
        for wrong in ({"content": "%%%"}, {"content": ""}, {"name": "x.exe"}, {"name": ""}):
            error_of(api.post(path, {**body, **wrong}), 400)


def test_a_file_taken_away_keeps_its_bytes_until_nothing_can_bring_it_back(alpha, attachment):
    path, system = attachment.file.path, Actor.system(alpha.id)
    with tenant_transaction(alpha.id):
        assert purge_files(actor=system) == 0
        InteractionAttachment.objects.filter(pk=attachment.pk).delete()
        purge_files(actor=system)
    with tenant_transaction(alpha.id):
        unused = StoredFile.objects.get(pk=attachment.file_id)
        assert unused.unused_since is not None
        StoredFile.objects.filter(pk=unused.pk).update(unused_since=timezone.now() - KEPT_UNUSED - timedelta(minutes=1))
        assert default_storage.exists(path)
        assert purge_files(actor=system) == 1
        assert StoredFile.objects.get(pk=unused.pk).purged_at is not None
