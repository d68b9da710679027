"""Built reports: every number computed in another way, and what is behind each number adds up to it."""

from collections import Counter
from decimal import Decimal

import pytest

from agreements.models import Agreement
from core.errors import InvalidInput, PermissionRefused
from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from partnerships.models import Interaction, Opportunity, Partnership, Placement, Project
from reporting.queries.builder import Recipe, built_answer
from reporting.queries.people import BEGUN
from reporting.queries.scopes import scope_of
from reporting.queries.subjects import COUNT, MISSING, SUBJECTS
from reporting.rules.answers import Kind
from tests.reporting.generated import fill
from tests.reporting.views.test_drilldown import numbers_of, rows_behind

SCOPES = {
    "everything": {},
    "some partners": {"tier": ["key", "strategic", "developing"], "country": "dk"},
    "two years in a channel": {"first_year": 2025, "last_year": 2026, "channel": ["RES", "LIC", "CON"]},
}


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def recipes(subject: str):
    """Every row with a column and without, and every measure."""
    dimensions = SUBJECTS[subject].dimensions
    closed = [code for code, each in dimensions.items() if each.is_closed]
    for place, row in enumerate(dimensions):
        column = next((each for each in closed[place % len(closed) :] + closed if each != row), "")
        yield Recipe(subject, row)
        for measure in (COUNT, *SUBJECTS[subject].amounts):
            yield Recipe(subject, row, column, measure)


def amount_of(row, measure: str) -> Decimal:
    value = {"award": "ours"}.get(measure, measure)
    return getattr(row, value) or Decimal(0)


@pytest.mark.parametrize("name", SCOPES)
def test_what_is_behind_a_number_adds_up_to_it(generated, name):
    actor, wrong, seen = generated.actor("administrator"), [], 0
    every = [recipe for subject in SUBJECTS for recipe in recipes(subject)]
    with tenant_transaction(generated.id), in_office("alpha"):
        scope = scope_of(actor, SCOPES[name])
        for recipe in every if name == "everything" else every[::5]:
            answer = built_answer(actor, scope, recipe)
            for label, code, kind, value, address in numbers_of(answer):
                _list, rows = rows_behind(actor, address)
                money = kind == Kind.MONEY
                found = sum((amount_of(row, recipe.measure) for row in rows), Decimal(0)) if money else len(rows)
                seen += 1
                if abs(found - value) > (Decimal("0.30") if recipe.measure == "weighted" else 0):
                    wrong.append((recipe, label, code, value, found, address))
    assert wrong == []
    assert seen > (1000 if name == "everything" else 50)


def test_counts_are_those_of_the_records(generated):
    actor = generated.actor("administrator")
    with tenant_transaction(generated.id), in_office("alpha"):
        scope = scope_of(actor, {})
        for subject, model, field, rows in (
            ("partners", Partnership, "tier", Partnership.objects.filter(status="active")),
            ("projects", Project, "domain", Project.objects.all()),
            ("agreements", Agreement, "kind", Agreement.objects.all()),
            ("opportunities", Opportunity, "channel", Opportunity.objects.all()),
            ("interactions", Interaction, "kind", Interaction.objects.all()),
        ):
            expected = Counter(getattr(row, field) or MISSING for row in rows)
            answer = built_answer(actor, scope, Recipe(subject, field))
            assert {row.code: row.cells[0].value for row in answer.rows} == dict(expected), model
            assert (answer.totals.cells[0].value if answer.totals else 0) == sum(expected.values())


def test_money_is_added_in_the_offices_currency_and_the_rest_is_said(generated):
    actor = generated.actor("administrator")
    with tenant_transaction(generated.id), in_office("alpha"):
        first, *_rest = Opportunity.objects.order_by("pk")
        Opportunity.objects.filter(pk=first.pk).update(value=Decimal(777), currency="USD")
        rows = list(Opportunity.objects.select_related("stage"))
        answer = built_answer(actor, scope_of(actor, {}), Recipe("opportunities", "meaning", measure="value"))
        expected = sum(row.value for row in rows if row.value is not None and row.currency == "EUR")
        missing = sum(row.value is None for row in rows)
        foreign = sum(row.value is not None and row.currency != "EUR" for row in rows)
    assert answer.totals.cells[0].value == expected
    assert [note.count for note in answer.notes] == [number for number in (missing, foreign) if number]
    assert foreign >= 1


def test_few_people_are_not_told(generated):
    actor = generated.actor("administrator")
    with tenant_transaction(generated.id), in_office("alpha"):
        counts = Counter(
            row.program.kind for row in Placement.objects.filter(status__in=BEGUN).select_related("program")
        )
        for columns in ("", "tier", "year"):
            answer = built_answer(actor, scope_of(actor, {}), Recipe("placements", "program_kind", columns))
            lines = [*answer.rows, answer.totals]
            told = [cell.value for row in lines for cell in row.cells if not cell.hidden]
            assert not {1, 2, 3, 4} & set(told)
            for row in answer.rows:
                assert row.cells[-1].hidden or row.cells[-1].value == counts[row.code]
            for place in range(len(answer.columns)):
                assert sum(row.cells[place].hidden for row in lines) != 1
            assert all(not cell.url for row in lines for cell in row.cells if cell.hidden)
            assert all(note.count is None for note in answer.notes)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subject": "users", "rows": "tier"}, "subject"),
        ({"subject": "partners", "rows": "password"}, "rows"),
        ({"subject": "partners", "rows": "tier", "columns": "country"}, "columns"),
        ({"subject": "partners", "rows": "tier", "columns": "tier"}, "columns"),
        ({"subject": "partners", "rows": "tier", "measure": "value"}, "measure"),
        ({"subject": "partners", "rows": "tier", "chart": "pie"}, "chart"),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(in_alpha, given, field):
    actor = in_alpha.actor()
    with pytest.raises(InvalidInput) as refused:
        built_answer(actor, scope_of(actor, {}), Recipe(**given))
    assert refused.value.field == field


def test_confidential_agreements_and_interactions_count_for_those_who_may_read_them(generated):
    with tenant_transaction(generated.id), in_office("alpha"):
        Agreement.objects.update(level="restricted", owner=None, principal_investigator=None)
        seen = {}
        for role in ("administrator", "viewer"):
            actor = generated.actor(role)
            answer = built_answer(actor, scope_of(actor, {}), Recipe("agreements", "kind"))
            seen[role] = answer.totals.cells[0].value if answer.totals else 0
    assert seen["administrator"] > seen["viewer"] == 0


def test_another_office_is_never_counted(generated, beta):
    with tenant_transaction(beta.id), in_office("beta"):
        actor = beta.actor("administrator")
        for subject in SUBJECTS:
            assert built_answer(actor, scope_of(actor, {}), next(recipes(subject))).rows == ()


def test_who_may_not_see_the_records_is_refused(in_alpha):
    refused = 0
    for code, subject in SUBJECTS.items():
        for role in ("viewer", "researcher", "officer"):
            actor = in_alpha.actor(role)
            if not subject.may_be_read(actor):
                refused += 1
                with pytest.raises(PermissionRefused):
                    built_answer(actor, scope_of(actor, {}), next(recipes(code)))
    assert refused
