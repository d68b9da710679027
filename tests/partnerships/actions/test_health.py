"""Storing health: the present value, the snapshots, the suggested stage."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actor import Actor
from core.errors import PermissionRefused
from partnerships.actions.health import recompute_health
from partnerships.models import HealthSnapshot, Partnership, PartnershipHealth
from partnerships.rules.health.inputs import same_inputs
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership, make_project


@pytest.fixture
def system(in_alpha) -> Actor:
    return Actor.system(in_alpha.id)


def health(partnership) -> PartnershipHealth:
    return PartnershipHealth.objects.select_related("snapshot").get(partnership=partnership)


def test_a_first_computation_stores_a_snapshot_and_the_present_value(system):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=400))
    contact = make_contact(partnership.organization)
    touch = make_interaction(partnership, days_ago=3, contacts=(contact,))
    assert recompute_health(actor=system, partnership_ids=[partnership.pk]) == 1
    row = health(partnership)
    assert row.snapshot.score == row.score > 0
    assert row.last_contact_at == touch.occurred_at
    assert set(row.snapshot.dimensions) >= {"recency", "breadth", "depth"}
    points = sum(each["points"] for each in row.snapshot.dimensions.values())
    assert points == pytest.approx(row.snapshot.raw, abs=1e-9)


def test_a_second_computation_of_the_same_adds_nothing(system):
    partnership = make_partnership()
    make_interaction(partnership, days_ago=3)
    recompute_health(actor=system, partnership_ids=[partnership.pk])
    assert recompute_health(actor=system, partnership_ids=[partnership.pk]) == 0
    assert recompute_health(actor=system) == 0
    assert HealthSnapshot.objects.count() == 1


def test_a_new_interaction_adds_a_snapshot_at_once_but_decay_alone_only_weekly(system):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=400))
    make_interaction(partnership, days_ago=30)
    today = timezone.localdate()
    recompute_health(actor=system, as_of=today - timedelta(days=9))
    assert recompute_health(actor=system, as_of=today - timedelta(days=8)) == 0
    assert recompute_health(actor=system, as_of=today - timedelta(days=2)) == 1
    make_interaction(partnership, days_ago=0)
    assert recompute_health(actor=system, partnership_ids=[partnership.pk]) == 1


def test_notes_and_bulk_mail_are_no_contact(system):
    partnership = make_partnership()
    make_interaction(partnership, kind="note")
    make_interaction(partnership, kind="bulk_mail", direction="I")
    recompute_health(actor=system)
    assert health(partnership).last_contact_at is None


def test_the_change_of_a_band_is_kept_with_what_stood_before(system):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=900), stage_declared="support")
    contact = make_contact(partnership.organization, decides=True)
    for days in range(250, 500, 10):
        make_interaction(partnership, days_ago=days, contacts=(contact,))
    recompute_health(actor=system, as_of=timezone.localdate() - timedelta(days=250))
    before = health(partnership)
    recompute_health(actor=system)
    after = health(partnership)
    assert after.score < before.score
    assert (after.previous_band, after.previous_score) == (before.band, before.score)
    assert after.changed_at is not None


def test_the_stage_is_suggested_and_the_declared_one_left_alone(system):
    partnership = make_partnership(stage_declared="strategic")
    make_interaction(partnership)
    recompute_health(actor=system)
    partnership.refresh_from_db()
    assert (partnership.stage_declared, partnership.stage_suggested) == ("strategic", "awareness")
    make_project(partnership, channel="RES", award="300000", started_on=timezone.localdate() - timedelta(days=30))
    recompute_health(actor=system)
    partnership.refresh_from_db()
    assert partnership.stage_suggested == "sponsorship"


def test_a_viewer_may_not_compute(in_alpha):
    partnership = make_partnership()
    with pytest.raises(PermissionRefused):
        recompute_health(actor=in_alpha.actor("viewer"), partnership_ids=[partnership.pk])
    assert HealthSnapshot.objects.count() == 0


def test_another_offices_partnership_is_not_computed(alpha, beta):
    from core.tenancy.scope import tenant_scope

    with tenant_scope(beta.id):
        theirs = make_partnership()
    with tenant_scope(alpha.id):
        assert recompute_health(actor=Actor.system(alpha.id), partnership_ids=[theirs.pk]) == 0
    with tenant_scope(beta.id):
        assert health(theirs).computed_at is None


def test_a_night_suggests_anew_with_the_weekly_snapshot(system):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=400))
    make_interaction(partnership, days_ago=3)
    today = timezone.localdate()
    recompute_health(actor=system, as_of=today)
    Partnership.objects.filter(pk=partnership.pk).update(stage_suggested="strategic")
    for night in range(1, 8):
        added = recompute_health(actor=system, as_of=today + timedelta(days=night), ageing=True)
        partnership.refresh_from_db()
        assert partnership.stage_suggested == ("awareness" if added else "strategic")
        if added:
            return
    raise AssertionError("no snapshot within a week")


def test_the_latest_snapshot_is_told_beside_the_present_value(system):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=900), stage_declared="support")
    recompute_health(actor=system, partnership_ids=[partnership.pk])
    make_interaction(partnership, days_ago=2, contacts=[make_contact(partnership.organization) for _each in range(2)])
    for _each in range(2):
        recompute_health(actor=system, partnership_ids=[partnership.pk])
        row = health(partnership)
        assert (row.snapshot_on, row.snapshot_version) == (row.snapshot.as_of, row.snapshot.config_version)
        assert row.snapshot_caps == [code for code, _limit in row.snapshot.caps]
        assert row.snapshot_ties == row.snapshot.dimensions["depth"]["details"]["active_external"] == 2


def test_few_and_many_are_computed_alike(system, monkeypatch):
    """The same partnerships by prepared statements and by plain ones: nothing of it differs."""
    partners = [
        make_partnership(started_on=timezone.localdate() - timedelta(days=700), stage_declared="support")
        for _each in range(3)
    ]
    for number, partnership in enumerate(partners):
        contacts = [make_contact(partnership.organization) for _each in range(number + 1)]
        for days in (3, 40, 200):
            make_interaction(partnership, days_ago=days, contacts=contacts)
        make_project(partnership)
    ids = [each.pk for each in partners]
    found = []
    for few in (100, 0):
        monkeypatch.setattr("partnerships.actions.health.FEW", few)
        PartnershipHealth.objects.update(snapshot=None, snapshot_on=None, snapshot_version=None, score=None)
        HealthSnapshot.objects.all().delete()
        recompute_health(actor=system, partnership_ids=ids)
        rows = HealthSnapshot.objects.order_by("partnership_id")
        found.append([(row.partnership_id, row.inputs, round(row.score, 9), row.band) for row in rows])
    assert len(found[0]) == 3
    for (one, inputs, *rest), (other, others, *more) in zip(*found, strict=True):
        assert (one, rest) == (other, more)
        assert same_inputs(inputs, others)
