"""The dashboards: what they cost, what they keep in the address, what each role is told, and their files."""

import csv
import io

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import FundingEntry
from reporting.registry import questions
from tests.api_kit import counted
from tests.reporting.generated import fill

PAGES = ["", "portfolio/", "channels/", "map/", "impact/"]
MOST = 12


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


@pytest.mark.parametrize("with_money", [True, False])
def test_a_dashboard_asks_at_most_twelve_times(generated, client_of, with_money):
    if not with_money:
        with tenant_transaction(generated.id):
            FundingEntry.objects.all().delete()
    client, costs = client_of(generated, "administrator"), {}
    for page in PAGES:
        client.get(f"{generated.prefix}/insights/{page}")
        with counted() as statements:
            assert client.get(f"{generated.prefix}/insights/{page}").status_code == 200
        costs[page] = len(statements)
    assert {page: cost for page, cost in costs.items() if cost > MOST} == {}


def test_the_filter_stays_in_the_address_and_shows_as_chips(generated, client_of):
    client = client_of(generated)
    page = client.get(f"{generated.prefix}/insights/", {"tier": "key", "country": "DK"})
    text = page.content.decode()
    assert [(chip["name"], chip["value"]) for chip in page.context["chips"]] == [
        ("country", "Denmark"),
        ("tier", "Key"),
    ]
    assert "insights/portfolio/?country=DK&amp;tier=key" in text
    assert "insight-files/health/?country=DK&amp;tier=key" in text
    assert "api/v1/analytics/health/?country=DK&amp;tier=key" in text


def test_a_part_of_the_filter_that_does_not_hold_is_left_out_and_said(generated, client_of):
    page = client_of(generated).get(f"{generated.prefix}/insights/", {"tier": "gold", "country": "DK"})
    assert page.status_code == 200
    assert page.context["problems"] == ["Tier: Select a valid choice. gold is not one of the available choices."]
    assert [chip["name"] for chip in page.context["chips"]] == ["country"]


def test_a_period_that_ends_before_it_begins_is_said_and_its_end_left_out(generated, client_of):
    page = client_of(generated).get(f"{generated.prefix}/insights/", {"first_year": "2026", "last_year": "2020"})
    assert page.context["problems"] == [
        "Fiscal year until: The last year lies before the first. Choose the same year or a later one."
    ]
    assert [chip["name"] for chip in page.context["chips"]] == ["first_year"]


def test_each_question_has_finding_source_day_and_table(generated, client_of):
    shown = set()
    for page in PAGES:
        response = client_of(generated, "administrator").get(f"{generated.prefix}/insights/{page}")
        text = response.content.decode()
        for panel in response.context["panels"]:
            shown.add(panel.question.code)
            assert f'id="{panel.question.code}-finding"' in text
            assert panel.answer.source
            assert panel.answer.as_of is not None
        assert 'style="' not in text
    assert shown == {question.code for question in questions()}


def test_a_researcher_is_not_told_how_long_agreements_take(generated, client_of):
    page = client_of(generated, "researcher").get(f"{generated.prefix}/insights/")
    assert "turnaround" not in [panel.question.code for panel in page.context["panels"]]
    assert client_of(generated, "researcher").get(f"{generated.prefix}/insight-files/turnaround/").status_code == 403


def test_the_file_has_the_numbers_of_the_page(generated, client_of):
    client = client_of(generated, "administrator")
    panel = next(each for each in client.get(f"{generated.prefix}/insights/").context["panels"]
                 if each.question.code == "money")  # fmt: skip
    response = client.get(f"{generated.prefix}/insight-files/money/")
    assert response["Content-Disposition"] == 'attachment; filename="money.csv"'
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    table = lines[lines.index([]) + 1 :]
    assert table[0][0] == "Fiscal year"
    assert [line[1:] for line in table[1:]] == [
        [str(cell.value) for cell in row.cells] for row in [*panel.answer.rows, panel.answer.totals]
    ]


def test_files_have_nothing_of_another_office(alpha, beta, client_of):
    client = client_of(beta, "administrator")

    def files() -> dict[str, list[str]]:
        found = {}
        for question in questions():
            response = client.get(f"{beta.prefix}/insight-files/{question.code}/")
            assert response.status_code == 200
            lines = response.content.decode("utf-8-sig").splitlines()
            found[question.code] = lines[:1] + lines[lines.index("") + 1 :]  # without the moment of asking
        return found

    before = files()
    with tenant_transaction(alpha.id):
        fill(alpha)
    assert files() == before


@pytest.mark.parametrize("path", ["insight-files/nothing/", "insight-filters/nothing/"])
def test_what_there_is_not(alpha, client_of, path):
    assert client_of(alpha).get(f"{alpha.prefix}/{path}").status_code == 404


def test_the_scorecard_has_two_columns_and_costs_little(generated, client_of):
    from partnerships.models import Partnership

    with tenant_transaction(generated.id):
        pk = Partnership.objects.order_by("pk").values_list("pk", flat=True)[1]
    client = client_of(generated, "administrator")
    client.get(f"{generated.prefix}/partners/{pk}/scorecard/")
    with counted() as statements:
        page = client.get(f"{generated.prefix}/partners/{pk}/scorecard/")
    assert page.status_code == 200
    assert len(statements) <= MOST
    assert page.context["card"].university
    assert page.context["card"].partner
