"""People over HTTP."""

import pytest

from core.tenancy.scope import current_tenant_id, tenant_scope
from organizations.models import Affiliation
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact, make_organization


class TestContacts(ApiContract):
    resource = Resource(
        prefix="contacts",
        view="organizations.view_contacts",
        create="organizations.create_contact",
        edit="organizations.edit_contact",
        delete="organizations.delete_contact",
        make=lambda author: make_contact(make_organization()),
        payload=lambda: {
            "name": "Ada Lovelace",
            "email": "ada@partner.example",
            "orcid": "0000-0002-1825-0097",
            "affiliations": [
                {"organization": make_organization().pk, "title": "CTO", "started_on": "2020-01-01"},
                {"organization": make_organization().pk, "started_on": "2010-01-01", "ended_on": "2019-12-31"},
            ],
        },
        patch={"phone": "+45 4444 8888"},
        references={
            "affiliations.0.organization": (make_organization, lambda pk: {"affiliations": [{"organization": pk}]}),
            "owner": (
                lambda: User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer"),
                lambda pk: {"owner": pk},
            ),
        },
        queries={"list": 3, "detail": 2, "create": 7, "update": 5},
    )


@pytest.fixture
def position(in_alpha) -> Affiliation:
    return make_contact(make_organization(name="Maersk")).affiliations.get()


def test_a_position_with_its_id_is_changed_and_the_others_are_replaced(alpha, position):
    api, path = Api(alpha, "manager"), f"contacts/{position.contact_id}/"
    with tenant_scope(alpha.id):
        other = make_organization(name="Grundfos")
    body = {"affiliations": [{"id": position.pk, "organization": other.pk, "title": "CEO"}]}
    answer = api.patch(path, {**body, "version": 1}).json()
    assert [(each["id"], each["organization"]["name"]) for each in answer["affiliations"]] == [
        (position.pk, "Grundfos")
    ]
    assert answer["version"] == 2, "a change of positions is a change of the person"
    assert api.patch(path, body).json()["version"] == 2, "the same again is none"
    error_of(api.patch(path, {"affiliations": [], "version": 1}), 409)
    assert api.patch(path, {"affiliations": [], "version": 2}).json()["affiliations"] == []


def test_a_position_of_somebody_else_is_refused(alpha, beta, position):
    api = Api(alpha, "manager")
    with tenant_scope(alpha.id):
        other = make_contact(make_organization())
    with tenant_scope(beta.id):
        foreign = make_contact(make_organization()).affiliations.get()
    errors = []
    for pk in (position.pk, foreign.pk, 999_999_999):
        organization = {"organization": position.organization_id}
        with nothing_changes():
            answer = api.patch(f"contacts/{other.pk}/", {"affiliations": [{"id": pk, **organization}]})
        errors.append(error_of(answer, 400))
    assert errors[0] == errors[1] == errors[2]


def test_what_a_position_needs_is_needed_in_an_update_too(alpha, position):
    api = Api(alpha, "manager")
    with nothing_changes():
        error = error_of(api.patch(f"contacts/{position.contact_id}/", {"affiliations": [{"title": "x"}, 3]}), 400)
    assert error["fields"].keys() == {"affiliations.0.organization", "affiliations.1"}


def test_two_present_positions_at_one_organization_are_refused(alpha, position):
    twice = [{"organization": position.organization_id}] * 2
    with nothing_changes():
        error = error_of(Api(alpha, "manager").post("contacts/", {"name": "A", "affiliations": twice}), 409)
    assert error["code"] == "affiliation_twice"


def test_contacts_can_be_narrowed(alpha, position):
    api = Api(alpha, "manager")
    names = [
        each["name"] for each in api.get("contacts/", {"organization": position.organization_id}).json()["results"]
    ]
    assert names == [position.contact.name]
    assert api.get("contacts/", {"q": position.contact.name[:6].upper()}).json()["count"] == 1
    assert api.get("contacts/", {"q": "nobody"}).json()["count"] == 0
