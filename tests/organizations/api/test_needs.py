"""Needs and capabilities over HTTP; what only some may read."""

import pytest

from core.tenancy.scope import current_tenant_id, tenant_scope
from tenants.choices import Role
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_capability, make_contact, make_need, make_organization
from tests.factories.units import make_unit


def officer() -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer")


class TestNeeds(ApiContract):
    resource = Resource(
        prefix="needs",
        view="organizations.view_needs",
        create="organizations.create_need",
        edit="organizations.edit_need",
        make=lambda author: make_need(topics=("batteries",), contact=make_contact()),
        payload=lambda: {
            "organization": make_organization().pk,
            "title": "A battery that does not burn",
            "text": "In full",
            "public_summary": "Safer batteries",
            "topics": [{"scheme": "cpc", "code": "H01M10/42"}, {"scheme": "keyword", "code": "Batteries"}],
            "trl_min": 3,
            "trl_max": 6,
            "horizon": "H2",
            "budget": "100000.00",
            "contact": make_contact().pk,
        },
        patch={"title": "Another", "budget": "5.00"},
        references={
            "organization": (make_organization, lambda pk: {"organization": pk}),
            "contact": (make_contact, lambda pk: {"contact": pk}),
        },
        queries={"list": 3, "detail": 2, "create": 6, "update": 5},
    )


class TestCapabilities(ApiContract):
    resource = Resource(
        prefix="capabilities",
        view="organizations.view_capabilities",
        create="organizations.create_capability",
        edit="organizations.edit_capability",
        make=lambda author: make_capability(topics=("lasers",), unit=make_unit(), lead=author),
        payload=lambda: {
            "title": "Laser laboratory",
            "kind": "equipment",
            "unit": make_unit().pk,
            "topics": [{"scheme": "keyword", "code": "lasers"}],
            "trl": 7,
        },
        patch={"status": "paused"},
        references={
            "unit": (make_unit, lambda pk: {"unit": pk}),
            "lead": (officer, lambda pk: {"lead": pk}),
        },
        queries={"list": 3, "detail": 2, "create": 5, "update": 5},
    )


@pytest.mark.parametrize("role", Role.values)
def test_text_budget_and_source_are_for_staff(alpha, role):
    with tenant_scope(alpha.id):
        row = make_need(text="Secret plan", public_summary="Plan", budget=1000, contact=make_contact(name="Ada"))
    api = Api(alpha, role)
    shown = api.get(f"needs/{row.pk}/").json()
    may = role in (Role.ADMINISTRATOR, Role.MANAGER, Role.OFFICER)
    hidden = (
        {"text": "Secret plan", "budget": "1000.00", "currency": "EUR"}
        if may
        else dict.fromkeys(["text", "budget", "currency"])
    )
    assert {name: shown[name] for name in hidden} == hidden
    assert shown["contact"] == ({"id": row.contact_id, "name": "Ada"} if may else None)
    assert shown["public_summary"] == "Plan"
    for query in ("secret", "1000", "Ada"):
        assert api.get("needs/", {"q": query}).json()["count"] == 0, "the search does not tell either"
    assert api.get("needs/", {"q": "plan"}).json()["count"] == 1


def test_needs_can_be_narrowed(alpha):
    with tenant_scope(alpha.id):
        low = make_need(title="Low", trl_max=3, topics=("batteries",), status="open")
        make_need(title="High", trl_min=7, status="met", horizon="H3")
    api = Api(alpha, "manager")

    def titles(**query):
        return [each["title"] for each in api.get("needs/", query).json()["results"]]

    assert titles(trl="2") == ["Low"]
    assert titles(trl="8") == ["High"]
    assert titles(topic="BATT") == ["Low"]
    assert titles(status="met") == titles(horizon="H3") == ["High"]
    assert titles(organization=low.organization_id) == ["Low"]


def test_a_wrong_topic_is_named(alpha):
    with tenant_scope(alpha.id):
        body = {"organization": make_organization().pk, "title": "T", "topics": [{"scheme": "cpc", "code": "x"}]}
    with nothing_changes():
        assert error_of(Api(alpha, "manager").post("needs/", body), 400)["fields"].keys() == {"topics"}
