"""The page of one's files, and how a list that is too long for at once gets there."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core import exports
from core.tenancy.scope import tenant_scope
from tenants.choices import Role
from tenants.models import Export, FileAccess, LongExport
from tests.api_kit import nothing_changes
from tests.factories.exports import make_export
from tests.factories.organizations import make_organization


def see(client, address: str, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture
def three(alpha, monkeypatch):
    """Three organizations, of which two would come at once."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    with tenant_scope(alpha.id):
        for number in range(3):
            make_organization(name=f"Org {number}")
    return alpha


def test_a_long_list_leads_to_ones_exports(three, client_of):
    client = client_of(three)
    given = {"query": "sort=-name", "format": "csv"}
    answer = client.post(f"{three.prefix}/lists/organizations/export/", given)
    assert answer["Location"] == f"{three.prefix}/exports/"
    page = see(client, answer["Location"])
    assert "The file with 3 rows is being written." in page
    assert "Waiting" in page
    assert f'href="{three.prefix}/organizations/?view=&amp;sort=-name"' in page
    with tenant_scope(three.id):
        assert LongExport.objects.get().query == "sort=-name"
        assert not Export.objects.exists()


def test_a_list_that_is_refused_leads_back_with_the_reason(three, client_of, monkeypatch):
    monkeypatch.setattr("tenants.actions.long_exports.MOST_ROWS", {"csv": 2, "xlsx": 2})
    client = client_of(three)
    with nothing_changes():
        answer = client.post(f"{three.prefix}/lists/organizations/export/", {"query": "sort=-name", "format": "csv"})
    assert answer["Location"] == f"{three.prefix}/organizations/?view=&sort=-name"
    assert "Narrow the list, or read it page by page over the API." in see(client, answer["Location"])


def test_the_menus_lead_there(alpha, client_of):
    for role in Role.values:
        page = see(client_of(alpha, role), f"{alpha.prefix}/partners/")
        assert page.count(f'href="{alpha.prefix}/exports/"') == (0 if role == "viewer" else 2)


def test_without_any_it_says_how_to_get_one(alpha, client_of):
    page = see(client_of(alpha), f"{alpha.prefix}/exports/")
    assert "Choose Export above a list." in page
    assert "hx-get" not in page.split('id="exports"')[1].split(">")[0]


def test_each_state_says_what_it_is_and_offers_what_can_be_done(alpha, client_of):
    with tenant_scope(alpha.id):
        manager, now = alpha.user("manager"), timezone.now()
        make_export(manager, "waiting", title="Waits")
        make_export(manager, "writing", title="Writes", rows_all=48210, rows_done=12000)
        make_export(manager, "ready", title="Done", filter="Tier: Strategic")
        make_export(manager, "canceled", title="Stopped")
        make_export(manager, "failed", title="Broken", why="Something went wrong each time.")
        make_export(manager, "refused", title="Barred", why="You may not.")
        make_export(manager, "ready", title="Old", expires_at=now - timedelta(days=1))
        make_export(alpha.user("officer"), "ready", title="Theirs")
    page = see(client_of(alpha), f"{alpha.prefix}/exports/")
    rows = {words(row).split()[0]: words(row) for row in re.findall(r"<tr>(?!<th scope=\"col\").*?</tr>", page, re.S)}
    assert "Theirs" not in page
    for title, state, offers in (
        ("Waits", "Waiting", ["Cancel"]),
        ("Writes", "Being written", ["Cancel"]),
        ("Done", "Ready", ["Download", "Remove"]),
        ("Stopped", "Canceled", ["Try again", "Remove"]),
        ("Broken", "Failed", ["Try again", "Remove"]),
        ("Barred", "Refused", ["Try again", "Remove"]),
        ("Old", "Expired", ["Try again", "Remove"]),
    ):
        assert state in rows[title]
        found = [each for each in ("Download", "Cancel", "Try again", "Remove") if f"{each} {title}" in rows[title]]
        assert found == offers, title
    assert "Reading rows 12,000 of 48,210" in rows["Writes"]
    assert '<progress value="12000" max="48210"' in page
    assert "Something went wrong each time." in rows["Broken"]
    assert "Tier: Strategic" in rows["Done"]


def test_the_list_asks_for_itself_while_something_is_written(alpha, client_of):
    client, address = client_of(alpha), f"{alpha.prefix}/exports/"
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("manager"), "writing", rows_all=10, rows_done=10)
    page = see(client, address)
    assert f'hx-get="{address}" hx-trigger="every 2s"' in page
    assert "Putting the file together" in page
    part = see(client, address, HX_Request="true")
    assert part.strip().startswith('<section class="stack" id="exports"')
    assert "hx-trigger" in part
    with tenant_scope(alpha.id):
        LongExport.objects.filter(pk=export.pk).update(state="failed")
    part = see(client, address, HX_Request="true")
    assert "hx-trigger" not in part
    assert 'data-announce="Nothing is being written any more."' in part


def test_fetching_canceling_trying_again_and_removing(alpha, client_of):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("manager"), "ready", content=b"Partner\r\n")
    client, address = client_of(alpha), f"{alpha.prefix}/exports/{export.pk}"
    answer = client.post(f"{address}/file/")
    assert b"".join(answer.streaming_content) == b"Partner\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="partners.csv"'
    assert answer["Cache-Control"] == "no-store, private"
    with tenant_scope(alpha.id):
        assert FileAccess.objects.count() == 1
    for path, told in (
        ("cancel", "This file is not being written any more."),
        ("retry", "This file is there already, or being written."),
    ):
        with nothing_changes():
            answer = client.post(f"{address}/{path}/")
        assert told in see(client, answer["Location"])
    assert "Removed." in see(client, client.post(f"{address}/delete/")["Location"])
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("manager"), "writing")
    address = f"{alpha.prefix}/exports/{export.pk}"
    assert "Canceled." in see(client, client.post(f"{address}/cancel/")["Location"])
    with nothing_changes():
        answer = client.post(f"{address}/file/")
    assert "This file is not there." in see(client, answer["Location"])
    assert "being written anew" in see(client, client.post(f"{address}/retry/")["Location"])


def test_others_exports_are_absent(alpha, beta, client_of):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "ready")
    for client, status in (
        (client_of(alpha, "administrator"), 404),
        (client_of(alpha, "viewer"), 403),
        (client_of(beta, "administrator"), 404),
        (client_of(None), 404),
    ):
        with nothing_changes():
            for path in ("file", "cancel", "retry", "delete"):
                assert client.post(f"{alpha.prefix}/exports/{export.pk}/{path}/").status_code == status


def test_who_lost_the_list_does_not_get_its_file(alpha, client_of):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "ready", list_code="nothing")
    with nothing_changes():
        assert client_of(alpha, "officer").post(f"{alpha.prefix}/exports/{export.pk}/file/").status_code == 403
