"""Possible engagements on their way to an agreement, and the pipeline they move along."""

from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Capability, Need
from partnerships.choices import Channel, LeadSource, LossReason, StageMeaning
from partnerships.models.partnerships import Partnership
from partnerships.rules.opportunities import days_since, is_aged, is_overdue, weighted_value
from tenants.models import MemberForeignKey, Unit


class OpportunityStage(VersionedModel):
    """One column of this office's pipeline. ``meaning`` is what figures count by, ``name`` what people call it.

    A stage that opportunities passed through is archived, never deleted. ``expected_days``: how long an opportunity
    may stand here before it counts as aged; None for no limit. ``probability``: percent, for weighted values.
    """

    name = models.CharField(_("name"), max_length=60)
    meaning = models.CharField(_("meaning"), max_length=8, choices=StageMeaning, default=StageMeaning.OPEN)
    position = models.PositiveSmallIntegerField(_("position"))
    expected_days = models.PositiveSmallIntegerField(_("expected days"), null=True, blank=True)
    probability = models.PositiveSmallIntegerField(
        _("probability in %"), default=0, validators=[MaxValueValidator(100)]
    )
    exit_criteria = models.TextField(_("what has to be true to leave it"), blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(meaning__in=StageMeaning.values), name="partnerships_opportunitystage_meaning"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100), name="partnerships_opportunitystage_percent"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "position"], name="partnerships_stage_position")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """Whether what comes here is over: won or lost."""
        return self.meaning in (StageMeaning.WON, StageMeaning.LOST)


class Opportunity(VersionedModel):
    """A possible engagement with one partner, before there is an agreement.

    ``probability`` overrides the stage's, in percent. ``stage_since`` is when it came to its present stage;
    ``closed_at`` when it was won or lost, None while it is open or on hold. Empty amounts are not known, not nothing.
    """

    partnership = TenantForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("partner")
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    channel = models.CharField(_("channel"), max_length=3, choices=Channel, default=Channel.RESEARCH)
    lead_source = models.CharField(_("push or pull"), max_length=4, choices=LeadSource, default=LeadSource.PULL)
    stage = TenantForeignKey(
        OpportunityStage, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("stage")
    )
    stage_since = models.DateTimeField(default=timezone.now, editable=False)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    probability = models.PositiveSmallIntegerField(
        _("probability in %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    expected_close_on = models.DateField(_("expected decision"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step due"), null=True, blank=True)
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("owner"))
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("unit")
    )
    need = TenantForeignKey(
        Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities", verbose_name=_("need")
    )
    capability = TenantForeignKey(
        Capability,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("capability"),
    )
    loss_reason = models.CharField(_("why it was lost"), max_length=12, choices=LossReason, blank=True)
    loss_note = models.TextField(_("what we learned"), blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = _("opportunities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0), name="partnerships_opportunity_value"
            ),
            models.CheckConstraint(
                condition=models.Q(probability__isnull=True) | models.Q(probability__lte=100),
                name="partnerships_opportunity_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(lead_source__in=LeadSource.values), name="partnerships_opportunity_source"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:opportunity", args=[self.pk])

    @property
    def chance(self) -> int:
        """The probability that counts, in percent: its own, else that of its stage."""
        return self.stage.probability if self.probability is None else self.probability

    @property
    def weighted(self) -> Decimal | None:
        """The value times the chance; None where the value is not known."""
        return weighted_value(self.value, self.chance)

    @property
    def days_in_stage(self) -> int:
        return days_since(self.stage_since, timezone.now())

    @property
    def is_aged(self) -> bool:
        """Whether it has stood longer in an open stage than the office expects there."""
        return is_aged(self.stage.meaning, self.days_in_stage, self.stage.expected_days)

    @property
    def days_over(self) -> int:
        """By how many days it stands longer in its stage than expected; 0 while it does not."""
        return self.days_in_stage - self.stage.expected_days if self.is_aged else 0

    @property
    def is_overdue(self) -> bool:
        """Whether its next step should have been done before today."""
        return is_overdue(self.stage.meaning, self.next_step_on, timezone.localdate())


class OpportunityMove(TenantModel):
    """One move along the pipeline: from where (None: it began), to where, who, when, and how long it stood before."""

    append_only_because = "It is the history of the pipeline; a wrong move is corrected by another one."

    opportunity = TenantForeignKey(Opportunity, on_delete=models.PROTECT, related_name="moves")
    from_stage = TenantForeignKey(OpportunityStage, on_delete=models.PROTECT, null=True, related_name="+")
    to_stage = TenantForeignKey(OpportunityStage, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)
    moved_by = MemberForeignKey(null=True, related_name="+")
    seconds_before = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "opportunity", "moved_at"], name="partnerships_moves_of"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.to_stage}"

    @property
    def days_before(self) -> int | None:
        """Whole days in the stage before; None where it began."""
        return None if self.seconds_before is None else self.seconds_before // 86_400
