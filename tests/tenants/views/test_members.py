"""Links of invitations: good once, for one address, until they expire."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.secrets import digest_of, new_secret
from core.tenancy.scope import tenant_transaction
from tenants.actions.invitation_mails import mail_invitation
from tenants.choices import Role
from tenants.models import Change, Invitation, Membership, User
from tests.api_kit import nothing_changes
from tests.cast import PASSWORD, STRANGER, Office
from tests.contracts.urls import browser

GOOD = {"name": "Nora New", "password": "an-uncommon-harbour-light"}


def make_invitation(office: Office, email: str = "nora@new.example", role: str = Role.OFFICER, **fields) -> str:
    """An open invitation of the office; the path of its link."""
    secret = new_secret()
    with tenant_transaction(office.id):
        values = {"expires_at": timezone.now() + timedelta(days=1), **fields}
        Invitation.objects.create(
            email=email, role=role, digest=digest_of(secret), invited_by=office.user(Role.ADMINISTRATOR), **values
        )
    return f"/join/{secret}/"


def memberships(office: Office, email: str = "nora@new.example") -> list[tuple[str, bool]]:
    rows = Membership.objects.filter(tenant=office.tenant, user__email=email)
    return [(row.role, row.ended_at is None) for row in rows]


def test_from_the_invitation_to_the_first_page(alpha, client_of):
    """An administrator invites, the message arrives, its link makes an account and a member, who is signed in."""
    administrator = client_of(alpha, Role.ADMINISTRATOR)
    answer = administrator.post(f"{alpha.prefix}/members/invite/", {"email": "nora@new.example", "role": "officer"})
    assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/members/")
    with tenant_transaction(alpha.id):
        mail_invitation(actor=Actor.system(alpha.id), invitation_id=Invitation.objects.get().pk)
    (message,) = mail.outbox
    address = next(word for word in message.body.split() if "/join/" in word)
    link = address.removeprefix(settings.SITE_ADDRESS)
    assert link.startswith(f"{alpha.prefix}/join/cw_")
    new = browser()
    assert new.get(link).status_code == 200
    answer = new.post(link, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/")
    assert new.get(f"{alpha.prefix}/preferences/").status_code == 200
    assert new.get(f"{alpha.prefix}/tokens/").context["actor"].role == Role.OFFICER
    assert memberships(alpha) == [(Role.OFFICER, True)]
    user = User.objects.get(email="nora@new.example")
    assert (user.name, user.check_password(GOOD["password"])) == ("Nora New", True)


def test_a_link_is_good_once(alpha):
    link = alpha.prefix + make_invitation(alpha)
    assert browser().post(link, GOOD).status_code == 302
    with nothing_changes():
        for member in (browser(), browser()):
            assert member.get(link).status_code == 404
            assert member.post(link, {**GOOD, "name": "Second"}).status_code == 404
    assert User.objects.get(email="nora@new.example").name == "Nora New"


@pytest.mark.parametrize(
    "state",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"accepted_at": timezone.now()},
    ],
)
def test_a_link_that_is_no_longer_good_opens_nothing(alpha, state):
    link = alpha.prefix + make_invitation(alpha, **state)
    with nothing_changes():
        assert browser().get(link).status_code == 404
        assert browser().post(link, GOOD).status_code == 404
    assert not User.objects.filter(email="nora@new.example").exists()


def test_a_withdrawn_invitation_stops_at_once(alpha, client_of):
    link = alpha.prefix + make_invitation(alpha)
    administrator = client_of(alpha, Role.ADMINISTRATOR)
    with tenant_transaction(alpha.id):
        pk = Invitation.objects.get().pk
    assert administrator.post(f"{alpha.prefix}/invitations/{pk}/revoke/").status_code == 302
    assert browser().post(link, GOOD).status_code == 404


@pytest.mark.parametrize("secret", ["cw_" + "x" * 36, "x", "%00", "cw_'--", "a" * 500])
def test_a_forged_secret_opens_nothing(alpha, secret):
    make_invitation(alpha)
    with nothing_changes():
        assert browser().get(f"{alpha.prefix}/join/{secret}/").status_code == 404
        assert browser().post(f"{alpha.prefix}/join/{secret}/", GOOD).status_code == 404


def test_the_digest_is_not_the_key(alpha):
    make_invitation(alpha)
    with tenant_transaction(alpha.id):
        digest = Invitation.objects.get().digest
    assert browser().get(f"{alpha.prefix}/join/{digest}/").status_code == 404


def test_a_link_is_good_in_its_own_office_alone(alpha, beta):
    link = make_invitation(alpha)
    with nothing_changes():
        assert browser().get(beta.prefix + link).status_code == 404
        assert browser().post(beta.prefix + link, GOOD).status_code == 404
    assert memberships(beta) == []


def test_a_link_is_for_its_address_alone(alpha, client_of):
    """Somebody who is signed in with another address joins nothing and is told which address is meant."""
    link = alpha.prefix + make_invitation(alpha)
    stranger = client_of(None)
    with nothing_changes():
        answer = stranger.post(link, GOOD)
        assert answer.status_code == 422
        assert b"nora@new.example" in answer.content
    assert memberships(alpha, STRANGER) == []


def test_an_existing_account_is_not_taken_over(alpha):
    link = alpha.prefix + make_invitation(alpha, email=STRANGER)
    thief = browser()
    with nothing_changes():
        answer = thief.post(link, {"name": "Thief", "password": GOOD["password"]})
        assert answer.status_code == 422
    stranger = User.objects.get(email=STRANGER)
    assert (stranger.name, stranger.check_password(PASSWORD)) == ("Sam Stranger", True)
    assert thief.get("/?choose").status_code == 302


def test_the_owner_of_an_existing_account_joins_by_signing_in(alpha, client_of):
    link = alpha.prefix + make_invitation(alpha, email=STRANGER, role=Role.VIEWER)
    stranger = client_of(None)
    assert stranger.get(f"{alpha.prefix}/preferences/").status_code == 404
    assert stranger.get(link).status_code == 200
    assert stranger.post(link).status_code == 302
    assert memberships(alpha, STRANGER) == [(Role.VIEWER, True)]
    assert stranger.get(f"{alpha.prefix}/preferences/").status_code == 200


def test_somebody_who_left_may_come_back(alpha, client_of):
    alpha.change(Role.OFFICER, ended_at=timezone.now())
    link = alpha.prefix + make_invitation(alpha, email="officer@alpha.example", role=Role.VIEWER)
    assert client_of(alpha, Role.OFFICER).post(link).status_code == 302
    assert memberships(alpha, "officer@alpha.example") == [(Role.VIEWER, True)]


def test_looking_at_a_link_changes_nothing(alpha, client_of):
    link = alpha.prefix + make_invitation(alpha, email=STRANGER)
    with nothing_changes():
        assert client_of(None).get(link).status_code == 200
        assert browser().get(link).status_code == 200


@pytest.mark.parametrize("password", ["", "short", "password12345", "nora@new.example"])
def test_a_weak_password_is_refused(alpha, password):
    link = alpha.prefix + make_invitation(alpha)
    with nothing_changes():
        assert browser().post(link, {**GOOD, "password": password}).status_code == 422
    assert not User.objects.filter(email="nora@new.example").exists()


def test_the_joining_stands_in_the_history(alpha):
    browser().post(alpha.prefix + make_invitation(alpha), GOOD)
    with tenant_transaction(alpha.id):
        change = Change.objects.get(table_name="tenants_invitation", kind="U")
        assert change.action == "tenants.accept_invitation"
        assert change.user_id == User.objects.get(email="nora@new.example").pk


def test_two_who_accept_at_once_are_one_member(committed, alpha):
    link = alpha.prefix + make_invitation(alpha)
    barrier, statuses = threading.Barrier(2), []

    def accept() -> None:
        member = browser()
        try:
            barrier.wait(10)
            statuses.append(member.post(link, GOOD).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(302) == 1
    assert set(statuses) <= {302, 404, 422}
    assert memberships(alpha) == [(Role.OFFICER, True)]
    assert User.objects.filter(email="nora@new.example").count() == 1


# The list of members


def test_a_role_is_changed_and_a_membership_ended_on_the_page(alpha, client_of):
    administrator, pk = client_of(alpha, Role.ADMINISTRATOR), alpha.memberships[Role.VIEWER].pk
    answer = administrator.post(f"{alpha.prefix}/members/{pk}/role/", {f"m{pk}-role": "officer"}, follow=True)
    assert b"is now" in answer.content
    assert Membership.objects.get(pk=pk).role == Role.OFFICER
    with nothing_changes():
        administrator.post(f"{alpha.prefix}/members/{pk}/role/", {f"m{pk}-role": "king"})
    administrator.post(f"{alpha.prefix}/members/{pk}/end/")
    assert Membership.objects.get(pk=pk).ended_at is not None


def test_the_last_administrator_is_told_why_not(alpha, client_of):
    administrator, pk = client_of(alpha, Role.ADMINISTRATOR), alpha.memberships[Role.ADMINISTRATOR].pk
    with nothing_changes():
        answer = administrator.post(f"{alpha.prefix}/members/{pk}/end/", follow=True)
    assert b"Name another administrator first" in answer.content


def test_invitations_are_seen_by_administrators_alone(alpha, client_of):
    make_invitation(alpha, email="secret-plan@new.example")
    for role in Role.values:
        seen = b"secret-plan@new.example" in client_of(alpha, role).get(f"{alpha.prefix}/members/").content
        assert seen is (role == Role.ADMINISTRATOR)
