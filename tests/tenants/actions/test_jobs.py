"""Jobs: wanted in a transaction, done exactly once, whatever is killed."""

from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.tenancy.scope import NoTenantScope, tenant_scope, tenant_transaction
from organizations.models import Organization
from tenants.actions.jobs import enqueue, enqueue_each, run_due_jobs, tenants_with_due_jobs
from tenants.choices import JobState
from tenants.models import Change, Job
from tests import databases, worker_app
from tests.workers import Worker, wait_until

assert worker_app  # its tasks are registered in this process too


def states(name: str) -> list[str]:
    return list(Job.objects.filter(name=name).order_by("pk").values_list("state", flat=True))


def test_a_job_is_wanted_with_its_transaction_or_not_at_all(committed, alpha):
    with pytest.raises(ZeroDivisionError), tenant_transaction(alpha.id):
        enqueue("tests.add_organization", name="no")
        raise ZeroDivisionError
    with tenant_transaction(alpha.id):
        assert Job.objects.count() == 0


def test_an_unknown_name_and_a_missing_scope_raise(in_alpha):
    with pytest.raises(ImproperlyConfigured):
        enqueue("tests.misspelt")
    assert Job.objects.count() == 0


def test_without_scope_nothing_is_wanted(db):
    with pytest.raises(NoTenantScope):
        enqueue("tests.add_organization", name="no")


def test_a_burst_with_one_key_is_one_job(committed, alpha):
    for _each in range(5):
        with tenant_transaction(alpha.id):
            enqueue("tests.add_organization", key="burst", name="once")
    assert run_due_jobs(alpha.id) == 1
    with tenant_transaction(alpha.id):
        assert Organization.objects.count() == 1
        assert states("tests.add_organization") == [JobState.DONE]


def test_a_write_that_arrives_while_the_job_runs_wants_it_again(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue("tests.add_organization", key="again", name="first")
        Job.objects.update(state=JobState.STARTED)
        enqueue("tests.add_organization", key="again", name="second")
        assert Job.objects.count() == 2


def test_the_effect_is_recorded_under_the_jobs_name(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue("tests.add_organization", name="recorded")
    run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        change = Change.objects.get(table_name="organizations_organization")
        assert (change.kind, change.action, change.user_id) == ("I", "tests.add_organization", None)
        assert change.request_id.startswith("job-")


def test_a_failing_job_is_tried_again_later_and_then_set_aside(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue("tests.fail")
    for attempt in (1, 2, 3):
        assert run_due_jobs(alpha.id) == 1
        with tenant_transaction(alpha.id):
            job = Job.objects.get()
            assert (job.attempts, job.last_error) == (attempt, "ValueError: not yet")
            assert job.state == (JobState.FAILED if attempt == 3 else JobState.STARTED)
            Job.objects.update(due_at=job.created_at)
    assert run_due_jobs(alpha.id) == 0


def test_who_waits_is_told_once_that_a_job_was_given_up(committed, alpha, monkeypatch):
    told = []
    monkeypatch.setitem(
        jobs.TASKS, "tests.fail", replace(jobs.TASKS["tests.fail"], given_up=lambda **given: told.append(given))
    )
    with tenant_transaction(alpha.id):
        enqueue("tests.fail", until_attempt=9)
    for _attempt in range(3):
        assert told == []
        run_due_jobs(alpha.id)
        with tenant_transaction(alpha.id):
            Job.objects.update(due_at=Job.objects.get().created_at)
    assert run_due_jobs(alpha.id) == 0
    (given,) = told
    assert (given["actor"].is_system, given["until_attempt"]) == (True, 9)


def test_a_failure_to_tell_leaves_the_job_set_aside(committed, alpha, monkeypatch):
    def fail_too(**given):
        Organization.objects.create(name="never committed")
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.TASKS, "tests.fail", replace(jobs.TASKS["tests.fail"], attempts=1, given_up=fail_too))
    with tenant_transaction(alpha.id):
        enqueue("tests.fail")
    run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        assert states("tests.fail") == [JobState.FAILED]
        assert not Organization.objects.exists()


def test_a_failed_attempt_leaves_nothing_and_a_later_one_succeeds(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue("tests.fail", until_attempt=2)
    run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        Job.objects.update(due_at=Job.objects.get().created_at)
    run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        assert states("tests.fail") == [JobState.DONE]


def test_the_sweep_learns_only_which_offices_have_due_work(committed, alpha, beta):
    assert tenants_with_due_jobs() == []
    with tenant_transaction(beta.id):
        enqueue("tests.add_organization", name="theirs")
    assert tenants_with_due_jobs() == [beta.id]
    with tenant_transaction(alpha.id):
        assert Job.objects.count() == 0


def test_running_one_offices_jobs_touches_no_other(committed, alpha, beta):
    for office in (alpha, beta):
        with tenant_transaction(office.id):
            enqueue("tests.add_organization", name=office.tenant.slug)
    assert run_due_jobs(alpha.id) == 1
    with tenant_transaction(beta.id):
        assert Organization.objects.count() == 0
        assert states("tests.add_organization") == [JobState.QUEUED]


def test_a_forged_wake_up_does_nothing(committed, alpha):
    from tenants.tasks import run_jobs

    with tenant_transaction(alpha.id):
        enqueue("tests.add_organization", name="mine")
    run_jobs(10**9)
    with pytest.raises((TypeError, ValueError)):
        run_jobs("1; drop table")
    with tenant_transaction(alpha.id):
        assert states("tests.add_organization") == [JobState.QUEUED]


def names_of(office) -> set[str]:
    with tenant_transaction(office.id):
        return set(Organization.objects.values_list("name", flat=True))


def test_jobs_that_may_be_done_together_are_one_run(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue_each("tests.add_organizations", {name: {"names": [name]} for name in ("a", "b", "c")})
        enqueue("tests.add_organization", name="another task")
        enqueue("tests.add_organizations", names=["d"], city="Elsewhere")
    assert run_due_jobs(alpha.id) == 5
    assert names_of(alpha) == {"a of 3", "b of 3", "c of 3", "another task", "d of 1"}
    with tenant_transaction(alpha.id):
        assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}


def test_a_run_takes_no_more_than_so_many(committed, alpha, monkeypatch):
    monkeypatch.setattr("tenants.actions.jobs.MOST_TOGETHER", 2)
    with tenant_transaction(alpha.id):
        enqueue_each("tests.add_organizations", {name: {"names": [name]} for name in ("a", "b", "c")})
    assert run_due_jobs(alpha.id) == 3
    assert names_of(alpha) == {"a of 2", "b of 2", "c of 1"}


def test_what_failed_together_is_tried_alone(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue_each("tests.add_organizations", {name: {"names": [name]} for name in ("a", "bad", "c")})
    assert run_due_jobs(alpha.id) == 3
    assert names_of(alpha) == set()
    for _attempt in range(2):
        with tenant_transaction(alpha.id):
            assert set(Job.objects.exclude(state=JobState.DONE).values_list("last_error", flat=True)) == {
                "ValueError: bad"
            }
            Job.objects.exclude(state=JobState.DONE).update(due_at=timezone.now())
        run_due_jobs(alpha.id)
    assert names_of(alpha) == {"a of 1", "c of 1"}
    with tenant_transaction(alpha.id):
        found = {job.key: (job.state, job.attempts) for job in Job.objects.all()}
    assert found == {"a": (JobState.DONE, 2), "bad": (JobState.FAILED, 3), "c": (JobState.DONE, 2)}


@pytest.mark.worker
def test_every_effect_happens_exactly_once_though_the_worker_is_killed_three_times(committed, alpha, beta):
    """300 jobs of two offices, three SIGKILLs of the whole worker in the middle of the work, one broker flush."""
    import redis
    from django.conf import settings

    for office in (alpha, beta):
        with tenant_transaction(office.id):
            for number in range(150):
                enqueue("tests.add_organization", name=f"{office.tenant.slug} {number}", seconds=0.01)

    def done() -> int:
        count = 0
        for office in (alpha, beta):
            with tenant_scope(office.id), transaction.atomic():
                count += Job.objects.filter(state=JobState.DONE).count()
        return count

    worker = Worker(committed)
    try:
        for threshold in (30, 100, 180):
            assert wait_until(lambda threshold=threshold: done() >= threshold), f"stuck at {done()} of {threshold}"
            worker.kill()
            if threshold == 100:
                redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
            worker.start()
        assert wait_until(lambda: done() == 300), f"{done()} of 300 jobs are done"
    finally:
        errors = worker.stop()
    for office in (alpha, beta):
        with tenant_transaction(office.id):
            names = sorted(Organization.objects.values_list("name", flat=True))
            assert names == sorted(f"{office.tenant.slug} {number}" for number in range(150)), errors


@pytest.mark.worker
def test_a_job_that_kills_its_worker_is_set_aside_and_the_others_are_done(committed, alpha):
    with tenant_transaction(alpha.id):
        enqueue("tests.kill_worker")
        for number in range(5):
            enqueue("tests.add_organization", name=f"healthy {number}")

    def settled() -> bool:
        with tenant_scope(alpha.id), transaction.atomic():
            return states("tests.kill_worker") == [JobState.FAILED] and set(states("tests.add_organization")) == {
                JobState.DONE
            }

    worker = Worker(committed)
    try:
        assert wait_until(settled, 90)
    finally:
        worker.stop()
    with tenant_transaction(alpha.id):
        assert Organization.objects.count() == 5
        assert Job.objects.get(name="tests.kill_worker").attempts == 3


@pytest.mark.worker
def test_a_connection_outlives_a_task_and_a_broken_one_is_replaced(committed, alpha):
    def server_of(name: str) -> int:
        """The database process that serves the next task."""
        with tenant_transaction(alpha.id):
            enqueue("tests.note_server", name=name)

        def done() -> bool:
            with tenant_transaction(alpha.id):
                return set(states("tests.note_server")) == {JobState.DONE}

        assert wait_until(done)
        with tenant_transaction(alpha.id):
            return int(Organization.objects.get(name__startswith=name).name.split()[-1])

    worker = Worker(committed, concurrency=1)
    try:
        first = server_of("first")
        assert server_of("second") == first
        with databases.superuser(committed) as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [first])
        assert server_of("third") != first
    finally:
        worker.stop()
    with tenant_transaction(alpha.id):
        assert set(Job.objects.filter(name="tests.note_server").values_list("attempts", flat=True)) == {1}
