"""Units over HTTP."""

from core.tenancy.scope import current_tenant_id, tenant_scope
from tenants.choices import Role
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.units import make_unit


def somebody() -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role=Role.VIEWER)


class TestUnits(ApiContract):
    resource = Resource(
        prefix="units",
        view="tenants.view_units",
        create="tenants.create_unit",
        edit="tenants.edit_unit",
        make=lambda author: make_unit(parent=make_unit(), members=(author,)),
        payload=lambda: {
            "name": "Laser laboratory",
            "kind": "facility",
            "code": "LAS",
            "parent": make_unit().pk,
            "members": [somebody().pk],
        },
        patch={"name": "Renamed"},
        references={
            "parent": (make_unit, lambda pk: {"parent": pk}),
            "members": (somebody, lambda pk: {"members": [pk]}),
        },
        duplicate=lambda row: {"code": _coded(row)},
        queries={"list": 3, "detail": 2, "create": 8, "update": 5},
    )


def _coded(row) -> str:
    row.code = f"C{row.pk}"
    row.save()
    return row.code


def test_a_unit_is_moved_closed_and_opened_again(alpha):
    with tenant_scope(alpha.id):
        faculty = make_unit()
        unit = make_unit(parent=faculty)
    api = Api(alpha, "manager")
    with nothing_changes():
        circle = error_of(api.patch(f"units/{faculty.pk}/", {"parent": unit.pk}), 409)
        assert circle["code"] == "circular_parent"
        assert error_of(api.patch(f"units/{faculty.pk}/", {"closed_on": "2026-01-01"}), 409)["code"] == "open_below"
    assert api.patch(f"units/{unit.pk}/", {"parent": None}).json()["parent"] is None
    assert api.patch(f"units/{faculty.pk}/", {"closed_on": "2026-01-01"}).json()["closed_on"] == "2026-01-01"
    assert api.get("units/", {"open": "true"}).json()["count"] == 1
    assert api.patch(f"units/{faculty.pk}/", {"closed_on": None}).json()["closed_on"] is None
