from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.choices_delivery import FundingMeasure, FundingSource
from partnerships.rules.funding import (
    CORRECTABLE,
    MEASURES,
    PUBLIC_SOURCES,
    MeasureSums,
    base_amount,
    cost_share,
    days_overdue,
    first_day,
    fiscal_year,
    last_day,
    leverage,
    overhead,
    sums_of,
)

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
MONTHS = st.integers(1, 12)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        (date(2025, 6, 30), 7, 2025),
        (date(2025, 7, 1), 7, 2026),
        (date(2025, 12, 31), 1, 2025),
        (date(2025, 1, 1), 1, 2025),
        (date(2025, 12, 31), 12, 2026),
        (date(2024, 7, 31), 8, 2024),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(day, month, year):
    assert fiscal_year(day, month) == year == last_day(year, month).year


@given(DAYS, MONTHS)
def test_every_day_lies_between_the_ends_of_its_fiscal_year(day, month):
    year = fiscal_year(day, month)
    assert first_day(year, month) <= day <= last_day(year, month)
    assert last_day(year, month) + timedelta(days=1) == first_day(year + 1, month)
    assert first_day(year, month).month == month


@pytest.mark.parametrize("month", [0, 13])
def test_a_fiscal_year_begins_in_a_month_that_there_is(month):
    with pytest.raises(ValueError, match="month"):
        fiscal_year(date(2025, 1, 1), month)


@pytest.mark.parametrize(
    ("amount", "rate", "base"),
    [("100.00", "1", "100.00"), ("0.05", "0.5", "0.02"), ("0.15", "0.5", "0.08"), ("-0.05", "0.5", "-0.02")],
)
def test_the_base_amount_is_rounded_half_to_even(amount, rate, base):
    assert base_amount(Decimal(amount), Decimal(rate)) == Decimal(base)


@given(AMOUNTS, st.decimals("0.00000001", "10000", places=8))
def test_the_base_amount_is_within_half_a_cent_and_changes_sign_with_the_amount(amount, rate):
    base = base_amount(amount, rate)
    assert abs(base - amount * rate) <= Decimal("0.005")
    assert base == -base_amount(-amount, rate)
    assert base_amount(amount, Decimal(1)) == amount


def test_there_is_no_rate_of_nothing():
    with pytest.raises(ValueError, match="rate"):
        base_amount(Decimal(1), Decimal(0))


def test_overhead_is_a_share_of_its_base():
    assert overhead(Decimal("25000.00"), Decimal("30")) == Decimal("7500.00")
    assert overhead(Decimal("0.25"), Decimal("50")) == Decimal("0.12")
    with pytest.raises(ValueError, match="overhead"):
        overhead(Decimal(1), Decimal("100.01"))


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 100, places=2), AMOUNTS, st.decimals(0, 10**9, places=2))
def test_a_cost_share_is_met_by_cash_and_in_kind_together_and_nothing_more_is_missing(cost, percent, cash, kind):
    share = cost_share(cost, percent, in_cash=cash, in_kind=kind)
    assert share.missing == max(0, share.agreed - cash - kind)
    assert share.is_met == (cash + kind >= share.agreed)


def test_the_bridges_rule_of_fifteen_percent():
    share = cost_share(Decimal("400000"), Decimal("15"), in_cash=Decimal("40000"), in_kind=Decimal("12500"))
    assert (share.agreed, share.missing, share.is_met) == (Decimal("60000.00"), Decimal("7500.00"), False)


def test_leverage_is_public_money_for_each_unit_of_the_partners():
    by_source = {"industry": Decimal(200), "federal": Decimal(300), "international": Decimal(150), "foundation": 999}
    assert leverage(by_source) == Decimal("2.25")
    assert leverage({"federal": Decimal(300)}) is None
    assert leverage({"industry": Decimal(-5), "state": Decimal(3)}) is None


def test_the_measures_and_sources_are_those_of_the_closed_lists():
    assert set(MEASURES) == set(FundingMeasure.values)
    assert set(FundingMeasure.values) > CORRECTABLE
    assert set(FundingSource.values) > PUBLIC_SOURCES


@given(st.lists(st.tuples(st.sampled_from(MEASURES), AMOUNTS)), st.lists(st.tuples(st.sampled_from(MEASURES), AMOUNTS)))
def test_sums_keep_the_measures_apart(some, more):
    sums = sums_of(some)
    for measure in MEASURES:
        assert sums.of(measure) == sum(amount for name, amount in some if name == measure)
    assert sums + sums_of(more) == sums_of(some + more)


def test_there_is_no_sum_over_measures():
    sums = MeasureSums(committed=Decimal(1), received=Decimal(2))
    with pytest.raises(TypeError):
        sum([sums.committed, sums])
    with pytest.raises(ValueError, match="measure"):
        sums.of("total")
    with pytest.raises(ValueError, match="measure"):
        sums_of([("total", Decimal(1))])


@pytest.mark.parametrize(
    ("due", "paid", "late"),
    [
        (None, None, 0),
        (date(2026, 3, 1), None, 91),
        (date(2026, 3, 1), date(2026, 5, 1), 0),
        (date(2026, 3, 1), date(2026, 6, 5), 91),
        (date(2026, 6, 30), None, 0),
    ],
)
def test_an_invoice_is_late_until_it_is_paid(due, paid, late):
    assert days_overdue(due, paid, date(2026, 5, 31)) == late
