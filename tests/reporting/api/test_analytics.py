"""The questions over the API: the answer of the pages, for whom it is, and what is refused."""

import pytest

from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from reporting.api.analytics import AnalyticsInput
from reporting.filters import ScopeFilter
from reporting.queries.asking import ask, may_ask
from reporting.queries.scopes import NAMES, scope_of
from reporting.registry import question_of, questions
from tests.api_kit import Api, error_of, nothing_changes
from tests.reporting.generated import fill


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def told(value) -> str | None:
    return None if value is None else str(value)


@pytest.mark.parametrize("role", ["administrator", "viewer", "researcher"])
def test_the_api_gives_the_answer_of_the_page_to_whoever_may_have_it(generated, role):
    api, actor = Api(generated, role), generated.actor(role)
    for question in questions():
        answer = api.get(f"analytics/{question.code}/")
        if not may_ask(actor, question):
            error_of(answer, 403)
            continue
        with tenant_transaction(generated.id), in_office("alpha"):
            wanted = ask(actor, question, scope_of(actor, {}))
        found = answer.json()
        assert found["finding"] == wanted.finding
        assert [column["code"] for column in found["columns"]] == [column.code for column in wanted.columns]
        assert [[(cell["value"], cell["url"], cell["hidden"]) for cell in row["cells"]] for row in found["rows"]] == [
            [(told(cell.value), cell.url, cell.hidden) for cell in row.cells] for row in wanted.rows
        ]


def test_the_filters_of_pages_and_api_have_the_same_names():
    assert set(AnalyticsInput().fields) == set(ScopeFilter.base_filters) == set(NAMES)


def test_filters_narrow_the_answer(generated):
    api = Api(generated, "administrator")
    everything = api.get("analytics/tiers/").json()
    key = api.get("analytics/tiers/", {"tier": ["key"]}).json()
    assert {row["code"] for row in key["rows"]} <= {"key"}
    assert key["totals"]["cells"][0]["value"] == next(
        (row["cells"][0]["value"] for row in everything["rows"] if row["code"] == "key"), "0"
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"tier": "gold"}, "tier"),
        ({"first_year": "12"}, "first_year"),
        ({"first_year": "2026", "last_year": "2020"}, "last_year"),
        ({"owner": "you"}, "owner"),
        ({"owners": "me"}, "owners"),
    ],
)
def test_filters_that_are_none(alpha, query, field):
    assert error_of(Api(alpha, "viewer").get("analytics/health/", query), 400)["fields"].keys() == {field}


def test_nobody_else_is_answered_and_nothing_is_written(alpha, beta):
    with nothing_changes():
        error_of(Api(alpha).get("analytics/health/"), 401)
        error_of(Api(alpha, stranger=True).get("analytics/health/"), 404)
        assert Api(alpha, "administrator").post("analytics/health/", {}).status_code == 405


def test_a_question_that_there_is_not(alpha):
    assert question_of("nothing") is None
    error_of(Api(alpha, "administrator").get("analytics/nothing/"), 404)
