"""The contract that every resource of the API keeps, as tests.

A test module names what is particular of its resource (``Resource``) and derives a class from ``ApiContract``; the
standard tests come with it. ``tests/core/rest/test_contracts.py`` lists resources without one.
"""

import importlib
import json
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

import tests
from core.permissions import registry
from core.tenancy.scope import tenant_scope
from tenants.choices import Role
from tenants.models import User
from tests.api_kit import Api, counted, error_of, make_token, nothing_changes
from tests.cast import Office

MISSING_ID = 999_999_999
LIST_LIMIT, DETAIL_LIMIT, CREATE_LIMIT = 4, 6, 9
AUTHENTICATION = 2  # the user of the session, and the membership


@dataclass(frozen=True)
class Resource:
    """What is particular of a resource.

    ``make(author)`` makes a row in the open scope; ``payload()`` answers a body that creates another, with whatever
    it refers to; ``patch`` is a change. ``references``: path of the error → (maker of a row to refer to, body with
    its id). ``duplicate(row)`` answers a body that a rule or unique constraint refuses beside the row. ``queries``:
    statements of list, detail, create and update beyond the two of authentication.
    """

    prefix: str
    view: str
    make: Callable[[User], Any]
    queries: Mapping[str, int]
    create: str = ""
    edit: str = ""
    delete: str = ""
    payload: Callable[[], dict] | None = None
    patch: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[str, tuple[Callable[[], Any], Callable[[int], dict]]] = field(default_factory=dict)
    duplicate: Callable[[Any], dict] | None = None
    id_of: Callable[[Any], int] = lambda row: row.pk
    countable: bool = True

    def roles(self, code: str) -> frozenset[str]:
        return registry.get(code).roles


def contracts() -> dict[str, "ApiContract"]:
    """The contract of every resource that has one, by its prefix."""
    for module in pkgutil.walk_packages(tests.__path__, "tests."):
        if ".api.test_" in module.name:
            importlib.import_module(module.name)
    return {contract.resource.prefix: contract() for contract in ApiContract.__subclasses__()}


class ApiContract:
    """Derive a class called Test… in a test module and set ``resource``."""

    resource: ClassVar[Resource]

    def row(self, office: Office, role: str = Role.MANAGER) -> Any:
        with tenant_scope(office.id):
            return self.resource.make(office.user(role))

    def body(self, office: Office) -> dict:
        with tenant_scope(office.id):
            return self.resource.payload()

    def path(self, row: Any) -> str:
        return f"{self.resource.prefix}/{self.resource.id_of(row)}/"

    @property
    def collection(self) -> str:
        return f"{self.resource.prefix}/"

    def skip_unless(self, code: str) -> None:
        if not code:
            pytest.skip(f"{self.resource.prefix} cannot be written this way")

    # Who may do what

    @pytest.mark.parametrize("role", Role.values)
    def test_reading_needs_the_view_permission(self, alpha, role):
        row, api = self.row(alpha, role), Api(alpha, role)
        listed, one = api.get(self.collection), api.get(self.path(row))
        if role in self.resource.roles(self.resource.view):
            assert listed.status_code == one.status_code == 200
            assert self.resource.id_of(row) in [each["id"] for each in listed.json()["results"]]
            assert one.json()["id"] == self.resource.id_of(row)
            assert one.json() in listed.json()["results"]
        else:
            assert error_of(listed, 403)["details"] == {"needs": self.resource.view}
            error_of(one, 403)

    @pytest.mark.parametrize("role", Role.values)
    def test_creating_needs_its_permission(self, alpha, role):
        self.skip_unless(self.resource.create)
        body, api = self.body(alpha), Api(alpha, role)
        if role in self.resource.roles(self.resource.create):
            answer = api.post(self.collection, body)
            assert answer.status_code == 201, answer.content
            made = answer.json()
            assert answer["Location"] == f"{alpha.prefix}/api/v1/{self.resource.prefix}/{made['id']}/"
            shown = api.get(f"{self.resource.prefix}/{made['id']}/").json()
            assert {name: made[name] for name in shown} == shown
        else:
            with nothing_changes():
                assert error_of(api.post(self.collection, body), 403)["details"] == {"needs": self.resource.create}

    @pytest.mark.parametrize("role", Role.values)
    def test_changing_needs_its_permission(self, alpha, role):
        self.skip_unless(self.resource.edit)
        row, api = self.row(alpha, role), Api(alpha, role)
        if role in self.resource.roles(self.resource.edit):
            answer = api.patch(self.path(row), dict(self.resource.patch))
            assert answer.status_code == 200, answer.content
            assert {name: answer.json()[name] for name in self.resource.patch} == dict(self.resource.patch)
            assert answer.json() == api.get(self.path(row)).json()
        else:
            with nothing_changes():
                answer = api.patch(self.path(row), dict(self.resource.patch))
                assert error_of(answer, 403)["details"] == {"needs": self.resource.edit}

    @pytest.mark.parametrize("role", Role.values)
    def test_deleting_needs_its_permission(self, alpha, role):
        self.skip_unless(self.resource.delete)
        row, api = self.row(alpha, role), Api(alpha, role)
        if role in self.resource.roles(self.resource.delete):
            answer = api.send("DELETE", self.path(row))
            assert (answer.status_code, answer.content) == (204, b"")
            error_of(api.get(self.path(row)), 404)
            error_of(api.send("DELETE", self.path(row)), 404)
        else:
            with nothing_changes():
                answer = api.send("DELETE", self.path(row))
                assert error_of(answer, 403)["details"] == {"needs": self.resource.delete}

    def check_refused(self, office: Office, status: int, **caller) -> None:
        row, api = self.row(office), Api(office, **caller)
        requests = [("GET", self.collection, None), ("GET", self.path(row), None)]
        if self.resource.create:
            requests.append(("POST", self.collection, self.body(office)))
        if self.resource.edit:
            requests.append(("PATCH", self.path(row), dict(self.resource.patch)))
        if self.resource.delete:
            requests.append(("DELETE", self.path(row), None))
        with nothing_changes():
            for method, path, body in requests:
                raw = json.dumps(body).encode() if body is not None else b""
                error_of(api.send(method, path, raw), status)

    def test_nobody_is_asked_to_sign_in(self, alpha):
        self.check_refused(alpha, 401)

    def test_a_stranger_finds_nothing(self, alpha):
        self.check_refused(alpha, 404, stranger=True)

    def test_another_offices_token_opens_nothing_here(self, alpha, beta):
        self.check_refused(alpha, 401, token=make_token(beta))

    def test_a_revoked_token_opens_nothing(self, alpha):
        self.check_refused(alpha, 401, token=make_token(alpha, revoked_at=timezone.now()))

    def test_an_expired_token_opens_nothing(self, alpha):
        self.check_refused(alpha, 401, token=make_token(alpha, expires_at=timezone.now() - timedelta(seconds=1)))

    def test_a_token_works_as_its_member_does(self, alpha):
        row, api = self.row(alpha), Api(alpha, token=make_token(alpha, Role.MANAGER))
        assert api.get(self.path(row)).status_code == 200
        if self.resource.create:
            assert api.post(self.collection, self.body(alpha)).status_code == 201
        if self.resource.edit:
            assert api.patch(self.path(row), dict(self.resource.patch)).status_code == 200

    def test_a_reading_token_writes_nothing(self, alpha):
        row, api = self.row(alpha), Api(alpha, token=make_token(alpha, can_write=False))
        body = self.body(alpha) if self.resource.create else {}
        assert api.get(self.path(row)).status_code == 200
        with nothing_changes():
            if self.resource.create:
                error_of(api.post(self.collection, body), 403)
            if self.resource.edit:
                error_of(api.patch(self.path(row), dict(self.resource.patch)), 403)
            if self.resource.delete:
                error_of(api.send("DELETE", self.path(row)), 403)

    def test_a_token_in_the_address_is_not_looked_at(self, alpha):
        secret, row = make_token(alpha), self.row(alpha)
        for name in ("token", "access_token", "api_key", "key", "authorization"):
            error_of(Api(alpha).get(self.path(row), {name: secret}), 401)

    def test_a_session_needs_the_csrf_token_to_write(self, alpha):
        row = self.row(alpha)
        body = self.body(alpha) if self.resource.create else {}
        api = Api(alpha, Role.MANAGER, enforce_csrf_checks=True)
        assert api.get(self.path(row)).status_code == 200
        with nothing_changes():
            if self.resource.create:
                error_of(api.post(self.collection, body), 403)
            if self.resource.edit:
                error_of(api.patch(self.path(row), dict(self.resource.patch)), 403)
            if self.resource.delete:
                error_of(api.send("DELETE", self.path(row)), 403)

    def test_a_token_needs_no_csrf_token(self, alpha):
        api = Api(alpha, token=make_token(alpha), enforce_csrf_checks=True)
        if self.resource.create:
            assert api.post(self.collection, self.body(alpha)).status_code == 201
        if self.resource.edit:
            assert api.patch(self.path(self.row(alpha)), dict(self.resource.patch)).status_code == 200

    # Other offices

    def test_another_offices_rows_are_absent(self, alpha, beta):
        foreign, api = self.row(beta), Api(alpha, Role.ADMINISTRATOR)
        with nothing_changes():
            missing = api.get(f"{self.resource.prefix}/{MISSING_ID}/")
            other = api.get(self.path(foreign))
            assert error_of(other, 404) == error_of(missing, 404)
            if self.resource.edit:
                error_of(api.patch(self.path(foreign), dict(self.resource.patch)), 404)
            if self.resource.delete:
                error_of(api.send("DELETE", self.path(foreign)), 404)
        listed = api.get(self.collection).json()
        assert self.resource.id_of(foreign) not in [each["id"] for each in listed["results"]]

    def test_another_offices_ids_in_a_body_are_as_missing_ones(self, alpha, beta):
        for where, (make, body_of) in self.resource.references.items():
            with tenant_scope(beta.id):
                foreign = make().pk
            api, row = Api(alpha, Role.ADMINISTRATOR), self.row(alpha, Role.ADMINISTRATOR)
            body = self.body(alpha)
            with nothing_changes():
                for method, path, full in (("POST", self.collection, body), ("PATCH", self.path(row), {})):
                    if not (self.resource.create if method == "POST" else self.resource.edit):
                        continue
                    answers = [
                        api.send(method, path, json.dumps({**full, **body_of(pk)}).encode())
                        for pk in (foreign, MISSING_ID, 2**63 - 1)
                    ]
                    errors = [error_of(answer, 400) for answer in answers]
                    assert errors[0] == errors[1] == errors[2]
                    assert list(errors[0]["fields"]) == [where]

    def test_the_same_values_may_stand_in_another_office(self, alpha, beta):
        if self.resource.duplicate is None:
            pytest.skip("Nothing is unique here")
        row = self.row(beta)
        with tenant_scope(beta.id):
            taken = self.resource.duplicate(row)
        body = {name: value for name, value in taken.items() if name not in self.resource.references}
        answer = Api(alpha, Role.MANAGER).post(self.collection, {**self.body(alpha), **body})
        assert answer.status_code == 201, answer.content

    # Ids, names, values

    @pytest.mark.parametrize("bad", ["0", "abc", "-1", "1.5", "9" * 20, "9" * 400, "%00", "1%20", "1;2"])
    def test_an_id_that_is_none_is_absent(self, alpha, bad):
        api = Api(alpha, Role.MANAGER)
        error_of(api.get(f"{self.resource.prefix}/{bad}/"), 404)
        if self.resource.edit:
            error_of(api.patch(f"{self.resource.prefix}/{bad}/", {}), 404)

    def test_unknown_names_and_those_only_read_are_refused(self, alpha):
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        strange = {"id": 1, "tenant": 2, "tenant_id": 3, "no_such_field": 4, "\u0000": 5}
        for method, path, full, code in (
            ("POST", self.collection, self.body(alpha) if self.resource.create else {}, self.resource.create),
            ("PATCH", self.path(row), {}, self.resource.edit),
        ):
            if code:
                with nothing_changes():
                    error = error_of(api.send(method, path, json.dumps({**full, **strange}).encode()), 400)
                    assert error["fields"].keys() == strange.keys()

    def test_methods_that_it_has_not_are_refused(self, alpha):
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        with nothing_changes():
            for method in ("PUT", "DELETE", "OPTIONS"):
                if method != "DELETE" or not self.resource.delete:
                    error_of(api.send(method, self.path(row), b"{}"), 405)
                error_of(api.send(method, self.collection, b"{}"), 405)
            if self.resource.delete:
                assert list(error_of(api.send("DELETE", self.path(row), b'{"x": 1}'), 400)["fields"]) == ["x"]
            if not self.resource.create:
                error_of(api.post(self.collection, {}), 405)
            if not self.resource.edit:
                error_of(api.patch(self.path(row), {}), 405)

    def test_unknown_parameters_are_refused(self, alpha):
        api = Api(alpha, Role.MANAGER)
        assert list(error_of(api.get(self.collection, {"no_such": "1"}), 400)["fields"]) == ["no_such"]
        assert list(error_of(api.get(self.collection, {"ordering": "tenant"}), 400)["fields"]) == ["ordering"]
        assert list(error_of(api.get(self.collection, {"page_size": "501"}), 400)["fields"]) == ["page_size"]
        error_of(api.get(self.collection, {"page": "99"}), 404)

    def test_each_declared_ordering_works_both_ways(self, alpha):
        rows, api = [self.row(alpha) for _ in range(3)] if self.resource.countable else [], Api(alpha, Role.MANAGER)
        for name in self.viewset().sorting:
            up, down = (api.get(self.collection, {"ordering": sign + name}) for sign in ("", "-"))
            assert up.status_code == down.status_code == 200
            assert up.json()["count"] == down.json()["count"] >= len(rows)

    def viewset(self):
        from config.urls_api import router

        return {prefix: viewset for prefix, viewset, _basename in router.registry}[self.resource.prefix]

    def test_pages_hold_every_row_once(self, alpha):
        for _ in range(3 if self.resource.countable else 1):
            self.row(alpha)
        api = Api(alpha, Role.ADMINISTRATOR)
        first = api.get(self.collection, {"page_size": "2"}).json()
        found, page = [each["id"] for each in first["results"]], first
        while page["next"]:
            assert page["next"].startswith(f"http://testserver{alpha.prefix}/api/v1/{self.resource.prefix}/?")
            page = api.client.get(page["next"]).json()
            found += [each["id"] for each in page["results"]]
        assert len(found) == len(set(found)) == first["count"]

    def test_a_duplicate_is_refused(self, alpha):
        if self.resource.duplicate is None:
            pytest.skip("Nothing is unique here")
        row = self.row(alpha)
        with tenant_scope(alpha.id):
            body = {**self.resource.payload(), **self.resource.duplicate(row)}
        with nothing_changes():
            error_of(Api(alpha, Role.MANAGER).post(self.collection, body), 409)

    # Versions and repetition

    def test_a_stale_version_is_refused_with_the_present_values(self, alpha):
        self.skip_unless(self.resource.edit)
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        seen = api.get(self.path(row))
        first = api.patch(self.path(row), {**self.resource.patch, "version": seen.json()["version"]})
        assert first.json()["version"] == seen.json()["version"] + 1
        with nothing_changes():
            late = api.patch(self.path(row), {**self.resource.patch, "version": seen.json()["version"]})
            error = error_of(late, 409)
            current = {name: first.json()[name] for name in self.resource.patch}
            assert error["code"] == "stale"
            assert error["details"] == {"version": first.json()["version"], "current": current}

    def test_if_match_holds_the_version_that_was_seen(self, alpha):
        self.skip_unless(self.resource.edit)
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        tag = api.get(self.path(row))["ETag"]
        first = api.patch(self.path(row), dict(self.resource.patch), If_Match=tag)
        assert first.status_code == 200
        assert first["ETag"] != tag
        assert first["ETag"] == api.get(self.path(row))["ETag"]
        with nothing_changes():
            late = error_of(api.patch(self.path(row), dict(self.resource.patch), If_Match=tag), 412)
            assert late["details"]["version"] == first.json()["version"]
            error_of(api.patch(self.path(row), dict(self.resource.patch), If_Match="nonsense"), 400)
        for good in ("*", first["ETag"], f'"77", {first["ETag"]}', f"W/{first['ETag']}"):
            assert api.patch(self.path(row), dict(self.resource.patch), If_Match=good).status_code == 200

    def test_a_deletion_may_name_the_version_that_was_seen(self, alpha):
        self.skip_unless(self.resource.delete and self.resource.edit)
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        seen = api.get(self.path(row))["ETag"]
        now = api.patch(self.path(row), dict(self.resource.patch))
        with nothing_changes():
            late = error_of(api.send("DELETE", self.path(row), If_Match=seen), 412)
            assert late["details"] == {"version": now.json()["version"]}
        assert api.send("DELETE", self.path(row), If_Match=now["ETag"]).status_code == 204

    def test_the_same_key_creates_once(self, alpha):
        self.skip_unless(self.resource.create)
        api, body = Api(alpha, Role.MANAGER), self.body(alpha)
        if not self.viewset().keeps_answers:
            error_of(api.post(self.collection, body, Idempotency_Key="once"), 400)
            return
        first = api.post(self.collection, body, Idempotency_Key="once")
        assert first.status_code == 201
        with nothing_changes():
            again = api.post(self.collection, body, Idempotency_Key="once")
            assert (again.status_code, again.content) == (201, first.content)
            assert again["Idempotency-Replayed"] == "true"
            assert (again["Location"], again.get("ETag")) == (first["Location"], first.get("ETag"))
            other = {**body, "name": "Other", "note": "Other"}
            error_of(api.post(self.collection, other, Idempotency_Key="once"), 422)

    # Cost

    def test_a_list_costs_the_same_for_any_length(self, alpha):
        api, costs = Api(alpha, Role.MANAGER), []
        for more in (1, 2, 47) if self.resource.countable else (1,):
            for _ in range(more):
                self.row(alpha)
            with counted() as statements:
                assert api.get(self.collection).status_code == 200
            costs.append(len(statements) - AUTHENTICATION)
        assert set(costs) == {self.resource.queries["list"]}
        assert costs[0] <= LIST_LIMIT

    def test_one_row_costs_little(self, alpha):
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        with counted() as statements:
            assert api.get(self.path(row)).status_code == 200
        assert len(statements) - AUTHENTICATION == self.resource.queries["detail"] <= DETAIL_LIMIT

    def test_a_create_costs_little(self, alpha):
        self.skip_unless(self.resource.create)
        api, body = Api(alpha, Role.MANAGER), self.body(alpha)
        with counted() as statements:
            assert api.post(self.collection, body).status_code == 201
        assert len(statements) - AUTHENTICATION == self.resource.queries["create"], "\n".join(
            sql[:90] for sql in statements
        )
        assert self.resource.queries["create"] <= CREATE_LIMIT

    def test_a_change_costs_little(self, alpha):
        self.skip_unless(self.resource.edit)
        row, api = self.row(alpha), Api(alpha, Role.MANAGER)
        with counted() as statements:
            assert api.patch(self.path(row), dict(self.resource.patch)).status_code == 200
        assert len(statements) - AUTHENTICATION == self.resource.queries["update"], "\n".join(
            sql[:90] for sql in statements
        )
        assert self.resource.queries["update"] <= CREATE_LIMIT
