"""Who gets into an office, and what everybody else is told."""

import zoneinfo

import pytest
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone

from core.pages import page
from tenants.choices import Role
from tenants.models import Tenant
from tests.api_kit import make_token, nothing_changes
from tests.cast import Office
from tests.contracts.urls import browser, planted
from tests.tenants.people import join

PLACES = ["/", "/preferences/", "/organizations/", "/organizations/1/", "/no-such-page/", "/api/v1/organizations/"]


def answers(member, prefix: str) -> list[tuple]:
    """What the places answer, without the slug in addresses."""
    slug = prefix.removeprefix("/t/")
    found = []
    for place in PLACES:
        answer = member.get(prefix + place)
        body = answer.content.decode() if answer["Content-Type"].startswith("application/json") else ""
        found.append((answer.status_code, answer.get("Location", "").replace(slug, "…"), body))
    return found


def test_a_member_gets_in(alpha, client_of):
    assert client_of(alpha).get(f"{alpha.prefix}/preferences/").status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_an_ended_membership_opens_nothing(alpha, client_of, role):
    member = client_of(alpha, role)
    assert member.get(f"{alpha.prefix}/preferences/").status_code == 200
    alpha.change(role, ended_at=timezone.now())
    assert {status for status, _location, _body in answers(member, alpha.prefix)} == {404}


def test_an_ended_member_is_told_what_a_stranger_is_told(alpha, client_of):
    alpha.change(Role.OFFICER, ended_at=timezone.now())
    assert answers(client_of(alpha, Role.OFFICER), alpha.prefix) == answers(client_of(None), alpha.prefix)


def test_an_ended_members_token_opens_nothing(alpha):
    secret = make_token(alpha, Role.OFFICER)
    headers = {"Authorization": f"Bearer {secret}"}
    assert browser().get(f"{alpha.prefix}/api/v1/organizations/", headers=headers).status_code == 200
    alpha.change(Role.OFFICER, ended_at=timezone.now())
    assert browser().get(f"{alpha.prefix}/api/v1/organizations/", headers=headers).status_code == 401


def test_a_changed_role_counts_from_the_next_request(alpha, client_of):
    member = client_of(alpha, Role.OFFICER)
    assert member.get(f"{alpha.prefix}/organizations/new/").status_code == 200
    alpha.change(Role.OFFICER, role=Role.VIEWER)
    assert member.get(f"{alpha.prefix}/organizations/new/").status_code == 403


def test_a_closed_office_is_an_office_that_is_not_there(alpha, client_of):
    member, secret = client_of(alpha), make_token(alpha)
    Tenant.objects.filter(pk=alpha.id).update(is_active=False)
    assert answers(member, alpha.prefix) == answers(member, "/t/no-such-office")
    assert answers(browser(), alpha.prefix) == answers(browser(), "/t/no-such-office")
    answer = browser().get(f"{alpha.prefix}/api/v1/organizations/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_another_offices_member_is_told_what_a_stranger_is_told(alpha, beta, client_of):
    assert answers(client_of(beta), alpha.prefix) == answers(client_of(None), alpha.prefix)
    assert answers(client_of(beta), alpha.prefix) == answers(client_of(beta), "/t/no-such-office")


def test_nobody_learns_which_offices_there_are(alpha):
    """An office that is there and one that is not answer alike, everywhere."""
    assert answers(browser(), alpha.prefix) == answers(browser(), "/t/no-such-office")
    first, other = (browser().get(f"{prefix}/join/cw_guess/") for prefix in (alpha.prefix, "/t/no-such-office"))
    assert first.status_code in (302, 404)
    assert other.status_code in (302, 404)


@pytest.mark.parametrize(
    "slug",
    ["Alpha", "ALPHA", "al pha", "alpha%00", "alpha'--", "álpha", "..", "a" * 51, "", "alpha/../beta", "alpha;x"],
)
def test_a_malformed_slug_is_no_office(alpha, client_of, slug):
    answer = client_of(alpha).get(f"/t/{slug}/preferences/")
    assert answer.status_code == 404


def test_the_office_without_a_slash_is_no_address_of_its_own(alpha, client_of):
    assert client_of(alpha).get(alpha.prefix).status_code in (301, 404)


def test_a_session_of_both_offices_sees_each_in_its_place(alpha, beta, client_of):
    user = alpha.user(Role.MANAGER)
    join(beta, user, Role.VIEWER)
    member = client_of(alpha)
    assert member.get(f"{alpha.prefix}/organizations/new/").status_code == 200
    assert member.get(f"{beta.prefix}/organizations/new/").status_code == 403
    assert member.get(f"{beta.prefix}/preferences/").context["tenant"] == beta.tenant
    assert member.get(f"{alpha.prefix}/preferences/").context["tenant"] == alpha.tenant


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer cw_x", "bearer  ", "Basic YTpi", "Bearer é"]
)
def test_a_header_that_is_no_token_opens_nothing(alpha, header):
    answer = browser().get(f"{alpha.prefix}/api/v1/organizations/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_is_not_forgiven_for_a_good_session(alpha, client_of):
    answer = client_of(alpha).get(f"{alpha.prefix}/api/v1/organizations/", headers={"Authorization": "Bearer cw_x"})
    assert answer.status_code == 401


def test_another_offices_token_opens_nothing(alpha, beta):
    headers = {"Authorization": f"Bearer {make_token(beta)}"}
    assert browser().get(f"{beta.prefix}/api/v1/organizations/", headers=headers).status_code == 200
    assert browser().get(f"{alpha.prefix}/api/v1/organizations/", headers=headers).status_code == 401


@pytest.mark.parametrize("place", ["/tokens/", "/members/", "/organizations/", "/preferences/", "/api", "/apis/v1/"])
def test_a_token_opens_the_api_and_no_page(alpha, place):
    headers = {"Authorization": f"Bearer {make_token(alpha, Role.ADMINISTRATOR)}"}
    answer = browser().get(alpha.prefix + place, headers=headers)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_token_neither_invites_nor_makes_a_token_on_a_page(alpha):
    """Who has come into its possession sends the cookie against forged forms too; that is no help."""
    caller = browser()
    caller.cookies["__Host-csrf"] = caller.cookies["csrf"] = "a" * 32
    headers = {"Authorization": f"Bearer {make_token(alpha, Role.ADMINISTRATOR)}"}
    for place, given in (
        ("/tokens/new/", {"name": "Heir", "days": "365", "can_write": "on"}),
        ("/members/invite/", {"email": "thief@elsewhere.example", "role": Role.ADMINISTRATOR}),
    ):
        with nothing_changes():
            answer = caller.post(
                alpha.prefix + place, {**given, "csrfmiddlewaretoken": "a" * 32}, headers=headers, secure=True
            )
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")


def test_a_token_does_not_ride_on_a_session_into_a_page(alpha, client_of):
    headers = {"Authorization": f"Bearer {make_token(alpha)}"}
    assert client_of(alpha).get(f"{alpha.prefix}/preferences/", headers=headers).status_code == 302


def test_nobody_comes_back_to_where_they_wanted_to_go(alpha):
    answer = browser().get(f"{alpha.prefix}/organizations/?q=a%20b&page=2")
    assert answer["Location"] == f"/accounts/login/?next={alpha.prefix}/organizations/%3Fq%3Da%2520b%26page%3D2"


@pytest.mark.parametrize(
    ("came_from", "next_page"),
    [
        ("http://testserver{prefix}/tokens/?page=2", "{prefix}/tokens/%3Fpage%3D2"),
        ("https://elsewhere.example/tokens/", "/"),
        ("", "/"),
    ],
)
def test_who_sent_a_form_without_a_session_comes_back_to_the_page_with_the_form(alpha, came_from, next_page):
    headers = {"Referer": came_from.format(prefix=alpha.prefix)} if came_from else {}
    with nothing_changes():
        answer = browser().post(f"{alpha.prefix}/tokens/new/", {"name": "Late", "days": "9"}, headers=headers)
    assert answer["Location"] == f"/accounts/login/?next={next_page.format(prefix=alpha.prefix)}"


def test_the_address_of_a_form_says_that_there_is_nothing_to_open(alpha, client_of):
    answer = client_of(alpha).get(f"{alpha.prefix}/tokens/new/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1>Nothing to open here</h1>" in answer.content.decode()


@pytest.fixture
def where():
    """A page that says what a view sees of the tenancy."""

    def view(request):
        zone = timezone.get_current_timezone_name()
        return HttpResponse(f"{request.path_info} {reverse('tenants:members')} {zone}")

    with planted(path("wild/", page("tenants.view_members")(view))):
        yield


def seen_by(member, office: Office) -> list[str]:
    return member.get(f"{office.prefix}/wild/").content.decode().split()


def test_views_and_reverse_never_mention_the_office(where, alpha, beta, client_of):
    assert seen_by(client_of(alpha), alpha) == ["/wild/", "/t/alpha/members/", "Europe/Copenhagen"]
    assert seen_by(client_of(beta), beta) == ["/wild/", "/t/beta/members/", "America/New_York"]


def test_times_are_those_of_the_member_where_they_chose_a_zone(where, alpha, client_of):
    user = alpha.user()
    user.time_zone = "Asia/Tokyo"
    user.save(update_fields=["time_zone"])
    assert seen_by(client_of(alpha), alpha)[-1] == "Asia/Tokyo"
    assert timezone.get_current_timezone() == zoneinfo.ZoneInfo("UTC")
