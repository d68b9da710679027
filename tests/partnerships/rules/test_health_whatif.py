"""What-if: the recomputed score, the advice taken from it, and what lifts a cap."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.rules.health import (
    AgreementTerm,
    DeliveryInput,
    EngagementRecord,
    RatingRecord,
    RunwayInput,
    TalentInput,
    TouchRecord,
    parse_case,
    score_health,
)
from partnerships.rules.health.whatif import (
    Contact,
    Delivered,
    HealthRecords,
    Move,
    Renewal,
    best_advice,
    cure_of,
    possible_moves,
    shares_of_days,
    what_if,
    with_all,
)
from partnerships.rules.touches import TOUCH_WEIGHTS, InteractionKind
from tests.partnerships.rules.health_records import CASES, CONFIG, records_of

MEETING = TOUCH_WEIGHTS[InteractionKind.MEETING]


@pytest.mark.parametrize("name", CASES)
def test_the_records_give_the_input_of_the_case(name):
    assert records_of(name).inputs(CONFIG) == parse_case(CASES[name]["input"])


def test_one_more_meeting_of_ours_with_e1():
    found = what_if(records_of("E1"), [Contact(TouchRecord(0, MEETING, False, ("A",), ("u2",)))], CONFIG)
    assert (found.before.score, found.after.score) == (
        pytest.approx(80.9016, abs=1e-4),
        pytest.approx(81.2036, abs=1e-4),
    )
    parts = found.by_dimension()
    assert parts["recency"] == pytest.approx(0.9180, abs=1e-4)
    assert parts["depth"] == pytest.approx(0.0108, abs=1e-4)
    assert parts["reciprocity"] == pytest.approx(-0.6268, abs=1e-4)


def test_a_meeting_with_b_lifts_the_single_thread_of_e4():
    found = what_if(records_of("E4"), [Contact(TouchRecord(0, MEETING, False, ("B",), ("u2",)))], CONFIG)
    assert (found.before.score, [cap.code for cap in found.before.caps]) == (64.0, ["K2"])
    assert found.after.score == pytest.approx(84.8993, abs=1e-4)
    assert (found.after.caps, found.after.band) == ((), "healthy")


def test_the_best_advice_for_e4_names_a_second_person():
    records = records_of("E4")
    advice = best_advice(records, possible_moves(records, CONFIG, host="u1"), CONFIG)
    assert [each.move.code for each in advice] == ["meeting_new"]
    assert all(each.gain > 0.05 for each in advice)
    assert len(advice) <= 3


def test_delivering_what_is_overdue_earns_the_credit_of_late_work():
    found = what_if(records_of("E1"), [Delivered(1, 5)], CONFIG)
    done = parse_case(CASES["E1"]["input"] | {
        "obligations": [row | {"done": True} for row in CASES["E1"]["input"]["obligations"]]
    })  # fmt: skip
    assert found.after.score == pytest.approx(score_health(done).score, abs=1e-9)


def test_starting_a_renewal_lifts_e3_off_its_ending():
    found = what_if(records_of("E3"), [Renewal(0.25)], CONFIG)
    assert {cap.code for cap in found.before.caps} - {cap.code for cap in found.after.caps} == {"K3"}


touches = st.lists(
    st.builds(
        TouchRecord,
        st.integers(0, 900),
        st.sampled_from(sorted(set(TOUCH_WEIGHTS.values()))),
        st.booleans(),
        st.sets(st.sampled_from("ABC"), max_size=2).map(lambda found: tuple(sorted(found))),
        st.sets(st.sampled_from(["u1", "u2"]), max_size=2).map(lambda found: tuple(sorted(found))),
    ),
    max_size=8,
).map(tuple)
others = st.fixed_dictionaries(
    {},
    optional={
        "delivery": st.tuples(st.floats(0.5, 8), st.floats(0, 1)).map(lambda v: DeliveryInput(v[0], v[0] * v[1])),
        "runway": st.lists(
            st.builds(AgreementTerm, st.integers(0, 500_000), st.integers(-90, 500) | st.none(), st.just(0.0)),
            max_size=3,
        ).map(lambda terms: RunwayInput(tuple(terms))),
        "talent": st.floats(0, 3).map(lambda mass: TalentInput(mass, mass > 0, False)),
        "critical_issues": st.integers(0, 2),
    },
)
records = st.builds(
    HealthRecords,
    st.sampled_from(["awareness", "involvement", "support", "sponsorship", "strategic"]),
    st.integers(0, 2000),
    touches,
    st.sets(st.sampled_from("ABC")).map(frozenset),
    st.lists(
        st.builds(
            EngagementRecord, st.sampled_from(["RES", "INT"]), st.sampled_from([0.5, 1, 2]), st.integers(0, 3000)
        ),
        max_size=3,
    ).map(tuple),
    st.lists(st.integers(0, 800), max_size=2).map(tuple),
    st.lists(st.integers(0, 800), max_size=2).map(tuple),
    st.lists(st.builds(RatingRecord, st.floats(0, 1), st.just(1.0), st.integers(0, 900)), max_size=2).map(tuple),
    others,
)


@settings(max_examples=150, deadline=None)
@given(records)
def test_what_lifts_a_cap_lifts_it(given_records):
    score = score_health(given_records.inputs(CONFIG), CONFIG)
    remedies = [Move("deliver", (Delivered(8, 0),), 6)]
    for cap in score.caps:
        cure = cure_of(given_records, cap.code, CONFIG, host="u1", remedies=remedies)
        if not cure:
            assert cap.code == "K5"
            continue
        after = score_health(with_all(given_records, cure, CONFIG).inputs(CONFIG), CONFIG)
        assert cap.code not in {each.code for each in after.caps}, cure


@settings(max_examples=80, deadline=None)
@given(records)
def test_advice_is_worth_what_it_says(given_records):
    before = score_health(given_records.inputs(CONFIG), CONFIG).score
    advice = best_advice(given_records, possible_moves(given_records, CONFIG, host="u1"), CONFIG)
    rates = [each.gain / each.move.cost for each in advice]
    assert rates == sorted(rates, reverse=True)
    for each in advice:
        after = what_if(given_records, each.move.added, CONFIG).after.score
        assert (each.after, each.gain) == (after, after - before)
        assert each.gain > 0.05


@settings(max_examples=100, deadline=None)
@given(records)
def test_the_touches_shares_add_up_to_the_mass(given_records):
    mass = given_records.inputs(CONFIG).recency.decayed_mass
    assert sum(shares_of_days(given_records, CONFIG)) == pytest.approx(mass, abs=1e-9)
    assert sum(given_records.tie_masses(CONFIG).values()) == pytest.approx(
        sum(each.mass for each in given_records.inputs(CONFIG).depth.external), abs=1e-9
    )


def test_a_hypothetical_record_leaves_the_records_alone():
    before = records_of("E1")
    what_if(before, [Contact(TouchRecord(0, 1.0, False, ("A",)))], CONFIG)
    assert before == records_of("E1")
    assert replace(before) == before
