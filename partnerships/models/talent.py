"""Programs, students, positions and candidates, and the fair matching of the last two."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.choices import PrivacyBasis
from organizations.models import Contact
from partnerships.choices_talent import ApproverRole, CandidateStatus, MatchSide, PositionStatus, ProgramKind, WorkPlace
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project
from tenants.models import MemberForeignKey, Unit


class TalentProgram(VersionedModel):
    """A way in which students and partners meet. ``approvers`` are the roles that approve a placement, in order.

    ``approval_days`` is how long each of them has.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ProgramKind)
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="programs", verbose_name=_("unit")
    )
    coordinator = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("coordinator"))
    approvers = models.JSONField(_("who approves, in order"), default=list, blank=True)
    approval_days = models.PositiveSmallIntegerField(_("days to approve"), default=7, validators=[MinValueValidator(1)])
    closed_on = models.DateField(_("no longer offered since"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="partnerships_talentprogram_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=ProgramKind.values) & models.Q(approval_days__range=(1, 90)),
                name="partnerships_talentprogram_values",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:talent_program", args=[self.pk])

    @property
    def approver_labels(self) -> list[str]:
        """Who approves, in order, in words."""
        return [str(ApproverRole(role).label) for role in self.approvers]


class Student(VersionedModel):
    """Somebody who may be placed with a partner. Only permitted roles see who it is; all others see counts."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    number = models.CharField(_("student number"), max_length=40, blank=True)
    field_of_study = models.CharField(_("field of study"), max_length=200, blank=True)
    degree = models.CharField(_("degree"), max_length=60, blank=True)
    graduates_on = models.DateField(_("graduates"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=20, choices=PrivacyBasis, default=PrivacyBasis.UNKNOWN)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number"], condition=~models.Q(number=""), name="partnerships_student_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(basis__in=PrivacyBasis.values), name="partnerships_student_basis"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="partnerships_student_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:student", args=[self.pk])


class Position(VersionedModel):
    """What a partner offers in a program for a term: ``openings`` places, filled by candidates."""

    program = TenantForeignKey(TalentProgram, on_delete=models.PROTECT, related_name="positions")
    partnership = TenantForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="positions", verbose_name=_("partner")
    )
    project = TenantForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="positions", verbose_name=_("project")
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it is about"), blank=True)
    learning_goals = models.TextField(_("what is to be learned"), blank=True)
    status = models.CharField(_("status"), max_length=7, choices=PositionStatus, default=PositionStatus.DRAFT)
    term = models.CharField(_("term"), max_length=40, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    apply_by = models.DateField(_("apply by"), null=True, blank=True)
    openings = models.PositiveSmallIntegerField(_("places"), default=1, validators=[MinValueValidator(1)])
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    credit = models.DecimalField(_("credit points"), max_digits=5, decimal_places=1, null=True, blank=True)
    is_paid = models.BooleanField(_("paid"), null=True, blank=True)
    pay = models.DecimalField(_("pay an hour"), max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    place = models.CharField(_("where"), max_length=7, choices=WorkPlace, default=WorkPlace.ON_SITE)
    location = models.CharField(_("town"), max_length=120, blank=True)
    supervisor = TenantForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="positions",
        verbose_name=_("supervisor"),
    )
    academic_lead = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("academic lead"))
    needs_nda = models.BooleanField(_("needs an NDA"), default=False)
    assigns_ip = models.BooleanField(_("the student assigns IP"), default=False)
    needs_work_permit = models.BooleanField(_("a work permit is needed"), default=False)
    external_id = models.CharField(_("id in the source"), max_length=80, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_position_source_id"),
            models.CheckConstraint(
                condition=models.Q(status__in=PositionStatus.values)
                & models.Q(place__in=WorkPlace.values)
                & models.Q(openings__gte=1)
                & (models.Q(pay__isnull=True) | models.Q(pay__gte=0)),
                name="partnerships_position_values",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="partnerships_position_dates",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "status", "starts_on"], name="partnerships_position_open")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:position", args=[self.pk])


class MatchRun(TenantModel):
    """One matching of a program's candidates to its positions of a term, as it was made; it is proposed, not binding.

    ``result`` holds per candidacy what ``rules.talent`` answered, so that each can be explained later.
    """

    unchanging_because = "It was told to candidates; the next run replaces it."

    program = TenantForeignKey(TalentProgram, on_delete=models.CASCADE, related_name="matchings")
    term = models.CharField(_("term"), max_length=40, blank=True)
    proposes = models.CharField(_("best for"), max_length=10, choices=MatchSide, default=MatchSide.CANDIDATES)
    candidates = models.PositiveIntegerField()
    matched = models.PositiveIntegerField()
    result = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = MemberForeignKey(null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.program}, {self.term}"


class Candidacy(VersionedModel):
    """One student for one position. Ranks begin at 1; empty means not ranked, and who is not ranked is not matched.

    ``partner_rank`` orders the candidates of a position, ``student_rank`` the positions of a student.
    """

    position = TenantForeignKey(Position, on_delete=models.CASCADE, related_name="candidacies")
    student = TenantForeignKey(Student, on_delete=models.CASCADE, related_name="candidacies")
    status = models.CharField(_("status"), max_length=11, choices=CandidateStatus, default=CandidateStatus.APPLIED)
    partner_rank = models.PositiveSmallIntegerField(_("partner's rank"), null=True, blank=True)
    student_rank = models.PositiveSmallIntegerField(_("student's rank"), null=True, blank=True)
    matching = TenantForeignKey(MatchRun, on_delete=models.SET_NULL, null=True, editable=False, related_name="matches")
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name_plural = _("candidacies")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "position", "student"], name="partnerships_candidacy_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=CandidateStatus.values)
                & (models.Q(partner_rank__isnull=True) | models.Q(partner_rank__gte=1))
                & (models.Q(student_rank__isnull=True) | models.Q(student_rank__gte=1)),
                name="partnerships_candidacy_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.position}"

    def get_absolute_url(self) -> str:
        return self.position.get_absolute_url()
