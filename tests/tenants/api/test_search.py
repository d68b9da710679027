"""Search over the API."""

import pytest

from core.tenancy.scope import tenant_scope
from organizations.models import OrganizationAlias
from tests.api_kit import Api
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.fixture
def rows(alpha):
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Nordlys", city="Aarhus", country="DK"))
        OrganizationAlias.objects.create(organization=partner.organization, name="Northern Light")
        note = make_interaction(partner, note="Nordlys wants a zeppelin.", confidentiality="confidential")
    return partner, note


def test_the_same_rows_as_on_the_page(alpha, rows):
    partner, note = rows
    assert Api(alpha, "manager").get("search/", {"q": "northern"}).json() == [
        {
            "kind": "partners",
            "id": partner.pk,
            "title": "Nordlys",
            "about": "Aarhus, DK",
            "matched_in": "alias",
            "excerpt": "Northern Light",
            "url": f"{alpha.prefix}/partners/{partner.pk}/",
        }
    ]
    found = Api(alpha, "manager").get("search/", {"q": "zeppelin", "kind": "interactions"}).json()
    assert [(row["id"], row["excerpt"]) for row in found] == [(note.pk, "Nordlys wants a zeppelin.")]


@pytest.mark.parametrize("role", ["officer", "researcher", "viewer"])
def test_a_note_one_may_not_read_is_not_found(alpha, rows, role):
    assert Api(alpha, role).get("search/", {"q": "zeppelin"}).json() == []
    assert Api(alpha, role).get("search/", {"q": "zeppelin", "kind": "interactions"}).json() == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 201}, "q"),
        ({"q": "x", "kind": "a b"}, "kind"),
        ({"q": "x", "z": "1"}, "z"),
    ],
)
def test_inputs_that_are_none(alpha, query, field):
    answer = Api(alpha, "manager").get("search/", query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "🎉"}])
def test_no_question_finds_nothing(alpha, rows, query):
    assert Api(alpha, "manager").get("search/", query).json() == []


def test_a_kind_that_is_none_finds_nothing(alpha, rows):
    assert Api(alpha, "manager").get("search/", {"q": "nordlys", "kind": "unicorns"}).json() == []


def test_nobody_else(alpha, beta, rows):
    assert Api(beta, "manager").get("search/", {"q": "nordlys"}).json() == []
    assert Api(alpha, stranger=True).get("search/", {"q": "nordlys"}).status_code == 404
    assert Api(alpha).get("search/", {"q": "nordlys"}).status_code == 401
    assert Api(alpha, "manager").post("search/", {"q": "nordlys"}).status_code == 405
