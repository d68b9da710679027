"""Saved views on the pages of lists, and lists as files."""

import csv
import datetime
import io
import re

import pytest
import time_machine
from openpyxl import load_workbook

from core import exports
from core.tenancy.scope import tenant_scope
from tenants.choices import Role
from tenants.models import Change, Export, SavedView, ViewMark
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership, make_project


def make_view(office, role: str = "manager", **fields) -> SavedView:
    given = {"name": "My strategic", "list_code": "partners", "query": "tier=strategic&sort=-health"}
    with tenant_scope(office.id):
        return SavedView.objects.create(owner=office.user(role), **{**given, **fields})


def see(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def current_view(page: str) -> tuple[str, bool]:
    """The name in the view menu, and whether the dot says that something was changed."""
    summary = re.search(r'<details class="menu view-menu">\s*<summary[^>]*>(.*?)</summary>', page, re.S)[1]
    return re.search(r'<span class="view-name">(.*?)</span>', summary)[1], "modified" in summary


def offered(page: str) -> list[str]:
    group = re.search(r'aria-label="This view">(.*?)</details>', page, re.S)[1]
    return re.findall(r'class="menu-item[^>]*>.*?<span>(.*?)</span>', group, re.S)


def pinned(page: str) -> list[tuple[str, str]]:
    rail = re.search(r'aria-labelledby="rail-views">(.*?)</ul>', page, re.S)
    return re.findall(r'href="([^"]*)".*?<span>(.*?)</span>', rail[1], re.S) if rail else []


# Opening


def test_a_view_opens_with_its_whole_query(alpha, client_of):
    view, address = make_view(alpha), f"{alpha.prefix}/partners/"
    client = client_of(alpha)
    page = see(client, address)
    assert current_view(page) == ("All", False)
    assert offered(page) == ["Save as a new view", "Copy address"]
    assert f'href="?view={view.pk}&amp;tier=strategic&amp;sort=-health"' in page
    page = see(client, f"{address}?view={view.pk}&tier=strategic&sort=-health")
    assert current_view(page) == ("My strategic", False)
    assert offered(page) == ["Save as a new view", "Copy address", "Pin", "Make default", "Rename or share", "Delete"]
    assert f'data-copy="http://testserver{address}?view={view.pk}&amp;tier=strategic&amp;sort=-health"' in page


def test_a_changed_view_says_so_and_can_be_saved_or_reset(alpha, client_of):
    view, client = make_view(alpha), client_of(alpha)
    page = see(client, f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic&band=watch&sort=-health&page=1")
    assert current_view(page) == ("My strategic", True)
    assert offered(page)[:3] == ["Save", "Save as a new view", "Reset"]
    assert f'href="?view={view.pk}&amp;tier=strategic&amp;sort=-health"' in page
    assert 'name="query" value="band=watch&amp;tier=strategic&amp;sort=-health"' in page
    answer = client.post(f"{alpha.prefix}/views/{view.pk}/overwrite/", {"query": "band=watch&sort=-health"})
    assert answer["Location"] == f"{alpha.prefix}/partners/?view={view.pk}&band=watch&sort=-health"
    assert current_view(see(client, answer["Location"])) == ("My strategic", False)
    with tenant_scope(alpha.id):
        view.refresh_from_db()
        assert (view.query, view.version) == ("band=watch&sort=-health", 2)
        assert Change.objects.filter(table_name="tenants_savedview", action="tenants.edit_view").count() == 1


def test_the_same_query_in_another_order_is_no_change(alpha, client_of):
    view = make_view(alpha, query="band=at_risk&band=watch&tier=strategic")
    page = see(client_of(alpha), f"{alpha.prefix}/partners/?tier=strategic&band=watch&view={view.pk}&band=at_risk&q=")
    assert current_view(page) == ("My strategic", False)


def test_an_address_works_for_who_may_not_see_its_view(alpha, client_of):
    view = make_view(alpha)
    with tenant_scope(alpha.id):
        make_partnership(make_organization(name="Kinetik"), tier="strategic")
        make_partnership(make_organization(name="Zebra"), tier="prospect")
    page = see(client_of(alpha, "viewer"), f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic&sort=-health")
    assert current_view(page) == ("All", True)
    assert "Kinetik" in page
    assert "Zebra" not in page
    assert "My strategic" not in page


def test_a_view_whose_filter_no_longer_holds_opens_with_the_rest_and_says_so(alpha, client_of):
    view = make_view(alpha, query="band=purple&colour=red&tier=strategic")
    page = see(client_of(alpha), f"{alpha.prefix}/partners/?view={view.pk}&{view.query}")
    assert "Health: Select a valid choice. purple is not one of the available choices." in page
    assert "colour: this list has no such filter." in page
    assert current_view(page) == ("My strategic", True)
    assert 'name="query" value="tier=strategic"' in page


# Saving


def test_saving_a_view_leads_back_to_it(alpha, client_of):
    client, address = client_of(alpha), f"{alpha.prefix}/lists/partners/views/new/"
    form = see(client, f"{address}?query=tier%3Dstrategic")
    assert '<input type="hidden" name="query" value="tier=strategic">' in form
    answer = client.post(address, {"query": "tier=strategic", "name": " Mine  too ", "visibility": "private"})
    with tenant_scope(alpha.id):
        view = SavedView.objects.get()
        assert (view.name, view.query, view.owner_id) == ("Mine too", "tier=strategic", alpha.user().pk)
    assert answer["Location"] == f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic"
    with nothing_changes():
        answer = client.post(address, {"query": "tier=strategic", "name": "Mine too", "visibility": "private"})
    assert answer.status_code == 422
    assert "There is a view of this list with that name already." in answer.content.decode()
    assert 'value="Mine too"' in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "choices"),
    [("viewer", ["private"]), ("officer", ["private"]), ("manager", ["private", "office"])],
)
def test_the_form_offers_the_sharing_that_one_may_choose(alpha, client_of, role, choices):
    page = see(client_of(alpha, role), f"{alpha.prefix}/lists/partners/views/new/")
    assert re.findall(r'name="visibility" value="(\w+)"', page) == choices
    with nothing_changes():
        forced = {"query": "", "name": "A", "visibility": "team"}
        assert client_of(alpha, role).post(f"{alpha.prefix}/lists/partners/views/new/", forced).status_code == 422


def test_what_is_no_list_or_not_ones_own_is_not_there(alpha, beta, client_of):
    view, foreign = make_view(alpha, "officer"), make_view(beta)
    client = client_of(alpha, "administrator")
    with nothing_changes():
        assert client.get(f"{alpha.prefix}/lists/nothing/views/new/").status_code == 404
        assert client_of(alpha, "viewer").get(f"{alpha.prefix}/lists/people/views/new/").status_code == 403
        for pk in (view.pk, foreign.pk, 999_999_999):
            assert client.get(f"{alpha.prefix}/views/{pk}/edit/").status_code == 404
            for verb in ("edit", "overwrite", "delete", "pin", "default"):
                answer = client.post(f"{alpha.prefix}/views/{pk}/{verb}/", {"name": "A", "visibility": "private"})
                assert (verb, answer.status_code) == (verb, 404)
    assert "My strategic" not in see(client, f"{alpha.prefix}/partners/")


def test_somebody_elses_shared_view_is_used_and_not_changed(alpha, client_of):
    view, client = make_view(alpha, visibility="office"), client_of(alpha, "officer")
    page = see(client, f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic&band=watch&sort=-health")
    assert offered(page) == ["Save as a new view", "Reset", "Copy address", "Pin", "Make default"]
    with nothing_changes():
        for verb, given in (
            ("overwrite", {"query": ""}),
            ("delete", {}),
            ("edit", {"name": "A", "visibility": "private", "version": 1}),
        ):
            answer = client.post(f"{alpha.prefix}/views/{view.pk}/{verb}/", given, follow=True)
            assert "This view belongs to somebody else. Save a copy under another name." in answer.content.decode()


def test_renaming_and_deleting(alpha, client_of):
    view, client = make_view(alpha), client_of(alpha)
    with tenant_scope(alpha.id):
        ViewMark.objects.create(member=alpha.user(), view=view, list_code="partners", is_pinned=True)
    given = {"name": "Ours", "visibility": "office", "version": 1}
    answer = client.post(f"{alpha.prefix}/views/{view.pk}/edit/", given)
    assert answer["Location"] == f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic&sort=-health"
    assert "Ours" in see(client_of(alpha, "viewer"), f"{alpha.prefix}/partners/")
    with nothing_changes():
        answer = client.post(f"{alpha.prefix}/views/{view.pk}/edit/", {**given, "name": "Theirs"})
    assert answer.status_code == 409
    answer = client_of(alpha, "administrator").post(f"{alpha.prefix}/views/{view.pk}/delete/")
    assert answer["Location"] == f"{alpha.prefix}/partners/?view=&tier=strategic&sort=-health"
    with tenant_scope(alpha.id):
        assert (SavedView.objects.count(), ViewMark.objects.count()) == (0, 0)


# Pins and defaults


def test_a_pinned_view_stands_in_ones_own_rail(alpha, client_of):
    view, client = make_view(alpha, visibility="office"), client_of(alpha)
    address = f"{alpha.prefix}/partners/?view={view.pk}&tier=strategic&sort=-health"
    assert pinned(see(client, f"{alpha.prefix}/projects/")) == []
    assert client.post(f"{alpha.prefix}/views/{view.pk}/pin/", {"pinned": "1"})["Location"] == address
    assert pinned(see(client, f"{alpha.prefix}/projects/")) == [(address.replace("&", "&amp;"), "My strategic")]
    assert pinned(see(client_of(alpha, "viewer"), f"{alpha.prefix}/projects/")) == []
    client.post(f"{alpha.prefix}/views/{view.pk}/pin/", {"pinned": "0"})
    assert pinned(see(client, f"{alpha.prefix}/projects/")) == []


def test_a_default_view_opens_with_the_bare_address_only(alpha, client_of):
    view, client = make_view(alpha), client_of(alpha)
    address = f"{alpha.prefix}/partners/"
    client.post(f"{alpha.prefix}/views/{view.pk}/default/", {"default": "1"})
    page = see(client, address)
    assert current_view(page) == ("My strategic", False)
    assert 'data-announce="0 of 0 partners, sorted by Health, descending"' in page
    assert current_view(see(client, f"{address}?view=")) == ("All", False)
    assert current_view(see(client, f"{address}?tier=key")) == ("All", True)
    client.post(f"{alpha.prefix}/views/{view.pk}/default/", {"default": "0"})
    assert current_view(see(client, address)) == ("All", False)


def test_the_number_of_views_costs_no_statement(alpha, client_of):
    client, costs = client_of(alpha), []
    for number in (1, 12):
        for each in range(number):
            view = make_view(alpha, name=f"{number} {each}", visibility="office")
            with tenant_scope(alpha.id):
                ViewMark.objects.create(member=alpha.user(), view=view, list_code="partners", is_pinned=True)
        client.get(f"{alpha.prefix}/partners/")
        with counted() as statements:
            client.get(f"{alpha.prefix}/partners/")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


# Files


@pytest.fixture
def portfolio(alpha):
    with tenant_scope(alpha.id):
        for name, tier in (("=Evil", "strategic"), ("Kinetik", "strategic"), ("Other", "prospect")):
            make_partnership(make_organization(name=name, country="SE"), tier=tier)
    return alpha


@pytest.fixture
def morning():
    with time_machine.travel("2026-11-24T09:05:00Z", tick=False):
        yield


def export(client, office, code: str, query: str, file_format: str = "csv"):
    answer = client.post(f"{office.prefix}/lists/{code}/export/", {"query": query, "format": file_format})
    assert answer.status_code == 200, answer.content
    return answer


def read_csv(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def test_a_csv_has_the_rows_as_filtered_sorted_and_with_the_chosen_columns(portfolio, client_of, morning):
    query = "tier=strategic&columns=partner,tier,country&sort=-partner"
    answer = export(client_of(portfolio, "researcher"), portfolio, "partners", query)
    assert answer["Content-Disposition"] == 'attachment; filename="partners-alpha-2026-11-24.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    assert read_csv(answer) == [
        ["Partner", "Tier", "Country"],
        ["Kinetik", "Strategic", "SE"],
        ["'=Evil", "Strategic", "SE"],
        [],
        ["List", "Partners"],
        ["Filter", "Tier: Strategic"],
        ["Office", "Alpha University"],
        ["As of", "2026-11-24 10:05 CET"],
        ["Taken by", "Alpha Researcher"],
        ["Confidentiality", "Internal. For members of the office; do not pass it on."],
    ]
    with tenant_scope(portfolio.id):
        (kept,) = Export.objects.all()
        assert (kept.member_id, kept.list_code, kept.file_format, kept.rows) == (
            portfolio.user("researcher").pk,
            "partners",
            "csv",
            2,
        )
        assert kept.query == "tier=strategic&columns=partner,tier,country&sort=-partner"
        assert kept.request_id


def test_a_sheet_has_every_page_and_real_values(alpha, client_of):
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Kinetik"))
        for number in range(60):
            make_project(partner, title=f"Project {number:02}", award=number, currency="DKK", started_on="2026-03-01")
    answer = export(client_of(alpha), alpha, "projects", "sort=title&columns=title,start,award,partners", "xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["Projects"]
    head, *body = [[cell.value for cell in row] for row in sheet]
    assert head == ["Project", "Start", "Award", "Award (currency)", "Partners"]
    assert len(body) == 60
    assert body[59] == ["Project 59", datetime.datetime(2026, 3, 1), 59, "DKK", "Kinetik"]


def test_people_are_exported_with_where_they_work_now(alpha, client_of):
    with tenant_scope(alpha.id):
        make_contact(make_organization(name="Kinetik"), name="Ada", email="ada@k.example", phone="+45 1")
    lines = read_csv(export(client_of(alpha), alpha, "people", "columns=name,organization,email,phone"))
    assert lines[0] == ["Name", "Organization", "E-mail", "Telephone"]
    assert lines[1] == ["Ada", "Kinetik", "ada@k.example", "'+45 1"]


def test_an_export_needs_both_permissions(alpha, client_of):
    given = {"query": "", "format": "csv"}
    with nothing_changes():
        assert client_of(alpha, "viewer").post(f"{alpha.prefix}/lists/partners/export/", given).status_code == 403
        assert client_of(alpha).post(f"{alpha.prefix}/lists/nothing/export/", given).status_code == 404
        assert client_of(alpha).get(f"{alpha.prefix}/lists/partners/export/").status_code == 405
        assert client_of(None).post(f"{alpha.prefix}/lists/partners/export/", given).status_code == 404
    for role in Role.values:
        shown = "Excel (XLSX)" in see(client_of(alpha, role), f"{alpha.prefix}/partners/")
        assert shown is (role != "viewer")


def test_a_file_never_holds_another_offices_rows(alpha, beta, client_of):
    with tenant_scope(beta.id):
        make_partnership(make_organization(name="Canary"))
    assert len(read_csv(export(client_of(alpha), alpha, "partners", ""))) == 8


@pytest.mark.parametrize("given", [{"query": "band=purple", "format": "csv"}, {"query": "", "format": "pdf"}, {}])
def test_what_does_not_hold_is_not_exported(portfolio, client_of, given):
    client = client_of(portfolio)
    with nothing_changes():
        answer = client.post(f"{portfolio.prefix}/lists/partners/export/", given)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{portfolio.prefix}/partners/?view=")


def test_rows_are_read_in_chunks(portfolio, client_of, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 2)
    client = client_of(portfolio)
    lines = read_csv(export(client, portfolio, "partners", "columns=partner"))
    assert [line[0] for line in lines[:4]] == ["Partner", "'=Evil", "Kinetik", "Other"]
