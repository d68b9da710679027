"""Engagement health as stored: the present value for lists, and every value there ever was."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from core.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from partnerships.choices import Band
from partnerships.models.partnerships import Partnership


class HealthSnapshot(TenantModel):
    """One computed score, immutable, with the inputs and the configuration version that made it.

    ``dimensions`` maps a dimension's code to {score, coverage, points, lost, details}; ``caps`` lists what held the
    score down as [code, limit]. Floats to nine decimals; display rounds to one, half up.
    """

    unchanging_because = "A score is a statement about a day: never rewritten, it goes and comes with its partnership."

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="health_snapshots")
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

    ``previous_*`` is what stood before the last change of band or of 5 points under the same settings;
    ``last_contact_at`` the latest interaction that counts as a touch, as of ``computed_at``. ``snapshot`` is None until
    the first computation.
    ``our_share`` and ``their_share`` are the shares, 0 to 1, of contact that the one most in touch carries on either
    side; None without any contact. ``snapshot_on``, ``snapshot_version``, ``snapshot_caps`` and
    ``snapshot_ties`` repeat of the snapshot its day and settings, which caps held and how many ties on their side were
    active, so that a night need not fetch it.
    """

    unaudited_because = "It is derived; the snapshots are its history."

    partnership = TenantOneToOneField(Partnership, on_delete=models.CASCADE, related_name="health")
    snapshot = TenantForeignKey(HealthSnapshot, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot_on = models.DateField(null=True)
    snapshot_version = models.PositiveIntegerField(null=True)
    snapshot_caps = ArrayField(models.CharField(max_length=4), default=list)
    snapshot_ties = models.PositiveIntegerField(null=True)
    score = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    band = models.CharField(max_length=12, choices=Band, default=Band.INSUFFICIENT)
    previous_score = models.FloatField(null=True)
    previous_band = models.CharField(max_length=12, choices=Band, blank=True)
    changed_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    our_share = models.FloatField(null=True)
    their_share = models.FloatField(null=True)

    class Meta:
        # Nothing that every night changes is indexed: an office has few rows, and an update stays in its page.
        indexes = [models.Index(fields=["tenant", "band"], name="partnerships_health_band")]


class HealthBasis(TenantModel):
    """What the touches of a partnership add up to on ``as_of``: from there on, every mass only decays.

    ``recency_mass``, ``inbound``, ``outbound`` and the masses of people are those of ``rules.health.inputs``, and
    ``touches``, ``weight``, ``named_touches``, ``named_weight`` the undecayed sums within the window; the latter two of
    touches that name a person of theirs. They hold for the half-lives and the window of ``config_version``.
    ``contacts`` and ``contact_masses`` go in pairs, as do ``members`` and ``member_masses``. On ``leaves_on`` the
    oldest touch leaves the window; from ``scan_on`` the touches must be read again. ``scanned_at`` is when they were
    read last. Whoever reads or writes it holds the row of PartnershipHealth.
    """

    unaudited_because = "It is derived, and can be computed anew at any time."

    partnership = TenantOneToOneField(Partnership, on_delete=models.CASCADE, related_name="health_basis")
    config_version = models.PositiveIntegerField(default=1)
    as_of = models.DateField()
    scanned_at = models.DateTimeField()
    scan_on = models.DateField()
    leaves_on = models.DateField(null=True)
    touches = models.IntegerField()
    weight = models.FloatField()
    named_touches = models.IntegerField()
    named_weight = models.FloatField()
    recency_mass = models.FloatField()
    inbound = models.FloatField()
    outbound = models.FloatField()
    last_touch_on = models.DateField(null=True)
    last_real_on = models.DateField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    contacts = ArrayField(models.BigIntegerField())
    contact_masses = ArrayField(models.FloatField())
    members = ArrayField(models.BigIntegerField())
    member_masses = ArrayField(models.FloatField())
