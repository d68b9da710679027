"""Publishing settings of health, seeing before what they change, and never mixing versions."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from core.tenancy.scope import tenant_scope, tenant_transaction
from partnerships.actions.health import recompute_health
from partnerships.actions.health_configuration import publish_configuration
from partnerships.models import HealthBasis, HealthConfiguration, HealthSnapshot, PartnershipHealth
from partnerships.queries.health_configuration import health_config, version_in_force, versions
from partnerships.queries.health_preview import preview_configuration
from partnerships.queries.health_series import series_of, snapshots_since, weekly_scores
from partnerships.queries.ties import scope_for
from partnerships.rules.health import DEFAULT_CONFIG, settings_of
from tenants.choices import Role
from tenants.models import Job
from tests.api_kit import counted
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_ledger_entry, make_partnership, make_project


def changed(**changes) -> dict:
    """The built-in settings with some sections changed: ``bands={"healthy": 80.0}``."""
    settings = settings_of(DEFAULT_CONFIG)
    for name, value in changes.items():
        settings[name] = {**settings[name], **value} if isinstance(value, dict) else value
    return settings


def publish(office, role=Role.MANAGER, *, settings=None, note="Meetings fade sooner here.", seen=1):
    settings = settings or changed(half_lives={"recency": 45.0})
    return publish_configuration(actor=office.actor(role), settings=settings, note=note, seen=seen)


def test_an_office_begins_with_the_built_in_settings(in_alpha):
    with counted() as statements:
        assert health_config() == DEFAULT_CONFIG
    assert len(statements) == 1
    found = version_in_force(in_alpha.actor(Role.OFFICER))
    assert (found.version, found.in_force, found.note, found.published_by) == (1, True, "", None)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_publishing_makes_the_next_version_and_wants_all_scores_anew(in_alpha, role):
    made = publish(in_alpha, role)
    assert (made.version, made.published_by, made.note) == (2, in_alpha.user(role), "Meetings fade sooner here.")
    assert health_config().half_lives.recency == 45
    assert list(Job.objects.filter(name="partnerships.recompute_all_health").values_list("key", flat=True)) == [
        "settings"
    ]
    newest, first = versions(in_alpha.actor(Role.OFFICER))
    assert [(each.path, each.before, each.after) for each in newest.changes] == [("half_lives.recency", 90, 45.0)]
    assert (newest.in_force, first.in_force) == (True, False)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RESEARCHER, Role.VIEWER])
def test_others_may_neither_publish_nor_preview(in_alpha, role):
    with pytest.raises(PermissionRefused):
        publish(in_alpha, role)
    with pytest.raises(PermissionRefused):
        preview_configuration(in_alpha.actor(role), changed())
    assert not HealthConfiguration.objects.exists()
    assert not Job.objects.filter(name="partnerships.recompute_all_health").exists()


@pytest.mark.parametrize(
    ("settings", "note", "field", "code"),
    [
        (changed(weights={"recency": 0.2}), "Why", "weights", "invalid"),
        (changed(half_lives={"ties": 0.5}), "Why", "half_lives.ties", "invalid"),
        (changed(bands={"watch": 80.0}), "Why", "bands.watch", "invalid"),
        (changed(caps={"single_thread": 101.0}), "Why", "caps.single_thread", "invalid"),
        (changed(caps={"silence": [[365, 35], [180, 55]]}), "Why", "caps.silence", "invalid"),
        (changed(roll_up="best"), "Why", "roll_up", "invalid"),
        (changed(day_cap="much"), "Why", "day_cap", "invalid"),
        (changed(window_days=1.5), "Why", "window_days", "invalid"),
        (changed(charm=1), "Why", "charm", "invalid"),
        ({}, "Why", "weights", "invalid"),
        (changed(day_cap=3.0), "  ", "note", "required"),
        (changed(), "Why", None, "unchanged"),
    ],
)
def test_what_cannot_be_published_is_refused_by_its_name(in_alpha, settings, note, field, code):
    with pytest.raises(ActionRefused) as refused:
        publish_configuration(actor=in_alpha.actor(), settings=settings, note=note, seen=1)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not HealthConfiguration.objects.exists()
    assert not Job.objects.filter(name="partnerships.recompute_all_health").exists()


def test_an_overtaken_publisher_is_told_the_version_in_force(in_alpha):
    publish(in_alpha)
    with pytest.raises(StaleEdit) as stale:
        publish(in_alpha, settings=changed(day_cap=3.0), seen=1)
    assert stale.value.details["version"] == 2
    assert stale.value.details["current"]["half_lives"]["recency"] == 45.0
    assert HealthConfiguration.objects.count() == 1


def test_of_two_who_publish_at_once_one_wins(committed, alpha):
    ready, results = threading.Barrier(2), []

    def run(day_cap: float) -> None:
        try:
            with tenant_transaction(alpha.id):
                health_config()
                ready.wait(10)
                publish(alpha, settings=changed(day_cap=day_cap))
            results.append("published")
        except StaleEdit:
            results.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(cap,)) for cap in (3.0, 4.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_transaction(alpha.id):
        assert sorted(results) == ["published", "stale"]
        assert list(HealthConfiguration.objects.values_list("version", flat=True)) == [2]


def test_each_office_has_its_own(in_alpha, beta):
    publish(in_alpha)
    with tenant_scope(beta.id):
        assert health_config() == DEFAULT_CONFIG


def busy_office(office) -> None:
    """Partnerships of every stage with contact, projects and a ledger."""
    stages = ["awareness", "involvement", "support", "sponsorship", "strategic", "support"]
    for number, stage in enumerate(stages):
        row = make_partnership(
            stage_declared=stage, started_on=timezone.localdate() - timedelta(days=300 * number + 20)
        )
        people = tuple(make_contact(row.organization, decides=each == 0) for each in range(number))
        for days in range(3, 30 * (number + 1), 17):
            make_interaction(
                row, days_ago=days, contacts=people[: days % 4], members=(office.user(),), direction="IO"[days % 2]
            )
        make_project(row, channel="RES", started_on=timezone.localdate() - timedelta(days=100))
        make_ledger_entry(row)


def test_the_preview_is_what_computing_anew_then_gives(in_alpha):
    busy_office(in_alpha)
    system = Actor.system(in_alpha.id)
    recompute_health(actor=system)
    before = {row.partnership_id: (row.score, row.band) for row in PartnershipHealth.objects.all()}
    settings = changed(
        half_lives={"recency": 30.0, "ties": 60.0, "communication": 60.0}, bands={"healthy": 60.0, "watch": 50.0}
    )
    seen = (list(HealthBasis.objects.values()), HealthSnapshot.objects.count())
    preview = preview_configuration(in_alpha.actor(), settings)
    assert (list(HealthBasis.objects.values()), HealthSnapshot.objects.count()) == seen
    assert {each.partnership_id: (each.score_before, each.band_before) for each in preview.shifts} == before
    assert any(each.changes_band for each in preview.shifts)

    publish(in_alpha, settings=settings)
    recompute_health(actor=system)
    after = {row.partnership_id: row for row in PartnershipHealth.objects.select_related("snapshot")}
    for each in preview.shifts:
        row = after[each.partnership_id]
        assert (row.score, row.band) == (pytest.approx(each.score_after, abs=1e-9), each.band_after)
        assert (row.snapshot.config_version, row.snapshot.score, row.snapshot.band) == (2, row.score, row.band)
    counts = {band: (now, then) for band, now, then in preview.bands}
    for band, (_now, then) in counts.items():
        assert then == sum(row.band == band for row in after.values())


def test_a_preview_costs_the_same_for_any_number_of_partners(in_alpha):
    make_partnership()
    costs = []
    for _round in range(2):
        with counted() as statements:
            preview_configuration(in_alpha.actor(), changed(day_cap=3.0))
        costs.append(len(statements))
        busy_office(in_alpha)
    assert costs[0] == costs[1] <= 16  # one for each section that is measured


def two_versions(office):
    """A partnership with a score of 1 January's settings and one of today's, and what it had before."""
    row = make_partnership(started_on=timezone.localdate() - timedelta(days=500))
    make_interaction(row, days_ago=40, contacts=(make_contact(row.organization),))
    today, system = timezone.localdate(), Actor.system(office.id)
    for days in (30, 20):
        recompute_health(actor=system, partnership_ids=[row.pk], as_of=today - timedelta(days=days))
    publish(office)
    recompute_health(actor=system)
    return row


def test_a_new_version_starts_a_new_series(in_alpha):
    row = two_versions(in_alpha)
    today = timezone.localdate()
    first, second = series_of(in_alpha.actor(Role.VIEWER), row)
    assert [(each.version, len(each.points)) for each in (first, second)] == [(1, 2), (2, 1)]
    assert [day for day, _score, _band in first.points] == [today - timedelta(days=30), today - timedelta(days=20)]
    assert second.trend(DEFAULT_CONFIG.trend).word == "unknown"
    assert [each.version for each in series_of(in_alpha.actor(), row, since=today - timedelta(days=5))] == [2]


def test_no_read_of_scores_mixes_versions(in_alpha):
    row = two_versions(in_alpha)
    latest = HealthSnapshot.objects.get(config_version=2)
    points = snapshots_since([row.pk], timezone.localdate() - timedelta(days=365))[row.pk]
    assert points == [(latest.as_of, latest.score)]
    scope = scope_for(in_alpha.actor(), (row.pk,))
    assert weekly_scores(scope) == {}
    assert weekly_scores(replace(scope, config=DEFAULT_CONFIG)).keys() == {row.pk}
    health = PartnershipHealth.objects.get(partnership=row)
    assert (health.previous_score, health.previous_band, health.changed_at) == (None, "", None)


def test_invalid_input_says_what_would_be_right(in_alpha):
    with pytest.raises(InvalidInput) as refused:
        preview_configuration(in_alpha.actor(), changed(weights={"recency": 0.2}))
    assert str(refused.value.message) == "The weights sum to 104 %. Change them until they sum to 100 %."
