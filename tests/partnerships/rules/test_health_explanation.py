"""What is displayed of a score: numbers that add up, changes in parts, and steps that one can recompute."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.rules.health import score_health
from partnerships.rules.health.explanation import Tally, change_between, points_table, share_out, tenths
from partnerships.rules.health.workings import num, totals, workings
from tests.partnerships.rules.health_records import CASES, CONFIG, records_of
from tests.partnerships.rules.test_health_whatif import records

shares = st.lists(st.floats(0, 100), min_size=1, max_size=9)


@given(shares)
def test_shared_out_tenths_add_up_and_stay_near(values):
    total = tenths(math.fsum(values))
    shown = share_out(values, total)
    assert sum(shown) == total
    assert all(abs(each - value * 10) < 1 + 1e-5 for each, value in zip(shown, values, strict=True))


@settings(max_examples=150, deadline=None)
@given(records)
def test_what_is_displayed_adds_up_to_the_score(given_records):
    score = score_health(given_records.inputs(CONFIG), CONFIG)
    table = points_table(score)
    assert sum((line.got for line in table.lines), Decimal(0)) == table.raw
    assert table.raw + table.held == table.score == Decimal(tenths(score.score)) / 10
    assert table.held <= 0
    if any(line.state == "scored" for line in table.lines):
        assert table.possible == 100
        assert table.lost == 100 - table.raw
    assert all(line.got >= 0 and line.lost >= 0 for line in table.lines)
    scored = [line.lost for line in table.lines if line.state == "scored"]
    assert scored == sorted(scored, reverse=True)


def test_the_table_of_e4_shows_what_the_cap_takes():
    table = points_table(score_health(records_of("E4").inputs(CONFIG)))
    assert (table.raw, table.held, table.score) == (Decimal("82.3"), Decimal("-18.3"), Decimal("64.0"))
    assert (table.lines[0].code, table.lines[0].lost) == ("depth", Decimal("5.6"))


@settings(max_examples=80, deadline=None)
@given(records, records)
def test_the_parts_of_a_change_add_up_to_it(one, other):
    before, after = (score_health(each.inputs(CONFIG), CONFIG) for each in (one, other))
    change = change_between(Tally.of(before), Tally.of(after))
    assert change.points == Decimal(tenths(after.score) - tenths(before.score)) / 10
    assert sum((part for _code, part in change.parts), Decimal(0)) == change.points


def test_a_fall_names_its_largest_part_first():
    before = Tally(45.2, 45.2, {"recency": 11.2, "delivery": 9.0, "depth": 25.0})
    change = change_between(before, Tally(31.4, 31.4, {"recency": 1.6, "delivery": 4.8, "depth": 25.0}))
    assert change.points == Decimal("-13.8")
    assert change.parts == (("recency", Decimal("-9.6")), ("delivery", Decimal("-4.2")))


def test_a_lifted_cap_is_a_part_of_the_rise():
    change = change_between(Tally(64, 80, {"depth": 80}), Tally(82, 82, {"depth": 82}))
    assert change.parts == (("caps", Decimal("16.0")), ("depth", Decimal("2.0")))


def value_of(expression: str) -> float:
    """What an expression comes to for somebody with a calculator."""
    for sign, python in (("−", "-"), ("×", "*"), ("^", "**")):
        expression = expression.replace(sign, python)
    return eval(expression, {"min": min, "max": max, "ln": math.log, "e": math.e})  # noqa: S307


@pytest.mark.parametrize("name", CASES)
def test_every_step_can_be_recomputed(name):
    inputs = records_of(name).inputs(CONFIG)
    score = score_health(inputs)
    steps = [step for found in workings(inputs, score, CONFIG).values() for step in found] + totals(score)
    assert len(steps) > 10
    for step in steps:
        assert value_of(step.expression) == pytest.approx(step.value, abs=2e-3 if step.symbol == "raw" else 5e-5), step


@settings(max_examples=60, deadline=None)
@given(records)
def test_every_step_of_anything_can_be_recomputed(given_records):
    inputs = given_records.inputs(CONFIG)
    score = score_health(inputs, CONFIG)
    steps = workings(inputs, score, CONFIG)
    assert set(steps) == {each.code for each in score.dimensions if each.result.score is not None}
    for step in [step for found in steps.values() for step in found] + totals(score):
        assert value_of(step.expression) == pytest.approx(step.value, abs=1e-2), step


def test_numbers_are_written_for_people():
    assert [num(value) for value in (1.0, 0.5, -2.25, 1e-9, 1234567.125)] == [
        "1", "0.5", "(−2.25)", "0", "1234567.125",
    ]  # fmt: skip
