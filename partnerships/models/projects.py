"""What the two sides do together."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Organization
from partnerships.choices import Channel, ProjectRole, ProjectSize, ProjectStatus


class Project(VersionedModel):
    """A project or activity in one channel. Amounts are awards, in ``currency``; empty means not known, not nothing."""

    title = models.CharField(_("title"), max_length=500)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    channel = models.CharField(_("channel"), max_length=3, choices=Channel, default=Channel.RESEARCH)
    status = models.CharField(_("status"), max_length=12, choices=ProjectStatus, default=ProjectStatus.ACTIVE)
    size = models.CharField(_("size"), max_length=8, choices=ProjectSize, default=ProjectSize.STANDARD)
    started_on = models.DateField(_("start"), null=True, blank=True)
    ended_on = models.DateField(_("end"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    total_cost = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    award = models.DecimalField(_("award"), max_digits=14, decimal_places=2, null=True, blank=True)
    programme = models.CharField(_("program"), max_length=300, blank=True)
    we_coordinate = models.BooleanField(_("we coordinate"), default=False)
    website = models.URLField(_("website"), max_length=300, blank=True)
    external_id = models.CharField(_("id in the source"), max_length=50, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_project_source_id"),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="partnerships_project_dates",
            ),
            models.CheckConstraint(
                condition=(models.Q(total_cost__isnull=True) | models.Q(total_cost__gte=0))
                & (models.Q(award__isnull=True) | models.Q(award__gte=0)),
                name="partnerships_project_amounts",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-started_on"], name="partnerships_project_start")]

    def __str__(self) -> str:
        return self.acronym or self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:project", args=[self.pk])


class ProjectParticipant(TenantModel):
    """An organization in a project; the institution itself takes part as the organization marked as its own."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="participants")
    organization = TenantForeignKey(Organization, on_delete=models.PROTECT, related_name="project_participations")
    role = models.CharField(_("role"), max_length=12, choices=ProjectRole, default=ProjectRole.PARTICIPANT)
    award = models.DecimalField(_("award"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "project", "organization"], name="partnerships_projectparticipant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(award__isnull=True) | models.Q(award__gte=0),
                name="partnerships_projectparticipant_amount",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)
