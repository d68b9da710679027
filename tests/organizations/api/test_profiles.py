"""Risks, practices, tags and sectors of organizations over HTTP."""

from core.tenancy.scope import tenant_scope
from organizations.models import OrganizationTag, Tag
from tenants.choices import Role
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_organization, make_risk_flag


class TestRiskFlags(ApiContract):
    resource = Resource(
        prefix="risk-flags",
        view="organizations.view_risk_flags",
        create="organizations.raise_risk_flag",
        make=lambda author: make_risk_flag(raised_by=author),
        payload=lambda: {"organization": make_organization().pk, "kind": "sanctions", "note": "On the list"},
        references={"organization": (make_organization, lambda pk: {"organization": pk})},
        queries={"list": 2, "detail": 1, "create": 3},
    )


def test_a_flag_is_cleared_with_a_reason_by_a_manager(alpha):
    with tenant_scope(alpha.id):
        flag = make_risk_flag()
    path, body = f"risk-flags/{flag.pk}/clear/", {"clearing_note": "A namesake"}
    with nothing_changes():
        error_of(Api(alpha, "officer").post(path, body), 403)
        assert error_of(Api(alpha, "manager").post(path, {}), 400)["fields"].keys() == {"clearing_note"}
    cleared = Api(alpha, "manager").post(path, body).json()
    assert (cleared["clearing_note"], cleared["cleared_by"]["name"]) == ("A namesake", "Alpha Manager")
    with nothing_changes():
        assert error_of(Api(alpha, "manager").post(path, body), 409)["code"] == "cleared_already"


def test_organizations_can_be_found_by_risk_only_by_who_may_see_risks(alpha):
    with tenant_scope(alpha.id):
        risky = make_risk_flag().organization
        make_organization()
    found = Api(alpha, "officer").get("organizations/", {"at_risk": "true"}).json()
    assert [each["id"] for each in found["results"]] == [risky.pk]
    assert Api(alpha, Role.VIEWER).get("organizations/", {"at_risk": "true"}).json()["count"] == 2


def test_tags_and_sectors_are_lists_of_the_organization(alpha):
    api = Api(alpha, "manager")
    body = {"name": "Cog", "tags": ["Batteries"], "sectors": [{"scheme": "nace", "code": "27.2"}], "headcount": 12}
    made = api.post("organizations/", body).json()
    assert (made["tags"], made["sectors"], made["size_class"]) == (["Batteries"], body["sectors"], "small")
    assert api.patch(f"organizations/{made['id']}/", {"tags": ["Cells"]}).json()["tags"] == ["Cells"]
    with tenant_scope(alpha.id):
        tag = Tag.objects.create(name="Other")
        OrganizationTag.objects.create(organization=make_organization(), tag=tag)
    assert api.get("organizations/", {"tag": tag.pk}).json()["count"] == 1
    with nothing_changes():
        error = error_of(api.patch(f"organizations/{made['id']}/", {"tags": ["x" * 41]}), 400)
        assert error["fields"].keys() == {"tags"}
        error = error_of(api.patch(f"organizations/{made['id']}/", {"size_class": "large"}), 400)
        assert error["fields"].keys() == {"size_class"}


def test_practices_are_described_and_read(alpha):
    with tenant_scope(alpha.id):
        row = make_organization()
    api, path = Api(alpha, "manager"), f"organizations/{row.pk}"
    assert api.get(f"{path}/practices/").json()["version"] == 0
    assert api.post(f"{path}/describe/", {"seen": 0, "ip_stance": "open"}).status_code == 200
    shown = api.get(f"{path}/practices/").json()
    assert (shown["version"], shown["ip_stance"], shown["publication_stance"]) == (1, "open", "unknown")
    with nothing_changes():
        error_of(api.post(f"{path}/describe/", {"seen": 0, "ip_stance": "shares"}), 409)
        error = error_of(api.post(f"{path}/describe/", {"fiscal_year_start": 13}), 400)
        assert error["fields"].keys() == {"fiscal_year_start"}
