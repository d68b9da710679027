"""What a project delivers: people, dates of both sides, what stands in the way, what came out, and who gets what."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from organizations.models import Contact, Organization
from partnerships.choices import Side
from partnerships.choices_delivery import (
    BenefitKind,
    IssueKind,
    IssueTopic,
    MilestoneKind,
    OutputKind,
    ProjectPersonRole,
    Severity,
)
from partnerships.models.projects import Project
from partnerships.rules.projects import days_late, exposure
from tenants.models import MemberForeignKey


class ProjectPerson(VersionedModel):
    """Somebody in a project for a time: a colleague, a contact of theirs, or a name; exactly one of the three."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="people")
    member = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("colleague"))
    contact = TenantForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("contact")
    )
    name = models.CharField(_("somebody else"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=24, choices=ProjectPersonRole)
    days_per_month = models.DecimalField(
        _("effort in days per month"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("people in projects")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, contact__isnull=True, name="")
                | models.Q(member__isnull=True, contact__isnull=False, name="")
                | models.Q(member__isnull=True, contact__isnull=True) & ~models.Q(name=""),
                name="partnerships_projectperson_one",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=ProjectPersonRole.values)
                & (models.Q(days_per_month__isnull=True) | models.Q(days_per_month__range=(0, 31))),
                name="partnerships_projectperson_values",
            ),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="partnerships_projectperson_dates",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member or self.contact or self.name)

    def get_absolute_url(self) -> str:
        return self.project.get_absolute_url()


class Milestone(VersionedModel):
    """Something one side owes the other in a project by a day. Done needs proof; accepted is said by the other side.

    ``weight`` is its importance for the delivery dimension of health.
    """

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(_("kind"), max_length=12, choices=MilestoneKind, default=MilestoneKind.MILESTONE)
    side = models.CharField(_("who owes it"), max_length=6, choices=Side, default=Side.OURS)
    title = models.CharField(_("what"), max_length=300)
    due_on = models.DateField(_("due"))
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("who looks after it"))
    weight = models.DecimalField(_("importance"), max_digits=3, decimal_places=1, default=1)
    done_on = models.DateField(_("done"), null=True, editable=False)
    evidence = models.TextField(_("proof"), blank=True, editable=False)
    accepted_on = models.DateField(_("accepted"), null=True, editable=False)
    accepted_by = models.CharField(_("accepted by"), max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=MilestoneKind.values)
                & models.Q(side__in=[Side.OURS, Side.THEIRS])
                & models.Q(weight__gt=0),
                name="partnerships_milestone_values",
            ),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True, accepted_on__isnull=True)
                | models.Q(done_on__isnull=False) & ~models.Q(evidence=""),
                name="partnerships_milestone_done",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "due_on"], name="partnerships_milestone_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}?tab=delivery"

    @property
    def days_late(self) -> int:
        """Whole days after it was due: to the day it was done, or to today while it is open."""
        return days_late(self.due_on, self.done_on, timezone.localdate())


class ProjectIssue(VersionedModel):
    """A risk, or an issue that has come true. An open critical issue caps the health of the project's partners."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="issues")
    kind = models.CharField(_("kind"), max_length=5, choices=IssueKind, default=IssueKind.ISSUE)
    topic = models.CharField(_("about"), max_length=10, choices=IssueTopic, default=IssueTopic.OTHER)
    title = models.CharField(_("what"), max_length=200)
    description = models.TextField(_("in words"), blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.MEDIUM)
    likelihood = models.PositiveSmallIntegerField(_("likelihood, 1 to 5"), null=True, blank=True)
    response = models.TextField(_("what is done about it"), blank=True)
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("who looks after it"))
    raised_on = models.DateField(_("since"), default=timezone.localdate)
    due_on = models.DateField(_("to be settled by"), null=True, blank=True)
    closed_on = models.DateField(_("settled"), null=True, editable=False)
    resolution = models.CharField(_("how it was settled"), max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=IssueKind.values)
                & models.Q(topic__in=IssueTopic.values)
                & models.Q(severity__in=Severity.values)
                & (models.Q(likelihood__isnull=True) | models.Q(likelihood__range=(1, 5))),
                name="partnerships_projectissue_values",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, resolution="")
                | models.Q(closed_on__isnull=False) & ~models.Q(resolution=""),
                name="partnerships_projectissue_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}?tab=issues"

    @property
    def exposure(self) -> int | None:
        """Severity times likelihood, 1 to 20; None while nobody has said how likely it is."""
        return exposure(self.severity, self.likelihood)


class ProjectOutput(VersionedModel):
    """Something that came out of a project. A publication is known by its DOI, in small letters, without an address."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="outputs")
    kind = models.CharField(_("kind"), max_length=12, choices=OutputKind)
    title = models.CharField(_("title"), max_length=500)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    url = models.URLField(_("address"), max_length=300, blank=True)
    produced_on = models.DateField(_("when"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OutputKind.values), name="partnerships_projectoutput_kind"
            ),
            models.UniqueConstraint(
                fields=["tenant", "project", "doi"],
                condition=~models.Q(doi=""),
                name="partnerships_projectoutput_doi_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}?tab=outputs"


class ProjectBenefit(VersionedModel):
    """What one side is to get out of a project, as agreed. ``organization`` names whom of several partners."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="benefits")
    side = models.CharField(_("who gets it"), max_length=6, choices=Side)
    organization = TenantForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=BenefitKind)
    description = models.CharField(_("what"), max_length=300)
    share = models.DecimalField(_("share, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values)
                & models.Q(kind__in=BenefitKind.values)
                & (models.Q(share__isnull=True) | models.Q(share__range=(0, 100))),
                name="partnerships_projectbenefit_values",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        return f"{self.project.get_absolute_url()}?tab=aims"
