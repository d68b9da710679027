"""What the two sides want from each other, what they got, and what they learned."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from organizations.choices import Horizon
from organizations.models import Contact
from partnerships.choices import (
    LedgerDirection,
    LedgerKind,
    ObjectiveStatus,
    PartnerEventKind,
    RaterSide,
    RatingScale,
    Side,
)
from partnerships.models.interactions import Interaction
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project
from tenants.models import MemberForeignKey


class Objective(VersionedModel):
    """What one side, or both, wants from the partnership, or from one project of it, and how one will know."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="objectives")
    project = TenantForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="objectives", verbose_name=_("project")
    )
    side = models.CharField(_("whose objective"), max_length=6, choices=Side)
    title = models.CharField(_("objective"), max_length=200)
    metric = models.CharField(_("measured by"), max_length=120, blank=True)
    target = models.CharField(_("target"), max_length=120, blank=True)
    result = models.CharField(_("so far"), max_length=120, blank=True)
    horizon = models.CharField(_("horizon"), max_length=2, choices=Horizon, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=ObjectiveStatus, default=ObjectiveStatus.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values) & models.Q(status__in=ObjectiveStatus.values),
                name="partnerships_objective_codes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}?tab=governance"


class LedgerEntry(VersionedModel):
    """Something of value that one side gave the other outside contracts. Without a value it still counts as a gift."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="ledger")
    direction = models.CharField(_("direction"), max_length=4, choices=LedgerDirection)
    kind = models.CharField(_("kind"), max_length=12, choices=LedgerKind, default=LedgerKind.OTHER)
    description = models.CharField(_("what"), max_length=300)
    occurred_on = models.DateField(_("when"), default=timezone.localdate)
    value = models.DecimalField(_("estimated value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    valuation_basis = models.CharField(_("how it was valued"), max_length=200, blank=True)

    class Meta:
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(direction__in=LedgerDirection.values) & models.Q(kind__in=LedgerKind.values),
                name="partnerships_ledgerentry_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0), name="partnerships_ledgerentry_value"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partnership", "occurred_on"], name="partnerships_ledger_of")]

    def __str__(self) -> str:
        return self.description

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}?tab=value"


class Review(VersionedModel):
    """A look back at a partnership: what worked, what did not, what changes; the next one is due by the tier."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="reviews")
    held_on = models.DateField(_("held on"), default=timezone.localdate)
    worked = models.TextField(_("what worked"), blank=True)
    did_not_work = models.TextField(_("what did not"), blank=True)
    changes = models.TextField(_("what changes"), blank=True)
    with_partner = models.BooleanField(_("held together with the partner"), default=False)
    held_by = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("led by"))

    def __str__(self) -> str:
        return f"{self.partnership}, {self.held_on}"

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}?tab=governance"


class PartnerEvent(VersionedModel):
    """A change at the partner that may change the partnership: a merger, a new strategy, a new head."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=16, choices=PartnerEventKind)
    occurred_on = models.DateField(_("when"), default=timezone.localdate)
    description = models.TextField(_("what changed, and what it means for us"))
    source_url = models.URLField(_("source"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=PartnerEventKind.values), name="partnerships_partnerevent_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.partnership}"

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}?tab=governance"


class Evaluation(VersionedModel):
    """A rating of the partnership, or of one project, by somebody of either side or a third party.

    ``score`` on ``scale``: 1 to 5, or 0 to 10. ``rater`` names a third party, or adds to contact and member.
    """

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="evaluations")
    project = TenantForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="evaluations", verbose_name=_("project")
    )
    rater_side = models.CharField(_("who rates"), max_length=12, choices=RaterSide)
    contact = TenantForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="evaluations", verbose_name=_("contact")
    )
    member = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("colleague"))
    rater = models.CharField(_("name or organization"), max_length=200, blank=True)
    scale = models.CharField(_("scale"), max_length=2, choices=RatingScale, default=RatingScale.FIVE)
    score = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(0)])
    comment = models.TextField(_("in words"), blank=True)
    rated_on = models.DateField(_("rated on"), default=timezone.localdate)
    interaction = TenantForeignKey(Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scale="5", score__range=(1, 5)) | models.Q(scale="10", score__range=(0, 10)),
                name="partnerships_evaluation_score",
            ),
            models.CheckConstraint(
                condition=models.Q(rater_side__in=RaterSide.values), name="partnerships_evaluation_side"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partnership", "rated_on"], name="partnerships_ratings_of")]

    def __str__(self) -> str:
        return f"{self.score}/{self.scale}, {self.partnership}"

    def get_absolute_url(self) -> str:
        return f"{self.partnership.get_absolute_url()}?tab=value"
