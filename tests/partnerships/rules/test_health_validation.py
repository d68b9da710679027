"""The measures of validation against the worked example and against slow definitions."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health import validation
from partnerships.rules.health.validation import (
    BandRate,
    Case,
    auc,
    band_rates,
    base_rate_brier,
    baseline_auc,
    bootstrap,
    brier,
    brier_skill,
    calibration,
    calibration_error,
    enough,
    fit_isotonic,
    is_monotone,
    score_auc,
)

SCORES = [88, 81, 76, 74, 69, 66, 58, 52, 44, 37, 31, 22]
RENEWED = [bool(each) for each in [1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0]]
SAID = [0.95, 0.92, 0.90, 0.88, 0.82, 0.78, 0.66, 0.55, 0.42, 0.30, 0.22, 0.12]


def test_the_worked_example():
    assert auc(SCORES, RENEWED) == pytest.approx(0.8857, abs=5e-5)
    assert brier(SAID, RENEWED) == pytest.approx(0.1384, abs=5e-5)
    assert base_rate_brier(RENEWED) == pytest.approx(0.2431, abs=5e-5)
    assert brier_skill(SAID, RENEWED) == pytest.approx(0.4304, abs=5e-5)
    assert calibration_error(calibration(SAID, RENEWED)) == pytest.approx(0.0900, abs=5e-5)


def test_the_bins_of_the_example():
    bins = calibration(SAID, RENEWED)
    assert [each.cases for each in bins] == [2, 2, 2, 6]
    assert [each.came_true for each in bins] == [0, 0.5, 0.5, pytest.approx(5 / 6)]


def test_borders_belong_to_the_bin_above():
    assert [each.cases for each in calibration([0.0, 0.25, 0.5, 0.75, 1.0], [True] * 5)] == [1, 1, 1, 2]


CASES = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40)


@given(CASES)
def test_auc_is_the_share_of_pairs_in_order(pairs):
    wins = [
        (better > worse) + (better == worse) / 2
        for (better, renewed), (worse, other) in product(pairs, pairs)
        if renewed and not other
    ]
    found = auc([score for score, _renewed in pairs], [renewed for _score, renewed in pairs])
    assert found == (pytest.approx(sum(wins) / len(wins)) if wins else None)


@given(CASES)
def test_the_isotonic_fit_never_falls_and_keeps_the_base_rate(pairs):
    scores, outcomes = [score for score, _ in pairs], [renewed for _, renewed in pairs]
    fit = fit_isotonic(scores, outcomes)
    fitted = [fit(score) for score in sorted(scores)]
    assert fitted == sorted(fitted)
    assert math.fsum(fitted) == pytest.approx(sum(outcomes))
    assert all(0 <= each <= 1 for each in [fit(-1), *fitted, fit(99)])


@given(CASES, st.integers(0, 20))
def test_no_step_function_fits_better(pairs, border):
    scores, outcomes = [score for score, _ in pairs], [renewed for _, renewed in pairs]
    fit = fit_isotonic(scores, outcomes)
    best = brier([fit(score) for score in scores], outcomes)
    for low, high in [(0, 1), (0.2, 0.8), (0.5, 0.5)]:
        assert best <= brier([high if score >= border else low for score in scores], outcomes) + 1e-9


def cases(count=60):
    return [
        Case(partner // 2, 50 + (partner % 7) - 3 * (partner % 5 == 0), partner % 5 > 0) for partner in range(count)
    ]


def test_the_interval_holds_the_estimate_and_repeats():
    low, high = bootstrap(cases(), score_auc, resamples=200)
    assert low <= score_auc(cases()) <= high
    assert low < high
    assert bootstrap(cases(), score_auc, resamples=200) == (low, high)


def test_more_cases_narrow_the_interval():
    few, many = (bootstrap(cases(count), score_auc, resamples=200) for count in (40, 400))
    assert many[1] - many[0] < few[1] - few[0]


def test_partners_are_drawn_whole(monkeypatch):
    seen = []
    bootstrap(
        [Case(1, 1, True), Case(1, 2, False), Case(2, 3, True)], lambda drawn: seen.append(drawn) or 0.5, resamples=9
    )
    for drawn in seen:
        ones = [case for case in drawn if case.partnership == 1]
        assert len(ones) % 2 == 0


def test_nothing_to_tell():
    assert auc([1, 2], [True, True]) is None
    assert brier([], []) is None
    assert brier_skill([0.5], [True]) is None
    assert bootstrap([Case(1, 1, True)], score_auc) is None
    assert calibration_error(calibration([], [])) is None
    with pytest.raises(ValueError, match="nothing to fit"):
        fit_isotonic([], [])
    with pytest.raises(ValueError, match="1 scores and 2 outcomes"):
        auc([1], [True, False])


def test_silence_is_the_baseline():
    silent = [Case(1, 0, True, days_silent=10), Case(2, 0, False, days_silent=200), Case(3, 0, False)]
    assert baseline_auc(silent) == 1
    assert score_auc(silent) == 0.5


def test_bands_by_hand():
    known = [Case(1, 80, True, "healthy"), Case(2, 75, True, "healthy"), Case(3, 60, True, "watch")]
    known += [Case(4, 55, False, "watch"), Case(5, 20, False, "at_risk"), Case(6, 30, True, "insufficient")]
    rates = band_rates(known)
    assert rates == (BandRate("healthy", 2, 1), BandRate("watch", 2, 0.5), BandRate("at_risk", 1, 0))
    assert is_monotone(rates) is True
    assert is_monotone([BandRate("healthy", 2, 0.5), BandRate("watch", 2, 0.5)]) is False
    assert is_monotone(rates[:1]) is None


@pytest.mark.parametrize(("renewed", "lapsed", "published"), [(150, 50, True), (149, 50, False), (151, 49, False)])
def test_probabilities_need_two_hundred_cases_and_fifty_lapses(renewed, lapsed, published):
    counted = enough([Case(1, 1, True)] * renewed + [Case(1, 1, False)] * lapsed)
    assert counted.for_probabilities is published
    assert counted.for_ranking
    assert (validation.LEAST_CASES, validation.LEAST_LAPSES) == (200, 50)
