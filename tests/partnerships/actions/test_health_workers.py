"""A night of health by real workers: killed in the middle, with the broker gone, and while others write."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from celery import current_app
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from core.actor import Actor
from core.tenancy.scope import tenant_scope, tenant_transaction
from embedded.binaries import find_valkey
from embedded.valkey import ValkeyServer
from partnerships import tasks
from partnerships.actions.health import local_today, recompute_health
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import HealthSnapshot, PartnershipHealth
from partnerships.queries.health import read_health_inputs
from partnerships.registry import HealthScope
from partnerships.rules.health import DEFAULT_CONFIG, score_health
from tenants.actions.jobs import enqueue, run_due_jobs
from tenants.choices import JobState
from tenants.models import Job
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership, make_project
from tests.workers import Worker, wait_until

PARTNERS = 40


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)


def stock(office, *, partners: int = PARTNERS) -> None:
    """Partnerships of an office with contact and projects, computed eight days ago."""
    member = office.user("officer")
    for number in range(partners):
        partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=400), stage_declared="support")
        contact = make_contact(partnership.organization, decides=number % 3 == 0)
        for days in range(1 + number % 5, 740, 97):
            make_interaction(partnership, days_ago=days, contacts=(contact,), members=(member,))
        make_project(partnership, title=f"Project {number}")
    recompute_health(actor=Actor.system(office.id), as_of=local_today(office.tenant) - timedelta(days=8))


def jobs_left(*offices) -> int:
    left = 0
    for office in offices:
        with tenant_scope(office.id), transaction.atomic():
            left += Job.objects.filter(state__in=(JobState.QUEUED, JobState.STARTED)).count()
    return left


def batches_done(*offices) -> int:
    done = 0
    for office in offices:
        with tenant_scope(office.id), transaction.atomic():
            done += Job.objects.filter(name="partnerships.recompute_health_batch", state=JobState.DONE).count()
    return done


def assert_night_is_right(office) -> None:
    """Each partnership has one snapshot of this night, and present values that reading everything would give."""
    today = local_today(office.tenant)
    counts = HealthSnapshot.objects.filter(as_of=today).values_list("partnership_id").annotate(Count("pk"))
    assert sorted(number for _pk, number in counts) == [1] * PARTNERS
    inputs = read_health_inputs(HealthScope(office.id, None, today, office.tenant.time_zone, DEFAULT_CONFIG))
    rows = PartnershipHealth.objects.select_related("snapshot")
    assert rows.count() == len(inputs) == PARTNERS
    for row in rows:
        want = score_health(inputs[row.partnership_id])
        assert row.score == pytest.approx(want.score, abs=1e-9)
        assert row.confidence == pytest.approx(want.confidence, abs=1e-9)
        assert row.snapshot.as_of == today
        assert row.snapshot.score == pytest.approx(row.score, abs=1e-9)
        points = sum(each["points"] for each in row.snapshot.dimensions.values())
        assert points == pytest.approx(row.snapshot.raw, abs=1e-9)


@pytest.fixture
def broker(tmp_path, settings) -> Iterator[ValkeyServer]:
    """A broker of the test's own, which it may kill; workers started from now on use it."""
    server = ValkeyServer(find_valkey(), tmp_path / "valkey", tmp_path / "valkey.log", {"appendonly": "no"}, "broker")
    server.start(preferred_port=None)
    assert current_app.conf.broker_url  # read once and for all: what this process wakes is not what changes below
    settings.CELERY_BROKER_URL = f"redis://:{server.password}@127.0.0.1:{server.port}/0"
    yield server
    server.stop()


@pytest.mark.worker
def test_a_night_is_whole_though_workers_and_the_broker_are_killed(committed, alpha, beta, small_batches, broker):
    """40 batches of two offices, two SIGKILLs of the whole worker in the middle of the work, and one of the broker."""
    for office in (alpha, beta):
        with tenant_transaction(office.id):
            stock(office)
        with tenant_transaction(office.id):
            tasks.age_all_health(actor=Actor.system(office.id))
    worker = Worker(committed)
    try:
        for threshold in (3, 12, 25):
            assert wait_until(lambda threshold=threshold: batches_done(alpha, beta) >= threshold)
            if threshold == 12:
                broker.process.kill()
                broker.process.wait()
                broker.start(preferred_port=broker.port)
            else:
                worker.restart()
        assert wait_until(lambda: jobs_left(alpha, beta) == 0, 120), jobs_left(alpha, beta)
    finally:
        errors = worker.stop()
    for office in (alpha, beta):
        with tenant_transaction(office.id):
            assert batches_done(office) == PARTNERS / 2, errors
            assert_night_is_right(office)


def test_a_night_that_runs_twice_is_a_night_once(committed, alpha, small_batches):
    with tenant_transaction(alpha.id):
        stock(alpha)
    for _night in range(2):
        with tenant_transaction(alpha.id):
            enqueue("partnerships.age_all_health", key="periodic")
        while run_due_jobs(alpha.id):
            pass
    with tenant_transaction(alpha.id):
        assert_night_is_right(alpha)


def test_a_batch_that_fails_leaves_nothing_half_written(committed, alpha, monkeypatch):
    """The snapshots, the present values and the kept sums of a batch are there together or not at all."""
    from partnerships.actions import health

    with tenant_transaction(alpha.id):
        stock(alpha, partners=3)
        before = list(PartnershipHealth.objects.order_by("pk").values())

    def refuse(*arguments, **named):
        raise RuntimeError("no suggestion today")

    monkeypatch.setattr(health, "suggest", refuse)
    with pytest.raises(RuntimeError), tenant_transaction(alpha.id):
        recompute_health(actor=Actor.system(alpha.id), ageing=True)
    with tenant_transaction(alpha.id):
        assert list(PartnershipHealth.objects.order_by("pk").values()) == before
        assert HealthSnapshot.objects.count() == 3


def test_a_burst_of_writes_costs_one_computation(committed, alpha):
    with tenant_transaction(alpha.id):
        partnership = make_partnership()
    for _each in range(5):
        with tenant_transaction(alpha.id):
            make_interaction(partnership)
            recompute_soon([partnership.pk])
    assert run_due_jobs(alpha.id) == 1
    with tenant_transaction(alpha.id):
        assert HealthSnapshot.objects.filter(partnership=partnership).count() == 1


def test_a_night_spreads_weekly_snapshots_over_the_week(committed, alpha):
    """Seven nights after a common start every partnership has had its snapshot, and no night had them all."""
    with tenant_transaction(alpha.id):
        partners = [make_partnership(started_on=date(2020, 1, 1)) for _each in range(14)]
        for each in partners:
            make_interaction(each, days_ago=30)
        today = local_today(alpha.tenant)
        recompute_health(actor=Actor.system(alpha.id), as_of=today)
        nights = [
            recompute_health(actor=Actor.system(alpha.id), as_of=today + timedelta(days=night), ageing=True)
            for night in range(1, 15)
        ]
    assert nights == [2] * 14
