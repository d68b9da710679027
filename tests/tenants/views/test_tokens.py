"""The page of one's API tokens."""

from core.tenancy.scope import tenant_scope
from tenants.choices import Role
from tenants.models import ApiToken
from tests.api_kit import Api, make_token, nothing_changes


def test_a_new_token_is_shown_once_and_works(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    answer = officer.post(f"{alpha.prefix}/tokens/new/", {"name": "Nightly sync", "days": "30"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    secret = answer.context["secret"]
    assert secret.encode() in answer.content
    assert secret.encode() not in officer.get(f"{alpha.prefix}/tokens/").content
    assert Api(alpha, token=secret).get("organizations/").status_code == 200
    assert Api(alpha, token=secret).post("organizations/", {"name": "New"}).status_code == 403


def test_a_writing_token_is_asked_for(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    secret = officer.post(f"{alpha.prefix}/tokens/new/", {"name": "Sync", "days": "1", "can_write": "on"}).context[
        "secret"
    ]
    assert Api(alpha, token=secret).post("organizations/", {"name": "New"}).status_code == 201


def test_wrong_values_come_back_with_the_form(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    for wrong in ({"name": "", "days": "1"}, {"name": "x", "days": "0"}, {"name": "x" * 81, "days": "1"}):
        with nothing_changes():
            assert officer.post(f"{alpha.prefix}/tokens/new/", wrong).status_code == 422


def test_the_page_names_the_token_that_made_one_and_a_session_makes_what_it_likes(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    given = {"name": "Nightly sync", "days": "2", "can_write": "on"}
    secret = officer.post(f"{alpha.prefix}/tokens/new/", given).context["secret"]
    assert Api(alpha, token=secret).post("tokens/", {"name": "Heir", "days": 1}).status_code == 201
    assert officer.post(f"{alpha.prefix}/tokens/new/", {"name": "Long", "days": "365"}).status_code == 200
    page = officer.get(f"{alpha.prefix}/tokens/").content.decode()
    assert page.count("made with Nightly sync") == 1
    assert f"made with Nightly sync …{secret[-4:]}" in page


def test_revoking_on_the_page_ends_what_was_made_with_it(alpha, client_of):
    officer = client_of(alpha, Role.OFFICER)
    given = {"name": "Nightly sync", "days": "2", "can_write": "on"}
    made = officer.post(f"{alpha.prefix}/tokens/new/", given).context
    heir = Api(alpha, token=made["secret"]).post("tokens/", {"name": "Heir", "days": 1}).json()["secret"]
    assert officer.post(f"{alpha.prefix}/tokens/{made['made'].pk}/revoke/").status_code == 302
    assert Api(alpha, token=heir).get("members/").status_code == 401


def test_somebody_elses_token_is_not_there(alpha, client_of):
    make_token(alpha, Role.ADMINISTRATOR)
    with tenant_scope(alpha.id):
        token = ApiToken.objects.get()
    manager = client_of(alpha, Role.MANAGER)
    with nothing_changes():
        assert manager.post(f"{alpha.prefix}/tokens/{token.pk}/revoke/").status_code == 404
    assert client_of(alpha, Role.ADMINISTRATOR).post(f"{alpha.prefix}/tokens/{token.pk}/revoke/").status_code == 302
    with tenant_scope(alpha.id):
        assert ApiToken.objects.get().revoked_at is not None
