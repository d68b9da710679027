"""Caps, coverage, extreme numbers, configurations and JSON cases at their borders."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from partnerships.rules.health import (
    DEFAULT_CONFIG,
    DIMENSIONS,
    AgreementTerm,
    BandRules,
    BreadthInput,
    CapRules,
    ContactMass,
    DeliveryInput,
    DepthInput,
    FundingInput,
    HalfLives,
    HealthConfig,
    HealthInput,
    RecencyInput,
    ReciprocityInput,
    RunwayInput,
    SatisfactionInput,
    TalentInput,
    TouchRecord,
    TrendRules,
    band_of,
    config_from_dict,
    config_to_dict,
    depth_from_touches,
    next_band,
    normalize_rating,
    obligation_credit,
    parse_case,
    recency_from_touches,
    reciprocity_from_records,
    score_health,
)

FRESH = RecencyInput(decayed_mass=5.0, account_age_days=1000, has_touch=True, last_real_touch_age=3)
TIES = DepthInput((ContactMass(2.0, True), ContactMass(2.0)), (2.0, 2.0), 1.0)


def caps_of(stage: str, **sections: Any) -> dict[str, float]:
    return {cap.code: cap.limit for cap in score_health(HealthInput(stage, **sections)).caps}


@pytest.mark.parametrize(
    ("stage", "days", "expected"),
    [
        ("involvement", 180, {}),
        ("involvement", 181, {"K1": 55.0}),
        ("strategic", 365, {"K1": 55.0}),
        ("strategic", 366, {"K1": 35.0}),
        ("awareness", 5000, {}),
    ],
)
def test_silence_caps_from_the_second_stage(stage: str, days: int, expected: dict[str, float]) -> None:
    assert caps_of(stage, recency=replace(FRESH, last_real_touch_age=days)) == expected


def test_without_any_real_touch_the_age_of_the_account_counts() -> None:
    silent = RecencyInput(5.0, 200, True, None)
    assert caps_of("support", recency=silent) == {"K1": 55.0}
    assert caps_of("support", recency=replace(silent, account_age_days=100)) == {}


def test_a_silence_longer_than_the_window_still_counts_from_the_last_real_touch() -> None:
    old = [TouchRecord(900, 1.0, True, ("A",))]
    section = recency_from_touches(old, 100, DEFAULT_CONFIG)
    assert (section.has_touch, section.last_real_touch_age, section.decayed_mass) == (False, 900, 0.0)
    assert caps_of("involvement", recency=section)["K1"] == 35.0


@pytest.mark.parametrize(
    ("weight", "by_partner", "is_real"),
    [(0.3, False, True), (0.29, False, False), (0.1, True, True), (0.0, True, False)],
)
def test_which_touches_end_a_silence(weight: float, by_partner: bool, is_real: bool) -> None:
    section = recency_from_touches([TouchRecord(10, weight, by_partner)], 500, DEFAULT_CONFIG)
    assert section.last_real_touch_age == (10 if is_real else None)


@pytest.mark.parametrize(("stage", "expected"), [("involvement", {}), ("support", {"K2": 64.0})])
def test_a_single_thread_caps_from_the_third_stage(stage: str, expected: dict[str, float]) -> None:
    weak_second = replace(TIES, external=(ContactMass(2.0), ContactMass(0.5)))
    assert caps_of(stage, depth=weak_second) == expected
    assert caps_of(stage, depth=TIES) == {}


@pytest.mark.parametrize(
    ("days_left", "progress", "capped"),
    [
        (60, 0.0, True),
        (61, 0.0, False),
        (60, 0.25, False),
        (-90, 0.0, True),
        (0, 0.0, True),
        (None, 0.0, False),
    ],
)
def test_the_main_agreement_must_not_run_out_unattended(days_left: int | None, progress: float, capped: bool) -> None:
    runway = RunwayInput((AgreementTerm(100, days_left, progress), AgreementTerm(99, 1000)))
    assert ("K3" in caps_of("support", runway=runway)) is capped
    assert "K3" not in caps_of("involvement", runway=runway)


def test_an_agreement_that_lapsed_long_ago_is_out_of_view() -> None:
    lapsed = AgreementTerm(1_000_000, -91)
    assert "K3" not in caps_of("support", runway=RunwayInput((lapsed, AgreementTerm(1, 400))))
    alone = score_health(HealthInput("support", runway=RunwayInput((lapsed,)))).dimension("runway").result
    assert (alone.score, alone.coverage) == (0.0, 1.0)


def test_of_two_main_agreements_the_longer_one_counts() -> None:
    pair = (AgreementTerm(100, 10), AgreementTerm(100, 700))
    assert caps_of("support", runway=RunwayInput(pair)) == {}
    assert caps_of("support", runway=RunwayInput(pair[::-1])) == {}


def test_a_collapsed_dimension_caps_only_when_weighty_and_covered() -> None:
    silent = RecencyInput(0.0, 1000, False, 10)
    assert caps_of("awareness", recency=silent) == {"K5": 69.0}
    assert caps_of("awareness", recency=RecencyInput(0.0, 44, True, 10)) == {}
    assert caps_of("awareness", talent=TalentInput(0.0, True)) == {}
    assert caps_of("support", runway=RunwayInput(())) == {"K5": 69.0}


def test_three_dimensions_alone_give_full_confidence_over_themselves() -> None:
    breadth = BreadthInput((("RES", 1.0), ("REC", 1.0)), 1000)
    score = score_health(HealthInput("involvement", recency=FRESH, breadth=breadth, depth=TIES))
    assert score.confidence == 1.0
    assert [d.code for d in score.dimensions if d.result.applicable] == ["recency", "breadth", "depth"]
    assert score.dimension("breadth").points == pytest.approx(100 * 0.12 / 0.42)


def test_nothing_measured_is_insufficient_and_not_a_failure() -> None:
    for health in (HealthInput("strategic"), HealthInput("strategic", talent=TalentInput(0.0, False))):
        score = score_health(health)
        assert (score.raw, score.score, score.confidence, score.band) == (0.0, 0.0, 0.0, "insufficient")


def test_a_young_and_empty_account_is_not_blamed_but_an_old_one_is() -> None:
    for age, coverage in ((89, 0.0), (90, 1.0)):
        score = score_health(
            HealthInput("awareness", recency=RecencyInput(0.0, age, False, None), breadth=BreadthInput((), age))
        )
        assert score.dimension("recency").result.coverage == coverage
        assert score.dimension("breadth").result.coverage == coverage


def test_contact_at_exactly_the_cadence_scores_three_quarters() -> None:
    for targets in DEFAULT_CONFIG.targets:
        mass = targets.recency_mass(90)
        result = score_health(HealthInput(targets.stage, recency=replace(FRESH, decayed_mass=mass)))
        assert result.dimension("recency").result.score == pytest.approx(0.75)
    masses = [targets.recency_mass(90) for targets in DEFAULT_CONFIG.targets]
    assert masses == pytest.approx([1.0665, 2.1329, 4.2659, 6.3988, 8.5317], abs=1e-4)


def test_a_mail_storm_in_one_day_counts_as_two() -> None:
    storm = [TouchRecord(0, 0.3, False) for _ in range(100)]
    assert recency_from_touches(storm, 100, DEFAULT_CONFIG).decayed_mass == 2.0


def test_a_person_named_twice_in_a_touch_counts_once() -> None:
    once, twice = (
        depth_from_touches([TouchRecord(0, 1.0, False, names, names)], (), DEFAULT_CONFIG)
        for names in (("A",), ("A", "A"))
    )
    assert once == twice


def test_bulk_mail_is_no_touch() -> None:
    bulk = [TouchRecord(1, 0.0, True, ("A",))]
    assert recency_from_touches(bulk, 30, DEFAULT_CONFIG).has_touch is False
    assert depth_from_touches(bulk, (), DEFAULT_CONFIG) == DepthInput((), (), None)


def test_the_ledger_forgets_what_the_window_forgets() -> None:
    section = reciprocity_from_records([], [730], [731, 90_000, -1], DEFAULT_CONFIG)
    assert (section.ledger_entries, section.gets) == (1, 0.0)


def test_future_events_and_ratings_are_ignored() -> None:
    later = {
        "stage": "support",
        "account_age": 1,
        "talent": [{"w": 1, "age": -1}],
        "ratings": [{"y": 1, "w": 1, "age": -1}],
    }
    health = parse_case(later)
    assert health.talent == TalentInput(0.0, False)
    assert health.satisfaction == SatisfactionInput(0.0, 0.0)


def test_too_little_contact_says_nothing_about_initiative() -> None:
    for outbound, coverage in ((0.49, 0.0), (0.5, 0.5)):
        section = ReciprocityInput(0.0, outbound, 0.0, 0.0, 0)
        result = score_health(HealthInput("support", reciprocity=section)).dimension("reciprocity").result
        assert result.coverage == coverage


@pytest.mark.parametrize(
    ("term", "score"),
    [
        (AgreementTerm(0, None), 1.0),
        (AgreementTerm(0, 0), 0.0),
        (AgreementTerm(0, -50, 0.5), 0.5),
        (AgreementTerm(0, 73), 0.2),
        (AgreementTerm(0, 1000, 0.9), 1.0),
    ],
)
def test_runway_of_one_agreement(term: AgreementTerm, score: float) -> None:
    result = score_health(HealthInput("awareness", runway=RunwayInput((term,)))).dimension("runway").result
    assert result.score == pytest.approx(score)


def test_no_agreement_is_expected_before_the_third_stage() -> None:
    for stage, applicable in (("awareness", False), ("involvement", False), ("support", True)):
        score = score_health(HealthInput(stage, runway=RunwayInput(())))
        assert score.dimension("runway").result.applicable is applicable


def test_short_funding_history_has_no_momentum() -> None:
    young = score_health(HealthInput("support", funding=FundingInput(Decimal(75_000), 0, 23)))
    result = young.dimension("funding").result
    assert (result.score, result.coverage) == (0.5, 0.6)
    assert "momentum" not in result.details
    halved, flat, doubled = (
        score_health(HealthInput("support", funding=FundingInput(recent, 2 * 10**9, 24)))
        .dimension("funding")
        .result.details["momentum"]
        for recent in (5 * 10**8, 10**9, 2 * 10**9)
    )
    assert (halved, flat, doubled) == pytest.approx((0.2, 0.5, 0.8), abs=1e-4)


def test_more_refunds_than_income_count_as_no_income() -> None:
    refunded = score_health(HealthInput("support", funding=FundingInput(-5_000, -1, 60)))
    assert refunded.dimension("funding").result.details["level"] == 0.0


@pytest.mark.parametrize(
    ("done", "late", "credit"),
    [(True, -5, 1), (True, 30, 0.5), (False, 0, 0.5), (False, 30, 0.25), (True, 10**6, 0)],
)
def test_credit_of_obligations(done: bool, late: int, credit: float) -> None:
    assert obligation_credit(done, late, DEFAULT_CONFIG) == pytest.approx(credit)


def test_ratings_come_from_any_scale() -> None:
    assert [normalize_rating(v, 1, 5) for v in (1, 3, 5)] == [0, 0.5, 1]
    assert normalize_rating(8, 0, 10) == 0.8
    with pytest.raises(ValueError, match="rating"):
        normalize_rating(6, 1, 5)
    with pytest.raises(ValueError, match="lowest"):
        normalize_rating(1, 5, 1)


def test_extreme_numbers_neither_overflow_nor_underflow() -> None:
    health = HealthInput(
        "strategic",
        recency=RecencyInput(1e308, 10**9, True, 10**9),
        breadth=BreadthInput((("RES", 1e308), ("REC", 5e-324), ("LIC", 1e308)), 10**9),
        depth=DepthInput(tuple(ContactMass(1e308) for _ in range(100)), (5e-324, 1e308), 1.0),
        reciprocity=ReciprocityInput(1e308, 1e308, 1e308, 5e-324, 10**6),
        funding=FundingInput(Decimal("1e400"), 1e308, 10**6),
        delivery=DeliveryInput(1e308, 1e308),
        runway=RunwayInput((AgreementTerm(1e308, 10**9), AgreementTerm(Decimal("1e400"), -(10**9)))),
        talent=TalentInput(1e308, True),
        satisfaction=SatisfactionInput(1e308, 1e308),
    )
    score = score_health(health)
    assert math.isfinite(score.raw)
    assert score.raw > 60
    old = parse_case(
        {
            "stage": "support",
            "account_age": 100_000,
            "touches": [{"age": 100_000, "w": 1e308, "dir": "I", "ext": ["A"], "int": []}] * 3,
            "engagements": [{"channel": "RES", "w": 1e308, "ended": 100_000}],
            "obligations": [{"w": 1e308, "done": False, "late": 100_000}] * 2,
            "talent": [{"w": 1e308, "age": 100_000}],
            "ratings": [{"y": 1, "w": 1e308, "age": 100_000}],
        }
    )
    assert 0 <= score_health(old).score <= 35


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1.0])
def test_numbers_that_cannot_be_are_refused_where_they_enter(bad: float) -> None:
    with pytest.raises(ValueError, match="decayed_mass"):
        RecencyInput(bad, 1, True, 1)
    with pytest.raises(ValueError, match="weight"):
        TouchRecord(1, bad, True)
    with pytest.raises(ValueError, match="credit"):
        DeliveryInput(1.0, bad)
    with pytest.raises(ValueError, match="named_share"):
        DepthInput((), (), bad)


def test_contradictions_are_refused() -> None:
    with pytest.raises(ValueError, match="exceeds"):
        DeliveryInput(1.0, 1.1)
    with pytest.raises(ValueError, match="exceeds"):
        SatisfactionInput(1.0, 1.1)
    with pytest.raises(ValueError, match="named_share"):
        DepthInput((), (), 1.01)
    with pytest.raises(ValueError, match="lead"):
        score_health(HealthInput("lead"))


def test_the_table_of_dimensions_and_the_default_weights_agree() -> None:
    assert DEFAULT_CONFIG.version == 1
    assert dict(DEFAULT_CONFIG.weights) == {d.code: d.weight for d in DIMENSIONS}
    assert math.fsum(d.weight for d in DIMENSIONS) == pytest.approx(1)
    assert all(hasattr(HealthInput("support"), d.code) for d in DIMENSIONS)


def test_a_configuration_survives_json_and_can_be_a_cache_key() -> None:
    changed = replace(DEFAULT_CONFIG, version=7, bands=BandRules(75, 40, 0.6, 3), half_lives=HalfLives(recency=60))
    copied = config_from_dict(json.loads(json.dumps(config_to_dict(changed))))
    assert copied == changed
    assert hash(copied) == hash(changed)
    assert config_from_dict({"version": 1, "weights": DEFAULT_CONFIG.weights}) == DEFAULT_CONFIG


def test_a_dimension_left_out_of_the_weights_weighs_nothing() -> None:
    config = HealthConfig(2, (("recency", 0.5), ("breadth", 0.5)))
    health = HealthInput("involvement", recency=FRESH, breadth=BreadthInput((), 1000), depth=TIES)
    score = score_health(health, config)
    assert score.dimension("depth").points == 0.0
    assert score == score_health(health, config)
    assert score.raw == pytest.approx(50 * (score.dimension("recency").result.score or 0))
    assert score.config_version == 2


WEIGHTS = DEFAULT_CONFIG.weights


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: HealthConfig(1, (("recency", 0.5),)), "sum"),
        (lambda: HealthConfig(1, (("recency", 1.5), ("depth", -0.5))), "zero or more"),
        (lambda: HealthConfig(1, (("recency", 0.5), ("recency", 0.5))), "two weights"),
        (lambda: HealthConfig(1, WEIGHTS, targets=DEFAULT_CONFIG.targets[1:]), "targets"),
        (lambda: HealthConfig(1, WEIGHTS, tie_threshold=0), "tie_threshold"),
        (lambda: HealthConfig(1, WEIGHTS, window_days=0), "window_days"),
        (lambda: HealthConfig(1, WEIGHTS, day_cap=math.inf), "day_cap"),
        (lambda: HalfLives(talent=0.5), "talent"),
        (lambda: HalfLives(talent=math.nan), "talent"),
        (lambda: replace(DEFAULT_CONFIG.targets[0], channels=0), "channels"),
        (lambda: replace(DEFAULT_CONFIG.targets[0], stage="lead"), "lead"),
        (lambda: CapRules(collapse=101), "caps.collapse"),
        (lambda: CapRules(silence=((365, 35.0), (180, 55.0))), "ascending"),
        (lambda: CapRules(silence=((180, 35.0), (365, 55.0))), "higher limit"),
        (lambda: BandRules(healthy=40), "watch"),
        (lambda: BandRules(confidence=1.1), "confidence"),
        (lambda: BandRules(hysteresis=-1), "hysteresis"),
        (lambda: TrendRules(snapshots=1), "snapshots"),
        (lambda: TrendRules(improving=-4), "improving"),
        (lambda: TrendRules(declining=1), "declining"),
    ],
)
def test_impossible_settings_are_refused(build: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


def test_weights_for_unknown_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="charisma"):
        score_health(HealthInput("support"), HealthConfig(1, (("charisma", 1.0),)))


@pytest.mark.parametrize(
    ("score", "confidence", "band"),
    [
        (70.0, 0.5, "healthy"),
        (70 - 1e-12, 0.5 - 1e-12, "healthy"),
        (69.999, 1.0, "watch"),
        (45.0, 1.0, "watch"),
        (44.999, 1.0, "at_risk"),
        (99.0, 0.499, "insufficient"),
    ],
)
def test_borders_of_bands(score: float, confidence: float, band: str) -> None:
    assert band_of(score, confidence) == band


@pytest.mark.parametrize(
    ("shown", "previous", "score", "expected"),
    [
        ("healthy", 71.0, 69.0, "healthy"),
        ("healthy", 71.0, 68.0, "watch"),
        ("healthy", 69.5, 69.0, "watch"),
        ("healthy", 71.0, 44.0, "watch"),
        ("healthy", 71.0, 43.0, "at_risk"),
        ("healthy", 44.5, 44.0, "at_risk"),
        ("watch", 69.0, 71.0, "watch"),
        ("watch", 69.0, 72.0, "healthy"),
        ("watch", 70.5, 71.0, "healthy"),
        ("at_risk", 40.0, 71.0, "watch"),
        ("at_risk", None, 46.0, "at_risk"),
    ],
)
def test_a_band_changes_by_two_points_or_two_runs(
    shown: str, previous: float | None, score: float, expected: str
) -> None:
    assert next_band(shown, previous, score, 1.0) == expected


def test_an_unknown_band_is_refused() -> None:
    with pytest.raises(ValueError, match="great"):
        next_band("great", None, 50, 1.0)


def test_a_case_without_a_list_was_not_measured() -> None:
    bare = parse_case({"stage": "support", "account_age": 10})
    assert bare == HealthInput("support")
    ledger_only = parse_case({"stage": "support", "account_age": 10, "gives": [1]})
    assert ledger_only.reciprocity is not None
    assert ledger_only.reciprocity.ledger_entries == 1
    fed = parse_case({"stage": "support", "account_age": 10, "talent": [], "careers_feed": True})
    assert score_health(fed).dimension("talent").result.coverage == 1.0
    with pytest.raises(ValueError, match="dir"):
        parse_case(
            {
                "stage": "support",
                "account_age": 1,
                "touches": [{"age": 1, "w": 1, "dir": "X", "ext": [], "int": []}],
            }
        )
