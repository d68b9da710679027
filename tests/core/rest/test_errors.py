"""One form of errors, whatever is sent."""

import json

import pytest
from django.conf import settings
from django.db import connection, connections
from rest_framework.exceptions import ErrorDetail

from core.rest.errors import fields_of
from tests.api_kit import Api, error_of, make_token, nothing_changes
from tests.factories.organizations import make_organization

BAD_BODIES = {
    "nothing": b"",
    "no json": b"{name: 1}",
    "half": b'{"name": "A"',
    "a list": b"[1, 2]",
    "a text": b'"A"',
    "a number": b"1",
    "null": b"null",
    "not utf-8": b'{"name": "\xff\xfe"}',
    "utf-16": '{"name": "A"}'.encode("utf-16"),
    "NUL": b'{"name": "a\\u0000b"}',
    "half a pair": b'{"name": "\\ud800"}',
    "half a pair as a name": b'{"\\udfff": 1, "name": "A"}',
    "half a pair where a choice is": b'{"name": "A", "kind": "\\ud83d"}',
    "deep lists": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"name": ' * 5_000 + b"1" + b"}" * 5_000,
    "a bit deep": b'{"name": ' + b"[" * 25 + b"]" * 25 + b"}",
    "huge whole number": b'{"name": "A", "parent": ' + b"9" * 5_000 + b"}",
    "twenty digits": b'{"name": "A", "parent": ' + b"9" * 20 + b"}",
    "infinite": b'{"name": "A", "latitude": 1e999}',
    "NaN": b'{"name": "A", "latitude": NaN}',
    "twice": b'{"name": "A", "name": "B"}',
    "object for a text": b'{"name": {"a": 1}}',
    "list for a text": b'{"name": ["a"]}',
    "true for a text": b'{"name": true}',
    "number for an object": b'{"name": "A", "identifiers": [1]}',
    "control characters": b'{"name": "a\x01b"}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_a_400(alpha, name):
    api = Api(alpha, "manager")
    with nothing_changes():
        error = error_of(api.send("POST", "organizations/", BAD_BODIES[name]), 400)
    assert error["code"] in ("parse_error", "invalid")


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_change_is_a_400_or_changes_nothing(in_alpha, name):
    row, api = make_organization(), Api(in_alpha, "manager")
    with nothing_changes():
        answer = api.send("PATCH", f"organizations/{row.pk}/", BAD_BODIES[name])
        assert answer.status_code == 400 or name == "nothing"


def test_a_large_body_is_a_413(alpha):
    api = Api(alpha, "manager")
    with nothing_changes():
        body = b'{"name": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
        assert error_of(api.send("POST", "organizations/", body), 413)["code"] == "too_large"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_other_media_types_are_a_415(alpha, content_type):
    with nothing_changes():
        error_of(Api(alpha, "manager").send("POST", "organizations/", b"name=A", content_type), 415)


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "base64", "no-such", "latin-1"])
def test_json_is_utf_8_whatever_the_charset_says(alpha, charset):
    body = json.dumps({"name": "Bagsværd"}, ensure_ascii=False).encode()
    answer = Api(alpha, "manager").send("POST", "organizations/", body, f"application/json; charset={charset}")
    assert answer.json()["name"] == "Bagsværd"


def test_only_json_is_spoken(alpha):
    error_of(Api(alpha, "manager").get("organizations/", Accept="text/html"), 406)
    error_of(Api(alpha, "manager").get("organizations/", {"format": "xml"}), 404)


@pytest.mark.parametrize(
    "path", ["", "nothing/", "organizations", "organizations/1", "organizations/1/x/", "%00/", "ø/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_an_address_that_no_resource_has_is_a_404_in_json(alpha, path, method):
    for caller in (Api(alpha, "manager"), Api(alpha, token=make_token(alpha))):
        answer = caller.send(method, path, b"{}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/json"
    assert Api(alpha).send(method, path, b"{}").status_code == 401
    assert Api(alpha, stranger=True).send(method, path, b"{}").status_code == 404


def test_other_versions_and_offices_are_absent(alpha, client):
    api = Api(alpha, "manager")
    assert error_of(api.client.get(f"{alpha.prefix}/api/v2/organizations/"), 404)
    assert error_of(api.client.get("/t/no-such-office/api/v1/organizations/"), 404)
    assert error_of(client.get("/t/no-such-office/api/v1/organizations/"), 401)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer cw_" + "0" * 36,
        "Bearer \x00",
        "Bearer ø",
        "bearer  ",
        "Basic YTpi",
        "Token x",
        "x" * 5000,
    ],
)
def test_a_token_that_is_none_is_a_401(alpha, header):
    answer = Api(alpha).get("organizations/", Authorization=header)
    error_of(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_is_not_rescued_by_a_session(alpha):
    error_of(Api(alpha, "manager").get("organizations/", Authorization="Bearer cw_" + "0" * 36), 401)


def test_answers_are_not_stored(alpha):
    for answer in (Api(alpha, "manager").get("members/"), Api(alpha, "manager").get("members/0/")):
        assert "no-store" in answer["Cache-Control"]


def test_a_fault_of_ours_is_logged_and_says_nothing(alpha, caplog, monkeypatch):
    from organizations.api.organizations import OrganizationSerializer

    monkeypatch.setattr(OrganizationSerializer, "_plan", [("x", lambda row: 1 / 0)], raising=False)
    api = Api(alpha, "manager", raise_request_exception=False)
    with nothing_changes():
        error = error_of(api.post("organizations/", {"name": "A"}), 500)
    assert error["code"] == "server_error"
    assert error["details"].keys() == {"reference"}
    assert "division" not in error["detail"]
    assert "ZeroDivisionError" in caplog.text


def test_nested_errors_become_paths():
    words = [ErrorDetail("Wrong.")]
    assert fields_of({"a": words, "b": {"0": {"c": words, "non_field_errors": words}}}) == {
        "a": ["Wrong."],
        "b.0.c": ["Wrong."],
        "b.0": ["Wrong."],
    }
    assert fields_of(words) == {"body": ["Wrong."]}
    assert fields_of({"non_field_errors": words}) == {"body": ["Wrong."]}
    assert fields_of({"b": [{}, {"c": words}]}) == {"b.1.c": ["Wrong."]}


def test_a_race_for_the_same_identifier_is_a_409(in_alpha, monkeypatch):
    """The check before the insert cannot see what another transaction adds; the constraint answers then."""
    from organizations.actions import organizations as actions

    monkeypatch.setattr(actions, "_check_taken", lambda identifiers: None)
    api, body = Api(in_alpha, "manager"), {"identifiers": [{"scheme": "lei", "value": "549300DAQ1CVT6CXN342"}]}
    assert api.post("organizations/", {"name": "A", **body}).status_code == 201
    with nothing_changes():
        assert error_of(api.post("organizations/", {"name": "B", **body}), 409)["code"] == "duplicate"


def test_records_that_stay_locked_are_a_503_with_a_time_to_wait(committed, alpha):
    """Another transaction holds the row; the database gives up waiting (here after 100 ms), and so says the answer."""
    made = Api(alpha, "manager").post("organizations/", {"name": "A"}).json()
    holder = connections.create_connection("default")
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("select set_tenant(%s)", [alpha.id])
            cursor.execute("select 1 from organizations_organization where id = %s for update", [made["id"]])
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '100ms'")
        answer = Api(alpha, "manager").patch(f"organizations/{made['id']}/", {"city": "B"})
        assert error_of(answer, 503)["code"] == "busy"
        assert answer["Retry-After"] == "1"
    finally:
        holder.close()
        connection.close()
    assert Api(alpha, "manager").patch(f"organizations/{made['id']}/", {"city": "B"}).status_code == 200
