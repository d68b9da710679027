"""What steers health and what it sets in motion: an office's settings, alerts, and the office's own doubts."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from partnerships.choices import AlertEnd, AlertRule, Band
from partnerships.models.health import HealthSnapshot
from partnerships.models.partnerships import Partnership
from tenants.models import MemberForeignKey


class HealthConfiguration(TenantModel):
    """One published version of an office's settings. The one with the highest version is in force.

    ``settings`` is what ``rules.health.config_to_dict`` writes, its ``version`` the row's. Version 1 is built in and
    has no row: an office that never published anything uses it.
    """

    append_only_because = "Scores were made under it; the next version replaces it, nothing rewrites it."

    version = models.PositiveIntegerField()
    settings = models.JSONField()
    note = models.TextField(_("why it was changed"))
    published_at = models.DateTimeField(default=timezone.now)
    published_by = MemberForeignKey(related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="partnerships_healthconfiguration_version"),
            models.CheckConstraint(
                condition=models.Q(version__gte=2), name="partnerships_healthconfiguration_after_first"
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


class HealthAlert(VersionedModel):
    """Something about a partnership's health that somebody should know. At most one is open per partnership and rule.

    ``numbers`` are those that belong into its words, ``on`` the day they were taken (its ordinal). ``routed_to`` is the
    owner, else the deputy, as of the latest computation. An alert ends when what it tells is no longer true or somebody
    deals with it; the rule then keeps quiet about this partnership before ``quiet_until``, as it does while the alert
    is put off. ``told_at`` is when a digest named it; one that comes back within 30 days has been told already.
    """

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="health_alerts")
    rule = models.CharField(_("what"), max_length=3, choices=AlertRule)
    numbers = models.JSONField(default=dict)
    raised_on = models.DateField(_("since"))
    routed_to = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("for"))
    quiet_until = models.DateField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = MemberForeignKey(null=True, related_name="+")
    end = models.CharField(_("how it ended"), max_length=8, choices=AlertEnd, blank=True)
    end_note = models.CharField(_("what was done"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partnership", "rule"],
                condition=models.Q(ended_at__isnull=True),
                name="partnerships_healthalert_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(rule__in=AlertRule.values)
                & (models.Q(ended_at__isnull=True, end="") | models.Q(ended_at__isnull=False, end__in=AlertEnd.values)),
                name="partnerships_healthalert_codes",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "ended_at", "routed_to"], name="partnerships_alerts_of")]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.get_rule_display()}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:health_alert", args=[self.pk])


class HealthObjection(VersionedModel):
    """Somebody does not believe a score, and says why; it changes no score. The answer closes it."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="health_objections")
    snapshot = TenantForeignKey(HealthSnapshot, on_delete=models.CASCADE, null=True, related_name="+")
    score = models.FloatField(null=True)
    band = models.CharField(max_length=12, choices=Band)
    text = models.TextField(_("what is wrong with the score"))
    written_by = MemberForeignKey(related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = MemberForeignKey(null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(band__in=Band.values)
                & (
                    models.Q(answered_at__isnull=True, answer="")
                    | models.Q(answered_at__isnull=False) & ~models.Q(answer="")
                ),
                name="partnerships_healthobjection_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.text[:40]}"
