"""The page of results and the palette."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.tenancy.scope import tenant_scope
from tests.api_kit import HOUSEKEEPING
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.fixture
def office(alpha):
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Nordlys <b>& Co", city="Aarhus"))
        make_contact(partner.organization, name="Lena Nord", email="lena@nordlys.example")
        for day in range(30):
            make_interaction(partner, days_ago=day, note=f"They showed <i>turbine {day}</i> & the nordic plan.")
    return alpha


def page_of(office, client_of, path, query=None, role="manager", status=200) -> str:
    answer = client_of(office, role).get(office.prefix + path, query or {})
    assert answer.status_code == status
    return answer.content.decode()


def test_results_stand_in_groups_with_the_words_marked(office, client_of):
    page = page_of(office, client_of, "/search/", {"q": "nord"})
    assert "<mark>Nordlys</mark> &lt;b&gt;&amp; Co" in page
    assert "Lena <mark>Nord</mark>" in page
    assert "They showed &lt;i&gt;turbine 0&lt;/i&gt; &amp; the <mark>nordic</mark> plan." in page
    assert "32 results for “nord”" in page
    assert "turbine 4&lt;" in page
    assert "turbine 5&lt;" not in page


def test_whatever_the_palette_starts_is_a_page(office, client_of):
    client = client_of(office, "administrator")
    palette = client.get(f"{office.prefix}/ui/search/", {"q": ">"}).content.decode()
    addresses = [html.unescape(each) for each in re.findall(r'data-href="([^"]+)"', palette)]
    assert f"{office.prefix}/members/#invite-title" in addresses
    for address in addresses:
        path, _hash, anchor = address.partition("#")
        answer = client.get(path)
        assert answer.status_code == 200, address
        assert not anchor or f'id="{anchor}"' in answer.content.decode(), address


def test_one_kind_goes_page_by_page(office, client_of):
    first = page_of(office, client_of, "/search/", {"q": "nord", "kind": "interactions"})
    second = page_of(office, client_of, "/search/", {"q": "nord", "kind": "interactions", "page": "2"})
    assert "1 to 25 of 30" in first
    assert "turbine 24&lt;" in first
    assert "26 to 30 of 30" in second
    assert "turbine 29&lt;" in second
    assert "turbine 24&lt;" not in second


@pytest.mark.parametrize(
    "query", [{"kind": "nothing"}, {"page": "x"}, {"page": "99", "kind": "interactions"}, {"q": ""}]
)
def test_odd_addresses_fall_back(office, client_of, query):
    page_of(office, client_of, "/search/", {"q": "nord", **query})


@pytest.mark.parametrize(
    "question", ["x" * 10_000, "🎉", "<script>alert(1)</script>", "%_\\'\"", "مرحبا", "nordlys " * 500]
)
@pytest.mark.parametrize("path", ["/search/", "/ui/search/"])
def test_anything_may_be_typed(office, client_of, question, path):
    assert "<script>alert" not in page_of(office, client_of, path, {"q": question})


@pytest.mark.parametrize(
    ("question", "words"),
    [("", "Type a name"), ("!!", "Search needs a letter or a digit."), ("nowhere", "Nothing matches “nowhere”.")],
)
def test_an_empty_page_helps(office, client_of, question, words):
    assert words in page_of(office, client_of, "/search/", {"q": question})


def test_the_palette_has_groups_of_options_that_lead_somewhere(office, client_of):
    page = page_of(office, client_of, "/ui/search/", {"q": "nord"})
    for group in ("Partners", "People", "Records"):
        assert f'role="group" aria-label="{group}"' in page
    assert f'data-href="{office.prefix}/search/?q=nord"' in page
    assert page.count('role="option"') == page.count("data-href=")
    assert 'aria-label="Actions"' in page_of(office, client_of, "/ui/search/", {"q": ">"})
    assert 'aria-label="Settings"' in page_of(office, client_of, "/ui/search/", {"q": "> pref"})
    assert 'aria-label="Partners"' not in page_of(office, client_of, "/ui/search/", {"q": "@nord"})


def test_the_palette_offers_what_one_may_do(office, client_of):
    assert "Add a partner" in page_of(office, client_of, "/ui/search/", {"q": "add"})
    viewer = page_of(office, client_of, "/ui/search/", {"q": "add"}, role="viewer")
    assert "Add a partner" not in viewer
    viewer = page_of(office, client_of, "/ui/search/", {"q": "nord"}, role="viewer")
    assert "Lena" not in viewer
    assert "Meeting" not in viewer


def test_every_page_leads_to_search(office, client_of):
    page = page_of(office, client_of, "/")
    assert f'action="{office.prefix}/search/"' in page
    assert f'data-src="{office.prefix}/ui/search/"' in page


@pytest.mark.parametrize(("path", "most"), [("/search/", 12), ("/ui/search/", 8)])
def test_the_number_of_statements(office, client_of, path, most):
    client = client_of(office)
    client.get(office.prefix + path, {"q": "nord"})
    with CaptureQueriesContext(connection) as captured:
        client.get(office.prefix + path, {"q": "nord"})
    asked = [query["sql"] for query in captured if not query["sql"].startswith(HOUSEKEEPING)]
    assert len(asked) <= most, asked


def test_a_stranger_finds_nothing(office, client_of, client):
    assert client_of(None).get(f"{office.prefix}/search/?q=nord").status_code == 404
    assert client.get(f"{office.prefix}/ui/search/?q=nord").status_code == 302
