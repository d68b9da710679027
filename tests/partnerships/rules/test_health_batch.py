"""Scoring many partnerships at once gives what scoring each of them gives."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health import DEFAULT_CONFIG, HealthInput, HealthScore, score_health
from partnerships.rules.health.arithmetic import tie_strength
from partnerships.rules.health.batch import CODES, score_columns
from partnerships.rules.health.columns import columns_of
from partnerships.rules.health.inputs import RecencyInput, same_inputs
from tests.partnerships.rules.test_health_properties import UNHURRIED, health_inputs

CLOSE = 1e-9


def near(value: float, border: float) -> bool:
    return abs(value - border) <= CLOSE


def on_a_border(health: HealthInput, score: HealthScore) -> bool:
    """Whether rounding alone may decide what holds: the definition itself says nothing more exact there."""
    ties = [] if health.depth is None else [each.mass for each in health.depth.external] + [*health.depth.internal]
    borders = [near(tie_strength(mass), DEFAULT_CONFIG.tie_threshold) for mass in ties]
    if health.reciprocity is not None:
        borders.append(near(health.reciprocity.inbound + health.reciprocity.outbound, 0.5))
    for dimension in score.dimensions:
        borders.append(near(dimension.result.coverage, 0.5))
        borders.append(dimension.result.score is not None and near(dimension.result.score, 0.1))
    bands = DEFAULT_CONFIG.bands
    borders += [near(score.score, bands.healthy - CLOSE), near(score.score, bands.watch - CLOSE)]
    borders.append(near(score.confidence, bands.confidence - CLOSE))
    return any(borders)


@UNHURRIED
@given(st.lists(health_inputs(), max_size=6))
def test_every_number_is_that_of_the_definition(inputs: list[HealthInput]) -> None:
    got = score_columns(columns_of(inputs, DEFAULT_CONFIG))
    assert len(got.score) == len(inputs)
    for row, health in enumerate(inputs):
        want = score_health(health)
        if on_a_border(health, want):
            continue
        assert got.raw[row] == pytest.approx(want.raw, abs=CLOSE)
        assert got.score[row] == pytest.approx(want.score, abs=CLOSE)
        assert got.confidence[row] == pytest.approx(want.confidence, abs=CLOSE)
        assert got.band[row] == want.band
        in_force = {f"K{number + 1}": limit for number, limit in enumerate(got.caps[row]) if math.isfinite(limit)}
        assert in_force == {cap.code: cap.limit for cap in want.caps}
        for column, code in enumerate(CODES):
            dimension = want.dimension(code)
            assert got.applicable[row, column] == dimension.result.applicable, code
            assert got.coverages[row, column] == pytest.approx(dimension.result.coverage, abs=CLOSE), code
            assert got.points[row, column] == pytest.approx(dimension.points, abs=CLOSE), code
            assert got.lost[row, column] == pytest.approx(dimension.lost, abs=CLOSE), code
            details = {name: each[row] for name, each in got.details[code].items() if not np.isnan(each[row])}
            assert details == pytest.approx(dimension.result.details, rel=CLOSE, abs=CLOSE), code
            if dimension.result.score is None:
                assert np.isnan(got.scores[row, column]), code
            else:
                assert got.scores[row, column] == pytest.approx(dimension.result.score, abs=CLOSE), code


@UNHURRIED
@given(st.lists(health_inputs(), min_size=2, max_size=5), st.data())
def test_neighbors_in_a_batch_are_of_no_account(inputs: list[HealthInput], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(inputs))))
    straight = score_columns(columns_of(inputs, DEFAULT_CONFIG))
    mixed = score_columns(columns_of([inputs[number] for number in order], DEFAULT_CONFIG))
    for place, number in enumerate(order):
        assert mixed.score[place] == straight.score[number]
        assert mixed.confidence[place] == straight.confidence[number]


@UNHURRIED
@given(st.lists(health_inputs(), max_size=6))
def test_scores_keep_their_bounds_and_caps_only_lower(inputs: list[HealthInput]) -> None:
    got = score_columns(columns_of(inputs, DEFAULT_CONFIG))
    assert ((got.score >= 0) & (got.score <= got.raw) & (got.raw <= 100)).all()
    assert ((got.confidence >= 0) & (got.confidence <= 1)).all()
    assert got.points.sum(1) == pytest.approx(got.raw, abs=CLOSE)


def stored(health: HealthInput) -> object:
    return json.loads(json.dumps(asdict(health), default=str))


@UNHURRIED
@given(health_inputs(), st.floats(1e-2, 1e3), st.floats(-1e-12, 1e-12))
def test_the_order_of_addition_makes_no_other_inputs(health: HealthInput, mass: float, rounding: float) -> None:
    one = replace(health, recency=RecencyInput(mass, 100, True, 3))
    again = replace(health, recency=RecencyInput(mass * (1 + rounding), 100, True, 3))
    assert same_inputs(stored(one), stored(again))
    for other in (
        RecencyInput(mass * (1 + 1e-6), 100, True, 3),
        RecencyInput(mass, 101, True, 3),
        RecencyInput(mass, 100, False, 3),
        RecencyInput(mass, 100, True, None),
        None,
    ):
        assert not same_inputs(stored(one), stored(replace(health, recency=other)))
    assert not same_inputs(stored(one), stored(replace(one, critical_issues=one.critical_issues + 1)))
    assert not same_inputs(stored(one), {**stored(one), "more": 1})
