"""Funding momentum and overdue invoices read by SQL are those that the rules make of the same records."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.urls import set_urlconf
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.models import FundingEntry
from partnerships.queries.funding_signals import funding_evidence, read_funding, read_overdue_invoices
from partnerships.registry import signals
from partnerships.rules.funding import days_overdue
from partnerships.rules.health import DEFAULT_CONFIG, FundingInput, HealthInput, score_health
from partnerships.rules.health.records import MoneyRecord, funding_from_money
from tests.api_kit import counted
from tests.factories.funding import make_funding
from tests.factories.partnerships import make_partnership, make_project
from tests.partnerships.queries.test_health import CASES, TODAY, scope_of


@pytest.fixture(autouse=True)
def _addresses_of_an_office():
    """Evidence links to its entries, as within a request."""
    set_urlconf(django_settings.TENANT_URLCONF)
    yield
    set_urlconf(None)


SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MEASURES = st.sampled_from(["received", "received", "committed", "invoiced", "spent"])
AMOUNTS = st.decimals(-20_000, 200_000, places=2).filter(bool)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def expecting_money(**fields):
    return make_partnership(**{"stage_declared": "sponsorship", **fields})


@SOME
@given(entries=st.lists(st.tuples(st.integers(-20, 1500), MEASURES, AMOUNTS), max_size=10))
def test_funding_agrees_with_the_rules(in_alpha, entries):
    partnership = expecting_money()
    for age, measure, amount in entries:
        make_funding(partnership, measure=measure, amount=amount, booked_on=ago(age))
    received = [MoneyRecord(amount, ago(age)) for age, measure, amount in entries if measure == "received"]
    expected = funding_from_money(received, TODAY)
    found = read_funding(scope_of(in_alpha, partnership))
    assert found == ({} if expected is None else {partnership.pk: expected})
    rows = funding_evidence(in_alpha.actor(), partnership, TODAY, DEFAULT_CONFIG)
    if expected is not None:
        total = float(expected.last_365 + expected.previous_730)
        assert sum(row.contribution for row in rows) == pytest.approx(total, abs=1e-6)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(0, 4000))
def test_months_of_history_are_whole(first, days):
    day = first + timedelta(days=days)
    months = funding_from_money([MoneyRecord(Decimal(1), first)], day).history_months
    assert (first.year * 12 + first.month + months, first.day) <= (day.year * 12 + day.month, day.day)
    assert (first.year * 12 + first.month + months + 1, first.day) > (day.year * 12 + day.month, day.day)


@pytest.mark.parametrize("name", ["E1", "E3", "E4"])
def test_the_worked_examples(in_alpha, name):
    case, expected = CASES[name]["input"], CASES[name]["expected"]["dims"]["funding"]
    partnership = expecting_money(stage_declared=case["stage"])
    money = case["funding"]
    first = TODAY.replace(year=TODAY.year - money["months"] // 12)
    for amount, day in ((money["m1"], ago(100)), (money["prev24"], ago(800)), (Decimal("0.01"), first)):
        make_funding(partnership, amount=Decimal(amount), booked_on=day)
    section = read_funding(scope_of(in_alpha, partnership))[partnership.pk]
    assert section.history_months == money["months"]
    score = next(
        each.result.score
        for each in score_health(
            replace(HealthInput(case["stage"]), funding=replace(section, previous_730=Decimal(money["prev24"]))),
            DEFAULT_CONFIG,
        ).dimensions
        if each.code == "funding"
    )
    assert score == pytest.approx(expected["s"], abs=1e-4)


def test_other_currencies_count_at_their_rate_and_corrections_take_away(in_alpha):
    partnership = expecting_money()
    make_funding(
        partnership, amount=Decimal(1000), currency="USD", rate=Decimal("0.9"), rate_on=ago(5), booked_on=ago(5)
    )
    make_funding(partnership, amount=Decimal(-100), booked_on=ago(4))
    assert read_funding(scope_of(in_alpha, partnership)) == {
        partnership.pk: FundingInput(Decimal("800.00"), Decimal(0), 0)
    }


@pytest.mark.parametrize("stage", ["awareness", "involvement"])
def test_no_money_is_expected_of_a_young_relationship(in_alpha, stage):
    partnership = make_partnership(stage_declared=stage)
    make_funding(partnership, booked_on=ago(10))
    assert read_funding(scope_of(in_alpha, partnership)) == {}


def test_no_money_is_expected_where_the_office_says_so(in_alpha):
    partnership = expecting_money(money_expected=False)
    make_funding(partnership, booked_on=ago(10))
    assert read_funding(scope_of(in_alpha, partnership)) == {}


def test_no_money_is_expected_of_a_partner_for_talent_alone(in_alpha):
    partnership = expecting_money()
    make_project(partnership, channel="INT", started_on=ago(400))
    make_project(partnership, channel="RES", started_on=ago(-5), status="planned")
    make_funding(partnership, channel="CAP", booked_on=ago(10))
    scope = scope_of(in_alpha, partnership)
    assert read_funding(scope) == {}
    make_project(partnership, channel="RES", started_on=ago(1))
    assert partnership.pk in read_funding(scope)


def test_without_any_amount_received_nothing_is_known(in_alpha):
    partnership = expecting_money()
    make_funding(partnership, measure="committed", booked_on=ago(500))
    assert read_funding(scope_of(in_alpha, partnership)) == {}


def test_the_money_of_a_project_is_not_that_of_its_partners(in_alpha):
    partnership = expecting_money()
    make_funding(project=make_project(partnership), source="international", booked_on=ago(3))
    assert read_funding(scope_of(in_alpha, partnership)) == {}


def test_what_was_entered_later_was_not_known_then(in_alpha):
    partnership = expecting_money()
    make_funding(partnership, amount=Decimal(10), booked_on=ago(30))
    between = timezone.now()
    make_funding(partnership, amount=Decimal(90), booked_on=ago(20))
    scope = scope_of(in_alpha, partnership)
    assert read_funding(scope)[partnership.pk].last_365 == 100
    assert read_funding(replace(scope, known_at=between))[partnership.pk].last_365 == 10


@SOME
@given(
    invoices=st.lists(
        st.tuples(st.integers(80, 110), st.none() | st.integers(-10, 60), st.sampled_from(["invoiced", "committed"])),
        max_size=8,
    )
)
def test_invoices_late_by_more_than_ninety_days_are_critical_issues(in_alpha, invoices):
    partnership, expected = make_partnership(), 0
    for due, paid, measure in invoices:
        paid_on = None if paid is None else ago(paid)
        days = {"due_on": ago(due), "paid_on": paid_on} if measure == "invoiced" else {}
        make_funding(partnership, measure=measure, booked_on=ago(due + 30), **days)
        expected += bool(days) and days_overdue(ago(due), paid_on, TODAY) > 90
    found = read_overdue_invoices(scope_of(in_alpha, partnership))
    assert found == ({partnership.pk: expected} if expected else {})


def test_an_overdue_invoice_caps_the_score_as_long_as_it_was_known_to_be_unpaid(in_alpha):
    partnership = make_partnership(stage_declared="sponsorship")
    row = make_funding(partnership, measure="invoiced", booked_on=ago(200), due_on=ago(170))
    scope = scope_of(in_alpha, partnership)
    assert signals()["critical_issues"](scope)[partnership.pk] == 1
    before = timezone.now()
    FundingEntry.objects.filter(pk=row.pk).update(paid_on=ago(1))
    assert read_overdue_invoices(scope) == {}
    assert read_overdue_invoices(replace(scope, known_at=before)) == {partnership.pk: 1}


def test_evidence_names_the_entries_to_who_may_see_them(in_alpha):
    partnership = expecting_money()
    project = make_project(partnership, title="Rotor blades", channel="RES")
    make_funding(partnership, project=project, amount=Decimal(300), booked_on=ago(10))
    make_funding(partnership, amount=Decimal(100), booked_on=ago(500), reference="R-7", currency="USD", rate=Decimal(2))
    make_funding(partnership, amount=Decimal(5), booked_on=ago(1200))
    rows = funding_evidence(in_alpha.actor("officer"), partnership, TODAY, DEFAULT_CONFIG)
    assert [(row.text, row.contribution, bool(row.url)) for row in rows] == [
        ("Rotor blades", 300.0, True),
        ("R-7", 200.0, True),
    ]
    assert rows[1].note == "USD\u00a0100.00 × 2"
    hidden = funding_evidence(in_alpha.actor("viewer"), partnership, TODAY, DEFAULT_CONFIG)
    assert [(row.contribution, row.url) for row in hidden] == [(300.0, ""), (200.0, "")]
    assert "Rotor" not in "".join(row.text for row in hidden)


def test_one_statement_answers_for_many(in_alpha):
    many = [expecting_money() for _ in range(4)]
    for each in many:
        make_funding(each, booked_on=ago(3))
    scope = replace(scope_of(in_alpha, many[0]), partnership_ids=None)
    with counted() as statements:
        assert len(read_funding(scope)) == 4
        read_overdue_invoices(scope)
    assert len(statements) == 2
