"""Where two exclusive rights collide."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.rules.grants import GrantTerms, is_free, overlap, overlaps

BATTERIES = GrantTerms(
    1,
    10,
    "license",
    "exclusive",
    asset=7,
    fields=frozenset({"batteries"}),
    territories=frozenset({"DE", "FR"}),
    starts_on=date(2026, 1, 1),
    ends_on=date(2030, 12, 31),
)
SAME = replace(BATTERIES, id=2, agreement=11)


@pytest.mark.parametrize(
    ("change", "collides"),
    [
        ({}, True),
        ({"kind": "option"}, True),
        ({"exclusivity": "sole"}, True),
        ({"exclusivity": "co_exclusive"}, True),
        ({"exclusivity": "nonexclusive"}, False),
        ({"kind": "assignment", "exclusivity": "nonexclusive"}, True),
        ({"asset": 8}, False),
        ({"asset": None}, False),
        ({"fields": frozenset({"Batteries "})}, True),
        ({"fields": frozenset({"medicine"})}, False),
        ({"fields": frozenset({"medicine", "batteries"})}, True),
        ({"fields": frozenset()}, True),
        ({"fields": frozenset({"*"})}, True),
        ({"territories": frozenset({"FR", "IT"})}, True),
        ({"territories": frozenset({"IT"})}, False),
        ({"territories": frozenset({"*"})}, True),
        ({"starts_on": date(2030, 12, 31), "ends_on": None}, True),
        ({"starts_on": date(2031, 1, 1), "ends_on": None}, False),
        ({"starts_on": None, "ends_on": date(2025, 12, 31)}, False),
    ],
)
def test_overlap_over_asset_field_territory_and_term(change, collides):
    other = replace(SAME, **change)
    assert overlap(BATTERIES, other) is collides
    assert overlap(other, BATTERIES) is collides


def test_a_grant_does_not_collide_with_itself():
    assert not overlap(BATTERIES, BATTERIES)


def test_two_of_a_closed_group_do_not_collide():
    one = replace(BATTERIES, exclusivity="co_exclusive")
    assert not overlap(one, replace(one, id=2))


def test_each_pair_is_named_once():
    third = replace(SAME, id=3, territories=frozenset({"IT"}))
    assert overlaps([BATTERIES, SAME, third]) == [(BATTERIES, SAME)]


def test_whether_a_field_is_still_free():
    assert not is_free(7, frozenset({"batteries"}), frozenset({"DE"}), [BATTERIES])
    assert is_free(7, frozenset({"batteries"}), frozenset({"IT"}), [BATTERIES])
    assert is_free(7, frozenset({"medicine"}), frozenset(), [BATTERIES])


WORDS = st.frozensets(st.sampled_from(["a", "b", "c", "*"]), max_size=3)
GRANTS = st.builds(
    GrantTerms,
    id=st.integers(1, 9),
    agreement=st.just(1),
    kind=st.sampled_from(["license", "option", "assignment"]),
    exclusivity=st.sampled_from(["exclusive", "sole", "co_exclusive", "nonexclusive"]),
    asset=st.sampled_from([None, 1, 2]),
    fields=WORDS,
    territories=WORDS,
    starts_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    ends_on=st.none() | st.dates(date(2027, 1, 1), date(2028, 1, 1)),
)


@given(GRANTS, GRANTS)
def test_overlap_is_symmetric(one, other):
    assert overlap(one, other) == overlap(other, one)


@given(GRANTS, GRANTS, WORDS)
def test_a_wider_field_never_removes_a_collision(one, other, more):
    if overlap(one, other):
        assert overlap(replace(one, fields=one.fields | more if one.fields else one.fields), other)
