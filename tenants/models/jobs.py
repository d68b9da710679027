"""Background work as rows: wanted in the transaction that wants it, done in the transaction of its effect."""

from django.db import models
from django.utils import timezone

from core.tenancy.models import TenantModel
from tenants.choices import JobState

UNFINISHED = [JobState.QUEUED, JobState.STARTED]


class Job(TenantModel):
    """One piece of work for one tenant.

    queued → started → done, or failed when its attempts are used up. ``key`` debounces: while a queued job with
    the same name and key waits, wanting it again adds nothing. A started job may be followed by a new queued one, so
    a write that arrives while the work runs is never missed. ``due_at`` of a started job is when it may be
    tried again if its worker was killed.
    """

    unaudited_because = "It is machinery: its own columns say what happened, and its effects are audited."

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.QUEUED)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name", "key"],
                condition=models.Q(state=JobState.QUEUED) & ~models.Q(key=""),
                name="tenants_job_waits_once",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "due_at"], condition=models.Q(state__in=UNFINISHED), name="tenants_job_due")
        ]
