"""Signing in and out, and a forgotten password, from the form to the first page."""

import re

import pytest
from django.core import mail

from tenants.choices import Role
from tenants.models import User
from tests.cast import PASSWORD, STRANGER
from tests.contracts.urls import browser

LOGIN, RESET, LOGOUT = "/accounts/login/", "/accounts/password/reset/", "/accounts/logout/"
NEW = "an-uncommon-harbour-light"


def sign_in(member, login: str, password: str = PASSWORD, **more):
    return member.post(LOGIN, {"login": login, "password": password, **more})


def is_signed_in(member) -> bool:
    return member.get("/?choose").status_code == 200


@pytest.mark.parametrize("login", ["manager@alpha.example", "MANAGER@Alpha.example"])
def test_the_right_password_opens(alpha, login):
    member = browser()
    answer = sign_in(member, login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert member.get("/")["Location"] == f"{alpha.prefix}/"


def test_it_leads_to_where_one_wanted_to_go_and_nowhere_else(alpha):
    wanted = f"{alpha.prefix}/members/"
    assert sign_in(browser(), "manager@alpha.example", next=wanted)["Location"] == wanted
    for away in ("https://evil.example/", "//evil.example/x", "javascript:alert(1)"):
        assert sign_in(browser(), "manager@alpha.example", next=away)["Location"] == "/"


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("manager@alpha.example", "wrong"),
        ("manager@alpha.example", PASSWORD.upper()),
        ("manager@alpha.example", ""),
        ("nobody@alpha.example", PASSWORD),
        ("", PASSWORD),
        ("manager@alpha.example' or true --", PASSWORD),
    ],
)
def test_a_wrong_one_does_not(alpha, login, password):
    member = browser()
    assert sign_in(member, login, password).status_code == 200
    assert not is_signed_in(member)


def test_whether_an_account_exists_is_not_told(alpha):
    known = sign_in(browser(), "manager@alpha.example", "wrong-password-here")
    unknown = sign_in(browser(), "manager@gamma.example", "wrong-password-here")

    def words(answer) -> list[str]:
        return list(answer.context["form"].non_field_errors())

    assert words(known) == words(unknown) != []


def test_an_inactive_account_stays_outside(alpha):
    User.objects.filter(email="manager@alpha.example").update(is_active=False)
    member = browser()
    sign_in(member, "manager@alpha.example")
    assert not is_signed_in(member)


def test_a_session_ends_when_the_account_is_made_inactive(alpha, client_of):
    member = client_of(alpha)
    assert member.get(f"{alpha.prefix}/preferences/").status_code == 200
    User.objects.filter(pk=alpha.user().pk).update(is_active=False)
    assert member.get(f"{alpha.prefix}/preferences/").status_code == 302
    assert not is_signed_in(member)


def test_guessing_is_slowed_down(alpha):
    """After a handful of wrong passwords even the right one has to wait; other accounts do not."""
    for _guess in range(6):
        sign_in(browser(), "manager@alpha.example", "wrong-password-here")
    member = browser()
    answer = sign_in(member, "manager@alpha.example")
    assert answer.status_code in (200, 429)
    assert not is_signed_in(member)


def test_signing_out_takes_a_post_and_ends_the_session(alpha):
    member = browser()
    sign_in(member, "manager@alpha.example")
    key = member.session.session_key
    assert member.get(LOGOUT).status_code == 200
    assert is_signed_in(member)
    assert member.post(LOGOUT).status_code == 302
    assert not is_signed_in(member)
    thief = browser()
    thief.cookies["session"] = key
    assert not is_signed_in(thief)


def test_the_session_gets_a_new_key_when_somebody_signs_in(alpha):
    member = browser()
    member.get(LOGIN)
    before = member.session.session_key
    sign_in(member, "manager@alpha.example")
    assert member.session.session_key != before


def test_nobody_signs_up(db):
    answer = browser().get("/accounts/signup/")
    assert b"<form" not in answer.content or b"password1" not in answer.content
    browser().post("/accounts/signup/", {"email": "me@new.example", "password1": NEW})
    assert not User.objects.filter(email="me@new.example").exists()


def test_forms_need_their_csrf_token(alpha):
    member = browser(enforce_csrf_checks=True)
    assert sign_in(member, "manager@alpha.example").status_code == 403
    member.force_login(alpha.user(Role.ADMINISTRATOR))
    assert member.post(f"{alpha.prefix}/preferences/", {"theme": "dark"}).status_code == 403
    assert User.objects.get(pk=alpha.user(Role.ADMINISTRATOR).pk).theme == "system"


# A forgotten password


def asked_for_link(member, email: str) -> str:
    """The path in the message that a request for a new password sends."""
    assert member.post(RESET, {"email": email}).status_code == 302
    return re.search(r"https?://testserver(/\S+)", mail.outbox[-1].body)[1]


def test_a_forgotten_password_end_to_end(alpha):
    member = browser()
    link = asked_for_link(member, "manager@alpha.example")
    (message,) = mail.outbox
    assert message.to == ["manager@alpha.example"]
    assert "Causeway" in message.subject + message.body
    answer = member.get(link, follow=True)
    assert answer.status_code == 200
    form = answer.request["PATH_INFO"]
    assert link != form  # the key has gone from the address into the session
    answer = member.post(form, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert User.objects.get(email="manager@alpha.example").check_password(NEW)
    assert sign_in(browser(), "manager@alpha.example", PASSWORD).status_code == 200
    again = browser()
    assert sign_in(again, "manager@alpha.example", NEW).status_code == 302


def test_the_link_is_good_once(alpha):
    member = browser()
    link = asked_for_link(member, "manager@alpha.example")
    form = member.get(link, follow=True).request["PATH_INFO"]
    member.post(form, {"password1": NEW, "password2": NEW})
    thief = browser()
    answer = thief.get(link, follow=True)
    thief.post(
        answer.request["PATH_INFO"], {"password1": "another-harbour-light", "password2": "another-harbour-light"}
    )
    assert User.objects.get(email="manager@alpha.example").check_password(NEW)


def test_a_new_password_ends_the_other_sessions(alpha, client_of):
    elsewhere = client_of(alpha)
    assert is_signed_in(elsewhere)
    member = browser()
    form = member.get(asked_for_link(member, "manager@alpha.example"), follow=True).request["PATH_INFO"]
    member.post(form, {"password1": NEW, "password2": NEW})
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize("key", ["1-abc", "0-set-password", "zzz-c4a-1234567890abcdef"])
def test_a_forged_key_opens_nothing(alpha, key):
    member = browser()
    answer = member.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert answer.status_code == 200
    assert b'type="password"' not in answer.content


def test_a_weak_new_password_is_refused(alpha):
    member = browser()
    form = member.get(asked_for_link(member, "manager@alpha.example"), follow=True).request["PATH_INFO"]
    assert member.post(form, {"password1": "short", "password2": "short"}).status_code == 200
    assert User.objects.get(email="manager@alpha.example").check_password(PASSWORD)


def test_an_address_without_account_is_answered_alike(alpha):
    known, unknown = (browser().post(RESET, {"email": email}) for email in (STRANGER, "nobody@gamma.example"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    to_nobody = [message for message in mail.outbox if message.to == ["nobody@gamma.example"]]
    assert not any("/password/reset/key/" in message.body for message in to_nobody)
