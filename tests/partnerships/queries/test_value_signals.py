"""Reciprocity and satisfaction read by SQL are those that the rules make of the same records."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.choices import InteractionKind, RaterSide
from partnerships.queries.value_signals import RATER_WEIGHTS, read_reciprocity, read_satisfaction
from partnerships.rules.health import DEFAULT_CONFIG, TouchRecord
from partnerships.rules.health.records import (
    RatingRecord,
    normalize_rating,
    reciprocity_from_records,
    satisfaction_from_ratings,
)
from partnerships.rules.touches import TOUCH_WEIGHTS
from tests.factories.partnerships import make_evaluation, make_interaction, make_ledger_entry, make_partnership
from tests.partnerships.queries.test_health import TODAY, days_ago, scope_of

touches = st.lists(
    st.tuples(st.integers(-3, 900), st.sampled_from(sorted(InteractionKind.values)), st.sampled_from("IO")),
    max_size=10,
)
entries = st.lists(st.tuples(st.integers(-3, 900), st.sampled_from(["give", "get"])), max_size=10)
ratings = st.lists(
    st.tuples(
        st.integers(-3, 3000),
        st.sampled_from(RaterSide.values),
        st.sampled_from([("5", 1, 5), ("10", 0, 10)]),
        st.floats(0, 1),
    ),
    max_size=8,
)
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SOME
@given(touches=touches, entries=entries)
def test_reciprocity_agrees_with_the_rules(in_alpha, touches, entries):
    partnership = make_partnership()
    for age, kind, direction in touches:
        make_interaction(partnership, kind=kind, direction=direction, occurred_at=days_ago(in_alpha, age))
    for age, direction in entries:
        make_ledger_entry(partnership, direction=direction, occurred_on=TODAY - timedelta(days=age))
    records = [TouchRecord(age, TOUCH_WEIGHTS[kind], direction == "I") for age, kind, direction in touches]
    gives, gets = ([age for age, each in entries if each == side] for side in ("give", "get"))
    expected = reciprocity_from_records(records, gives, gets, DEFAULT_CONFIG)
    got = read_reciprocity(scope_of(in_alpha, partnership))[partnership.pk]
    assert got.ledger_entries == expected.ledger_entries
    for name in ("inbound", "outbound", "gives", "gets"):
        assert getattr(got, name) == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-12), name


@SOME
@given(ratings=ratings)
def test_satisfaction_agrees_with_the_rules(in_alpha, ratings):
    partnership, records = make_partnership(), []
    for age, side, (scale, lowest, highest), share in ratings:
        score = round(lowest + share * (highest - lowest))
        make_evaluation(partnership, rater_side=side, scale=scale, score=score, rated_on=TODAY - timedelta(days=age))
        if side in RATER_WEIGHTS:
            records.append(RatingRecord(normalize_rating(score, lowest, highest), RATER_WEIGHTS[side], age))
    expected = satisfaction_from_ratings(records, DEFAULT_CONFIG)
    got = read_satisfaction(scope_of(in_alpha, partnership))[partnership.pk]
    assert got.weight == pytest.approx(expected.weight, rel=1e-9, abs=1e-12)
    assert got.weighted_sum == pytest.approx(expected.weighted_sum, rel=1e-9, abs=1e-12)


def test_office_and_third_parties_are_shown_and_do_not_count(in_alpha):
    partnership = make_partnership()
    for side in ("office", "third_party"):
        make_evaluation(partnership, rater_side=side, score=1, rated_on=TODAY)
    assert read_satisfaction(scope_of(in_alpha, partnership))[partnership.pk].weight == 0
    make_evaluation(partnership, rater_side="investigator", score=5, rated_on=TODAY)
    section = read_satisfaction(scope_of(in_alpha, partnership))[partnership.pk]
    assert (section.weight, section.weighted_sum) == (0.5, 0.5)


def test_the_worked_example_e1(in_alpha):
    """Gives 30, 90, 200 and gets 20, 60, 150, 300 days ago: a value balance of 0.8319."""
    partnership = make_partnership()
    for direction, ages in (("give", (30, 90, 200)), ("get", (20, 60, 150, 300))):
        for age in ages:
            make_ledger_entry(partnership, direction=direction, occurred_on=TODAY - timedelta(days=age))
    section = read_reciprocity(scope_of(in_alpha, partnership))[partnership.pk]
    assert (section.gives + 1) / (section.gets + 1) == pytest.approx(0.8319, abs=1e-4)
