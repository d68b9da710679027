"""One's own preferences, from the page and from the menu."""

import pytest

from core.errors import PermissionRefused
from core.tenancy.scope import tenant_scope
from tenants.actions.users import change_preferences
from tenants.choices import Role
from tenants.models import Membership, User
from tests.api_kit import nothing_changes

WHOLE = {"name": "Olga", "time_zone": "Asia/Tokyo", "theme": "dark", "density": "compact"}


def shown(alpha, role=Role.OFFICER) -> tuple:
    user = User.objects.get(pk=alpha.user(role).pk)
    return user.name, user.time_zone, user.theme, user.density, user.single_key_shortcuts


@pytest.mark.parametrize("role", Role.values)
def test_everybody_changes_their_own(alpha, client_of, role):
    answer = client_of(alpha, role).post(f"{alpha.prefix}/preferences/", WHOLE)
    assert answer.status_code == 302
    assert shown(alpha, role) == ("Olga", "Asia/Tokyo", "dark", "compact", False)


def test_nobody_elses_change(alpha, client_of):
    before = shown(alpha, Role.MANAGER)
    client_of(alpha, Role.OFFICER).post(f"{alpha.prefix}/preferences/", {**WHOLE, "user": alpha.user().pk, "pk": 1})
    assert shown(alpha, Role.MANAGER) == before


@pytest.mark.parametrize(("name", "value"), [("theme", "dark"), ("density", "compact")])
def test_the_menu_sends_one_choice_and_goes_back(alpha, client_of, name, value):
    officer = client_of(alpha, Role.OFFICER)
    before = shown(alpha)
    answer = officer.post(f"{alpha.prefix}/preferences/", {name: value, "next": f"{alpha.prefix}/members/"})
    assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/members/")
    after = shown(alpha)
    assert value in after
    assert len([1 for one, other in zip(before, after, strict=True) if one != other]) == 1


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_goes_elsewhere(alpha, client_of, away):
    answer = client_of(alpha).post(f"{alpha.prefix}/preferences/", {"theme": "dark", "next": away})
    assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/preferences/")


@pytest.mark.parametrize(
    "wrong", [{"theme": "pink"}, {"density": "tiny"}, {"time_zone": "Mars/Olympus"}, {"name": ""}, {"name": "x" * 151}]
)
def test_wrong_values_are_refused(alpha, client_of, wrong):
    officer, before = client_of(alpha, Role.OFFICER), shown(alpha)
    assert officer.post(f"{alpha.prefix}/preferences/", {**WHOLE, **wrong}).status_code == 422
    assert shown(alpha) == before


def test_only_what_is_a_preference(in_alpha):
    for strange in ("is_active", "email", "password", "pk"):
        with pytest.raises(TypeError):
            change_preferences(actor=in_alpha.actor(), **{strange: "x"})


def test_the_system_has_no_preferences(in_alpha):
    from core.actor import Actor

    with pytest.raises(User.DoesNotExist):
        change_preferences(actor=Actor.system(in_alpha.id), theme="dark")


def test_a_reading_token_changes_nothing(alpha):
    from dataclasses import replace

    with tenant_scope(alpha.id), nothing_changes(), pytest.raises(PermissionRefused):
        change_preferences(actor=replace(alpha.actor(), read_only=True), theme="dark")


def digest_of(alpha, role=Role.OFFICER) -> str:
    return Membership.objects.get(pk=alpha.memberships[role].pk).digest


def test_mail_is_chosen_for_this_office_alone(alpha, beta, client_of):
    user = alpha.user(Role.OFFICER)
    elsewhere = Membership.objects.create(tenant=beta.tenant, user=user)
    officer, address = client_of(alpha, Role.OFFICER), f"{alpha.prefix}/preferences/"
    assert 'value="weekly" selected' in officer.get(address).content.decode()
    assert officer.post(address, {**WHOLE, "digest": "never"}).status_code == 302
    assert digest_of(alpha) == "never"
    elsewhere.refresh_from_db()
    assert elsewhere.digest == "weekly"
    assert digest_of(alpha, Role.MANAGER) == "weekly"
    assert 'value="never" selected' in officer.get(address).content.decode()


def test_mail_stays_as_it_was_where_it_is_not_said_and_a_wrong_word_is_refused(alpha, client_of):
    officer, address = client_of(alpha, Role.OFFICER), f"{alpha.prefix}/preferences/"
    officer.post(address, {**WHOLE, "digest": "daily"})
    officer.post(address, WHOLE)
    officer.post(address, {"theme": "light"})
    assert digest_of(alpha) == "daily"
    before = shown(alpha)
    assert officer.post(address, {**WHOLE, "name": "Other", "digest": "hourly"}).status_code == 422
    assert (digest_of(alpha), shown(alpha)) == ("daily", before)
