"""Engagement health as stored: the present value for lists, and every value there ever was."""

from django.db import models
from django.utils import timezone

from core.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from partnerships.choices import Band
from partnerships.models.partnerships import Partnership


class HealthSnapshot(TenantModel):
    """One computed score, immutable, with the inputs and the configuration version that made it.

    ``dimensions`` maps a dimension's code to {score, coverage, points, lost, details}; ``caps`` lists what held the
    score down as [code, limit]. Floats at full precision; display rounds to one decimal, half up.
    """

    append_only_because = "A score is a statement about a day; a new one is added, an old one never rewritten."

    partnership = TenantForeignKey(Partnership, on_delete=models.PROTECT, related_name="health_snapshots")
    as_of = models.DateField()
    computed_at = models.DateTimeField(default=timezone.now)
    config_version = models.PositiveIntegerField()
    raw = models.FloatField()
    score = models.FloatField()
    confidence = models.FloatField()
    band = models.CharField(max_length=12, choices=Band)
    dimensions = models.JSONField()
    caps = models.JSONField()
    inputs = models.JSONField()
    inputs_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["tenant", "partnership", "-computed_at"], name="partnerships_snapshots_of")]


class PartnershipHealth(TenantModel):
    """The present health of a partnership: what lists sort and filter by. One row each, made with the partnership.

    ``previous_*`` is what stood before the last change of band or of 5 points; ``last_contact_at`` the latest
    interaction that counts as a touch, as of ``computed_at``. ``snapshot`` is None until the first computation.
    """

    unaudited_because = "It is derived; the snapshots are its history."

    partnership = TenantOneToOneField(Partnership, on_delete=models.CASCADE, related_name="health")
    snapshot = TenantForeignKey(HealthSnapshot, on_delete=models.PROTECT, null=True, related_name="+")
    score = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    band = models.CharField(max_length=12, choices=Band, default=Band.INSUFFICIENT)
    previous_score = models.FloatField(null=True)
    previous_band = models.CharField(max_length=12, choices=Band, blank=True)
    changed_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "score"], name="partnerships_health_score"),
            models.Index(fields=["tenant", "band"], name="partnerships_health_band"),
        ]
