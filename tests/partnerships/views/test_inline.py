"""Editing one value where it stands."""

import pytest

from core.tenancy.scope import tenant_scope
from organizations.actions.organizations import edit_organization
from organizations.models import Organization
from tenants.choices import Role
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership

HTMX = {"HX-Request": "true"}


@pytest.fixture
def organization(alpha) -> Organization:
    with tenant_scope(alpha.id):
        return make_organization(name="Aarhus Pumps", city="Aarhus")


def address(alpha, row, field="city") -> str:
    return f"{alpha.prefix}/organizations/{row.pk}/inline/?field={field}"


def test_the_field_comes_alone_with_its_tick_and_cross(alpha, client_of, organization):
    text = client_of(alpha).get(address(alpha, organization), headers=HTMX).content.decode()
    assert 'name="city"' in text
    assert 'name="region"' not in text
    assert "Save City" in text
    assert "Cancel" in text
    assert "data-explicit" not in text


def test_saving_shows_the_value_and_the_undo(alpha, client_of, organization):
    data = {"city": "Viby", "version": organization.version}
    answer = client_of(alpha).post(address(alpha, organization), data, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Viby" in text
    assert 'hx-swap-oob="true"' in text
    assert "/undo/" in text
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert (organization.city, organization.name, organization.version) == ("Viby", "Aarhus Pumps", 2)


def test_another_field_changed_meanwhile_is_kept(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        edit_organization(actor=alpha.actor(), organization=organization, region="Jutland")
    answer = client_of(alpha).post(address(alpha, organization), {"city": "Viby", "version": 1}, headers=HTMX)
    assert answer.status_code == 200
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert (organization.city, organization.region) == ("Viby", "Jutland")


def test_the_same_field_changed_meanwhile_asks(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        edit_organization(actor=alpha.actor(), organization=organization, city="Risskov")
    answer = client_of(alpha).post(address(alpha, organization), {"city": "Viby", "version": 1}, headers=HTMX)
    assert answer.status_code == 409
    assert b"keep_city" in answer.content
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert organization.city == "Risskov"


def test_a_wrong_value_is_named_kept_and_not_written(alpha, client_of, organization):
    wrong = {"website": "not an address", "version": 1}
    answer = client_of(alpha).post(address(alpha, organization, "website"), wrong, headers=HTMX)
    assert answer.status_code == 422
    assert b"not an address" in answer.content
    assert b"field-error" in answer.content


def test_cancelling_shows_the_value_again(alpha, client_of, organization):
    text = client_of(alpha).get(f"{address(alpha, organization)}&show", headers=HTMX).content.decode()
    assert "Aarhus" in text
    assert "<form" not in text


@pytest.mark.parametrize("field", ["name_key", "is_own", "external_id", "version", ""])
def test_other_fields_lead_to_the_edit_page(alpha, client_of, organization, field):
    answer = client_of(alpha).get(address(alpha, organization, field), headers=HTMX)
    assert answer["Location"] == f"{alpha.prefix}/organizations/{organization.pk}/edit/"


def test_without_javascript_it_is_a_link_to_the_edit_page_and_saves_as_a_page(alpha, client_of, organization):
    client = client_of(alpha)
    page = client.get(f"{alpha.prefix}/organizations/{organization.pk}/").content.decode()
    assert f'href="{alpha.prefix}/organizations/{organization.pk}/edit/"' in page
    assert b"<h1" in client.get(address(alpha, organization)).content
    answer = client.post(address(alpha, organization), {"city": "Viby", "version": 1})
    assert answer["Location"] == f"/t/alpha/organizations/{organization.pk}/"


def test_who_may_not_edit_gets_neither_control_nor_field(alpha, client_of, organization):
    client = client_of(alpha, Role.VIEWER)
    assert b"inline-value" not in client.get(f"{alpha.prefix}/organizations/{organization.pk}/").content
    assert client.get(address(alpha, organization), headers=HTMX).status_code == 403


@pytest.mark.parametrize(("field", "explicit"), [("stage_declared", True), ("tier", True), ("owner", False)])
def test_stage_and_tier_want_the_tick(alpha, client_of, field, explicit):
    with tenant_scope(alpha.id):
        row = make_partnership(tier="key")
    text = (
        client_of(alpha).get(f"{alpha.prefix}/partners/{row.pk}/inline/?field={field}", headers=HTMX).content.decode()
    )
    assert ("data-explicit" in text) is explicit
    assert "<select" in text


def test_an_owner_is_chosen_in_the_head(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_partnership(tier="key")
    client, where = client_of(alpha), f"{alpha.prefix}/partners/{row.pk}/inline/?field=owner"
    answer = client.post(where, {"owner": alpha.user(Role.OFFICER).pk, "version": 1}, headers=HTMX)
    assert b"Alpha Officer" in answer.content
    with tenant_scope(alpha.id):
        row.refresh_from_db()
    assert (row.owner_id, row.tier) == (alpha.user(Role.OFFICER).pk, "key")
