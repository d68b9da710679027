"""Talent events and the overview over HTTP: whoever may not see people reads counts and no names."""

import json

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of
from tests.factories.partnerships import make_partnership
from tests.factories.talent import make_candidacy, make_placement, make_program, make_student, make_talent_event


class TestTalentEvents(ApiContract):
    resource = Resource(
        prefix="talent-events",
        view="partnerships.view_talent_events",
        create="partnerships.add_talent_event",
        edit="partnerships.edit_talent_event",
        delete="partnerships.delete_talent_event",
        make=lambda author: make_talent_event(),
        payload=lambda: {
            "partnership": make_partnership().pk,
            "kind": "recruiting_event",
            "program": make_program().pk,
            "occurred_on": "2026-03-01",
            "people": 40,
            "title": "Spring fair",
        },
        patch={"people": 3, "note": "Counted twice"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "program": (make_program, lambda pk: {"program": pk}),
            "placement": (make_placement, lambda pk: {"placement": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 5, "update": 5},
    )


CANARY = "Canary Student"


@pytest.fixture
def placed(alpha):
    """Seven students at one partner, three at another; every one of them with the canary in the name."""
    with tenant_scope(alpha.id):
        program, first, second = make_program(), make_partnership(), make_partnership()
        for number, partnership in enumerate([first] * 7 + [second] * 3):
            student = make_student(name=f"{CANARY} {number}")
            offer = "accepted" if number < 5 else "none"
            row = make_placement(
                partnership, student=student, program=program, status="completed", return_offer=offer, days_ago=0
            )
        make_candidacy(student=row.student)
        make_talent_event(first, kind="hire", people=2, placement=row if row.partnership_id == first.pk else None)
    return first, second


def counts_of(office, role: str, query: dict | None = None) -> dict:
    answer = Api(office, role).get("talent/pipeline/", query or {})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_small_counts_are_hidden_from_everybody_and_shown_to_staff_who_ask(alpha, placed):
    first, second = placed
    year = {"year": timezone.localdate().year}
    for role in ("viewer", "researcher", "officer"):
        found = counts_of(alpha, role, year)
        rows = {row["partnership"]["id"]: row for row in found["rows"]}
        assert rows[second.pk]["counts"]["interns"] is None
        assert rows[second.pk]["conversion"] is None
        shown = rows[first.pk]["counts"]["interns"]
        assert (shown, found["totals"]["interns"]) in ((7, None), (None, 10))
    exact = counts_of(alpha, "officer", {**year, "exact": "true"})
    rows = {row["partnership"]["id"]: row for row in exact["rows"]}
    assert rows[second.pk]["counts"]["interns"] == 3
    assert rows[first.pk]["counts"]["hires"] == 5 + 2
    assert rows[first.pk]["conversion"] == {
        "eligible": 7,
        "offer_rate": pytest.approx(5 / 7),
        "acceptance_rate": 1.0,
        "rate": pytest.approx(5 / 7),
    }
    assert exact["totals"]["interns"] == 10


@pytest.mark.parametrize("role", ["viewer", "researcher"])
def test_whoever_sees_counts_alone_gets_one_table_a_year(alpha, placed, role):
    found = counts_of(alpha, role, {"exact": "true"})
    assert (found["exact"], found["year"]) == (False, timezone.localdate().year)


@pytest.mark.parametrize("role", ["viewer", "researcher"])
def test_no_address_tells_a_name(alpha, placed, role):
    api = Api(alpha, role)
    for path in ("students", "candidacies", "matchings", "placements", "talent-events"):
        error_of(api.get(f"{path}/"), 403)
        error_of(api.get(f"{path}/1/"), 403)
    for path in ("talent-programs/", "positions/", "talent/pipeline/", "partnerships/"):
        answer = api.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()
    assert CANARY not in json.dumps(api.get("search/", {"q": "Canary"}).json())
