"""Students at partners: the placement, its approvals and evaluations by e-mail link, and whatever else moves people."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from organizations.models import Contact
from partnerships.choices_talent import (
    ApproverRole,
    Decision,
    EvaluatorSide,
    PlacementStatus,
    ReturnOffer,
    TalentEventKind,
)
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project
from partnerships.models.talent import Position, Student, TalentProgram
from tenants.models import MemberForeignKey


class Placement(VersionedModel):
    """One student at one partner for a time. ``resumes_at`` is where it stood before it needed a review."""

    student = TenantForeignKey(Student, on_delete=models.PROTECT, related_name="placements")
    partnership = TenantForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="placements", verbose_name=_("partner")
    )
    program = TenantForeignKey(TalentProgram, on_delete=models.PROTECT, related_name="placements")
    position = TenantForeignKey(
        Position,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("position"),
    )
    project = TenantForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="placements", verbose_name=_("project")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=PlacementStatus, default=PlacementStatus.REQUESTED, editable=False
    )
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    credit = models.DecimalField(_("credit points"), max_digits=5, decimal_places=1, null=True, blank=True)
    is_paid = models.BooleanField(_("paid"), null=True, blank=True)
    pay = models.DecimalField(_("pay an hour"), max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    supervisor = TenantForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("supervisor"),
    )
    academic_lead = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("academic lead"))
    learning_goals = models.TextField(_("what is to be learned"), blank=True)
    review_reason = models.CharField(_("why it needs a review"), max_length=300, blank=True, editable=False)
    resumes_at = models.CharField(max_length=12, choices=PlacementStatus, blank=True, editable=False)
    checked_on = models.DateField(_("mid-term check"), null=True, editable=False)
    check_note = models.TextField(_("what the check found"), blank=True, editable=False)
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended early"), max_length=300, blank=True, editable=False)
    return_offer = models.CharField(
        _("offer to return"), max_length=12, choices=ReturnOffer, default=ReturnOffer.NOT_ASKED
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PlacementStatus.values)
                & models.Q(return_offer__in=ReturnOffer.values)
                & models.Q(resumes_at__in=["", *PlacementStatus.values])
                & (models.Q(pay__isnull=True) | models.Q(pay__gte=0)),
                name="partnerships_placement_values",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="partnerships_placement_dates"
            ),
            models.CheckConstraint(
                condition=models.Q(status=PlacementStatus.NEEDS_REVIEW, resumes_at__gt="") & ~models.Q(review_reason="")
                | ~models.Q(status=PlacementStatus.NEEDS_REVIEW) & models.Q(resumes_at="", review_reason=""),
                name="partnerships_placement_review",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "status", "ends_on"], name="partnerships_placement_open")]

    def __str__(self) -> str:
        return f"{self.student}, {self.partnership}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:placement", args=[self.pk])


class PlacementApproval(VersionedModel):
    """One approval of a placement, in its turn. Its link works once and until ``due_on``; it is kept as a digest."""

    placement = TenantForeignKey(Placement, on_delete=models.CASCADE, related_name="approvals")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(_("role"), max_length=16, choices=ApproverRole)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(_("until"), null=True, editable=False)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.WAITING, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    note = models.CharField(_("in words"), max_length=500, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "placement", "order"], name="partnerships_approval_order"),
            models.UniqueConstraint(
                fields=["tenant", "digest"], condition=~models.Q(digest=""), name="partnerships_approval_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=ApproverRole.values)
                & (
                    models.Q(decision=Decision.WAITING, decided_at__isnull=True)
                    | models.Q(decision__in=[Decision.APPROVED, Decision.REFUSED], decided_at__isnull=False)
                ),
                name="partnerships_approval_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.name}"

    def get_absolute_url(self) -> str:
        return self.placement.get_absolute_url()


class PlacementEvaluation(VersionedModel):
    """How one side found a placement. Each side answers alone, by link or through the office, and only once.

    ``undelivered_at`` is when the mail with the link was given up; None while it is wanted, or was sent.
    """

    placement = TenantForeignKey(Placement, on_delete=models.CASCADE, related_name="evaluations")
    side = models.CharField(_("who"), max_length=10, choices=EvaluatorSide)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    undelivered_at = models.DateTimeField(null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("overall, 1 to 5"), null=True, blank=True)
    meaningful_work = models.PositiveSmallIntegerField(_("meaningful work, 1 to 5"), null=True, blank=True)
    development = models.PositiveSmallIntegerField(_("development, 1 to 5"), null=True, blank=True)
    comment = models.TextField(_("in words"), blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "placement", "side"], name="partnerships_placementevaluation_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "digest"],
                condition=~models.Q(digest=""),
                name="partnerships_placementevaluation_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=EvaluatorSide.values)
                & (models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)))
                & (models.Q(meaningful_work__isnull=True) | models.Q(meaningful_work__range=(1, 5)))
                & (models.Q(development__isnull=True) | models.Q(development__range=(1, 5)))
                & (models.Q(answered_at__isnull=True) | models.Q(rating__isnull=False)),
                name="partnerships_placementevaluation_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement}, {self.get_side_display()}"

    def get_absolute_url(self) -> str:
        return self.placement.get_absolute_url()


class TalentEvent(VersionedModel):
    """People who moved, or met, on a day, as counts. A placement that has begun counts by itself and needs none.

    ``placement`` names the one that led to it: a hire after an internship.
    """

    partnership = TenantForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="talent_events", verbose_name=_("partner")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=TalentEventKind)
    program = TenantForeignKey(
        TalentProgram,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("program"),
    )
    placement = TenantForeignKey(
        Placement, on_delete=models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("placement")
    )
    occurred_on = models.DateField(_("when"), default=timezone.localdate)
    people = models.PositiveIntegerField(_("people"), default=1)
    title = models.CharField(_("what"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    external_id = models.CharField(_("id in the source"), max_length=80, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_talentevent_source_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=TalentEventKind.values) & models.Q(people__gte=1),
                name="partnerships_talentevent_values",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partnership", "occurred_on"], name="partnerships_talent_of")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("partnerships:talent_event", args=[self.pk])
