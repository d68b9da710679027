"""The records shown behind a dimension add up to what the formula was fed, whatever the records are."""

import math
import zoneinfo
from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import Obligation
from partnerships.choices import Channel, InteractionKind, ProjectSize, RaterSide
from partnerships.queries.health import read_health_inputs
from partnerships.registry import HealthScope, evidence_readers
from partnerships.rules.health import DEFAULT_CONFIG
from partnerships.rules.health.dimensions import RUNWAY_DAYS, RUNWAY_MONEY_UNIT
from partnerships.rules.touches import TOUCH_WEIGHTS
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_contact
from tests.factories.partnerships import (
    make_evaluation,
    make_interaction,
    make_ledger_entry,
    make_partnership,
    make_project,
)

pytestmark = pytest.mark.urls("config.urls_tenant")  # rows have addresses of an office
DAY = date(2026, 3, 1)
UNHURRIED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ages = st.one_of(st.integers(0, 900), st.integers(725, 735))
touches = st.lists(
    st.tuples(
        ages,
        st.sampled_from(sorted(kind for kind in InteractionKind.values if TOUCH_WEIGHTS[kind])),
        st.sampled_from("IO"),
        st.sets(st.integers(0, 2), max_size=3),
        st.sets(st.integers(0, 2), max_size=2),
    ),
    max_size=12,
)
projects = st.lists(
    st.tuples(
        st.sampled_from(Channel.values),
        st.sampled_from(ProjectSize.values),
        st.one_of(st.none(), st.integers(1, 800)),
    ),
    max_size=5,
)
entries = st.lists(st.tuples(st.sampled_from(["give", "get"]), ages), max_size=6)
ratings = st.lists(st.tuples(st.sampled_from(RaterSide.values), st.integers(1, 5), ages), max_size=6)
# An agreement: days to its end, value, and obligations as (days since due, days late or still open, importance).
obligations = st.tuples(st.integers(-20, 380), st.one_of(st.none(), st.integers(-5, 90)), st.sampled_from([1, 2, 0.5]))
terms = st.tuples(
    st.one_of(st.none(), st.integers(-95, 700)),
    st.one_of(st.none(), st.integers(0, 900_000)),
    st.sampled_from(["none", "proposed", "negotiating", "declined"]),
    st.lists(obligations, max_size=4),
)
agreements = st.lists(terms, max_size=4)


def on(age: int) -> date:
    return DAY - timedelta(days=age)


def record(office, partnership, touches, projects, entries, ratings, agreements) -> None:
    zone = zoneinfo.ZoneInfo(office.tenant.time_zone)
    people = [make_contact(partnership.organization) for _each in range(3)]
    staff = [membership.user for membership in office.memberships.values()]
    for age, kind, direction, external, internal in touches:
        make_interaction(
            partnership,
            kind=kind,
            direction=direction,
            occurred_at=datetime.combine(on(age), time(12), zone),
            contacts=tuple(people[number] for number in external),
            members=tuple(staff[number] for number in internal),
        )
    for channel, size, ended in projects:
        make_project(
            partnership,
            channel=channel,
            size=size,
            started_on=on(900),
            status="active" if ended is None else "completed",
            ended_on=None if ended is None else on(ended),
        )
    for direction, age in entries:
        make_ledger_entry(partnership, direction=direction, occurred_on=on(age))
    for side, score, age in ratings:
        make_evaluation(partnership, rater_side=side, score=score, rated_on=on(age))
    for left, value, progress, owed in agreements:
        row = make_executed(
            partnership,
            value=value,
            renewal_progress=progress,
            complete_on=None,
            executed_on=on(400),
            effective_on=on(400),
            expires_on=None if left is None else on(-left),
        )
        for due, late, weight in owed:
            done_on = None if late is None else on(due - late)
            evidence = "Sent" if done_on else ""
            values = {"side": "ours", "kind": "report", "title": "A report", "weight": weight, "evidence": evidence}
            Obligation.objects.create(agreement=row, due_on=on(due), done_on=done_on, **values)


@UNHURRIED
@given(touches=touches, projects=projects, entries=entries, ratings=ratings, agreements=agreements)
def test_what_is_shown_is_what_was_counted(in_alpha, touches, projects, entries, ratings, agreements):
    partnership = make_partnership(started_on=on(1000), stage_declared="support")
    record(in_alpha, partnership, touches, projects, entries, ratings, agreements)
    scope = HealthScope(in_alpha.id, (partnership.pk,), DAY, in_alpha.tenant.time_zone, DEFAULT_CONFIG)
    fed = read_health_inputs(scope)[partnership.pk]
    sums: dict[str, dict[str, float]] = {}
    for code, reader in evidence_readers().items():
        sums[code] = defaultdict(float)
        for row in reader(in_alpha.actor("administrator"), partnership, DAY, DEFAULT_CONFIG):
            sums[code][row.group] += row.contribution
    whole = {code: sum(groups.values()) for code, groups in sums.items()}

    assert whole["recency"] == pytest.approx(fed.recency.decayed_mass, abs=1e-9)
    channels = {str(Channel(code).label): mass for code, mass in fed.breadth.channel_masses}
    assert dict(sums["breadth"]) == pytest.approx(channels, abs=1e-9)
    assert sums["depth"]["On their side"] == pytest.approx(sum(each.mass for each in fed.depth.external), abs=1e-9)
    assert sums["depth"]["On our side"] == pytest.approx(sum(fed.depth.internal), abs=1e-9)
    sides = [sums["reciprocity"][group] for group in ("They reached out", "We reached out", "We gave", "We got")]
    want = fed.reciprocity
    assert sides == pytest.approx([want.inbound, want.outbound, want.gives, want.gets], abs=1e-9)
    weight = fed.satisfaction.weight if fed.satisfaction else 0.0
    assert whole["satisfaction"] == pytest.approx(weight, abs=1e-9)
    assert whole["delivery"] == pytest.approx(fed.delivery.credit if fed.delivery else 0.0, abs=1e-9)
    assert whole["runway"] == pytest.approx(carried(fed.runway), abs=1e-9)


def carried(section) -> float:
    """Weight × covered share of a year, over the agreements of the section."""
    total = 0.0
    for each in section.agreements if section else ():
        left = RUNWAY_DAYS if each.days_left is None else max(each.days_left, 0)
        share = min(1.0, (left + RUNWAY_DAYS * each.renewal_progress) / RUNWAY_DAYS)
        total += (1 + math.log10(1 + float(each.annual_value) / RUNWAY_MONEY_UNIT)) * share
    return total
