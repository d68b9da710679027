"""The worked examples of the health formula, computed independently of this code."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from partnerships.rules.health import (
    HealthScore,
    explain,
    parse_case,
    render_case,
    score_health,
    theil_sen,
    trend_word,
    weekly_trend,
)

FIXTURES: dict[str, Any] = json.loads((Path(__file__).parent / "health_fixtures.json").read_text("utf-8"))
CASES = {name.split()[0]: case for name, case in FIXTURES.items() if "input" in case}
TOLERANCE = 1e-4


def scored(name: str, *touches: dict[str, Any], **changes: Any) -> HealthScore:
    case = copy.deepcopy(CASES[name]["input"])
    case["touches"] += touches
    return score_health(parse_case(case | changes))


def close(value: float) -> Any:
    return pytest.approx(value, abs=TOLERANCE)


@pytest.mark.parametrize("name", CASES)
def test_the_rendered_score_is_the_expected_one_in_every_field(name: str) -> None:
    assert render_case(scored(name)) == CASES[name]["expected"]


@pytest.mark.parametrize("name", CASES)
def test_every_number_agrees_before_rounding(name: str) -> None:
    score, expected = scored(name), CASES[name]["expected"]
    assert (score.raw, score.score, score.confidence) == (
        close(expected["raw"]),
        close(expected["score"]),
        close(expected["confidence"]),
    )
    assert score.band == expected["band"]
    assert [scored.code for scored in score.dimensions] == list(expected["dims"])
    for dimension in score.dimensions:
        wanted = expected["dims"][dimension.code]
        assert dimension.result.applicable is (wanted is not None)
        if wanted is not None:
            assert (dimension.result.score or 0.0) == close(wanted["s"])
            assert dimension.result.coverage == close(wanted["c"])
            assert dimension.points == close(expected["points"][dimension.code])


DETAILS = [
    ("E1", "breadth", {"effective_channels": 5.3987}),
    ("E1", "depth", {"effective_external": 4.8014, "effective_internal": 2.9880}),
    ("E1", "reciprocity", {"communication": 0.8597, "value": 0.8319}),
    ("E1", "funding", {"level": 0.6212, "momentum": 0.6070}),
    ("E2", "breadth", {"effective_channels": 1.0}),
    ("E2", "depth", {"effective_external": 1.0, "effective_internal": 1.0}),
    ("E2", "reciprocity", {"communication": 0.7852}),
    ("E3", "breadth", {"effective_channels": 1.6947}),
    ("E3", "depth", {"effective_external": 1.9977, "effective_internal": 1.0}),
    ("E3", "reciprocity", {"communication": 0.6273, "value": 0.7492}),
    ("E3", "funding", {"level": 0.4737, "momentum": 0.3077}),
    ("E4", "breadth", {"effective_channels": 4.7381}),
    ("E4", "depth", {"effective_external": 1.0, "effective_internal": 1.9956}),
    ("E4", "reciprocity", {"communication": 0.9696, "value": 0.9966}),
    ("E4", "funding", {"level": 0.6774, "momentum": 0.8288}),
    ("E5", "breadth", {"effective_channels": 2.7662}),
    ("E5", "depth", {"effective_external": 1.9821, "effective_internal": 1.0}),
    ("E5", "reciprocity", {"communication": 0.3721, "value": 0.6718}),
]


@pytest.mark.parametrize(("name", "code", "numbers"), DETAILS)
def test_the_numbers_behind_a_dimension(name: str, code: str, numbers: dict[str, float]) -> None:
    details = scored(name).dimension(code).result.details
    assert {key: details[key] for key in numbers} == {key: close(value) for key, value in numbers.items()}


def test_a_prospect_without_a_ledger_has_no_value_balance() -> None:
    assert "value" not in scored("E2").dimension("reciprocity").result.details


def test_one_meeting_with_a_second_contact_lifts_the_single_thread_cap() -> None:
    score = scored("E4", {"age": 0, "w": 1.0, "dir": "O", "ext": ["B"], "int": ["u2"]})
    assert score.caps == ()
    assert (score.score, score.band) == (close(84.8993), "healthy")


@pytest.mark.parametrize("issues", [1, 3])
def test_an_open_critical_issue_holds_a_healthy_partnership_at_watch(issues: int) -> None:
    score = scored("E1", critical_issues=issues)
    assert (score.raw, score.score, score.band) == (close(80.9016), 49.0, "watch")
    assert render_case(score)["caps"] == ["K4 open critical issue"]


def test_an_outbound_meeting_raises_recency_and_lowers_reciprocity() -> None:
    before = scored("E1")
    after = scored("E1", {"age": 0, "w": 1.0, "dir": "O", "ext": ["A"], "int": ["u2"]})
    assert (before.score, after.score) == (close(80.9016), close(81.2036))
    moves = {d.code: d.points - before.dimension(d.code).points for d in after.dimensions}
    assert moves == {
        **dict.fromkeys(moves, close(0)),
        "recency": close(0.9180),
        "depth": close(0.0108),
        "reciprocity": close(-0.6268),
    }


def test_the_trend_of_thirteen_weeks() -> None:
    series = FIXTURES["trend"]
    trend = weekly_trend(series["weekly"])
    assert trend.slope == close(series["slope_per_30d"])
    assert (trend.word, trend.change, trend.snapshots) == (series["label"], close(-12.8), 13)


def test_only_the_latest_thirteen_weeks_count() -> None:
    series = FIXTURES["trend"]["weekly"]
    assert weekly_trend([0.0, 100.0, *series]) == weekly_trend(series)


@pytest.mark.parametrize(
    ("slope", "word"),
    [
        (3.0, "improving"),
        (2.999, "stable"),
        (0.0, "stable"),
        (-2.999, "stable"),
        (-3.0, "declining"),
        (None, "unknown"),
    ],
)
def test_trend_words(slope: float | None, word: str) -> None:
    assert trend_word(slope) == word


@pytest.mark.parametrize("scores", [[], [50.0]])
def test_one_snapshot_is_no_trend(scores: list[float]) -> None:
    trend = weekly_trend(scores)
    assert (trend.slope, trend.word, trend.change) == (None, "unknown", 0.0)


def test_snapshots_of_one_day_have_no_slope_and_an_outlier_turns_nothing() -> None:
    assert theil_sen([(1, 2.0), (1, 9.0)]) is None
    line = [(day, 2.0 * day) for day in range(9)]
    assert theil_sen([*line, (4.5, 1000.0)]) == pytest.approx(2.0)
    assert theil_sen(line[::-1]) == pytest.approx(2.0)


def test_the_explanation_names_band_caps_losses_and_gaps_in_this_order() -> None:
    messages = explain(scored("E3"))
    codes = [message.code for message in messages]
    assert codes[:4] == ["band.at_risk", "cap.K1", "cap.K3", "cap.K5"]
    assert codes[4] == "lost.recency"
    lost = [message.params["lost"] for message in messages[4:]]
    assert lost == sorted(lost, reverse=True)
    assert messages[1].params == {"days": 210.0, "threshold": 180.0, "limit": 55.0, "cost": 0.0}


def test_the_explanation_tells_missing_data_from_what_does_not_apply() -> None:
    codes = [message.code for message in explain(scored("E2"))]
    assert codes[0] == "band.insufficient"
    assert codes[-5:] == [
        "not_applicable.funding",
        "unscored.delivery",
        "not_applicable.runway",
        "unscored.talent",
        "unscored.satisfaction",
    ]


def test_the_explanation_counts_what_a_cap_costs() -> None:
    cap = next(message for message in explain(scored("E4")) if message.code == "cap.K2")
    assert cap.params == {"active_external": 1.0, "limit": 64.0, "cost": close(18.2582)}
