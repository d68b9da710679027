"""Wanting background work and doing it.

Exactly once for effects in the database: a job's effect and its ``done`` are one transaction, in which the row is
held by FOR UPDATE SKIP LOCKED. An attempt is counted and committed before the work starts, so a job that kills its
worker stops after a few tries. Celery carries wake-ups only; losing one costs the seconds until the sweep.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
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
MOST_TOGETHER = 500  # jobs that are done in one run, where their task allows it
MOST_WOKEN = 8


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
    """The same for several jobs of one task, by key: one statement, however many. As many workers may share them."""
    task = get_task(name)
    if not payloads:
        return
    user_id = current_audit().user_id
    jobs = [Job(name=name, key=key, payload=dict(payload), user_id=user_id) for key, payload in payloads.items()]
    Job.objects.bulk_create(jobs, ignore_conflicts=True)
    tenant_id = current_tenant_id()
    runs = ceil(len(jobs) / (MOST_TOGETHER if task.together else 1))
    for _worker in range(min(runs, MOST_WOKEN)):
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
    tried = 0
    while tried < limit:
        claimed = _claim(tenant_id)
        if not claimed:
            return tried
        _perform(tenant_id, claimed)
        tried += len(claimed)
    wake_worker(tenant_id)
    return tried


def _claim(tenant_id: int) -> dict[int, int]:
    """Count an attempt on the next due job and commit that, before any work is done; answers job → attempt.

    With it come those that are done in the same run; nothing where nothing is due.
    """
    while True:
        with tenant_transaction(tenant_id):
            now = timezone.now()
            due = (
                Job.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(state__in=UNFINISHED, due_at__lte=now)
                .order_by("due_at", "id")
            )
            job = due.first()
            if job is None:
                return {}
            if job.attempts < get_task(job.name).attempts:
                jobs = [job, *_alike(job, due)]
                Job.objects.filter(pk__in=[each.pk for each in jobs]).update(
                    state=JobState.STARTED,
                    attempts=job.attempts + 1,
                    due_at=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
                )
                return {each.pk: job.attempts + 1 for each in jobs}
            Job.objects.filter(pk=job.pk).update(
                state=JobState.FAILED,
                finished_at=now,
                last_error=job.last_error or "Its worker ended without an answer, each time.",
            )
            logger.error("Job %s (%s) of tenant %s is set aside as failed", job.pk, job.name, tenant_id)
            _tell_given_up(tenant_id, job)


def _alike(job: Job, due: QuerySet[Job]) -> list[Job]:
    """The other due jobs that one run does with this one: of the same payload but for its list, and not tried yet."""
    together = get_task(job.name).together
    if not together or job.attempts:
        return []
    others = due.filter(name=job.name, attempts=0).exclude(pk=job.pk)[: MOST_TOGETHER - 1]
    return [each for each in others if {**each.payload, together: ()} == {**job.payload, together: ()}]


def _perform(tenant_id: int, claimed: Mapping[int, int]) -> None:
    first = min(claimed)
    actor = Actor.system(tenant_id, request_id=f"job-{first}")
    try:
        with audit_context(AuditContext(request_id=actor.request_id)), tenant_transaction(tenant_id):
            started = Job.objects.filter(pk__in=list(claimed), state=JobState.STARTED)
            started = started.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            jobs = [each for each in started if each.attempts == claimed[each.pk]]
            if not jobs:
                return
            task, payload = get_task(jobs[0].name), jobs[0].payload
            if task.together:
                payload = {**payload, task.together: [one for each in jobs for one in each.payload[task.together]]}
            with audit_context(AuditContext(None, actor.request_id, task.name, "")):
                task.run(actor=actor, **payload)
            done = Job.objects.filter(pk__in=[each.pk for each in jobs])
            done.update(state=JobState.DONE, finished_at=timezone.now(), last_error="")
    except Exception as problem:
        logger.exception("Job %s of tenant %s failed", ", ".join(map(str, sorted(claimed))), tenant_id)
        for job_id, attempt in claimed.items():
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
