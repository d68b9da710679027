"""API tokens over HTTP."""

import pytest

from core.tenancy.scope import tenant_scope
from tenants.actions.tokens import create_token
from tenants.models import ApiToken, Membership
from tenants.queries.tenants import actor_of
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, make_token, nothing_changes


def make_own(author) -> ApiToken:
    from core.tenancy.scope import current_tenant_id

    membership = Membership.objects.get(user=author, tenant_id=current_tenant_id())
    token, _secret = create_token(actor=actor_of(membership), name="Nightly", days=30, can_write=False)
    return token


class TestTokens(ApiContract):
    resource = Resource(
        prefix="tokens",
        view="tenants.view_tokens",
        create="tenants.create_token",
        make=make_own,
        payload=lambda: {"name": "HR nightly sync", "days": 1, "can_write": True},
        queries={"list": 2, "detail": 1, "create": 2},
    )


def test_the_secret_is_shown_once_and_works(alpha):
    api = Api(alpha, "officer")
    made = api.post("tokens/", {"name": "Sync", "days": 1}).json()
    assert made["secret"].startswith("cw_")
    assert made["secret"].endswith(made["hint"])
    assert made["can_write"] is False
    shown = api.get(f"tokens/{made['id']}/")
    assert "secret" not in shown.json()
    assert made["secret"].encode() not in shown.content + api.get("tokens/").content
    with tenant_scope(alpha.id):
        assert made["secret"] not in str(ApiToken.objects.values().get(pk=made["id"]))
    assert Api(alpha, token=made["secret"]).get("partnerships/").status_code == 200


def test_revoking_works_with_the_next_request(alpha):
    api = Api(alpha, "officer")
    made = api.post("tokens/", {"name": "Sync", "days": 1}).json()
    user = Api(alpha, token=made["secret"])
    assert user.get("members/").status_code == 200
    with nothing_changes():
        error_of(api.post(f"tokens/{made['id']}/revoke/", {"now": True}), 400)
        error_of(api.post(f"tokens/{made['id']}/revoke/", [1]), 400)
        error_of(api.get(f"tokens/{made['id']}/revoke/"), 405)
    revoked = api.post(f"tokens/{made['id']}/revoke/")
    assert revoked.json()["revoked_at"].endswith("Z")
    error_of(user.get("members/"), 401)
    again = api.post(f"tokens/{made['id']}/revoke/", {})
    assert again.json() == revoked.json()


def test_a_token_made_with_a_token_names_it_and_ends_with_it(alpha):
    session = Api(alpha, "officer")
    root = session.post("tokens/", {"name": "Root", "days": 30, "can_write": True}).json()
    heir = Api(alpha, token=root["secret"]).post("tokens/", {"name": "Heir", "days": 20, "can_write": True}).json()
    last = Api(alpha, token=heir["secret"]).post("tokens/", {"name": "Last", "days": 10}).json()
    assert [root["made_with"], heir["made_with"], last["made_with"]] == [
        None,
        {"id": root["id"], "name": "Root"},
        {"id": heir["id"], "name": "Heir"},
    ]
    assert session.get(f"tokens/{last['id']}/").json()["made_with"] == last["made_with"]
    assert Api(alpha, token=last["secret"]).get("members/").status_code == 200
    revoked = session.post(f"tokens/{root['id']}/revoke/").json()["revoked_at"]
    for each in (root, heir, last):
        error_of(Api(alpha, token=each["secret"]).get("members/"), 401)
        assert session.get(f"tokens/{each['id']}/").json()["revoked_at"] == revoked


def test_a_token_makes_none_that_outlives_it(alpha):
    root = Api(alpha, "officer").post("tokens/", {"name": "Root", "days": 30, "can_write": True}).json()
    api = Api(alpha, token=root["secret"])
    assert api.get("members/").status_code == 200  # its first use is noted
    with nothing_changes():
        error = error_of(api.post("tokens/", {"name": "Heir", "days": 31, "can_write": True}), 400)
    assert error["code"] == "outlives_maker"
    assert error["fields"] == {"days": [error["detail"]]}
    assert error["details"]["days"] == 29
    assert api.post("tokens/", {"name": "Heir", "days": 29, "can_write": True}).status_code == 201


def test_who_made_a_token_is_not_said_by_the_body(alpha):
    with nothing_changes():
        error = error_of(Api(alpha, "officer").post("tokens/", {"name": "A", "days": 1, "made_with": 1}), 400)
    assert error["fields"].keys() == {"made_with"}


def test_tokens_are_ones_own_except_for_administrators(alpha, beta):
    with tenant_scope(alpha.id):
        token = make_own(alpha.user("officer"))
    with nothing_changes():
        error_of(Api(alpha, "manager").post(f"tokens/{token.pk}/revoke/"), 404)
        error_of(Api(beta, "administrator").post(f"tokens/{token.pk}/revoke/"), 404)
        error_of(Api(alpha).post(f"tokens/{token.pk}/revoke/"), 401)
        error_of(Api(alpha, stranger=True).post(f"tokens/{token.pk}/revoke/"), 404)
    assert Api(alpha, "manager").get("tokens/").json()["count"] == 0
    assert Api(alpha, "administrator").get("tokens/").json()["count"] == 1
    assert Api(alpha, "administrator").post(f"tokens/{token.pk}/revoke/").status_code == 200


def test_a_reading_token_revokes_nothing(alpha):
    with tenant_scope(alpha.id):
        token = make_own(alpha.user("officer"))
    api = Api(alpha, token=make_token(alpha, "officer", can_write=False))
    with nothing_changes():
        error_of(api.post(f"tokens/{token.pk}/revoke/"), 403)


@pytest.mark.parametrize("days", [0, -1, 366, 10**30, "ten", None, 1.5, [1]])
def test_a_token_lives_for_a_year_at_most(alpha, days):
    with nothing_changes():
        assert "days" in error_of(Api(alpha, "officer").post("tokens/", {"name": "A", "days": days}), 400)["fields"]


def test_the_first_use_of_a_token_is_noted(alpha):
    made = Api(alpha, "officer").post("tokens/", {"name": "Sync", "days": 1}).json()
    assert made["last_used_at"] is None
    shown = Api(alpha, token=made["secret"]).get(f"tokens/{made['id']}/").json()
    assert shown["last_used_at"] is not None
