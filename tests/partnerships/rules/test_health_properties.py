"""Laws that hold for every partnership, searched by generated input."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.rules.health import (
    AT_RISK,
    DEFAULT_CONFIG,
    HEALTHY,
    INSUFFICIENT,
    WATCH,
    AgreementTerm,
    BreadthInput,
    ContactMass,
    DepthInput,
    EngagementRecord,
    FundingInput,
    HealthInput,
    ObligationRecord,
    RatingRecord,
    RecencyInput,
    ReciprocityInput,
    RunwayInput,
    TalentRecord,
    TouchRecord,
    band_of,
    breadth_from_engagements,
    delivery_from_obligations,
    depth_from_touches,
    explain,
    next_band,
    recency_from_touches,
    reciprocity_from_records,
    render_case,
    satisfaction_from_ratings,
    score_health,
    talent_from_events,
    weekly_trend,
)
from partnerships.rules.pipeline import Stage

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

CONFIG = DEFAULT_CONFIG
SECTIONS = [field.name for field in fields(HealthInput) if field.name not in ("stage", "critical_issues")]

ages = st.one_of(st.integers(0, 800), st.integers(-50, 100_000))
weights = st.one_of(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.6, 1.0, 1.5]), st.floats(0, 1e300))
people = st.lists(st.sampled_from("ABCDE"), max_size=4).map(tuple)
staff = st.lists(st.sampled_from(["u1", "u2", "u3"]), max_size=3).map(tuple)
touch = st.builds(TouchRecord, ages, weights, st.booleans(), people, staff)
touches = st.lists(touch, max_size=12)
channels = st.sampled_from(["RES", "REC", "LIC", "CUR"])
engagement = st.builds(EngagementRecord, channels, weights, ages)
plain_engagement = st.builds(EngagementRecord, channels, st.sampled_from([0.5, 1.0, 2.0]), ages)
obligation = st.builds(ObligationRecord, weights, st.booleans(), ages)
money = st.floats(-1e6, 1e300)
agreement = st.builds(
    AgreementTerm,
    st.floats(0, 1e300),
    st.none() | st.integers(-200, 3000) | st.integers(-100_000, 100_000),
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.9, 1.0]),
)
talent = st.builds(TalentRecord, weights, ages)
rating = st.builds(RatingRecord, st.floats(0, 1), weights, ages)
stages = st.sampled_from([stage.value for stage in Stage])
account_ages = st.integers(0, 3000)
scores = st.floats(0, 100)
confidences = st.floats(0.5, 1)


@st.composite
def health_inputs(draw: st.DrawFn) -> HealthInput:
    account_age = draw(account_ages)
    contacts = draw(touches)
    makers = draw(st.frozensets(st.sampled_from("ABCDE")))
    full = HealthInput(
        stage=draw(stages),
        recency=recency_from_touches(contacts, account_age, CONFIG),
        breadth=breadth_from_engagements(draw(st.lists(engagement, max_size=6)), account_age, CONFIG),
        depth=depth_from_touches(contacts, makers, CONFIG),
        reciprocity=reciprocity_from_records(
            contacts, draw(st.lists(ages, max_size=5)), draw(st.lists(ages, max_size=5)), CONFIG
        ),
        funding=FundingInput(draw(money), draw(money), draw(st.integers(0, 100))),
        delivery=delivery_from_obligations(draw(st.lists(obligation, max_size=6)), CONFIG),
        runway=RunwayInput(tuple(draw(st.lists(agreement, max_size=4)))),
        talent=talent_from_events(draw(st.lists(talent, max_size=5)), CONFIG, draw(st.booleans())),
        satisfaction=satisfaction_from_ratings(draw(st.lists(rating, max_size=5)), CONFIG),
        critical_issues=draw(st.integers(0, 2)),
    )
    missing = draw(st.sets(st.sampled_from(SECTIONS)))
    return replace(full, **dict.fromkeys(missing))


@UNHURRIED
@given(health_inputs())
def test_every_number_is_finite_and_in_its_range(health: HealthInput) -> None:
    score = score_health(health)
    assert 0 <= score.score <= score.raw <= 100
    assert 0 <= score.confidence <= 1
    for dimension in score.dimensions:
        result = dimension.result
        assert 0 <= result.coverage <= 1
        assert (result.score is None) == (result.coverage == 0)
        assert result.score is None or 0 <= result.score <= 1
        assert all(math.isfinite(number) for number in result.details.values())
    render_case(score)
    assert all(math.isfinite(number) for message in explain(score) for number in message.params.values())


@UNHURRIED
@given(health_inputs())
def test_points_add_up_to_raw_and_with_the_losses_to_the_share_of_weight(health: HealthInput) -> None:
    score = score_health(health)
    effective = [d.weight * d.result.coverage for d in score.dimensions]
    assert math.fsum(d.points for d in score.dimensions) == pytest.approx(score.raw, abs=1e-9)
    for dimension, part in zip(score.dimensions, effective, strict=True):
        expected = 100 * part / math.fsum(effective) if part else 0.0
        assert dimension.points + dimension.lost == pytest.approx(expected, abs=1e-9)
        assert dimension.points >= 0
        assert dimension.lost >= 0


@UNHURRIED
@given(health_inputs())
def test_the_score_is_raw_or_the_lowest_cap(health: HealthInput) -> None:
    score = score_health(health)
    assert score.score == min([score.raw, *(cap.limit for cap in score.caps)])
    assert [cap.code for cap in score.caps] == sorted({cap.code for cap in score.caps})
    calm = score_health(replace(health, critical_issues=0))
    worried = score_health(replace(health, critical_issues=1))
    assert worried.raw == calm.raw
    assert worried.score == min(calm.score, 49.0)


@UNHURRIED
@given(health_inputs())
def test_what_is_not_covered_changes_the_confidence_alone(health: HealthInput) -> None:
    score = score_health(health)
    unscored = [d for d in score.dimensions if d.result.applicable and d.result.score is None]
    dropped = score_health(replace(health, **{d.code: None for d in unscored}))
    assert dropped.raw == score.raw
    assert [d.points for d in dropped.dimensions] == [d.points for d in score.dimensions]
    assert dropped.confidence >= score.confidence
    if unscored and score.confidence > 0:
        assert dropped.confidence > score.confidence


@UNHURRIED
@given(touches, st.frozensets(st.sampled_from("ABCDE")), account_ages, st.data())
def test_the_order_of_touches_is_of_no_account(
    records: list[TouchRecord], makers: frozenset[str], account_age: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(records))
    assert recency_from_touches(shuffled, account_age, CONFIG) == recency_from_touches(records, account_age, CONFIG)
    assert depth_from_touches(shuffled, makers, CONFIG) == depth_from_touches(records, makers, CONFIG)
    assert reciprocity_from_records(shuffled, [], [], CONFIG) == reciprocity_from_records(records, [], [], CONFIG)


@UNHURRIED
@given(health_inputs(), st.data())
def test_the_order_of_aggregates_is_of_no_account(health: HealthInput, data: st.DataObject) -> None:
    shuffled = health
    if health.depth is not None:
        external = tuple(data.draw(st.permutations(health.depth.external)))
        internal = tuple(data.draw(st.permutations(health.depth.internal)))
        shuffled = replace(shuffled, depth=replace(health.depth, external=external, internal=internal))
    if health.breadth is not None:
        masses = tuple(data.draw(st.permutations(health.breadth.channel_masses)))
        shuffled = replace(shuffled, breadth=replace(health.breadth, channel_masses=masses))
    if health.runway is not None:
        agreements = tuple(data.draw(st.permutations(health.runway.agreements)))
        shuffled = replace(shuffled, runway=RunwayInput(agreements))
    assert render_case(score_health(shuffled)) == render_case(score_health(health))
    assert score_health(shuffled).score == pytest.approx(score_health(health).score, abs=1e-9)


@UNHURRIED
@given(touches, touch, st.integers(90, 3000), stages)
def test_one_more_touch_never_lowers_recency(
    records: list[TouchRecord], extra: TouchRecord, account_age: int, stage: str
) -> None:
    def recency(some: list[TouchRecord]) -> float:
        section = recency_from_touches(some, account_age, CONFIG)
        return score_health(HealthInput(stage, recency=section)).dimension("recency").result.score or 0.0

    assert recency([*records, extra]) >= recency(records)


@UNHURRIED
@given(touches, st.lists(ages, max_size=5), st.lists(ages, max_size=5), stages, account_ages)
def test_sums_grouped_as_a_database_would_give_the_same_score(
    records: list[TouchRecord], gives: list[int], gets: list[int], stage: str, account_age: int
) -> None:
    """Plain loops over rows, as a second opinion on the functions that turn records into sections."""
    window = [t for t in records if 0 <= t.age_days <= 730 and t.weight > 0]
    day_sums: defaultdict[int, float] = defaultdict(float)
    contacts: defaultdict[str, float] = defaultdict(float)
    colleagues: defaultdict[str, float] = defaultdict(float)
    initiated = {True: 0.0, False: 0.0}
    total = named = 0.0
    for t in window:
        weight = min(t.weight, 1e12)
        day_sums[t.age_days] += weight
        mass = weight * 0.5 ** (t.age_days / 180)
        initiated[t.partner_initiated] += mass
        total += weight
        named += weight if t.external else 0
        for person in dict.fromkeys(t.external):
            contacts[person] += mass
        for person in dict.fromkeys(t.internal):
            colleagues[person] += mass
    real = [
        t.age_days for t in records if t.age_days >= 0 and (t.weight >= 0.3 or (t.partner_initiated and t.weight > 0))
    ]
    ledger = [[age for age in side if 0 <= age <= 730] for side in (gives, gets)]
    aggregated = HealthInput(
        stage=stage,
        recency=RecencyInput(
            decayed_mass=sum(min(total, 2.0) * 0.5 ** (age / 90) for age, total in day_sums.items()),
            account_age_days=account_age,
            has_touch=bool(window),
            last_real_touch_age=min(real) if real else None,
        ),
        depth=DepthInput(
            external=tuple(ContactMass(mass, person == "A") for person, mass in contacts.items()),
            internal=tuple(colleagues.values()),
            named_share=named / total if total else None,
        ),
        reciprocity=ReciprocityInput(
            inbound=initiated[True],
            outbound=initiated[False],
            gives=sum(0.5 ** (age / 365) for age in ledger[0]),
            gets=sum(0.5 ** (age / 365) for age in ledger[1]),
            ledger_entries=len(ledger[0]) + len(ledger[1]),
        ),
    )
    from_records = HealthInput(
        stage=stage,
        recency=recency_from_touches(records, account_age, CONFIG),
        depth=depth_from_touches(records, {"A"}, CONFIG),
        reciprocity=reciprocity_from_records(records, gives, gets, CONFIG),
    )
    one, other = score_health(aggregated), score_health(from_records)
    for left, right in zip(one.dimensions, other.dimensions, strict=True):
        assert left.result.score == pytest.approx(right.result.score, abs=1e-9)
        assert left.result.coverage == pytest.approx(right.result.coverage, abs=1e-9)
    assert one.score == pytest.approx(other.score, abs=1e-7)
    assert [cap.code for cap in one.caps] == [cap.code for cap in other.caps]


@UNHURRIED
@given(st.lists(plain_engagement, max_size=8), account_ages, stages)
def test_channels_may_arrive_in_parts(records: list[EngagementRecord], age: int, stage: str) -> None:
    whole = breadth_from_engagements(records, age, CONFIG)
    half_life = CONFIG.half_lives.breadth
    parts = tuple((r.channel, r.size * 0.5 ** (max(r.ended_days_ago, 0) / half_life)) for r in records)
    one, other = (score_health(HealthInput(stage, breadth=section)) for section in (whole, BreadthInput(parts, age)))
    assert one.score == pytest.approx(other.score, abs=1e-7)


ORDER = (AT_RISK, WATCH, HEALTHY)
shown_bands = st.sampled_from(ORDER)


@UNHURRIED
@given(shown_bands, st.none() | scores, scores, confidences)
def test_the_next_band_lies_between_the_shown_and_the_natural_one(
    shown: str, previous: float | None, score: float, confidence: float
) -> None:
    natural = ORDER.index(band_of(score, confidence))
    answer = ORDER.index(next_band(shown, previous, score, confidence))
    low, high = sorted((natural, ORDER.index(shown)))
    assert low <= answer <= high


@UNHURRIED
@given(shown_bands, st.none() | scores, scores, confidences)
def test_two_points_past_the_borders_always_suffice(
    shown: str, previous: float | None, score: float, confidence: float
) -> None:
    if all(abs(score - border) >= 2 for border in (45, 70)):
        assert next_band(shown, previous, score, confidence) == band_of(score, confidence)


@UNHURRIED
@given(shown_bands, scores, scores, confidences)
def test_two_runs_in_one_band_always_suffice(shown: str, previous: float, score: float, confidence: float) -> None:
    if band_of(previous, confidence) == band_of(score, confidence):
        assert next_band(shown, previous, score, confidence) == band_of(score, confidence)


@UNHURRIED
@given(st.sampled_from([45.0, 70.0]), st.floats(0.001, 1.999), st.floats(0.001, 1.999), st.integers(2, 12))
def test_a_score_that_swings_about_a_border_never_changes_the_band(
    border: float, above: float, below: float, weeks: int
) -> None:
    start, previous = band_of(border + above, 1.0), border + above
    band = start
    for week in range(weeks):
        score = border - below if week % 2 == 0 else border + above
        band, previous = next_band(band, previous, score, 1.0), score
        assert band == start


@UNHURRIED
@given(shown_bands, st.none() | scores, scores, scores, confidences)
def test_a_higher_score_never_gives_a_lower_band(
    shown: str, previous: float | None, one: float, other: float, confidence: float
) -> None:
    low, high = sorted((one, other))
    assert ORDER.index(next_band(shown, previous, low, confidence)) <= ORDER.index(
        next_band(shown, previous, high, confidence)
    )


@UNHURRIED
@given(st.none() | st.sampled_from([*ORDER, INSUFFICIENT]), st.none() | scores, scores, st.floats(0, 0.49))
def test_too_little_confidence_shows_at_once(
    shown: str | None, previous: float | None, score: float, confidence: float
) -> None:
    assert next_band(shown, previous, score, confidence) == INSUFFICIENT


@UNHURRIED
@given(st.sampled_from([None, INSUFFICIENT]), st.none() | scores, scores, confidences)
def test_a_first_band_needs_no_second_run(
    shown: str | None, previous: float | None, score: float, confidence: float
) -> None:
    assert next_band(shown, previous, score, confidence) == band_of(score, confidence)


@UNHURRIED
@given(st.lists(scores, min_size=2, max_size=20), st.floats(-50, 50))
def test_a_trend_does_not_depend_on_the_level(series: list[float], shift: float) -> None:
    trend, moved = weekly_trend(series), weekly_trend([score + shift for score in series])
    assert moved.slope == pytest.approx(trend.slope, abs=1e-9)
    mirrored = weekly_trend([100 - score for score in series])
    assert mirrored.slope == pytest.approx(-trend.slope, abs=1e-9)
