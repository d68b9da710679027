"""One figure for a group."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health.rollup import MEAN, RULES, WEIGHTED, WORST, Member, roll_up

STRATEGIC = Member(1, "strategic", 80.0, 1.0, "healthy")
NEW = Member(2, "awareness", 40.0, 0.5, "at_risk")
UNKNOWN = Member(3, "support", 70.0, 0.3, "insufficient")
EMPTY = Member(4, "support", None, None, "insufficient")


def test_weighted_counts_stage_and_confidence():
    found = roll_up([STRATEGIC, NEW, UNKNOWN, EMPTY])
    assert found.score == pytest.approx((5 * 80 + 0.5 * 40) / 5.5)
    assert found.shares == {1: pytest.approx(5 / 5.5), 2: pytest.approx(0.5 / 5.5)}
    assert found.left_out == (3, 4)
    assert found.covered == pytest.approx(6 / 12)
    assert found.band == "healthy"


def test_mean_and_worst():
    assert roll_up([STRATEGIC, NEW], MEAN).score == 60.0
    worst = roll_up([STRATEGIC, NEW], WORST)
    assert (worst.score, worst.band, worst.shares) == (40.0, "at_risk", {1: 0.0, 2: 1.0})


def test_nobody_with_enough_data_has_no_figure():
    found = roll_up([UNKNOWN, EMPTY])
    assert (found.score, found.confidence, found.band, found.left_out) == (None, None, "insufficient", (3, 4))


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="unknown roll-up"):
        roll_up([STRATEGIC], "best")


members = st.lists(
    st.builds(
        Member,
        st.integers(1, 10**6),
        st.sampled_from(["awareness", "support", "strategic"]),
        st.floats(0, 100),
        st.floats(0.01, 1),
        st.sampled_from(["healthy", "watch", "at_risk", "insufficient"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda member: member.key,
)


@given(members, st.sampled_from(sorted(RULES)), st.randoms())
def test_a_figure_lies_between_its_members_and_no_order_matters(found, rule, chance):
    counted = [each.score for each in found if each.counts]
    rolled = roll_up(found, rule)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert roll_up(shuffled, rule) == rolled
    assert len(rolled.shares) + len(rolled.left_out) == len(found)
    if counted:
        assert min(counted) <= rolled.score <= max(counted)
        assert sum(rolled.shares.values()) == pytest.approx(1)
    if rule == WORST and counted:
        assert rolled.score == min(counted)
    assert WEIGHTED in RULES
