"""Saved views over HTTP."""

from itertools import count

from core.tenancy.scope import current_tenant_id, tenant_scope
from tenants.actions.views import save_view
from tenants.models import Membership, SavedView, Unit, UnitMember
from tenants.queries.tenants import actor_of
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes

numbers = count(1)


def make_view(author, **fields) -> SavedView:
    membership = Membership.objects.get(user=author, tenant_id=current_tenant_id())
    given = {"name": "At risk", "list_code": "partners", "query": "band=at_risk", **fields}
    return save_view(actor=actor_of(membership), **given)


def make_shared(author) -> SavedView:
    return SavedView.objects.create(
        list_code="partners", name=f"View {next(numbers)}", query="band=at_risk", visibility="office", owner=author
    )


class TestViews(ApiContract):
    resource = Resource(
        prefix="views",
        view="tenants.view_saved_views",
        create="tenants.save_view",
        edit="tenants.edit_view",
        make=make_shared,
        payload=lambda: {"list_code": "partners", "name": "Strategic", "query": "sort=-health&tier=strategic"},
        patch={"name": "Strategic and silent"},
        references={"unit": (lambda: Unit.objects.create(name="Law"), lambda pk: {"visibility": "team", "unit": pk})},
        duplicate=lambda row: {"list_code": row.list_code, "name": row.name},
        queries={"list": 2, "detail": 1, "create": 3, "update": 5},
    )


def test_the_query_is_kept_in_one_form(alpha):
    api = Api(alpha, "officer")
    for given, kept in (
        ("sort=partner&band=watch&band=at_risk&q=+", "band=at_risk&band=watch"),
        ("columns=partner,owner&size=100&sort=-health", "columns=partner,owner&sort=-health&size=100"),
        ("columns=partner,health,trend,contact,stage,tier,owner&size=50", ""),
        ("size=7&sort=nothing&columns=nothing", ""),
        ("", ""),
    ):
        made = api.post("views/", {"list_code": "partners", "name": given or "all", "query": given}).json()
        assert made["query"] == kept
        assert (made["owner"]["name"], made["visibility"], made["unit"]) == ("Alpha Officer", "private", None)
        assert (made["is_pinned"], made["is_default"], made["may_change"], made["version"]) == (False, False, True, 1)


def test_a_filter_that_does_not_hold_is_refused_by_name(alpha):
    api = Api(alpha, "manager")
    for query, words in (
        ("band=purple", "Health"),
        ("owner=999999999", "Owner"),
        ("colour=red", "colour"),
        ("page=2", "page"),
        ("silent=x", "Silent for days"),
        ("q=%00", "Name"),
        ("&".join(f"q={number}" for number in range(700)), "2000"),
    ):
        with nothing_changes():
            problem = error_of(api.post("views/", {"list_code": "partners", "name": "A", "query": query}), 400)
        assert words in str(problem["fields"]["query"]), query
    for body, field in (
        ({"list_code": "nothing", "name": "A"}, "list_code"),
        ({"list_code": "partners", "name": "  "}, "name"),
        ({"list_code": "partners", "name": "A" * 81}, "name"),
        ({"list_code": "partners", "name": "A", "visibility": "world"}, "visibility"),
        ({"list_code": "partners", "name": "A", "visibility": "team"}, "unit"),
        ({"list_code": "partners", "name": "A", "owner": 1}, "owner"),
    ):
        with nothing_changes():
            assert field in error_of(api.post("views/", body), 400)["fields"], body


def test_a_list_that_one_may_not_open_has_no_views(alpha):
    with tenant_scope(alpha.id):
        shared = make_view(alpha.user("manager"), list_code="people", query="", visibility="office")
    viewer = Api(alpha, "viewer")
    assert viewer.get("views/").json()["results"] == []
    error_of(viewer.get(f"views/{shared.pk}/"), 404)
    with nothing_changes():
        error_of(viewer.post("views/", {"list_code": "people", "name": "Mine"}), 400)


def test_private_views_are_ones_own_even_for_administrators(alpha, beta):
    with tenant_scope(alpha.id):
        view = make_view(alpha.user("officer"))
    for api in (Api(alpha, "administrator"), Api(alpha, "manager"), Api(beta, "administrator")):
        with nothing_changes():
            assert api.get("views/").json()["count"] == 0
            error_of(api.get(f"views/{view.pk}/"), 404)
            error_of(api.patch(f"views/{view.pk}/", {"name": "Mine"}), 404)
            error_of(api.post(f"views/{view.pk}/pin/"), 404)
            error_of(api.post(f"views/{view.pk}/default/"), 404)


def test_a_team_shares_its_views(alpha):
    with tenant_scope(alpha.id):
        unit, other = Unit.objects.create(name="Physics"), Unit.objects.create(name="Law")
        for role in ("officer", "researcher"):
            UnitMember.objects.create(unit=unit, member=alpha.user(role))
        UnitMember.objects.create(unit=other, member=alpha.user("manager"))
    body = {"list_code": "partners", "name": "Physics", "visibility": "team", "unit": unit.pk}
    with nothing_changes():
        assert "unit" in error_of(Api(alpha, "manager").post("views/", body), 400)["fields"]
        assert "visibility" in error_of(Api(alpha, "researcher").post("views/", body), 400)["fields"]
    made = Api(alpha, "officer").post("views/", body).json()
    assert made["unit"] == {"id": unit.pk, "name": "Physics"}
    seen = {role: Api(alpha, role).get("views/").json()["count"] for role in ("researcher", "manager", "administrator")}
    assert seen == {"researcher": 1, "manager": 0, "administrator": 1}
    with nothing_changes():
        problem = error_of(Api(alpha, "researcher").patch(f"views/{made['id']}/", {"name": "Ours"}), 409)
        assert problem["code"] == "not_yours"
        hidden = Api(alpha, "administrator").patch(f"views/{made['id']}/", {"visibility": "private"})
        assert "Only its owner" in error_of(hidden, 400)["fields"]["visibility"][0]
    back = Api(alpha, "officer").patch(f"views/{made['id']}/", {"visibility": "private"}).json()
    assert (back["visibility"], back["unit"], back["version"]) == ("private", None, 2)


def test_sharing_with_the_office_is_for_managers(alpha):
    body = {"list_code": "partners", "name": "Ours", "visibility": "office"}
    for role in ("officer", "researcher", "viewer"):
        with nothing_changes():
            assert "visibility" in error_of(Api(alpha, role).post("views/", body), 400)["fields"]
    made = Api(alpha, "manager").post("views/", body).json()
    shown = Api(alpha, "viewer").get(f"views/{made['id']}/").json()
    assert (shown["name"], shown["may_change"]) == ("Ours", False)
    with nothing_changes():
        error_of(Api(alpha, "officer").patch(f"views/{made['id']}/", {"query": "band=watch"}), 409)
    changed = Api(alpha, "administrator").patch(f"views/{made['id']}/", {"query": "band=watch"}).json()
    assert (changed["query"], changed["owner"]["name"], changed["may_change"]) == ("band=watch", "Alpha Manager", True)


def test_pins_and_defaults_are_ones_own(alpha):
    with tenant_scope(alpha.id):
        first = make_view(alpha.user("manager"), name="First", visibility="office")
        second = make_view(alpha.user("manager"), name="Second", visibility="office", query="")
    manager, viewer = Api(alpha, "manager"), Api(alpha, "viewer")
    assert viewer.post(f"views/{first.pk}/pin/").json()["is_pinned"] is True
    assert viewer.post(f"views/{first.pk}/default/", {}).json()["is_default"] is True
    assert viewer.post(f"views/{second.pk}/default/", {"default": True}).json()["is_default"] is True
    marks = {each["name"]: (each["is_pinned"], each["is_default"]) for each in viewer.get("views/").json()["results"]}
    assert marks == {"First": (True, False), "Second": (False, True)}
    assert {each["is_pinned"] for each in manager.get("views/").json()["results"]} == {False}
    assert viewer.post(f"views/{first.pk}/pin/", {"pinned": False}).json()["is_pinned"] is False
    assert viewer.get(f"views/{first.pk}/").json()["version"] == 1


def test_a_view_stays_with_its_list(alpha):
    with tenant_scope(alpha.id):
        view = make_view(alpha.user("manager"))
    api = Api(alpha, "manager")
    with nothing_changes():
        assert "list_code" in error_of(api.patch(f"views/{view.pk}/", {"list_code": "projects"}), 400)["fields"]
    assert api.patch(f"views/{view.pk}/", {"list_code": "partners"}).json()["version"] == 1


def test_views_can_be_narrowed(alpha):
    with tenant_scope(alpha.id):
        for code in ("partners", "projects"):
            make_view(alpha.user("manager"), list_code=code, query="")
    found = Api(alpha, "manager").get("views/", {"list_code": "projects", "visibility": "private"}).json()
    assert [each["list_code"] for each in found["results"]] == ["projects"]
