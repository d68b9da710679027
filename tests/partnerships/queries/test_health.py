"""The health inputs read by SQL are those that the rules make of the same records."""

import json
import zoneinfo
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Affiliation
from partnerships.choices import InteractionKind
from partnerships.models import Partnership
from partnerships.queries.health import read_health_inputs
from partnerships.registry import HealthScope
from partnerships.rules.health import (
    DEFAULT_CONFIG,
    EngagementRecord,
    TouchRecord,
    breadth_from_engagements,
    depth_from_touches,
    recency_from_touches,
    score_health,
)
from partnerships.rules.touches import TOUCH_WEIGHTS
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership, make_project

TODAY = date(2026, 11, 21)
FIXTURES = json.loads((Path(__file__).parents[1] / "rules" / "health_fixtures.json").read_text())
CASES = {name[:2]: case for name, case in FIXTURES.items() if name[:1] == "E" and name[1:2].isdigit()}
CHANNELS = {
    "sponsored_research": "RES",
    "recruitment": "REC",
    "licensing": "LIC",
    "curriculum": "CUR",
    "philanthropy": "PHI",
    "facilities": "FAC",
    "consortium": "CON",
    "capstone": "CAP",
    "executive_education": "CPD",
    "workforce_training": "CPD",
}
KIND_OF_WEIGHT = {weight: kind for kind, weight in reversed(TOUCH_WEIGHTS.items())}


def scope_of(office, partnership: Partnership) -> HealthScope:
    return HealthScope(office.id, (partnership.pk,), TODAY, office.tenant.time_zone, DEFAULT_CONFIG)


def days_ago(office, age: int, hour: int = 12) -> datetime:
    zone = zoneinfo.ZoneInfo(office.tenant.time_zone)
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=zone) - timedelta(days=age)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_worked_examples_through_the_database(in_alpha, name):
    """E1 to E5 as records: recency, breadth and depth come out as in the fixtures."""
    case, expected = CASES[name]["input"], CASES[name]["expected"]
    partnership = make_partnership(stage_declared=case["stage"], started_on=TODAY - timedelta(days=case["account_age"]))
    contacts, members = {}, {}
    people = list(in_alpha.memberships.values())
    for touch in case["touches"]:
        for key in touch["ext"]:
            contacts.setdefault(
                key, make_contact(partnership.organization, decides=key in case["decision_makers"], name=key)
            )
        for key in touch["int"]:
            members.setdefault(key, people[len(members)].user)
        make_interaction(
            partnership,
            kind=KIND_OF_WEIGHT[touch["w"]],
            direction=touch["dir"],
            occurred_at=days_ago(in_alpha, touch["age"]),
            contacts=tuple(contacts[key] for key in touch["ext"]),
            members=tuple(members[key] for key in touch["int"]),
        )
    for number, engagement in enumerate(case["engagements"]):
        ended = engagement["ended"]
        make_project(
            partnership,
            title=f"Engagement {number}",
            channel=CHANNELS[engagement["channel"]],
            size={0.5: "small", 1: "standard", 2: "major"}[engagement["w"]],
            started_on=TODAY - timedelta(days=ended + 1),
            ended_on=TODAY - timedelta(days=ended) if ended else None,
            status="completed" if ended else "active",
        )
    score = score_health(read_health_inputs(scope_of(in_alpha, partnership))[partnership.pk])
    for code in ("recency", "breadth", "depth"):
        want = expected["dims"][code]
        got = score.dimension(code).result
        assert got.score == pytest.approx(want["s"], abs=1e-4), code
        assert got.coverage == pytest.approx(want["c"], abs=1e-4), code


touches = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.sampled_from(sorted(InteractionKind.values)),
        st.sampled_from("IO"),
        st.sets(st.integers(0, 3), max_size=3),
        st.sets(st.integers(0, 2), max_size=2),
        st.integers(0, 23),
    ),
    max_size=12,
)
engagements = st.lists(
    st.tuples(
        st.sampled_from(["RES", "INT", "LIC"]), st.sampled_from(["small", "standard", "major"]), st.integers(0, 4000)
    ),
    max_size=5,
)
TEN_TIMES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def in_order(tie):
    """Equal masses are equal, in whatever order they were added up."""
    return float(f"{tie.mass:.9g}"), tie.decision_maker


@TEN_TIMES
@given(touches=touches, engagements=engagements, decides=st.sets(st.integers(0, 3)), age=st.integers(0, 2000))
def test_sql_and_rules_agree(in_alpha, touches, engagements, decides, age):
    partnership = make_partnership(started_on=TODAY - timedelta(days=age))
    people = [make_contact(partnership.organization, decides=number in decides) for number in range(4)]
    staff = [membership.user for membership in in_alpha.memberships.values()]
    for days, kind, direction, external, internal, hour in touches:
        make_interaction(
            partnership,
            kind=kind,
            direction=direction,
            occurred_at=days_ago(in_alpha, days, hour),
            contacts=tuple(people[number] for number in external),
            members=tuple(staff[number] for number in internal),
        )
    for number, (channel, size, ended) in enumerate(engagements):
        make_project(
            partnership,
            title=str(number),
            channel=channel,
            size=size,
            started_on=TODAY - timedelta(days=ended + 30),
            ended_on=TODAY - timedelta(days=ended),
            status="completed",
        )
    records = [
        TouchRecord(
            days,
            TOUCH_WEIGHTS[kind],
            direction == "I",
            tuple(str(number) for number in external),
            tuple(str(number) for number in internal),
        )
        for days, kind, direction, external, internal, _hour in touches
    ]
    sizes = {"small": 0.5, "standard": 1.0, "major": 2.0}
    got = read_health_inputs(scope_of(in_alpha, partnership))[partnership.pk]
    recency = recency_from_touches(records, age, DEFAULT_CONFIG)
    depth = depth_from_touches(records, {str(number) for number in decides}, DEFAULT_CONFIG)
    breadth = breadth_from_engagements(
        [EngagementRecord(channel, sizes[size], ended) for channel, size, ended in engagements], age, DEFAULT_CONFIG
    )
    assert got.recency.decayed_mass == pytest.approx(recency.decayed_mass, rel=1e-9, abs=1e-12)
    assert (got.recency.has_touch, got.recency.last_real_touch_age) == (recency.has_touch, recency.last_real_touch_age)
    assert dict(got.breadth.channel_masses) == pytest.approx(dict(breadth.channel_masses), rel=1e-9)
    assert [(tie.mass, tie.decision_maker) for tie in sorted(got.depth.external, key=in_order)] == [
        (pytest.approx(tie.mass, rel=1e-9), tie.decision_maker) for tie in sorted(depth.external, key=in_order)
    ]
    assert sorted(got.depth.internal) == pytest.approx(sorted(depth.internal), rel=1e-9)
    assert got.depth.named_share == (None if depth.named_share is None else pytest.approx(depth.named_share, rel=1e-9))


def test_a_day_is_the_offices_day(in_alpha):
    """23:30 UTC on the 20th is already the 21st in Copenhagen."""
    partnership = make_partnership()
    make_interaction(partnership, occurred_at=datetime(2026, 11, 20, 23, 30, tzinfo=zoneinfo.ZoneInfo("UTC")))
    assert read_health_inputs(scope_of(in_alpha, partnership))[partnership.pk].recency.last_real_touch_age == 0


def test_what_lies_after_the_day_is_not_counted(in_alpha):
    partnership = make_partnership()
    make_interaction(partnership, occurred_at=days_ago(in_alpha, -1))
    make_project(partnership, started_on=TODAY + timedelta(days=1))
    inputs = read_health_inputs(scope_of(in_alpha, partnership))[partnership.pk]
    assert (inputs.recency.has_touch, inputs.breadth.channel_masses) == (False, ())


def test_a_decision_maker_decides_where_they_work_now(in_alpha):
    """Deciding at another organization, or formerly, is not deciding here."""
    partnership, elsewhere = make_partnership(), make_partnership()
    contact = make_contact(partnership.organization, decides=True)
    make_interaction(partnership, occurred_at=days_ago(in_alpha, 1), contacts=(contact,))
    make_interaction(elsewhere, occurred_at=days_ago(in_alpha, 1), contacts=(contact,))
    scope = HealthScope(in_alpha.id, None, TODAY, "UTC", DEFAULT_CONFIG)
    inputs = read_health_inputs(scope)
    assert [tie.decision_maker for tie in inputs[partnership.pk].depth.external] == [True]
    assert [tie.decision_maker for tie in inputs[elsewhere.pk].depth.external] == [False]
    Affiliation.objects.update(ended_on=TODAY - timedelta(days=1))
    assert [tie.decision_maker for tie in read_health_inputs(scope)[partnership.pk].depth.external] == [False]
