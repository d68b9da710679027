"""Prepared statements answer as plain ones do, are planned once, and keep offices apart."""

from datetime import date

from django.db import connection

from core.prepared import ask, ask_named, plan_for_any, tell
from core.tenancy.scope import tenant_scope
from tests.factories.organizations import make_organization

NAMES = "select name from organizations_organization where id = any(%(ids)s::bigint[]) order by name"
ALL_KINDS = """
    select %(number)s::int + 1 as number, %(words)s::text as words, %(day)s::date + 1 as day,
           %(parts)s::text[] as parts, %(share)s::float8 as share, %(nothing)s::text as nothing, 7 %% 4 as rest
"""


def prepared(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like %s", [f"%{statement}%"])
        return cursor.fetchone()[0]


def test_every_kind_of_parameter_arrives(in_alpha):
    given = {"number": 4, "words": "50 % 'of' it", "day": date(2026, 2, 28), "parts": ["a", "b,c"], "share": 0.25}
    names, rows = ask_named(ALL_KINDS, {**given, "nothing": None, "unused": 1})
    assert names == ["number", "words", "day", "parts", "share", "nothing", "rest"]
    assert rows == [(5, "50 % 'of' it", date(2026, 3, 1), ["a", "b,c"], 0.25, None, 3)]


def test_a_statement_is_prepared_once(in_alpha):
    own = f"{NAMES} -- once"
    for _each in range(3):
        ask(own, {"ids": "{1}"})
    assert prepared("-- once") == 1


def test_one_plan_serves_offices_and_shows_each_its_own(alpha, beta):
    ids = {}
    for office in (alpha, beta):
        with tenant_scope(office.id):
            ids[office.id] = make_organization(name=f"Of {office.tenant.slug}").pk
    both = "{" + ",".join(map(str, ids.values())) + "}"
    for _round in range(2):
        for office in (alpha, beta):
            with tenant_scope(office.id):
                plan_for_any()
                assert ask(NAMES, {"ids": both}) == [(f"Of {office.tenant.slug}",)]


def test_nothing_is_prepared_where_connections_are_not_kept(in_alpha, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    assert ask("select %(number)s::int -- pooled", {"number": 3}) == [(3,)]
    tell("select set_config('test.prepared', %(value)s::text, true) -- pooled", {"value": "x"})
    assert prepared("-- pooled") == 0
