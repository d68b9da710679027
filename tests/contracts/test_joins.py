"""Every statement that a page or the API makes binds every tenant table in it, joined ones included.

Row-level security would hold without it. But joined by the id alone a list runs a hundred times slower, and a table
distributed by tenant cannot be joined at all.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path

from agreements.queries.families import FAMILY
from agreements.queries.obligations import DELIVERY
from agreements.queries.runway import RUNWAY
from core.actor import Actor
from core.lists import lists
from core.pages import page
from core.tenancy.models import TenantForeignKey, TenantModel
from core.tenancy.scope import tenant_scope
from organizations.filters import CountryField
from organizations.queries.groups import GROUP
from partnerships.actions.health import recompute_health
from partnerships.models import Partnership
from partnerships.queries.delivery import CRITICAL_ISSUES, MILESTONES
from partnerships.queries.funding_signals import FUNDING, OVERDUE_INVOICES
from partnerships.queries.groups import GROUP_FIGURES
from partnerships.queries.health import (
    ACCOUNT_AGES,
    CHANNELS,
    NAMED,
    RECENCY,
    TIES,
    present_health,
)
from partnerships.queries.health_series import snapshots_since
from partnerships.queries.pipeline import ACTIVE_MONTHS, FACTS
from partnerships.queries.talent_health import ONE_BY_ONE, TALENT
from partnerships.queries.ties import CARRIED, TIES_AND_PAIRS
from partnerships.queries.value_signals import INITIATIVE, LEDGER, RATINGS
from tenants.actions.tokens import create_token, revoke_token
from tenants.choices import Role
from tenants.models import Membership
from tests.cast import Office
from tests.contracts.stage import Stage, set_stage
from tests.contracts.statements import unbound
from tests.contracts.urls import SHARES, Page, browser, endpoints, pages, planted, share_of_pages

TABLES = frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel))
VIEWS_OF_A_PAGE = {
    "partners": [
        "",
        "?tab=activity",
        "?tab=people",
        "?tab=projects",
        "?tab=governance",
        "?tab=value",
        "?tab=health",
        "?tab=talent",
    ],
    "projects": ["", "?tab=delivery", "?tab=issues", "?tab=aims", "?tab=outputs"],
}
SEARCHES = ["?q=canary", "?sort=-name", "?page=2&size=25"]
ASKED = {  # what a question cannot be asked without
    "analytics/built": "subject=projects&rows=channel&columns=domain",
    "grants/check": "asset={ip-assets}",
    "documents/{id}/compare": "other={documents}",
}
GUESSES = {
    CountryField: "DK",
    forms.BooleanField: "true",
    forms.NullBooleanField: "true",
    forms.IntegerField: "1",
    forms.DecimalField: "1",
    forms.DateField: "2026-01-01",
    forms.DateTimeField: "2026-01-01T00:00:00Z",
}


def joins_of(statements: Iterable[str]) -> list[str]:
    """What the statements leave unbound, each fault once."""
    return sorted({words for statement in set(statements) for words in unbound(statement, TABLES)})


def page_addresses(stage: Stage, found: Iterable[Page]) -> list[str]:
    """Every address of every page that answers GET, with searches on lists and each tab of a detail."""
    addresses, searched = [], {each.url_name for each in lists()}
    for each in found:
        if "GET" in each.methods:
            tails = VIEWS_OF_A_PAGE.get(each.resource, [""]) if each.parameter else [""]
            if each.name in searched:
                tails = [*tails, *SEARCHES]
            addresses += [stage.office.prefix + each.path(stage.ids.get(each.resource, "")) + tail for tail in tails]
    return addresses


def api_addresses(stage: Stage) -> list[str]:
    """Every address of the API that answers GET: with every filter and every ordering on lists."""
    addresses = []
    for each in endpoints():
        if each.method == "GET":
            prefix = each.path.split("/")[0]
            row = stage.office.user(Role.VIEWER).pk if prefix == "members" else stage.ids.get(prefix, 1)
            address = f"{stage.office.prefix}/api/v1/{each.path.format(id=row)}"
            if asked := ASKED.get(each.path.rstrip("/")):
                address += "?" + asked.format_map(stage.ids)
            addresses.append(address)
            if "{id}" not in each.path:
                more = "&" if "?" in address else "?"
                addresses += [f"{address}{more}{query}" for query in _queries(each.viewset, stage.office)]
    return addresses


def _queries(viewset: type, office: Office) -> list[str]:
    queries = [f"ordering=-{name}" for name in getattr(viewset, "sorting", ())]
    filterset = getattr(viewset, "filterset_class", None)
    for name, each in filterset.base_filters.items() if filterset else ():
        queries.append(f"{name}={_guess(each, office)}")
    return queries


def _guess(declared, office: Office) -> str:
    if callable(rows := declared.extra.get("queryset")):  # one of those that the reader may choose from
        with tenant_scope(office.id):
            return str(rows(SimpleNamespace(actor=office.actor(Role.ADMINISTRATOR))).first().pk)
    choices = declared.extra.get("choices")
    if choices:
        pairs = getattr(choices, "choices", choices)
        return str(next(iter(pairs() if callable(pairs) else pairs))[0])
    if (least := declared.extra.get("min_value")) is not None:
        return str(least)
    for kind, value in GUESSES.items():
        if issubclass(declared.field_class, kind):
            return value
    return "1"


def statements_of(office: Office, addresses: Iterable[str], role: str = Role.ADMINISTRATOR) -> list[str]:
    """What a member's visits to the addresses ask the database."""
    member, seen = browser(), []
    member.force_login(office.user(role))
    for address in addresses:
        cache.clear()  # nobody asks for so much within a minute
        with CaptureQueriesContext(connection) as captured:
            answer = member.get(address)
        assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code, answer.content[:300])
        seen += [query["sql"] for query in captured]
    return seen


@pytest.fixture
def staged(alpha) -> Stage:
    return set_stage(alpha, rows=2)


# What they say of the app


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER])
def test_the_pages_join_with_the_tenant(alpha, staged, role, share):
    statements = statements_of(alpha, page_addresses(staged, share_of_pages(share)), role)
    assert sum(" JOIN " in statement for statement in statements) > 40
    assert joins_of(statements) == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER])
def test_the_api_joins_with_the_tenant(alpha, staged, role):
    statements = statements_of(alpha, api_addresses(staged), role)
    assert sum(" JOIN " in statement for statement in statements) > 40
    assert joins_of(statements) == []


def test_the_computation_of_health_joins_with_the_tenant(alpha, staged):
    with CaptureQueriesContext(connection) as captured, tenant_scope(alpha.id):
        recompute_health(actor=Actor.system(alpha.id))
        partnership = Partnership.objects.get(pk=staged.ids["partners"])
        recompute_health(actor=Actor.system(alpha.id), partnership_ids=[partnership.pk])
        present_health(alpha.actor(), partnership)
        snapshots_since([partnership.pk], partnership.started_on)
    statements = [query["sql"] for query in captured]
    assert len(statements) > 15
    assert joins_of(statements) == []


@pytest.mark.parametrize(
    "statement",
    [
        ACCOUNT_AGES,
        ACTIVE_MONTHS,
        CARRIED,
        CHANNELS,
        CRITICAL_ISSUES,
        DELIVERY,
        FACTS,
        FAMILY,
        FUNDING,
        GROUP,
        GROUP_FIGURES,
        INITIATIVE,
        LEDGER,
        MILESTONES,
        NAMED,
        OVERDUE_INVOICES,
        TIES_AND_PAIRS,
        RATINGS,
        RECENCY,
        RUNWAY,
        TALENT,
        ONE_BY_ONE,
        TIES,
    ],
)
def test_the_statements_by_hand_name_the_tenant(statement):
    assert joins_of([statement]) == []


def test_writes_name_the_tenant_too(alpha, staged):
    member = browser()
    member.force_login(alpha.user(Role.ADMINISTRATOR))
    with CaptureQueriesContext(connection) as captured:
        for prefix, patch in (("organizations", '{"city": "A"}'), ("partnerships", '{"summary": "B"}')):
            address = f"{alpha.prefix}/api/v1/{prefix}/{staged.ids[prefix]}/"
            assert member.patch(address, patch, "application/json").status_code == 200
    with CaptureQueriesContext(connection) as more, tenant_scope(alpha.id):
        maker, _secret = create_token(actor=alpha.actor(), name="x", days=2, can_write=True)
        create_token(actor=replace(alpha.actor(), token_id=maker.pk), name="y", days=1, can_write=False)
        revoke_token(actor=alpha.actor(), token=maker)
    statements = [query["sql"] for query in [*captured, *more]]
    assert any(statement.startswith("UPDATE") for statement in statements)
    assert joins_of(statements) == []


# Planted violations


def test_a_reference_that_forgets_the_tenant_is_seen(alpha, staged, monkeypatch):
    monkeypatch.setattr(TenantForeignKey, "get_extra_restriction", lambda *args: None)
    found = [each for each in pages() if each.name == "partnerships:partners"]
    problems = joins_of(statements_of(alpha, page_addresses(staged, found)))
    assert any(words.startswith("organizations_organization is joined without") for words in problems)


def test_a_page_with_a_careless_statement_is_seen(alpha, staged):
    def careless(request):
        from django.http import HttpResponse

        with connection.cursor() as cursor:
            cursor.execute("select name from organizations_organization o where o.id > 0")
        return HttpResponse()

    view = page("partnerships.view_partnerships")(careless)
    with planted(path("wild/", view)):
        problems = joins_of(statements_of(alpha, page_addresses(staged, [Page("wild/", "wild", view)])))
    assert problems == ["organizations_organization is read without the tenant: where o.id > 0"]


A, B = "organizations_organization", "partnerships_partnership"
BOUND = [
    f'SELECT "{A}"."id" FROM "{A}" WHERE "{A}"."tenant_id" = 1 ORDER BY 1 LIMIT 3',
    f'SELECT "{A}"."id" FROM "{A}" WHERE ("{A}"."tenant_id" = (1) AND (UPPER("{A}"."name") LIKE \'or\' OR false))',
    f'SELECT 1 FROM "{B}" INNER JOIN "{A}" ON ("{B}"."organization_id" = "{A}"."id" AND ("{B}"."tenant_id" = '
    f'"{A}"."tenant_id")) WHERE "{B}"."tenant_id" = 1',
    f'SELECT COUNT(*) FROM (SELECT DISTINCT "{A}"."id" AS "c" FROM "{A}" WHERE "{A}"."tenant_id" = 1) subquery',
    f'SELECT 1 FROM "{B}" LEFT OUTER JOIN "{A}" T4 ON ("{B}"."x" = T4."id" AND "{B}"."tenant_id" = T4."tenant_id") '
    f'WHERE "{B}"."tenant_id" = 1 FOR UPDATE OF "{B}"',
    f"with a as (select id from {A} where tenant_id = 1) select * from a join {B} p on p.tenant_id = 1 and p.id = a.id",
    f"select 1 from {B} p join {A} o using (tenant_id, id) where p.tenant_id = 1 and p.x is distinct from p.y",
    f"select 1 from {B} p join unnest('{{1}}'::int[], '{{2}}'::int[]) as w (a, b) on w.a = p.id where p.tenant_id = 1",
    f'UPDATE "{A}" SET "name" = \'x\' WHERE ("{A}"."tenant_id" = 1 AND "{A}"."id" = 2)',
    f'DELETE FROM "{A}" WHERE "{A}"."tenant_id" = 1',
    f'SELECT EXTRACT(YEAR FROM "{A}"."founded_on") AS "y" FROM "{A}" WHERE "{A}"."tenant_id" = 1 GROUP BY 1',
    f'INSERT INTO "{A}" ("tenant_id", "name") VALUES (1, \'where\') RETURNING "{A}"."id"',
    f"select 1 from {A} where tenant_id = 1 union all select 2 from {B} where tenant_id = 1",
]
UNBOUND = [
    f'SELECT "{A}"."id" FROM "{A}"',
    f'SELECT "{A}"."id" FROM "{A}" WHERE "{A}"."id" = 1',
    f'SELECT "{A}"."id" FROM "{A}" WHERE ("{A}"."tenant_id" = 1 OR true)',
    f'SELECT "{A}"."id" FROM "{A}" WHERE "{A}"."name" = \'{A}.tenant_id = 1\'',
    f'SELECT "{A}"."id" FROM "{A}" WHERE "{A}"."tenant_id" > 1',
    f'SELECT 1 FROM "{B}" INNER JOIN "{A}" ON ("{B}"."organization_id" = "{A}"."id") WHERE "{B}"."tenant_id" = 1',
    f'SELECT 1 FROM "{B}" INNER JOIN "{A}" ON ("{B}"."x" = "{A}"."id" AND ("{B}"."tenant_id" = "{A}"."tenant_id" OR 1))'
    f' WHERE "{B}"."tenant_id" = 1',
    f'SELECT 1 FROM "{B}" INNER JOIN "{A}" ON ("{B}"."tenant_id" = "{A}"."tenant_id") WHERE "{A}"."tenant_id" = 1',
    f'SELECT 1 FROM "{B}" WHERE "{B}"."tenant_id" = 1 AND EXISTS(SELECT 1 FROM "{A}" U0 WHERE U0."id" = 1)',
    f'SELECT 1 FROM "{B}" WHERE "{B}"."tenant_id" = 1 AND "{B}"."x" IN (SELECT U0."id" FROM "{A}" U0)',
    f'SELECT COUNT(*) FROM (SELECT "{A}"."id" FROM "{A}") subquery',
    f'SELECT EXTRACT(YEAR FROM "{A}"."founded_on") AS "y" FROM "{A}" GROUP BY 1',
    f"with a as (select id from {A}) select * from a",
    f"select 1 from {B} p, {A} o where p.tenant_id = 1",
    f"select 1 from {A} where tenant_id = 1 union all select 2 from {B}",
    f"select 1 from {B} p join {A} o using (id) where p.tenant_id = 1",
    f'UPDATE "{A}" SET "tenant_id" = 1',
    f'DELETE FROM "{A}" WHERE "{A}"."id" IN (1)',
]


@pytest.mark.parametrize("statement", BOUND)
def test_what_is_bound_is_left_alone(statement):
    assert joins_of([statement]) == []


@pytest.mark.parametrize("statement", UNBOUND)
def test_what_is_not_bound_is_seen(statement):
    assert len(joins_of([statement])) == 1


def test_the_global_tables_are_no_tenant_tables():
    assert Membership._meta.db_table not in TABLES
    assert len(TABLES) >= 15
