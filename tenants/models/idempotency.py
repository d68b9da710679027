"""What was answered to a request with an Idempotency-Key, so that the same request is answered alike."""

from django.db import models
from django.utils import timezone

from core.tenancy.models import TenantModel
from tenants.models.fields import MemberForeignKey


class KeptAnswer(TenantModel):
    """One member's key and the answer of the create that claimed it; ``status`` 0 while that is still running.

    Written in the create's own transaction, so it exists only when the create happened. Kept for a day.
    """

    unaudited_because = "It repeats an answer for a day; what the create changed is audited itself."

    member = MemberForeignKey(related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "key"], name="tenants_keptanswer_key_once")]
        indexes = [models.Index(fields=["tenant", "created_at"], name="tenants_keptanswer_age")]
