"""What an organization is like to work with: practices and constraints, tags, sectors, risks."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from core.versions import VersionedModel
from organizations.choices import IpStance, PublicationStance, RiskKind, SectorScheme
from organizations.models.organizations import Organization
from tenants.models import MemberForeignKey


class WorkingPractices(VersionedModel):
    """How an organization decides, buys and protects: what to know before promising anything. One per organization."""

    organization = TenantOneToOneField(Organization, on_delete=models.CASCADE, related_name="practices")
    procurement = models.TextField(_("how they buy"), blank=True)
    approval_chain = models.TextField(_("who has to approve"), blank=True)
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("their fiscal year starts in month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    payment_days = models.PositiveSmallIntegerField(_("days until they pay"), null=True, blank=True)
    ip_stance = models.CharField(_("stance on IP"), max_length=24, choices=IpStance, default=IpStance.UNKNOWN)
    publication_stance = models.CharField(
        _("stance on publication"), max_length=16, choices=PublicationStance, default=PublicationStance.UNKNOWN
    )
    publication_delay_days = models.PositiveSmallIntegerField(
        _("usual publication delay in days"), null=True, blank=True
    )
    constraints = models.TextField(_("other constraints"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ip_stance__in=IpStance.values)
                & models.Q(publication_stance__in=PublicationStance.values),
                name="organizations_practices_stances",
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__isnull=True) | models.Q(fiscal_year_start__range=(1, 12)),
                name="organizations_practices_month",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class OrganizationSector(TenantModel):
    """A further sector beside the main one, which stands on the organization."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="sectors")
    scheme = models.CharField(_("sector scheme"), max_length=10, choices=SectorScheme)
    code = models.CharField(_("sector code"), max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "organization", "scheme", "code"], name="organizations_sector_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.code}"


class Tag(VersionedModel):
    """A word of this office's own to group organizations by."""

    name = models.CharField(_("name"), max_length=40)
    name_key = models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name_key"], name="organizations_tag_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:tags")


class OrganizationTag(TenantModel):
    """A tag on an organization."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="tagged")
    tag = TenantForeignKey(Tag, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "organization", "tag"], name="organizations_tagged_once")
        ]

    def __str__(self) -> str:
        return str(self.tag)


class RiskFlag(VersionedModel):
    """A risk somebody saw in an organization, until somebody clears it with a reason."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="risk_flags")
    kind = models.CharField(_("kind"), max_length=24, choices=RiskKind)
    note = models.TextField(_("what was seen"))
    raised_on = models.DateField(_("raised on"), default=timezone.localdate)
    raised_by = MemberForeignKey(null=True, related_name="+", editable=False)
    cleared_on = models.DateField(_("cleared on"), null=True, editable=False)
    cleared_by = MemberForeignKey(null=True, related_name="+", editable=False)
    clearing_note = models.TextField(_("why it is cleared"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=RiskKind.values), name="organizations_riskflag_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.organization}"
