"""Reports that are sent by e-mail: when, to whom, and what came of it."""

import zoneinfo
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from reporting.choices import DeliveryOutcome, ReportCadence
from reporting.models.reports import ReportDefinition
from reporting.rules.schedules import Rhythm, next_moment
from tenants.choices import ExportFormat
from tenants.models.fields import MemberForeignKey


class ReportSchedule(VersionedModel):
    """A report that goes to members of the office in the morning of a day of each week or month, by its own clock.

    ``since`` is when the rhythm was chosen: mornings before it are not caught up.
    """

    report = TenantForeignKey(ReportDefinition, on_delete=models.CASCADE, related_name="schedules")
    cadence = models.CharField(_("how often"), max_length=8, choices=ReportCadence)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    day_of_month = models.PositiveSmallIntegerField(_("day of the month"), null=True, blank=True)
    file_format = models.CharField(_("format"), max_length=4, choices=ExportFormat, default=ExportFormat.PDF)
    is_paused = models.BooleanField(_("paused"), default=False)
    since = models.DateTimeField(default=timezone.now, editable=False)
    set_by = MemberForeignKey(related_name="+")

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadence="weekly", weekday__range=(1, 7), day_of_month=None)
                | models.Q(cadence="monthly", weekday=None, day_of_month__range=(1, 31)),
                name="reporting_schedule_rhythm",
            ),
            models.CheckConstraint(
                condition=models.Q(file_format__in=ExportFormat.values), name="reporting_schedule_format"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.get_cadence_display()}"

    def get_absolute_url(self) -> str:
        return self.report.get_absolute_url()

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.weekday, self.day_of_month)

    @property
    def next_at(self) -> datetime | None:
        """When it is sent next, by the office's clock; None while it is paused, or nobody gets it."""
        if self.is_paused or not self.recipients.all():
            return None
        return next_moment(self.rhythm, now=timezone.now(), zone=zoneinfo.ZoneInfo(self.tenant.time_zone))


class ReportRecipient(TenantModel):
    """A member to whom a schedule sends its report, as they may see it. ``report`` is the schedule's, which stays."""

    report = TenantForeignKey(ReportDefinition, on_delete=models.CASCADE, related_name="recipients")
    schedule = TenantForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="recipients")
    member = MemberForeignKey(related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "schedule", "member"], name="reporting_recipient_once")
        ]

    def __str__(self) -> str:
        return f"{self.schedule}, {self.member}"


class ReportDelivery(TenantModel):
    """What came of one morning of a schedule for one member: sent, or why not. There is one, so nothing goes twice."""

    unaudited_because = "It is itself the record of what was sent, written once and never edited."

    schedule = TenantForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="deliveries")
    member = MemberForeignKey(related_name="+")
    slot = models.DateField(_("day"))
    at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=DeliveryOutcome)
    problem = models.CharField(_("what was wrong"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "schedule", "member", "slot"], name="reporting_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=DeliveryOutcome.values), name="reporting_delivery_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}, {self.slot}"
