"""The talent section read by SQL is the one that the rules make of the same records."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.choices_talent import PlacementStatus, ProgramKind, TalentEventKind
from partnerships.models import Placement
from partnerships.queries.talent_health import read_talent, talent_evidence
from partnerships.registry import HealthScope
from partnerships.rules.health import DEFAULT_CONFIG, TALENT_WEIGHTS, TalentRecord, talent_from_events
from partnerships.rules.talent import BEGUN, COUNTED_ONCE, COUNTS_AS
from tests.api_kit import counted
from tests.factories.partnerships import make_partnership
from tests.factories.talent import make_placement, make_position, make_program, make_student, make_talent_event
from tests.partnerships.queries.test_health import TODAY, scope_of

events = st.lists(
    st.tuples(st.sampled_from(TalentEventKind.values), st.integers(-5, 3000), st.integers(1, 6)), max_size=6
)
placements = st.lists(
    st.tuples(
        st.sampled_from(ProgramKind.values),
        st.sampled_from([each for each in PlacementStatus.values if each != "needs_review"]),
        st.integers(-20, 900),
        st.integers(0, 400),
    ),
    max_size=6,
)


pytestmark = pytest.mark.urls("config.urls_tenant")  # rows have addresses of an office


def weight_of(kind: str, people: int = 1) -> float:
    return TALENT_WEIGHTS[kind] * (1 if kind in COUNTED_ONCE else people)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=events, placements=placements)
def test_talent_agrees_with_the_rules(in_alpha, events, placements):
    partnership, student, records = make_partnership(), make_student(), []
    for kind, age, people in events:
        make_talent_event(partnership, kind=kind, people=people, occurred_on=TODAY - timedelta(days=age))
        records.append(TalentRecord(weight_of(kind, people), age))
    for kind, status, started, length in placements:
        start = TODAY - timedelta(days=started)
        make_placement(
            partnership,
            student=student,
            program=make_program(kind=kind),
            status=status,
            starts_on=start,
            ends_on=start + timedelta(days=length),
        )
        if kind in COUNTS_AS and status in BEGUN and started >= 0:
            records.append(TalentRecord(weight_of(COUNTS_AS[kind]), max(0, started - length)))
    expected = talent_from_events(records, DEFAULT_CONFIG)
    got = read_talent(scope_of(in_alpha, partnership))[partnership.pk]
    assert got.has_events is expected.has_events
    assert got.feed_connected is False
    assert got.mass == pytest.approx(expected.mass, rel=1e-9, abs=1e-12)
    evidence = talent_evidence(in_alpha.actor(), partnership, TODAY, DEFAULT_CONFIG)
    assert sum(row.contribution for row in evidence) == pytest.approx(expected.mass, rel=1e-9, abs=1e-12)


def test_the_students_of_one_capstone_position_are_one_team(in_alpha):
    partnership, program = make_partnership(), make_program(kind="capstone")
    position = make_position(partnership, program=program, openings=4)
    start = TODAY - timedelta(days=10)
    common = {"program": program, "status": "in_progress", "starts_on": start, "ends_on": TODAY + timedelta(days=30)}
    for _ in range(4):
        make_placement(partnership, position=position, **common)
    assert read_talent(scope_of(in_alpha, partnership))[partnership.pk].mass == pytest.approx(0.8)


def test_whoever_ended_early_counts_from_that_day(in_alpha):
    partnership = make_partnership()
    start = TODAY - timedelta(days=400)
    row = make_placement(partnership, status="ended_early", starts_on=start, ends_on=TODAY + timedelta(days=100))
    Placement.objects.filter(pk=row.pk).update(ended_on=TODAY - timedelta(days=365))
    assert read_talent(scope_of(in_alpha, partnership))[partnership.pk].mass == pytest.approx(0.3)


def test_a_partner_from_whom_nobody_is_expected_has_no_section(in_alpha):
    assert read_talent(scope_of(in_alpha, make_partnership(talent_expected=False))) == {}


def test_what_was_entered_later_was_not_known(in_alpha):
    partnership = make_partnership()
    make_talent_event(partnership, occurred_on=TODAY - timedelta(days=30))
    scope = scope_of(in_alpha, partnership)
    before = timezone.now() - timedelta(days=1)
    past = HealthScope(scope.tenant_id, scope.partnership_ids, scope.as_of, scope.time_zone, scope.config, before)
    assert read_talent(past)[partnership.pk].mass == 0
    assert read_talent(scope)[partnership.pk].mass > 0


def test_all_partners_cost_one_statement(in_alpha):
    for _ in range(3):
        make_talent_event()
    scope = HealthScope(in_alpha.id, None, TODAY, in_alpha.tenant.time_zone, DEFAULT_CONFIG)
    with counted() as statements:
        read_talent(scope)
    assert len(statements) == 1


def test_another_offices_people_do_not_count(in_alpha, beta):
    from core.tenancy.scope import tenant_scope

    with tenant_scope(beta.id):
        theirs = make_talent_event(kind="hire").partnership
    assert theirs.pk not in read_talent(HealthScope(in_alpha.id, None, TODAY, "UTC", DEFAULT_CONFIG))


def test_whoever_may_not_see_people_sees_their_sum_alone(in_alpha):
    partnership = make_partnership()
    make_placement(partnership, student=make_student(name="Canary"), status="in_progress")
    make_talent_event(partnership, title="Canary", occurred_on=timezone.localdate())
    today = timezone.localdate()
    (row,) = talent_evidence(in_alpha.actor("viewer"), partnership, today, DEFAULT_CONFIG)
    assert "Canary" not in row.text
    assert row.url == ""
    assert len(talent_evidence(in_alpha.actor("officer"), partnership, today, DEFAULT_CONFIG)) == 2
