"""Requests to contact people over HTTP."""

from core.tenancy.scope import tenant_scope
from tenants.choices import Role
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_clearance, make_contact, make_guarded_contact


def keeper() -> User:
    """Somebody of the office in scope who keeps people."""
    from core.tenancy.scope import current_tenant_id

    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role=Role.VIEWER)


class TestClearances(ApiContract):
    resource = Resource(
        prefix="clearances",
        view="organizations.view_clearances",
        create="organizations.request_clearance",
        make=lambda author: make_clearance(make_guarded_contact(keeper()), author),
        payload=lambda: {"contact": make_guarded_contact(keeper()).pk, "purpose": "A workshop"},
        references={"contact": (make_contact, lambda pk: {"contact": pk})},
        queries={"list": 2, "detail": 1, "create": 5},
    )


def test_a_request_is_granted_for_thirty_or_ninety_days(alpha):
    with tenant_scope(alpha.id):
        contact = make_guarded_contact(alpha.user(Role.OFFICER))
        row = make_clearance(contact, alpha.user(Role.RESEARCHER))
    path = f"clearances/{row.pk}"
    with nothing_changes():
        error_of(Api(alpha, Role.RESEARCHER).post(f"{path}/grant/"), 409)
        assert error_of(Api(alpha, Role.OFFICER).post(f"{path}/grant/", {"days": 31}), 400)["fields"].keys() == {"days"}
    granted = Api(alpha, Role.OFFICER).post(f"{path}/grant/", {"days": 90}).json()
    assert (granted["state"], granted["decided_by"]["name"]) == ("granted", "Alpha Officer")
    ended = Api(alpha, Role.RESEARCHER).post(f"{path}/withdraw/").json()
    assert ended["state"] == "withdrawn"


def test_all_that_is_held_on_a_person_is_one_answer(alpha):
    with tenant_scope(alpha.id):
        contact = make_guarded_contact(alpha.user(Role.OFFICER), name="Ada", notes="Likes tea")
        make_clearance(contact, alpha.user(Role.RESEARCHER), purpose="A workshop")
    held = Api(alpha, Role.OFFICER).get(f"contacts/{contact.pk}/personal-data/").json()["held"]
    assert held["Record"][0]["notes"] == "Likes tea"
    assert held["Requests to contact them"][0]["what for"] == "A workshop"
    error_of(Api(alpha, Role.RESEARCHER).get(f"contacts/{contact.pk}/personal-data/"), 403)


def test_opting_out_and_leaving_are_verbs(alpha):
    with tenant_scope(alpha.id):
        contact = make_contact(email="ada@x.example")
    path, manager = f"contacts/{contact.pk}", Api(alpha, "manager")
    assert manager.post(f"{path}/opt-out/").json()["opted_out_at"] is not None
    with nothing_changes():
        error_of(manager.post(f"{path}/lift-opt-out/", {"reason": "x"}), 403)
        administrator = Api(alpha, "administrator")
        assert error_of(administrator.post(f"{path}/lift-opt-out/", {}), 400)["fields"].keys() == {"reason"}
        assert error_of(manager.patch(f"{path}/", {"opted_out_at": None}), 400)["fields"].keys() == {"opted_out_at"}
    assert administrator.post(f"{path}/lift-opt-out/", {"reason": "She asked"}).json()["opted_out_at"] is None
    assert manager.post(f"{path}/mark-left/", {"left_on": "2026-01-31"}).json()["left_on"] == "2026-01-31"
