"""What has to be looked at before signing: restricted parties and conflicts of interest."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import ScreeningResult
from agreements.models.agreements import Agreement
from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from organizations.models import Organization
from tenants.models import MemberForeignKey


class Screening(VersionedModel):
    """One comparison of an organization with lists of restricted parties. A hit is decided true or false, with why."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="screenings")
    screened_on = models.DateField(_("screened on"), default=timezone.localdate)
    lists = models.CharField(_("lists and versions"), max_length=300)
    result = models.CharField(_("result"), max_length=9, choices=ScreeningResult, default=ScreeningResult.CLEAR)
    note = models.TextField(_("what was found, and why it was decided so"), blank=True)
    valid_until = models.DateField(_("to be repeated by"), null=True, blank=True)
    screened_by = MemberForeignKey(null=True, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result__in=ScreeningResult.values), name="agreements_screening_result"
            ),
            models.CheckConstraint(
                condition=models.Q(result="clear") | ~models.Q(note=""), name="agreements_screening_reasoned"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.screened_on}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:screening", args=[self.pk])


class ConflictPlan(VersionedModel):
    """Somebody's interest in a counterparty, and the plan that manages it; approved by another person."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="conflict_plans")
    member = MemberForeignKey(related_name="+", verbose_name=_("who has the interest"))
    interest = models.TextField(_("interest"))
    plan = models.TextField(_("how it is managed"), blank=True)
    approved_by = MemberForeignKey(null=True, related_name="+", editable=False)
    approved_on = models.DateField(_("approved"), null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "member"], name="agreements_conflictplan_once"),
            models.CheckConstraint(
                condition=models.Q(approved_on__isnull=True)
                | (
                    models.Q(approved_by__isnull=False) & ~models.Q(plan="") & ~models.Q(approved_by=models.F("member"))
                ),
                name="agreements_conflictplan_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.agreement}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:conflict_plan", args=[self.pk])
