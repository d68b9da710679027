"""Size class and SME status: the facts decide where they can, people state the rest."""

from decimal import Decimal

import pytest

from core.errors import InvalidInput
from organizations.actions.organizations import create_organization, edit_organization
from organizations.models import Organization
from tests.api_kit import nothing_changes

MILLION = Decimal(1_000_000)
SMALL = {"headcount": 40, "turnover_eur": 8 * MILLION, "owned_by_non_sme_share": Decimal("0.1")}


def create(office, **fields) -> Organization:
    return create_organization(actor=office.actor(), **{"name": "Cog Works", **fields})


def edit(office, row, **changes) -> Organization:
    return edit_organization(actor=office.actor(), organization=row, **changes)


def refused(attempt) -> InvalidInput:
    with nothing_changes(), pytest.raises(InvalidInput) as caught:
        attempt()
    return caught.value


@pytest.mark.parametrize(
    ("facts", "size", "sme"),
    [
        (SMALL, "small", True),
        ({**SMALL, "owned_by_non_sme_share": Decimal("0.25")}, "small", False),
        ({**SMALL, "headcount": 250}, "large", False),
        ({**SMALL, "turnover_eur": 51 * MILLION}, "small", None),
        ({**SMALL, "turnover_eur": 51 * MILLION, "balance_sheet_eur": 43 * MILLION}, "small", True),
        ({"headcount": 9}, "micro", None),
        ({"turnover_eur": 8 * MILLION}, "", None),
    ],
)
def test_the_facts_decide(in_alpha, facts, size, sme):
    row = create(in_alpha, **facts)
    assert (row.size_class, row.sme) == (size, sme)
    assert (row.size_is_computed, row.sme_is_computed) == (bool(size), sme is not None)


def test_what_the_facts_leave_open_is_stated(in_alpha):
    row = create(in_alpha, headcount=9, sme=True)
    assert (row.size_class, row.sme, row.sme_is_computed) == ("micro", True, False)
    row = edit(in_alpha, row, turnover_eur=9 * MILLION, sme=True)
    assert (row.sme, row.sme_is_computed) == (True, False), "without ownership it is still a statement"
    row = edit(in_alpha, row, owned_by_non_sme_share=Decimal(1), sme=True)
    assert (row.sme, row.sme_is_computed) == (False, True), "facts win over what was stated before"


def test_a_new_statement_against_the_facts_is_refused(in_alpha):
    assert refused(lambda: create(in_alpha, headcount=9, size_class="large")).field == "size_class"
    row = create(in_alpha, **SMALL)
    problem = refused(lambda: edit(in_alpha, row, sme=False))
    assert (problem.code, problem.field) == ("facts_decide", "sme")
    assert edit(in_alpha, row, sme=None).sme is True, "to leave it open is no statement"


def test_what_followed_from_facts_goes_with_them(in_alpha):
    row = edit(in_alpha, create(in_alpha, **SMALL), headcount=None, size_class="small", sme=True)
    assert (row.size_class, row.sme) == ("", None)
    stated = edit(in_alpha, row, size_class="medium")
    assert edit(in_alpha, stated, city="Graz").size_class == "medium"
    assert edit(in_alpha, stated, turnover_eur=MILLION).size_class == "medium"


@pytest.mark.parametrize(
    ("field", "value"),
    [("headcount", -1), ("turnover_eur", Decimal(-1)), ("owned_by_non_sme_share", Decimal("1.01"))],
)
def test_impossible_facts_are_refused_by_name(in_alpha, field, value):
    assert refused(lambda: create(in_alpha, **{field: value})).field == field
