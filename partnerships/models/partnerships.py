"""The relationship with one organization."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from organizations.models import Organization
from partnerships.choices import PartnershipStatus, Stage, Tier
from tenants.models import MemberForeignKey, Unit


class Partnership(VersionedModel):
    """One office's relationship with one organization; at most one per organization.

    ``stage_declared`` is what a person says, ``stage_suggested`` what the rule of ``rules.pipeline`` makes of the
    records (empty when not even the first stage holds). Neither overwrites the other. ``tier_suggested`` stands to
    ``tier`` in the same way (``rules.tiers``). ``stage_declined`` and ``tier_declined`` hold the suggestion that
    somebody decided against, so that it is not made again until the records suggest another. ``owner`` is the present
    one; the team keeps who it was before, and agrees with it.
    ``money_expected`` and ``talent_expected`` say which dimensions of health apply. ``next_review_on`` follows from
    the last review and the cadence of the tier.
    """

    organization = TenantForeignKey(
        Organization, on_delete=models.PROTECT, related_name="partnerships", verbose_name=_("organization")
    )
    stage_declared = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.AWARENESS)
    stage_suggested = models.CharField(_("suggested stage"), max_length=12, choices=Stage, blank=True, editable=False)
    stage_declined = models.CharField(max_length=12, choices=Stage, blank=True, editable=False)
    tier = models.CharField(_("tier"), max_length=15, choices=Tier, default=Tier.PROSPECT)
    tier_suggested = models.CharField(_("suggested tier"), max_length=15, choices=Tier, blank=True, editable=False)
    tier_declined = models.CharField(max_length=15, choices=Tier, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=PartnershipStatus, default=PartnershipStatus.ACTIVE)
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("owner"))
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships", verbose_name=_("lead unit")
    )
    money_expected = models.BooleanField(_("money is expected"), default=True)
    talent_expected = models.BooleanField(_("movement of people is expected"), default=True)
    next_review_on = models.DateField(_("next review"), null=True, blank=True, editable=False)
    summary = models.TextField(_("summary"), blank=True)
    started_on = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "organization"], name="partnerships_partnership_once"),
            models.CheckConstraint(
                condition=models.Q(stage_declared__in=Stage.values), name="partnerships_partnership_stage"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "owner"], name="partnerships_of_owner")]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def open_stage_suggestion(self) -> str:
        """The stage that the records suggest, while it differs from the declared one and nobody decided against it."""
        return "" if self.stage_suggested in (self.stage_declared, self.stage_declined) else self.stage_suggested

    @property
    def open_tier_suggestion(self) -> str:
        """The tier that the rule suggests, while it differs from the given one and nobody decided against it."""
        return "" if self.tier_suggested in (self.tier, self.tier_declined) else self.tier_suggested

    def get_absolute_url(self) -> str:
        return reverse("partnerships:partner", args=[self.pk])
