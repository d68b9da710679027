"""Targets over HTTP: setting one again replaces it, and only figures that there are have one."""

from core.tenancy.scope import tenant_scope
from reporting.models import Target
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes


def make_target(owner: object = None, **fields) -> Target:
    """A target for the first year that has none."""
    taken = set(Target.objects.values_list("fiscal_year", flat=True))
    year = next(year for year in range(2026, 2200) if year not in taken)
    return Target.objects.create(**{"measure": "health.at_risk", "fiscal_year": year, "value": 5, **fields})


class TestTargets(ApiContract):
    resource = Resource(
        prefix="targets",
        view="reporting.view_targets",
        create="reporting.set_target",
        delete="reporting.remove_target",
        make=make_target,
        payload=lambda: {"measure": "health.at_risk", "fiscal_year": 2031, "value": "4.00"},
        queries={"list": 2, "detail": 1, "create": 3},
    )


def test_setting_one_again_replaces_it(alpha):
    api, body = Api(alpha, "manager"), {"measure": "health.at_risk", "fiscal_year": 2030, "value": "4.00"}
    first = api.post("targets/", body).json()
    again = api.post("targets/", {**body, "value": "3.50"}).json()
    assert (again["id"], again["value"], again["version"]) == (first["id"], "3.50", first["version"] + 1)
    listed = api.get("targets/", {"fiscal_year": 2030}).json()["results"]
    assert [each["value"] for each in listed] == ["3.50"]


def test_what_is_no_figure_or_no_number_is_refused_by_name(alpha):
    api, body = Api(alpha, "manager"), {"measure": "health.at_risk", "fiscal_year": 2030, "value": "4.00"}
    for change, field in (
        ({"measure": "health.luck"}, "measure"),
        ({"measure": ""}, "measure"),
        ({"value": "-1"}, "value"),
        ({"value": "many"}, "value"),
        ({"fiscal_year": 99}, "fiscal_year"),
        ({"fiscal_year": 3000}, "fiscal_year"),
    ):
        with nothing_changes():
            assert field in error_of(api.post("targets/", {**body, **change}), 400)["fields"], change


def test_the_refusal_of_an_unknown_figure_names_those_that_there_are(alpha):
    body = {"measure": "health.luck", "fiscal_year": 2030, "value": "4.00"}
    detail = error_of(Api(alpha, "manager").post("targets/", body), 400)["detail"]
    assert "health.at_risk" in detail
    assert "health.healthy_share" in detail


def test_a_removed_target_comes_back_from_the_recycle_bin(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_target()
    manager = client_of(alpha)
    manager.post(f"{alpha.prefix}/targets/{row.pk}/remove/")
    with tenant_scope(alpha.id):
        assert not Target.objects.exists()
    page = manager.get(f"{alpha.prefix}/recycle-bin/").content.decode()
    assert "Target" in page
