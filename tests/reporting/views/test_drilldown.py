"""Behind each number of each report are the records that make it, and nothing else."""

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import resolve

from core.lists import list_of, lists
from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from reporting.queries.asking import ask, may_ask
from reporting.queries.scopes import scope_of
from reporting.registry import questions
from reporting.rules.answers import Kind
from tests.reporting.generated import fill

SCOPES = {
    "everything": {},
    "some partners": {"tier": ["key", "strategic", "developing"], "country": "dk"},
    "a sector, by owner": {"sector": "26", "owner": "none"},
    "channels and a domain": {"channel": ["RES", "LAB", "CON", "LIC"], "domain": ["data", "energy", "materials"]},
    "two years": {"first_year": 2025, "last_year": 2026},
}
# Rows are told to the cent, and their sum is rounded once.
ROUNDED = {"weighted": Decimal("0.30")}


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def rows_behind(actor, address: str):
    """The list that an address opens and the rows that it shows there, all pages together."""
    parts = urlsplit(address)
    assert parts.path.startswith("/t/alpha/")
    name = resolve(parts.path.removeprefix("/t/alpha"), urlconf="config.urls_tenant").view_name
    declared = next(each for each in lists() if each.url_name == name)
    actor.require(declared.reads.code)
    filterset, rows = declared.filtered(actor, QueryDict(parts.query))
    unknown = QueryDict(parts.query).keys() - filterset.form.fields.keys()
    assert (dict(filterset.form.errors), unknown) == ({}, set()), address
    return declared.code, list(rows)


def added(code: str, rows: list, kind: str, column: str):
    """What the rows add up to, in the kind of the number."""
    if code == "behind_talent":
        return sum(row.people for row in rows)
    if column == "weighted":
        return sum((row.weighted for row in rows if row.value is not None and row.currency == "EUR"), Decimal(0))
    if kind != Kind.MONEY:
        return len(rows)
    field = {"behind_projects": "ours", "behind_funding": "base_amount"}.get(code, "value")
    own = [row for row in rows if field == "base_amount" or row.currency == "EUR"]
    return sum((getattr(row, field) for row in own if getattr(row, field) is not None), Decimal(0))


def numbers_of(answer):
    """Each number that has an address: what it is, its kind, value and address."""
    for row in [*answer.rows, *([answer.totals] if answer.totals else [])]:
        for column, cell in zip(answer.columns, row.cells, strict=True):
            if cell.url and column.kind in (Kind.COUNT, Kind.MONEY):
                yield row.label, column.code, column.kind, cell.value, cell.url
    for figure in answer.figures:
        if figure.url and figure.value is not None and figure.kind in (Kind.COUNT, Kind.MONEY):
            yield "figure", figure.code, figure.kind, figure.value, figure.url
    for note in answer.notes:
        if note.url and note.count is not None:
            yield "note", note.text, Kind.COUNT, note.count, note.url


@pytest.mark.parametrize(("role", "name"), [*(("administrator", name) for name in SCOPES), ("viewer", "everything")])
def test_what_is_behind_a_number_adds_up_to_it(generated, role, name):
    actor, wrong, seen = generated.actor(role), [], 0
    with tenant_transaction(generated.id), in_office("alpha"):
        scope = scope_of(actor, SCOPES[name])
        for question in questions():
            answer = ask(actor, question, scope) if may_ask(actor, question) else None
            for label, code, kind, value, address in numbers_of(answer) if answer else ():
                found = added(*rows_behind(actor, address), kind, code)
                seen += 1
                if abs(found - value) > ROUNDED.get(code, 0):
                    wrong.append((question.code, label, code, value, found, address))
    assert wrong == []
    assert seen > (300 if (role, name) == ("administrator", "everything") else 60)


def test_the_pages_behind_numbers_show_their_sum(generated, client_of):
    actor, client, opened = generated.actor("administrator"), client_of(generated, "administrator"), set()
    with tenant_transaction(generated.id), in_office("alpha"):
        answers = [ask(actor, each, scope_of(actor, {})) for each in questions()]
    for answer in answers:
        for _label, _code, kind, value, address in numbers_of(answer):
            path = urlsplit(address).path
            if (path, kind) in opened or not value:
                continue
            opened.add((path, kind))
            response = client.get(address)
            assert response.status_code == 200, address
            shown = response.content.decode()
            if kind == Kind.COUNT and "/talent/" not in path:
                assert response.context["listing"].total == value
            elif "/partners/" not in path:
                amounts = list(response.context["listing"].totals.values())
                digits = {"".join(each for each in text if each in "0123456789.") for text in amounts}
                assert any(Decimal(each) == value for each in digits), (address, amounts, value)
                assert amounts[0] in shown
    assert len({path for path, _kind in opened}) >= 9


@pytest.mark.parametrize("code", ["opportunities", "agreements", "funding"])
def test_amounts_stand_beside_the_name_where_a_list_is_wide(code):
    """What the number adds up is seen without scrolling."""
    declared = list_of(f"behind_{code}")
    assert [column.name for column in declared.columns][1] == "amount"
