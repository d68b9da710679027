"""Each alert on both sides of its border."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health.alerts import ALERTS, Agreement, AlertFacts, Champion, alerts_of, unmoved

CALM = AlertFacts(band="watch", score=60.0, confidence=0.9, previous_band="watch", previous_confidence=0.9,
                  previous_caps=frozenset(), score_before=60.0)  # fmt: skip

CASES = [
    ("A1", {"previous_band": "healthy"}, True),
    ("A1", {"band": "at_risk"}, True),
    ("A1", {"band": "healthy"}, False),
    ("A1", {"band": "insufficient", "previous_band": "healthy"}, False),
    ("A1", {"previous_band": None}, False),
    ("A2", {"score_before": 70.0}, True),
    ("A2", {"score_before": 69.9}, False),
    ("A2", {"score_before": 90.0, "band": "insufficient"}, False),
    ("A2", {"score_before": None}, False),
    ("A3", {"declining_runs": 4}, True),
    ("A3", {"declining_runs": 3}, False),
    ("A4", {"agreement": Agreement(180)}, True),
    ("A4", {"agreement": Agreement(181)}, False),
    ("A4", {"agreement": Agreement(181, lead_days=200)}, True),
    ("A4", {"agreement": Agreement(100, 0.25)}, True),
    ("A4", {"agreement": Agreement(100, 0.25), "score": 70.0}, False),
    ("A4", {"agreement": Agreement(100), "score": 95.0}, True),
    ("A4", {"agreement": Agreement(None)}, False),
    ("A4", {"agreement": Agreement(-1)}, False),
    ("A5", {"champion": Champion(2.0, 0.99)}, True),
    ("A5", {"champion": Champion(2.0, 1.0)}, False),
    ("A5", {"champion": Champion(2.0, 2.0, has_left=True)}, True),
    ("A5", {"champion": Champion(0.0, 0.0)}, False),
    ("A6", {"active_external": 1, "previous_active_external": 2}, True),
    ("A6", {"active_external": 1, "previous_active_external": 1}, False),
    ("A6", {"active_external": 2, "previous_active_external": 3}, False),
    ("A6", {"active_external": 1}, False),
    ("A7", {"gaps": (20, 40, 30), "days_silent": 46}, True),
    ("A7", {"gaps": (20, 40, 30), "days_silent": 45}, False),
    ("A7", {"gaps": (2, 3, 2), "days_silent": 30}, False),
    ("A7", {"gaps": (20, 40), "days_silent": 300}, False),
    ("A8", {"confidence": 0.49}, True),
    ("A8", {"confidence": 0.5}, False),
    ("A8", {"confidence": 0.3, "previous_confidence": 0.4}, False),
    ("A9", {"caps": frozenset({"K1"})}, True),
    ("A9", {"caps": frozenset({"K1"}), "previous_caps": frozenset({"K1"})}, False),
    ("A9", {"caps": frozenset({"K1"}), "previous_caps": None}, False),
    ("A10", {"overdue_days": 15}, True),
    ("A10", {"overdue_days": 14}, False),
    ("A11", {"rating": 0.4}, True),
    ("A11", {"rating": 0.5}, False),
    ("A12", {"band": "healthy", "score": 80.0, "channels": 2.0, "channel_target": 4.0}, True),
    ("A12", {"band": "healthy", "score": 79.9, "channels": 2.0, "channel_target": 4.0}, False),
    ("A12", {"band": "healthy", "score": 80.0, "channels": 4.0, "channel_target": 4.0}, False),
    ("A12", {"band": "healthy", "score": 80.0, "channels": 2.0, "channel_target": 4.0, "declining_runs": 1}, False),
]


def test_a_calm_partnership_has_none():
    assert alerts_of(CALM) == []


@pytest.mark.parametrize(("code", "change", "raised"), CASES)
def test_the_borders(code, change, raised):
    found = {alert.code for alert in alerts_of(replace(CALM, **change))}
    assert (code in found) is raised


def test_every_rule_is_tried_on_both_sides():
    assert {(code, raised) for code, _change, raised in CASES} == {
        (code, on) for code in ALERTS for on in (True, False)
    }
    assert list(ALERTS) == [f"A{number}" for number in range(1, 13)]


def test_the_numbers_for_the_words():
    facts = replace(CALM, caps=frozenset({"K2", "K1"}), gaps=(20, 40, 30), days_silent=97)
    alerts = {alert.code: alert.numbers for alert in alerts_of(facts)}
    assert alerts == {"A7": {"days": 97.0, "usual": 30.0}, "A9": {"K1": 1.0, "K2": 1.0}}


NAMES = ("healthy", "watch", "at_risk", "insufficient")
TELLS_OF_THE_SCORE = {"A1", "A6", "A8", "A9"}


@given(
    st.sampled_from(NAMES),
    st.sampled_from([0.3, 0.5 - 1e-10, 0.5, 0.7]),
    st.sampled_from([(), ("K2",), ("K1", "K5")]),
    st.integers(0, 3),
    st.tuples(
        st.none() | st.sampled_from(NAMES),
        st.none() | st.sampled_from([0.3, 0.5, 0.7]),
        st.none() | st.sampled_from([(), ("K2",)]),
        st.none() | st.integers(0, 3),
    ),
)
def test_nothing_is_told_of_a_score_that_is_unmoved(band, confidence, caps, ties, before):
    previous_band, previous_confidence, previous_caps, previous_ties = before
    facts = AlertFacts(
        band=band,
        score=60.0,
        confidence=confidence,
        caps=frozenset(caps),
        active_external=ties,
        previous_band=previous_band,
        previous_confidence=previous_confidence,
        previous_caps=None if previous_caps is None else frozenset(previous_caps),
        previous_active_external=previous_ties,
    )
    known = [np.array([value], np.float64) for value in (confidence, len(caps), ties)]
    then = [np.array([value], np.float64) for value in (previous_confidence, previous_ties)]
    calm = unmoved(np.array([band]), *known, np.array([previous_band or ""]), *then)
    told = {alert.code for alert in alerts_of(facts)} & TELLS_OF_THE_SCORE
    assert not (calm[0] and told)
