"""A person or organization that may be there already is suggested, and never merged in silence."""

import pytest

from core.tenancy.scope import tenant_scope
from organizations.models import Contact
from tenants.choices import Role
from tests.api_kit import Api, error_of
from tests.factories.organizations import make_contact, make_organization


@pytest.fixture
def known(alpha) -> Contact:
    with tenant_scope(alpha.id):
        organization = make_organization(name="Aarhus Pumps")
        return make_contact(organization, name="Ida Holm", email="ida@pumps.example", orcid="0000-0002-1825-0097")


def send(client, office, organization_id="", **values):
    data = {
        "name": "Somebody Else", "permission": "free", "basis": "unknown", "data_source": "unknown",
        "positions-TOTAL_FORMS": 1, "positions-INITIAL_FORMS": 0, "positions-0-organization": organization_id,
    }  # fmt: skip
    return client.post(f"{office.prefix}/people/new/", {**data, **values})


def count(office) -> int:
    with tenant_scope(office.id):
        return Contact.objects.count()


@pytest.mark.parametrize("sign", [{"email": "IDA@pumps.example"}, {"orcid": "https://orcid.org/0000-0002-1825-0097"}])
def test_an_address_or_orcid_that_is_known_suggests_its_person(alpha, client_of, known, sign):
    answer = send(client_of(alpha), alpha, **sign)
    assert answer.status_code == 200
    assert b"Is it one of these?" in answer.content
    assert b"Ida Holm" in answer.content
    assert b"Somebody Else" in answer.content
    assert count(alpha) == 1


def test_the_same_name_at_the_same_organization_suggests_and_elsewhere_does_not(alpha, client_of, known):
    with tenant_scope(alpha.id):
        here, elsewhere = known.affiliations.get().organization_id, make_organization().pk
    assert b"Is it one of these?" in send(client_of(alpha), alpha, here, name="ida holm").content
    assert send(client_of(alpha), alpha, elsewhere, name="Ida Holm").status_code == 302
    assert count(alpha) == 2


def test_add_anyway_adds(alpha, client_of, known):
    assert send(client_of(alpha), alpha, email="ida@pumps.example", really_new="on").status_code == 302
    assert count(alpha) == 2


def test_another_offices_people_are_not_suggested(alpha, beta, client_of, known):
    assert send(client_of(beta), beta, email="ida@pumps.example").status_code == 302


def test_the_api_answers_with_the_candidates_unless_told(alpha, known):
    api = Api(alpha, Role.MANAGER)
    person = {"name": "Somebody Else", "email": "ida@pumps.example"}
    problem = error_of(api.post("contacts/", person), 409)
    assert (problem["code"], problem["details"]) == (
        "possible_duplicate",
        {"candidates": [{"id": known.pk, "name": "Ida Holm"}]},
    )
    company = error_of(api.post("organizations/", {"name": "AARHUS PUMPS A/S"}), 409)
    assert company["details"]["candidates"][0]["name"] == "Aarhus Pumps"
    assert count(alpha) == 1
    assert api.post("contacts/", {**person, "allow_duplicate": True}).status_code == 201
    assert api.post("organizations/", {"name": "AARHUS PUMPS A/S", "allow_duplicate": True}).status_code == 201
    error_of(api.patch(f"contacts/{known.pk}/", {"allow_duplicate": True}), 400)
