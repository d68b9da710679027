"""One list for all: what its pages show, exactly."""

import html
import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from core.lists import lists
from core.tenancy.scope import tenant_scope
from partnerships.models import FollowUp
from tests.api_kit import counted
from tests.contracts.markup import Markup
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project


def text_of(page: str, pattern: str) -> list[str]:
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in re.findall(pattern, page, re.S)]


def heads(page: str) -> list[str]:
    return text_of(page, r'<th scope="col"(?! class="cell-check")[^>]*>(.*?)</th>')


def rows(page: str) -> list[list[str]]:
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    cell = r'<t[hd](?! class="cell-check")(?:\s[^>]*)?>(.*?)</t[hd]>'
    return [text_of(row, cell) for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.S)]


@pytest.fixture
def portfolio(alpha):
    with tenant_scope(alpha.id):
        for number, tier in enumerate(("strategic", "strategic", "prospect")):
            make_partnership(make_organization(name=f"Partner {number}", country="SE"), tier=tier)
    return alpha


def see(client, office, query: str = "", word: str = "partners", **headers) -> str:
    answer = client.get(f"{office.prefix}/{word}/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_address_chooses_columns_and_their_order(portfolio, client_of):
    page = see(client_of(portfolio), portfolio, "?columns=tier,nothing,country&sort=partner")
    assert heads(page) == ["Partner", "Tier", "Country"]
    assert rows(page) == [
        ["Partner 0", "Strategic", "SE"],
        ["Partner 1", "Strategic", "SE"],
        ["Partner 2", "Prospect", "SE"],
    ]
    assert 'href="?columns=partner,tier,country&amp;sort=-partner"' in page


def test_columns_chosen_by_the_form_are_the_same(portfolio, client_of):
    page = see(client_of(portfolio), portfolio, "?view=&columns=partner&columns=country")
    assert heads(page) == ["Partner", "Country"]
    assert 'href="?view=&amp;columns=partner,country&amp;sort=-partner"' in page


@pytest.mark.parametrize("query", ["", "?columns=", "?columns=nothing,none", "?columns=,,"])
def test_without_a_known_column_the_list_shows_its_own(portfolio, client_of, query):
    expected = ["Partner", "Health", "12 months", "Last contact", "Stage", "Tier", "Owner"]
    assert heads(see(client_of(portfolio), portfolio, query)) == expected


def test_a_list_says_what_it_shows(portfolio, client_of):
    client = client_of(portfolio)
    page = see(client, portfolio)
    assert 'data-announce="3 partners, sorted by Partner"' in page
    page = see(client, portfolio, "?tier=strategic&sort=-health")
    assert 'data-announce="2 of 3 partners, sorted by Health, descending"' in page
    assert text_of(page, r'<span class="listing-count[^"]*">(.*?)</span>') == ["2 of 3 partners"]
    assert "1 to 2 of 2" in page


def test_htmx_gets_what_stands_below_the_heading(portfolio, client_of):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    part = see(client_of(portfolio), portfolio, "?sort=tier", **headers)
    assert part.lstrip().startswith('<div class="listing" id="results"')
    assert "<h1" not in part
    assert "<!doctype" not in part
    assert not Markup.of(part).faults


def test_a_form_in_a_dialog_that_leads_to_a_list_gets_the_whole_page(portfolio, client_of):
    headers = {"HX-Request": "true", "HX-Target": "dialog-body"}
    assert see(client_of(portfolio), portfolio, **headers).lstrip().startswith("<!doctype html>")


def test_parts_of_a_filter_that_do_not_hold_are_left_out_and_named(portfolio, client_of):
    page = see(client_of(portfolio), portfolio, "?band=purple&tier=strategic&silent=x")
    assert len(rows(page)) == 2
    assert "Health: Select a valid choice. purple is not one of the available choices." in page
    assert "Silent for days: Enter a number." in page
    assert text_of(page, r'<a class="chip"[^>]*>(.*?)</a>') == ["Tier Strategic Remove this filter"]


def test_a_list_may_open_with_a_part_of_its_rows(alpha, client_of):
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        FollowUp.objects.create(partnership=partnership, title="Still to do")
        FollowUp.objects.create(partnership=partnership, title="Done long ago", done_at=timezone.now())
    opened, everything = (client_of(alpha).get(f"{alpha.prefix}/follow-ups/{query}") for query in ("", "?view="))
    assert b"Still to do" in opened.content
    assert b"Done long ago" not in opened.content
    assert [chip["name"] for chip in opened.context["listing"].chips] == ["state"]
    assert b"Done long ago" in everything.content


def test_the_ways_out_of_a_filter_never_lead_to_a_bare_address(portfolio, client_of):
    page = see(client_of(portfolio), portfolio, "?tier=strategic&sort=tier&columns=partner,tier&q=nobody")
    assert "No partner matches the filter." in page
    assert 'href="?sort=tier&amp;columns=partner,tier&amp;view="' in page
    assert 'href="?tier=strategic&amp;sort=tier&amp;columns=partner,tier&amp;view="' in page


def test_an_empty_list_offers_to_add_the_first(alpha, client_of):
    assert "No projects yet." in see(client_of(alpha), alpha, word="projects")
    assert f'href="{alpha.prefix}/projects/new/">Add project</a>' in see(client_of(alpha), alpha, word="projects")
    assert "Add project</a>" not in see(client_of(alpha, "viewer"), alpha, word="projects")


def test_a_list_can_be_asked_for_over_the_api(portfolio, client_of):
    page = see(client_of(portfolio), portfolio, "?tier=strategic&sort=tier&columns=partner&q=it%27s+%24(x)&page=2")
    (command,) = text_of(page, r'<code class="copy-value"[^>]*>(.*?)</code>')
    resource = "http://testserver/t/alpha/api/v1/partnerships/?q=it%27s%20%24%28x%29&tier=strategic"
    assert command == f"""curl -H "Authorization: Bearer $CAUSEWAY_TOKEN" '{resource}'"""
    assert client_of(portfolio).get(resource).json()["count"] == 0


def test_pages_and_api_filter_alike():
    from config.urls_api import router

    viewsets = {prefix: viewset for prefix, viewset, _name in router.registry}
    assert {"partners", "projects", "people", "organizations"} <= {each.code for each in lists()}
    for each in lists():
        if each.api:
            assert viewsets[each.api].filterset_class is each.filterset_class, each.code
            assert viewsets[each.api].reads.code == each.reads.code


def test_each_list_has_a_cell_for_every_column(alpha, client_of):
    with tenant_scope(alpha.id):
        make_project(make_partnership())
    for each in (each for each in lists() if each.code in ("partners", "projects", "people", "organizations")):
        names = ",".join(column.name for column in each.columns)
        word = {"people": "people"}.get(each.code, each.code)
        assert len(heads(see(client_of(alpha), alpha, f"?columns={names}", word=word) or "")) in (0, len(each.columns))


def test_a_missing_cell_is_a_fault_of_the_template(portfolio):
    from partnerships.views.partnerships import PARTNERS

    class Listing:
        list, columns = PARTNERS, PARTNERS.default_columns

    source = "{% load lists %}{% cells %}{% cell 'partner' %}x{% endcell %}{% endcells %}"
    with pytest.raises(TemplateSyntaxError, match="health"):
        Template(source).render(Context({"listing": Listing, "row": type("Row", (), {"pk": 1})}))


def test_a_list_costs_the_same_for_one_row_and_thirty(alpha, client_of):
    client, costs = client_of(alpha), []
    for number in (1, 29):
        with tenant_scope(alpha.id):
            for _ in range(number):
                make_project(make_partnership())
        per_list = []
        for word in ("partners", "projects", "people", "organizations"):
            for query in ("", "?q=a&columns=name"):
                client.get(f"{alpha.prefix}/{word}/{query}")
                with counted() as statements:
                    client.get(f"{alpha.prefix}/{word}/{query}")
                per_list.append(len(statements))
        costs.append(per_list)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 12
