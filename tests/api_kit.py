"""Calling the API in tests, and seeing what a call did to the database."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.secrets import digest_of, new_secret
from core.tenancy.models import TenantModel
from core.tenancy.scope import tenant_scope, tenant_transaction
from tenants.choices import Role
from tenants.models import ApiToken, Tenant, User
from tests.cast import STRANGER, Office, sign_in

HOUSEKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "select set_tenant")


class Api:
    """One caller of one office's API: a member's browser session, a token, the stranger or nobody."""

    def __init__(self, office: Office, role: str | None = None, *, token: str = "", stranger: bool = False, **options):
        self.office = office
        self.client = Client(**options)
        if role is not None:
            sign_in(self.client, office.user(role))
        if stranger:
            sign_in(self.client, User(email=STRANGER))
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def address(self, path: str) -> str:
        return f"{self.office.prefix}/api/v1/{path}"

    def get(self, path: str, query: Mapping[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self.client.get(self.address(path), query or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self._send("PATCH", path, body, headers)

    def send(self, method: str, path: str, raw: bytes = b"", content_type: str = "application/json", **headers: str):
        """A body as it is, whatever it is."""
        return self.client.generic(method, self.address(path), raw, content_type, headers=self._headers(headers))

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> HttpResponse:
        return self.send(method, path, json.dumps(body).encode() if body is not None else b"", **headers)

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}


def make_token(office: Office, role: str = Role.MANAGER, *, can_write: bool = True, **fields) -> str:
    """A token of the office's member with this role; its secret."""
    secret = new_secret()
    with tenant_transaction(office.id):
        ApiToken.objects.create(
            member=office.user(role),
            name="Test",
            digest=digest_of(secret),
            hint=secret[-4:],
            can_write=can_write,
            last_used_at=timezone.now(),
            **{"expires_at": timezone.now() + timedelta(days=2), **fields},
        )
    return secret


def database_state(*offices: Office) -> dict[str, tuple[int, str]]:
    """Number and digest of the rows of every table, of all offices unless some are named. Nothing changed: equal."""
    state = {}
    for tenant in [office.tenant for office in offices] or list(Tenant.objects.order_by("pk")):
        with tenant_scope(tenant.pk):
            state |= {f"{tenant.slug} {name}": seen for name, seen in _digests("office", _office_tables())}
    return state | dict(_digests("everybody", ["tenants_tenant", "tenants_membership"]))


@cache
def _office_tables() -> list[str]:
    return [
        model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel) and model._meta.managed
    ]


def _digests(name: str, tables: list[str]) -> list[tuple[str, tuple[int, str]]]:
    """All tables in one statement, which the connection prepares once: hundreds of tests ask twice each."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_prepared_statements where name = %s", [f"digests_of_{name}"])
        if cursor.fetchone() is None:
            each = (
                f"select '{table}', count(*), coalesce(md5(string_agg(t::text, '|' order by t.id)), '') from {table} t"
                for table in tables
            )
            cursor.execute(f"prepare digests_of_{name} as {' union all '.join(each)}")
        cursor.execute(f"execute digests_of_{name}")
        return [(table, (count, digest)) for table, count, digest in cursor.fetchall()]


@contextmanager
def nothing_changes() -> Iterator[None]:
    """No row of any office is added, changed or removed, and no job is wanted."""
    before = database_state()
    yield
    after = database_state()
    assert {name for name in after if after[name] != before[name]} == set()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements inside, without transaction control, the setting of the tenant and the session's own."""
    seen: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield seen
    statements = [query["sql"] for query in captured]
    seen += [sql for sql in statements if not sql.startswith(HOUSEKEEPING) and '"django_session"' not in sql]


def error_of(response: HttpResponse, status: int) -> dict:
    """The body of an error, which must have the one form that errors have."""
    assert response.status_code == status, (response.status_code, response.content[:500])
    assert response["Content-Type"].startswith("application/json")
    body = response.json()
    assert isinstance(body["code"], str)
    assert isinstance(body["detail"], str)
    assert body.keys() <= {"code", "detail", "fields", "details"}
    assert all(isinstance(words, list) for words in body.get("fields", {}).values())
    return body
