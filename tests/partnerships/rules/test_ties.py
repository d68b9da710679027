"""How contact spreads over people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health.arithmetic import tie_strength
from partnerships.rules.pipeline import unbroken_months
from partnerships.rules.ties import is_single_threaded, largest_share, strength_level

masses = st.lists(st.just(0.0) | st.floats(1e-9, 1e6), max_size=20)


def test_the_largest_share():
    assert largest_share([]) is None
    assert largest_share([0.0, 0.0]) is None
    assert largest_share([2.0]) == 1.0
    assert largest_share([7.0, 2.0, 1.0]) == pytest.approx(0.7)


@pytest.mark.parametrize(("share", "answer"), [(None, False), (0.0, False), (0.7, False), (0.7001, True), (1.0, True)])
def test_more_than_seventy_percent_is_single_threaded(share, answer):
    assert is_single_threaded(share) is answer


@given(masses)
def test_a_share_is_that_of_the_strongest(given_masses):
    share = largest_share(given_masses)
    if share is None:
        assert sum(given_masses) == 0
    else:
        positive = [mass for mass in given_masses if mass > 0]
        assert 1 / len(positive) - 1e-9 <= share <= 1


@given(masses.filter(lambda values: sum(values) > 0), st.floats(1e-3, 1e3))
def test_decay_alone_moves_no_share(given_masses, factor):
    scaled = [mass * factor for mass in given_masses]
    assert largest_share(scaled) == pytest.approx(largest_share(given_masses), rel=1e-6)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_more_contact_is_no_weaker_tie(mass, more):
    assert strength_level(mass + more) >= strength_level(mass)
    assert 0 <= tie_strength(mass) <= 1


def test_active_is_what_health_counts():
    at_border = 0.5145731728297583  # 1 − 2^(−mass) = 0.3
    assert (strength_level(at_border), strength_level(at_border - 1e-6)) == (2, 1)
    assert (strength_level(0.0), strength_level(5.0)) == (0, 3)


@pytest.mark.parametrize(("months", "count"), [([], 0), ([1, 2], 0), ([0], 1), ([0, 1, 1, 3], 2), (range(36), 36)])
def test_months_without_a_gap(months, count):
    assert unbroken_months(months) == count


@given(st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_one_more_active_month_never_shortens_the_row(months, another):
    assert unbroken_months(months | {another}) >= unbroken_months(months)
