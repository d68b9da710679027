"""What the two sides do together."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Organization
from partnerships.choices import Channel, ProjectRole, ProjectSize, ProjectStatus
from partnerships.choices_delivery import Light, ProjectForm, ResearchDomain
from tenants.models import MemberForeignKey, Unit

READINESS = [MinValueValidator(1), MaxValueValidator(9)]


class Project(VersionedModel):
    """A project or activity in one channel. Amounts are awards, in ``currency``; empty means not known, not nothing.

    ``trl_*`` are levels of technology readiness, 1 to 9. ``annual_fee`` and ``membership_tier`` are a consortium's.
    """

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
    form = models.CharField(_("form"), max_length=16, choices=ProjectForm, blank=True)
    domain = models.CharField(_("domain"), max_length=14, choices=ResearchDomain, blank=True)
    summary = models.TextField(_("what it is about"), blank=True)
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("unit")
    )
    lead = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("principal investigator"))
    trl_start = models.PositiveSmallIntegerField(_("TRL at the start"), null=True, blank=True, validators=READINESS)
    trl_now = models.PositiveSmallIntegerField(_("TRL now"), null=True, blank=True, validators=READINESS)
    trl_target = models.PositiveSmallIntegerField(_("TRL to reach"), null=True, blank=True, validators=READINESS)
    trl_evidence = models.CharField(_("what shows it"), max_length=300, blank=True)
    light = models.CharField(_("how it goes"), max_length=5, choices=Light, blank=True)
    light_reason = models.CharField(_("why"), max_length=300, blank=True)
    membership_tier = models.CharField(_("tier of membership"), max_length=60, blank=True)
    annual_fee = models.DecimalField(_("fee a year"), max_digits=14, decimal_places=2, null=True, blank=True)
    external_id = models.CharField(_("id in the source"), max_length=50, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_project_source_id"),
            models.CheckConstraint(
                condition=(models.Q(trl_start__isnull=True) | models.Q(trl_start__range=(1, 9)))
                & (models.Q(trl_now__isnull=True) | models.Q(trl_now__range=(1, 9)))
                & (models.Q(trl_target__isnull=True) | models.Q(trl_target__range=(1, 9))),
                name="partnerships_project_readiness",
            ),
            models.CheckConstraint(
                condition=models.Q(form__in=["", *ProjectForm.values])
                & models.Q(domain__in=["", *ResearchDomain.values])
                & models.Q(light__in=["", *Light.values]),
                name="partnerships_project_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="partnerships_project_dates",
            ),
            models.CheckConstraint(
                condition=(models.Q(total_cost__isnull=True) | models.Q(total_cost__gte=0))
                & (models.Q(award__isnull=True) | models.Q(award__gte=0))
                & (models.Q(annual_fee__isnull=True) | models.Q(annual_fee__gte=0)),
                name="partnerships_project_amounts",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-started_on"], name="partnerships_project_start")]

    def __str__(self) -> str:
        return self.acronym or self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:project", args=[self.pk])

    @property
    def partner_names(self) -> list[str]:
        """Who takes part besides the institution itself; the participants should be loaded."""
        return [each.organization.name for each in self.participants.all() if not each.organization.is_own]


class ProjectParticipant(TenantModel):
    """An organization in a project; the institution itself takes part as the organization marked as its own."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="participants")
    organization = TenantForeignKey(Organization, on_delete=models.PROTECT, related_name="project_participations")
    role = models.CharField(_("role"), max_length=12, choices=ProjectRole, default=ProjectRole.PARTICIPANT)
    award = models.DecimalField(_("award"), max_digits=14, decimal_places=2, null=True, blank=True)
    share = models.DecimalField(_("share of the cost, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__isnull=True) | models.Q(share__range=(0, 100)),
                name="partnerships_projectparticipant_share",
            ),
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
