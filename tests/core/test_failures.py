"""What nobody foresaw: one reference on the page, in the API's answer, in the header and in the log."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.urls import path

from core.logs import LineFormatter
from core.pages import page
from core.rest.viewsets import ApiView
from core.secrets import new_secret
from core.urls import is_api
from core.views import server_error
from tests.api_kit import Api, error_of, make_token, nothing_changes
from tests.cast import Office
from tests.contracts.urls import browser, planted

OWN = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the processes write, in the form in which they write it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


class Wild(ApiView):
    """An address of the API that fails."""

    def get(self, request):
        raise ZeroDivisionError("canary-of-the-stack")


def wild(request):
    raise ZeroDivisionError("canary-of-the-stack")


@pytest.fixture
def failing(alpha: Office) -> Iterator[Office]:
    """A page, an address of the API and one of its that fails outside REST framework."""
    with planted(
        path("wild/", page("partnerships.view_projects")(wild)),
        path("api/v1/wild/", Wild.as_view()),
        path("api/v1/wilder/", wild),
    ):
        yield alpha


def told(log: io.StringIO, reference: str) -> list[str]:
    """The lines of the log that begin an entry and carry the reference."""
    return [line for line in log.getvalue().splitlines() if f" [{reference} t" in line]


def test_the_page_shows_the_reference_that_the_log_has(failing, client_of, log):
    member = browser()
    member.force_login(failing.user())
    with nothing_changes():
        answer = member.get(f"{failing.prefix}/wild/")
    reference = answer["X-Request-ID"]
    assert (answer.status_code, OWN.fullmatch(reference) is not None) == (500, True)
    body = answer.content.decode()
    assert f"<code>{reference}</code>" in body
    assert "quote this reference to your administrator" in body
    assert "canary" not in body
    assert "no-store" in answer["Cache-Control"]
    (line,) = told(log, reference)
    assert f" ERROR [{reference} t{failing.id}] django.request: Internal Server Error: {failing.prefix}/wild/" in line
    assert "ZeroDivisionError: canary-of-the-stack" in log.getvalue()


@pytest.mark.parametrize("place", ["wild/", "wilder/"])
@pytest.mark.parametrize("by_token", [False, True])
def test_the_api_answers_with_the_reference_that_the_log_has(failing, log, place, by_token):
    options = {"raise_request_exception": False}
    if by_token:
        api = Api(failing, token=make_token(failing), **options)
    else:
        api = Api(failing, "manager", **options)
    with nothing_changes():
        answer = api.get(place)
    error, reference = error_of(answer, 500), answer["X-Request-ID"]
    assert error == {
        "code": "server_error",
        "detail": f"Something went wrong here. Quote the reference {reference} to your administrator.",
        "details": {"reference": reference},
    }
    assert OWN.fullmatch(reference)
    assert "no-store" in answer["Cache-Control"]
    assert "canary" not in answer.content.decode()
    lines = told(log, reference)
    assert any(f"ERROR [{reference} t{failing.id}]" in line for line in lines)
    assert "ZeroDivisionError: canary-of-the-stack" in log.getvalue()
    assert not [line for line in log.getvalue().splitlines() if f"{place}" in line and line not in lines]


def test_the_callers_own_reference_is_used(failing, log):
    api = Api(failing, "manager", raise_request_exception=False)
    answer = api.get("wild/", X_Request_ID="nightly-sync-0417")
    assert answer["X-Request-ID"] == error_of(answer, 500)["details"]["reference"] == "nightly-sync-0417"
    assert told(log, "nightly-sync-0417")


def test_two_failures_have_two_references(failing):
    member = browser()
    member.force_login(failing.user())
    assert len({member.get(f"{failing.prefix}/wild/")["X-Request-ID"] for _each in range(2)}) == 2


def test_what_fails_before_the_office_is_found_is_answered_in_the_same_forms(alpha, settings, log):
    """A fault in a middleware: REST framework and the office's URL conf are not there yet."""
    office = settings.MIDDLEWARE.index("tenants.middleware.TenantMiddleware")
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:office], "tests.core.failing_urls.fail", *settings.MIDDLEWARE[office:]]
    answer = browser().get(f"{alpha.prefix}/api/v1/organizations/")
    assert error_of(answer, 500)["details"] == {"reference": answer["X-Request-ID"]}
    shown = browser().get(f"{alpha.prefix}/organizations/")
    assert (shown.status_code, f"<code>{shown['X-Request-ID']}</code>" in shown.content.decode()) == (500, True)
    for reference in (answer["X-Request-ID"], shown["X-Request-ID"]):
        (line,) = told(log, reference)
        assert f" ERROR [{reference} t-] django.request: Internal Server Error: " in line


def test_a_page_outside_any_office_has_its_reference_too(db, settings):
    settings.ROOT_URLCONF = "tests.core.failing_urls"
    answer = browser().get("/wild/")
    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.content.decode()


@pytest.fixture
def without_database(committed, alpha: Office) -> Iterator[Office]:
    """An office, and nothing answers any more where the database is expected."""
    place = connection.settings_dict
    before = {name: place[name] for name in ("HOST", "PORT")}
    connection.close()
    place.update(HOST="127.0.0.1", PORT="1")
    yield alpha
    connection.close()
    place.update(before)


def test_a_database_that_is_away_is_told_with_a_reference(without_database, log):
    """Everybody who is signed in, and every program with a token, meets this then."""
    member, secret = browser(), new_secret()
    member.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    prefix = without_database.prefix
    shown = member.get(f"{prefix}/organizations/")
    answer = member.get(f"{prefix}/api/v1/organizations/", headers={"Authorization": f"Bearer {secret}"})
    assert (shown.status_code, f"<code>{shown['X-Request-ID']}</code>" in shown.content.decode()) == (500, True)
    assert error_of(answer, 500)["details"] == {"reference": answer["X-Request-ID"]}
    for reference in (shown["X-Request-ID"], answer["X-Request-ID"]):
        assert any("Internal Server Error" in line for line in told(log, reference))
    assert "OperationalError" in log.getvalue()


def test_the_answers_need_no_database():
    """This test has none: asking it would raise."""
    request = RequestFactory().get("/t/alpha/organizations/")
    request.request_id = "7f3a21c07f3a21c0"
    answer = server_error(request)
    assert (answer.status_code, b"<code>7f3a21c07f3a21c0</code>" in answer.content) == (500, True)
    request = RequestFactory().get("/t/alpha/api/v1/organizations/")
    assert server_error(request).status_code == 500


def test_when_even_the_page_fails_bare_words_and_the_reference_are_left(settings, tmp_path, log):
    """Static files that nobody collected: each page fails at its first style sheet."""
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": manifest}
    request = RequestFactory().get("/t/alpha/organizations/")
    request.request_id = '7f3a21c0"<b>'
    answer = server_error(request)
    assert answer.status_code == 500
    assert b"<code>7f3a21c0&quot;&lt;b&gt;</code>" in answer.content
    assert b"Quote this reference to your administrator" in answer.content
    assert "The page about a failure failed too" in log.getvalue()


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("/t/alpha/api/v1/organizations/", True),
        ("/t/alpha/api/", True),
        ("/t/alpha/api", False),
        ("/t/alpha/apis/", False),
        ("/t/alpha/organizations/api/", False),
        ("/api/docs/", False),
        ("/x/t/alpha/api/", False),
    ],
)
def test_the_addresses_of_the_api_are_known(address, api, settings):
    assert is_api(address) is api
    settings.FORCE_SCRIPT_NAME = "/causeway"
    assert is_api(f"/causeway{address}") is api


def test_a_line_about_a_request_that_is_over_has_its_reference(alpha, log):
    """Django tells of a refusal when the middleware has ended."""
    answer = browser().get(f"{alpha.prefix}/no-such-page/", headers={"X-Request-ID": "lost-page-0417"})
    assert answer.status_code == 302
    member = browser()
    member.force_login(alpha.user())
    member.get(f"{alpha.prefix}/no-such-page/", headers={"X-Request-ID": "lost-page-0418"})
    (line,) = told(log, "lost-page-0418")
    assert f" WARNING [lost-page-0418 t{alpha.id}] django.request: Not Found: {alpha.prefix}/no-such-page/" in line
