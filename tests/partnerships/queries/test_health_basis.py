"""Sums of touches that are kept and aged are those that reading the touches gives on any later day."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Affiliation, Contact
from partnerships.actions.health_basis import refresh_basis
from partnerships.choices import InteractionKind
from partnerships.models import HealthBasis, Interaction
from partnerships.queries import health_basis
from partnerships.queries.health import read_health_inputs
from partnerships.queries.health_basis import Kept
from partnerships.queries.value_signals import read_reciprocity
from partnerships.registry import HealthScope
from partnerships.rules.health import DEFAULT_CONFIG, DepthInput, ReciprocityInput
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership

FIRST = date(2026, 3, 1)
EXACT = {"rel": 1e-9, "abs": 0}
UNHURRIED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

touches = st.lists(
    st.tuples(
        st.one_of(st.integers(-60, 900), st.integers(715, 735)),
        st.sampled_from(sorted(InteractionKind.values)),
        st.sampled_from("IO"),
        st.sets(st.integers(0, 3), max_size=3),
        st.sets(st.integers(0, 2), max_size=2),
        st.integers(0, 23),
    ),
    max_size=15,
)


def scope_on(office, day: date, *partnerships) -> HealthScope:
    ids = tuple(sorted(each.pk for each in partnerships))
    return HealthScope(office.id, ids, day, office.tenant.time_zone, DEFAULT_CONFIG)


def refresh(scope: HealthScope, *, afresh: bool) -> None:
    until = datetime.combine(scope.as_of, time.max, zoneinfo.ZoneInfo(scope.time_zone))
    refresh_basis(scope, until=until, now=datetime.now(UTC), afresh=afresh)


def assert_as_if_read(scope: HealthScope) -> None:
    """Every section of every partnership is, to 1e-9 of its size, what its reader makes of the touches."""
    kept = Kept(scope)
    recency, depth, reciprocity = kept.recency(), kept.depth(), kept.reciprocity()
    read, sides = read_health_inputs(scope), read_reciprocity(scope)
    assert list(kept.rows["id"]) == sorted(read)
    rows = np.arange(kept.size)
    found = zip(*(each.sections(rows) for each in (recency, depth, reciprocity)), strict=True)
    for pk, (got, ties, started) in zip(kept.rows["id"], found, strict=True):
        want = read[pk].recency
        assert got.decayed_mass == pytest.approx(want.decayed_mass, **EXACT)
        assert (got.account_age_days, got.has_touch, got.last_real_touch_age) == (
            want.account_age_days,
            want.has_touch,
            want.last_real_touch_age,
        )
        assert_same_ties(ties, read[pk].depth)
        assert_same_sides(started, sides[pk])


def assert_same_ties(got: DepthInput, want: DepthInput) -> None:
    assert [tie.decision_maker for tie in got.external] == [tie.decision_maker for tie in want.external]
    assert [tie.mass for tie in got.external] == pytest.approx([tie.mass for tie in want.external], **EXACT)
    assert list(got.internal) == pytest.approx(list(want.internal), **EXACT)
    assert got.named_share == (None if want.named_share is None else pytest.approx(want.named_share, **EXACT))


def assert_same_sides(got: ReciprocityInput, want: ReciprocityInput) -> None:
    assert (got.inbound, got.outbound) == pytest.approx((want.inbound, want.outbound), **EXACT)
    assert (got.gives, got.gets, got.ledger_entries) == (want.gives, want.gets, want.ledger_entries)


@UNHURRIED
@given(touches=touches, steps=st.lists(st.integers(1, 50), min_size=1, max_size=3), decides=st.sets(st.integers(0, 3)))
def test_ageing_is_as_good_as_reading_everything(in_alpha, monkeypatch, touches, steps, decides):
    """Over the window's edge, over days to come, over several nights; without the rescan that hides faults."""
    monkeypatch.setattr(health_basis, "RESCAN_DAYS", 100_000)
    zone = zoneinfo.ZoneInfo(in_alpha.tenant.time_zone)
    partnership, silent = make_partnership(started_on=FIRST - timedelta(days=30)), make_partnership()
    people = [make_contact(partnership.organization, decides=number in decides) for number in range(4)]
    staff = [membership.user for membership in in_alpha.memberships.values()]
    for age, kind, direction, external, internal, hour in touches:
        make_interaction(
            partnership,
            kind=kind,
            direction=direction,
            occurred_at=datetime.combine(FIRST - timedelta(days=age), time(hour), zone),
            contacts=tuple(people[number] for number in external),
            members=tuple(staff[number] for number in internal),
        )
    day = FIRST
    refresh(scope_on(in_alpha, day, partnership, silent), afresh=True)
    assert_as_if_read(scope_on(in_alpha, day, partnership, silent))
    for step in steps:
        day += timedelta(days=step)
        refresh(scope_on(in_alpha, day, partnership, silent), afresh=False)
        assert_as_if_read(scope_on(in_alpha, day, partnership, silent))


def test_the_last_touch_of_a_person_leaves_nothing_behind(in_alpha):
    """Not a remainder of rounding: coverage, ties and the sides of contact are decided by what is there at all."""
    partnership = make_partnership()
    person = make_contact(partnership.organization)
    noon = datetime.combine(FIRST, time(12), UTC)
    make_interaction(partnership, kind="email_one_way", direction="I", occurred_at=noon, contacts=(person,))
    for days in range(1, 700, 7):
        make_interaction(partnership, kind="call", direction="O", occurred_at=noon + timedelta(days=days))
    refresh(scope_on(in_alpha, FIRST + timedelta(days=700), partnership), afresh=True)
    later = scope_on(in_alpha, FIRST + timedelta(days=731), partnership)
    HealthBasis.objects.update(scan_on=later.as_of + timedelta(days=1))
    refresh(later, afresh=False)
    row = HealthBasis.objects.get()
    assert (row.contacts, row.contact_masses, row.named_touches, row.named_weight, row.inbound) == ([], [], 0, 0, 0)
    assert (row.as_of, row.touches) == (later.as_of, 100)
    assert_as_if_read(later)


def test_a_night_without_a_border_writes_no_sums(in_alpha):
    partnership = make_partnership()
    make_interaction(partnership, occurred_at=datetime.combine(FIRST, time(12), UTC))
    refresh(scope_on(in_alpha, FIRST, partnership), afresh=True)
    HealthBasis.objects.update(scan_on=FIRST + timedelta(days=9))
    refresh(scope_on(in_alpha, FIRST + timedelta(days=8), partnership), afresh=False)
    assert HealthBasis.objects.get().as_of == FIRST


def test_who_objects_to_scoring_is_gone_with_the_next_night(in_alpha):
    partnership = make_partnership()
    person = make_contact(partnership.organization)
    make_interaction(partnership, occurred_at=datetime.combine(FIRST, time(12), UTC), contacts=(person,))
    refresh(scope_on(in_alpha, FIRST, partnership), afresh=True)
    assert HealthBasis.objects.get().contacts == [person.pk]
    Contact.objects.filter(pk=person.pk).update(objects_to_scoring=True, updated_at=datetime.now(UTC))
    later = scope_on(in_alpha, FIRST + timedelta(days=1), partnership)
    refresh(later, afresh=False)
    assert HealthBasis.objects.get().contacts == []
    assert_as_if_read(later)


def test_who_decides_is_asked_every_night(in_alpha):
    partnership = make_partnership()
    people = [make_contact(partnership.organization, decides=decides) for decides in (True, False)]
    make_interaction(partnership, occurred_at=datetime.combine(FIRST, time(12), UTC), contacts=tuple(people))
    refresh(scope_on(in_alpha, FIRST, partnership), afresh=True)
    later = scope_on(in_alpha, FIRST + timedelta(days=2), partnership)
    Affiliation.objects.update(ended_on=FIRST + timedelta(days=1))
    refresh(later, afresh=False)
    assert_as_if_read(later)
    assert not Kept(later).depth().external_decides.any()


def test_every_partnership_is_read_again_within_a_quarter_on_a_day_of_its_own(in_alpha):
    """A change that nobody told of, such as one by hand in the database, is not forgotten forever."""
    partnerships = [make_partnership() for _each in range(3)]
    for each in partnerships:
        make_interaction(each, occurred_at=datetime.combine(FIRST, time(12), UTC))
    refresh(scope_on(in_alpha, FIRST, *partnerships), afresh=True)
    days = HealthBasis.objects.values_list("scan_on", flat=True)
    assert len(set(days)) == 3
    assert all(FIRST < day <= FIRST + timedelta(days=health_basis.RESCAN_DAYS) for day in days)
    Interaction.objects.update(kind="site_visit")
    later = scope_on(in_alpha, FIRST + timedelta(days=health_basis.RESCAN_DAYS), *partnerships)
    refresh(later, afresh=False)
    assert_as_if_read(later)
