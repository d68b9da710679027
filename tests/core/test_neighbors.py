"""From row to row, through the list that an address names."""

import re

from core.tenancy.scope import tenant_scope
from tests.api_kit import counted
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership


def words_of(html: str) -> str:
    found = re.search(r'<nav class="neighbors".*?</nav>', html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def ways(html: str) -> dict[str, str]:
    return {
        key: address.replace("&amp;", "&")
        for address, key in re.findall(r'href="([^"]+)" rel="\w+" data-key="([\[\]])"', html)
    }


def partners(office, *names: str, **fields) -> list:
    with tenant_scope(office.id):
        return [make_partnership(make_organization(name=name), **fields) for name in names]


def test_a_list_leads_to_its_rows_and_they_to_each_other(alpha, client_of):
    first, second, third = partners(alpha, "Alfa", "Bravo", "Charlie", tier="strategic")
    partners(alpha, "Other", tier="prospect")
    browser = client_of(alpha)
    listed = browser.get(f"{alpha.prefix}/partners/?tier=strategic&sort=-partner").content.decode()
    start = (
        f"{alpha.prefix}/partners/{third.pk}/?from=partners&amp;i=1&amp;q=view%3D%26tier%3Dstrategic%26sort%3D-partner"
    )
    assert f'href="{start}"' in listed
    page = browser.get(start.replace("&amp;", "&")).content.decode()
    assert words_of(page) == "1 of 3 in Partners Next in the list"
    assert f'href="{alpha.prefix}/partners/?view=&amp;tier=strategic&amp;sort=-partner"' in page
    assert list(ways(page)) == ["]"]
    page = browser.get(ways(page)["]"]).content.decode()
    assert '<h1 id="page-title">Bravo</h1>' in page
    assert words_of(page) == "Previous in the list 2 of 3 in Partners Next in the list"
    page = browser.get(ways(page)["]"]).content.decode()
    assert words_of(page) == "Previous in the list 3 of 3 in Partners"
    assert ways(page)["["].startswith(f"{alpha.prefix}/partners/{second.pk}/?from=partners&i=2&q=")
    assert first.pk != second.pk


def test_tabs_keep_the_list_and_neighbors_the_tab(alpha, client_of):
    one, two = partners(alpha, "Alfa", "Bravo")
    page = client_of(alpha).get(f"{alpha.prefix}/partners/{one.pk}/?from=partners&i=1&tab=people").content.decode()
    assert f'href="{alpha.prefix}/partners/{one.pk}/?tab=health&amp;from=partners&amp;i=1"' in page
    assert ways(page)["]"] == f"{alpha.prefix}/partners/{two.pk}/?from=partners&i=2&tab=people"


def test_a_row_that_left_the_list_still_has_neighbors(alpha, client_of):
    one, gone, three = partners(alpha, "Alfa", "Bravo", "Charlie", tier="strategic")
    with tenant_scope(alpha.id):
        type(gone).objects.filter(pk=gone.pk).update(tier="prospect")
    page = client_of(alpha).get(f"{alpha.prefix}/partners/{gone.pk}/?from=partners&i=2&q=tier%3Dstrategic")
    page = page.content.decode()
    assert words_of(page).startswith("Previous in the list no longer in Partners")
    assert f"/partners/{one.pk}/" in ways(page)["["]
    assert f"/partners/{three.pk}/" in ways(page)["]"]


def test_what_names_no_list_of_these_rows_shows_nothing(alpha, client_of):
    (row,) = partners(alpha, "Alfa")
    for query in ("", "from=nothing", "from=projects&i=1", f"from=partners&q={'q%3Da%26' * 600}"):
        answer = client_of(alpha).get(f"{alpha.prefix}/partners/{row.pk}/?{query}")
        assert (answer.status_code, words_of(answer.content.decode())) == (200, ""), query
    for place in ("-1", "0", "x", "99999999999999999999", "%C2%B2"):
        answer = client_of(alpha).get(f"{alpha.prefix}/partners/{row.pk}/?from=partners&i={place}&q=band%3Dpurple")
        assert words_of(answer.content.decode()) == "1 of 1 in Partners"


def test_a_list_that_one_may_not_open_is_not_walked(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_organization(name="Alfa")
        make_contact(row)
    answer = client_of(alpha, "viewer").get(f"{alpha.prefix}/organizations/{row.pk}/?from=people&i=1")
    assert (answer.status_code, words_of(answer.content.decode())) == (200, "")


def test_other_offices_rows_are_no_neighbors(alpha, beta, client_of):
    (row,) = partners(alpha, "Bravo")
    partners(beta, "Alfa", "Charlie")
    page = client_of(alpha).get(f"{alpha.prefix}/partners/{row.pk}/?from=partners&i=2").content.decode()
    assert words_of(page) == "1 of 1 in Partners"


def test_people_and_organizations_have_neighbors_too(alpha, client_of):
    with tenant_scope(alpha.id):
        organizations = [make_organization(name=name) for name in ("Alfa", "Bravo")]
        people = [make_contact(organizations[0], name=name) for name in ("Ada", "Bob")]
    for word, rows, label in (("organizations", organizations, "Organizations"), ("people", people, "People")):
        page = client_of(alpha).get(f"{alpha.prefix}/{word}/{rows[0].pk}/?from={word}&i=1").content.decode()
        assert words_of(page) == f"1 of 2 in {label} Next in the list"
        assert ways(page)["]"] == f"{alpha.prefix}/{word}/{rows[1].pk}/?from={word}&i=2"


def test_the_place_costs_one_statement_and_the_view_another(alpha, client_of):
    row, *_others = partners(alpha, "Alfa", "Bravo", "Charlie")
    browser, costs = client_of(alpha), []
    address = f"{alpha.prefix}/partners/{row.pk}/"
    browser.get(address)
    for query in ("", "?from=partners&i=1", "?from=partners&i=1&q=view%3D12%26sort%3D-health"):
        with counted() as statements:
            browser.get(address + query)
        costs.append(len(statements))
    assert [cost - costs[0] for cost in costs] == [0, 1, 2]
