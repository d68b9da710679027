"""Delivery and critical issues read by SQL are those that the rules make of the same records."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships import registry
from partnerships.models import Milestone, ProjectIssue
from partnerships.queries.delivery import milestone_evidence, read_critical_issues, read_milestones
from partnerships.queries.health import read_breadth, read_health_inputs
from partnerships.registry import register_evidence, register_signal, signals
from partnerships.rules.health import DEFAULT_CONFIG, DeliveryInput, score_health
from partnerships.rules.health.records import ObligationRecord, delivery_from_obligations
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.projects import make_milestone, make_project_issue
from tests.partnerships.queries.test_health import TODAY, scope_of

SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
milestones = st.lists(
    st.tuples(
        st.integers(-30, 420),  # days since it was due
        st.none() | st.integers(-30, 400),  # days since it was done
        st.sampled_from([Decimal("0.1"), Decimal(1), Decimal("2.5"), Decimal("99.9")]),
        st.sampled_from(["ours", "theirs"]),
        st.integers(0, 1),  # which project
    ),
    max_size=10,
)


def ago(days: int):
    return TODAY - timedelta(days=days)


@pytest.mark.urls("config.urls_tenant")
@SOME
@given(given_milestones=milestones)
def test_delivery_agrees_with_the_rules(in_alpha, given_milestones):
    partnership = make_partnership()
    projects = [make_project(partnership, make_partnership()) for _ in range(2)]
    records = []
    for due, done, weight, side, place in given_milestones:
        done_on = None if done is None else ago(done)
        make_milestone(
            projects[place], due_on=ago(due), done_on=done_on, weight=weight, side=side, evidence="x" if done_on else ""
        )
        if not 0 <= due <= 365:
            continue
        is_done = done is not None and done >= 0
        records.append(ObligationRecord(float(weight), is_done, max(0, due - (done if is_done else 0))))
    expected = delivery_from_obligations(records, DEFAULT_CONFIG)
    found = read_milestones(scope_of(in_alpha, partnership))
    if not given_milestones:
        assert found == {}
        return
    got = found[partnership.pk]
    assert got.weight == pytest.approx(expected.weight, rel=1e-9)
    assert got.credit == pytest.approx(expected.credit, rel=1e-9, abs=1e-12)
    rows = milestone_evidence(in_alpha.actor("viewer"), partnership, TODAY, DEFAULT_CONFIG)
    assert sum(row.contribution for row in rows) == pytest.approx(got.credit, rel=1e-9, abs=1e-12)
    assert all((row.remedy is not None) == ("2^" in row.note and " × 0.5" in row.note) for row in rows)


def test_every_partner_of_a_project_is_concerned_and_nobody_else(in_alpha):
    one, other, stranger = make_partnership(), make_partnership(), make_partnership()
    make_milestone(make_project(one, other), due_on=ago(10), weight=2)
    make_milestone(make_project(), due_on=ago(10))
    for each in (one, other):
        assert read_milestones(scope_of(in_alpha, each))[each.pk].weight == 2
    assert read_milestones(scope_of(in_alpha, stranger)) == {}


def test_what_was_entered_or_ticked_off_later_was_not_known_then(in_alpha):
    partnership = make_partnership()
    row = make_milestone(make_project(partnership), due_on=ago(20))
    between = timezone.now()
    scope = replace(scope_of(in_alpha, partnership), known_at=between)
    Milestone.objects.filter(pk=row.pk).update(done_on=ago(20), evidence="Seen")
    late = make_milestone(row.project, due_on=ago(10))
    now = read_milestones(replace(scope, known_at=None))[partnership.pk]
    assert (now.weight, round(now.credit, 6)) == (2, round(1 + 0.5 * 2 ** (-10 / 30), 6))
    then = read_milestones(scope)[partnership.pk]
    assert (then.weight, round(then.credit, 6)) == (1, round(0.5 * 2 ** (-20 / 30), 6))
    before = replace(scope, known_at=row.created_at - timedelta(seconds=1))
    assert read_milestones(before) == {}
    assert late.created_at > between


issues = st.lists(
    st.tuples(
        st.sampled_from(["issue", "risk"]),
        st.sampled_from(["critical", "high"]),
        st.integers(-20, 60),
        st.none() | st.integers(-20, 60),
    ),
    max_size=8,
)


@SOME
@given(given_issues=issues)
def test_open_critical_issues_are_counted(in_alpha, given_issues):
    partnership = make_partnership()
    project = make_project(partnership)
    expected = 0
    for kind, severity, raised, closed in given_issues:
        make_project_issue(
            project,
            kind=kind,
            severity=severity,
            raised_on=ago(raised),
            closed_on=None if closed is None else ago(closed),
            resolution="" if closed is None else "Settled",
        )
        counts = (kind, severity) == ("issue", "critical") and raised >= 0
        expected += counts and (closed is None or closed < 0)
    assert read_critical_issues(scope_of(in_alpha, partnership)).get(partnership.pk, 0) == expected


def test_an_open_critical_issue_caps_the_score(in_alpha):
    partnership = make_partnership(stage_declared="support", started_on=ago(400))
    row = make_project_issue(make_project(partnership), severity="critical", raised_on=ago(3))
    scope = scope_of(in_alpha, partnership)
    found = read_health_inputs(scope)[partnership.pk]
    assert found.critical_issues == 1
    assert [cap.code for cap in score_health(found, DEFAULT_CONFIG).caps if cap.code == "K4"] == ["K4"]
    ProjectIssue.objects.filter(pk=row.pk).update(closed_on=ago(1), resolution="Agreed on a price")
    assert read_health_inputs(scope)[partnership.pk].critical_issues == 0


# Sections that add up


@pytest.fixture
def own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_signals", {})
    monkeypatch.setattr(registry, "_evidence", {})


def test_sections_that_add_up_have_several_readers(own_registry):
    register_signal("delivery", lambda scope: {1: DeliveryInput(2, 1), 2: DeliveryInput(1, 1)})
    register_signal("delivery", lambda scope: {2: DeliveryInput(3, 0.5), 3: DeliveryInput(0, 0)})
    register_signal("critical_issues", lambda scope: {1: 1})
    register_signal("critical_issues", lambda scope: {1: 2})
    found = signals()
    assert found["delivery"](None) == {1: DeliveryInput(2, 1), 2: DeliveryInput(4, 1.5), 3: DeliveryInput(0, 0)}
    assert found["critical_issues"](None) == {1: 3}
    register_evidence("delivery", lambda *asked: ["one"])
    register_evidence("delivery", lambda *asked: ["two", "three"])
    assert registry.evidence_readers()["delivery"](None, None, TODAY, None) == ["one", "two", "three"]


def test_a_section_that_does_not_add_up_has_one_reader_and_none_is_registered_twice(own_registry):
    def reader(scope):
        return {}

    register_signal("runway", reader)
    register_signal("delivery", reader)
    for section in ("runway", "delivery", "no_section"):
        with pytest.raises(ImproperlyConfigured):
            register_signal(section, reader)
        with pytest.raises(ImproperlyConfigured):
            for _twice in range(2):
                register_evidence(section, reader)


@pytest.mark.parametrize("projects", [1, 3])
def test_breadth_is_as_before_where_milestones_are_entered(in_alpha, projects):
    partnership = make_partnership()
    rows = [make_project(partnership, started_on=ago(5)) for _ in range(projects)]
    before = read_breadth(scope_of(in_alpha, partnership))
    for row in rows:
        make_milestone(row)
        make_project_issue(row)
    assert read_breadth(scope_of(in_alpha, partnership)) == before


def test_the_institution_itself_in_a_project_changes_nothing(in_alpha):
    own, partnership = make_organization(name="Us", is_own=True), make_partnership()
    project = make_project(partnership)
    project.participants.create(organization=own)
    make_milestone(project, due_on=ago(1))
    assert read_milestones(scope_of(in_alpha, partnership))[partnership.pk].weight == 1
