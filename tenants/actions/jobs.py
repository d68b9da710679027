"""Wanting background work and doing it.

Exactly once for effects in the database: a job's effect and its ``done`` are one transaction, in which the row is
held by FOR UPDATE SKIP LOCKED. An attempt is counted and committed before the work starts, so a job that kills its
worker stops after a few tries. Celery carries wake-ups only; losing one costs the seconds until the sweep.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.jobs import get_task
from core.tenancy.scope import (
    AuditContext,
    audit_context,
    current_audit,
    current_tenant_id,
    tenant_transaction,
)
from tenants.choices import JobState
from tenants.models.jobs import UNFINISHED, Job

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)


def enqueue(name: str, /, *, key: str = "", due_at: datetime | None = None, **payload: object) -> None:
    """Want the task ``name`` for the tenant in scope, as part of the running transaction.

    With a ``key``, a job of the same name and key that is still waiting stands for this one too. The payload must
    be JSON. A worker is woken after the commit; a name that no task has raises at once.
    """
    get_task(name)
    job = Job(name=name, key=key, payload=payload, user_id=current_audit().user_id)
    if due_at is not None:
        job.due_at = due_at
    Job.objects.bulk_create([job], ignore_conflicts=bool(key))
    tenant_id = current_tenant_id()
    transaction.on_commit(lambda: wake_worker(tenant_id), robust=True)


def enqueue_each(name: str, /, payloads: Mapping[str, Mapping[str, object]]) -> None:
    """The same for several jobs of one task, by key: one statement, however many."""
    get_task(name)
    if not payloads:
        return
    user_id = current_audit().user_id
    jobs = [Job(name=name, key=key, payload=dict(payload), user_id=user_id) for key, payload in payloads.items()]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)
    tenant_id = current_tenant_id()
    transaction.on_commit(lambda: wake_worker(tenant_id), robust=True)


def wake_worker(tenant_id: int) -> None:
    """Ask any worker to look at this tenant's jobs. A broker that is away is logged, not raised."""
    from celery import current_app

    try:
        current_app.send_task("tenants.run_jobs", args=[tenant_id], retry=False, ignore_result=True)
    except Exception as problem:
        logger.warning("No worker was woken for tenant %s: %s. The sweep will find its jobs.", tenant_id, problem)


def tenants_with_due_jobs(limit: int = 500) -> list[int]:
    """The ids of tenants with work that is due: the one question asked across tenants, answered by ids alone."""
    with connection.cursor() as cursor:
        cursor.execute("select tenant_id from tenants_with_due_jobs(%s) as due (tenant_id)", [limit])
        return [tenant_id for (tenant_id,) in cursor.fetchall()]


def run_due_jobs(tenant_id: int, *, limit: int = 100) -> int:
    """Do the tenant's due jobs one after another; answers how many were tried."""
    for tried in range(limit):
        claimed = _claim(tenant_id)
        if claimed is None:
            return tried
        _perform(tenant_id, *claimed)
    wake_worker(tenant_id)
    return limit


def _claim(tenant_id: int) -> tuple[int, int] | None:
    """Count an attempt on the next due job and commit that, before any work is done; answers (job, attempt)."""
    while True:
        with tenant_transaction(tenant_id):
            now = timezone.now()
            job = (
                Job.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(state__in=UNFINISHED, due_at__lte=now)
                .order_by("due_at", "id")
                .first()
            )
            if job is None:
                return None
            if job.attempts < get_task(job.name).attempts:
                Job.objects.filter(pk=job.pk).update(
                    state=JobState.STARTED,
                    attempts=job.attempts + 1,
                    due_at=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
                )
                return job.pk, job.attempts + 1
            Job.objects.filter(pk=job.pk).update(
                state=JobState.FAILED,
                finished_at=now,
                last_error=job.last_error or "Its worker ended without an answer, each time.",
            )
            logger.error("Job %s (%s) of tenant %s is set aside as failed", job.pk, job.name, tenant_id)
            _tell_given_up(tenant_id, job)


def _perform(tenant_id: int, job_id: int, attempt: int) -> None:
    actor = Actor.system(tenant_id, request_id=f"job-{job_id}")
    try:
        with audit_context(AuditContext(request_id=actor.request_id)), tenant_transaction(tenant_id):
            job = (
                Job.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=job_id, state=JobState.STARTED, attempts=attempt)
                .first()
            )
            if job is None:
                return
            with audit_context(AuditContext(None, actor.request_id, job.name, "")):
                get_task(job.name).run(actor=actor, **job.payload)
            Job.objects.filter(pk=job_id).update(state=JobState.DONE, finished_at=timezone.now(), last_error="")
    except Exception as problem:
        logger.exception("Job %s of tenant %s failed", job_id, tenant_id)
        _note_failure(tenant_id, job_id, attempt, problem)


def _note_failure(tenant_id: int, job_id: int, attempt: int, problem: Exception) -> None:
    """Unless another worker has taken the job over since: then its attempt is the one that counts."""
    with tenant_transaction(tenant_id):
        mine = Job.objects.filter(pk=job_id, state=JobState.STARTED, attempts=attempt)
        job = mine.select_for_update(of=("self",)).first()
        if job is None:
            return
        now = timezone.now()
        used_up = job.attempts >= get_task(job.name).attempts
        job.state = JobState.FAILED if used_up else JobState.STARTED
        job.finished_at = now if used_up else None
        job.due_at = now + min(timedelta(seconds=2**job.attempts), LONGEST_WAIT)
        job.last_error = f"{type(problem).__name__}: {problem}"[:2000]
        job.save(update_fields=["state", "finished_at", "due_at", "last_error"])
        if used_up:
            _tell_given_up(tenant_id, job)


def _tell_given_up(tenant_id: int, job: Job) -> None:
    """Let the task tell whoever waits that nothing will come; a failure in that is logged and changes nothing."""
    given_up = get_task(job.name).given_up
    if given_up is None:
        return
    actor = Actor.system(tenant_id, request_id=f"job-{job.pk}")
    try:
        with audit_context(AuditContext(None, actor.request_id, job.name, "")), transaction.atomic():
            given_up(actor=actor, **job.payload)
    except Exception:
        logger.exception("That job %s of tenant %s was given up could not be told", job.pk, tenant_id)


def purge_finished_jobs(*, actor: Actor, days: int = 30) -> int:
    """Remove the tenant's finished jobs older than ``days``; failed ones stay until somebody looks."""
    old = timezone.now() - timedelta(days=days)
    return Job.objects.filter(state=JobState.DONE, finished_at__lt=old).delete()[0]
