"""The paper between the institution and others: what stands, where it is, and every move it made."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    AgreementKind,
    Court,
    LegalStatus,
    Level,
    MoneyDirection,
    MoneyKind,
    PartyRole,
    RenewalProgress,
    WorkflowState,
)
from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Organization
from partnerships.models import Partnership, Project
from tenants.models import MemberForeignKey, Unit


class Agreement(VersionedModel):
    """One agreement, from the request to its end. An executed one is never edited, only amended or ended.

    ``status`` is what it is in law, ``workflow`` where the work on it stands; both move only by actions, and each
    move is an AgreementEvent. Expiry is not stored: it follows from ``expires_on``. ``parent`` is the master it was
    made under, ``amends`` the agreement it changes, ``renews`` the one it succeeds. ``complete_on`` is when the
    request was complete: the clock starts there. ``clarity`` (percent) and ``blocking`` are the outcome of the
    clause rules as last computed, None before the first time.
    """

    reference = models.CharField(_("our reference"), max_length=40)
    their_reference = models.CharField(_("their reference"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind, default=AgreementKind.RESEARCH)
    status = models.CharField(
        _("status"), max_length=12, choices=LegalStatus, default=LegalStatus.DRAFT, editable=False
    )
    workflow = models.CharField(
        _("where it stands"), max_length=12, choices=WorkflowState, default=WorkflowState.INTAKE, editable=False
    )
    court = models.CharField(
        _("in whose court"), max_length=12, choices=Court, default=Court.INVESTIGATOR, editable=False
    )
    redline_round = models.PositiveSmallIntegerField(default=0, editable=False)
    hold_reason = models.CharField(_("why it is on hold"), max_length=200, blank=True, editable=False)
    parent = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("made under")
    )
    amends = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("amends")
    )
    renews = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    partnership = TenantForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("partner"),
    )
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("unit")
    )
    principal_investigator = MemberForeignKey(
        null=True, blank=True, related_name="+", verbose_name=_("principal investigator")
    )
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("handled by"))
    level = models.CharField(_("who may read it"), max_length=14, choices=Level, default=Level.INTERNAL)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    governing_law = models.CharField(_("governing law"), max_length=120, blank=True)
    requested_on = models.DateField(_("requested"), default=timezone.localdate)
    complete_on = models.DateField(_("request complete"), null=True, editable=False)
    executed_on = models.DateField(_("executed"), null=True, editable=False)
    effective_on = models.DateField(_("effective"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True, help_text=_("Empty: runs until it is ended."))
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True, editable=False)
    notice_days = models.PositiveSmallIntegerField(_("notice period in days"), null=True, blank=True)
    renews_automatically = models.BooleanField(_("renews by itself"), default=False)
    renewal_intended = models.BooleanField(_("meant to be renewed"), default=True)
    renewal_progress = models.CharField(
        _("renewal"), max_length=20, choices=RenewalProgress, default=RenewalProgress.NONE, editable=False
    )
    summary = models.TextField(_("summary"), blank=True)
    clarity = models.FloatField(null=True, editable=False)
    blocking = models.PositiveSmallIntegerField(null=True, editable=False)
    external_id = models.CharField(_("id in the source"), max_length=50, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="agreements_agreement_reference"),
            models.UniqueConstraint(fields=["tenant", "external_id"], name="agreements_agreement_source_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=AgreementKind.values)
                & models.Q(status__in=LegalStatus.values)
                & models.Q(workflow__in=WorkflowState.values)
                & models.Q(court__in=Court.values)
                & models.Q(level__in=Level.values),
                name="agreements_agreement_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True)
                | models.Q(effective_on__isnull=True)
                | models.Q(expires_on__gte=models.F("effective_on")),
                name="agreements_agreement_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0), name="agreements_agreement_value"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["executed", "amended", "terminated"])
                | models.Q(executed_on__isnull=False),
                name="agreements_agreement_executed",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "expires_on"], name="agreements_expiry"),
            models.Index(fields=["tenant", "workflow"], name="agreements_workflow"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:agreement", args=[self.pk])


class Party(TenantModel):
    """An organization's part in an agreement. Exactly one other side is the primary one; we are a party too."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organization = TenantForeignKey(Organization, on_delete=models.PROTECT, related_name="agreement_parties")
    role = models.CharField(_("role"), max_length=12, choices=PartyRole)
    is_primary = models.BooleanField(_("main counterparty"), default=False)

    class Meta:
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "organization", "role"], name="agreements_party_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "agreement"], condition=models.Q(is_primary=True), name="agreements_party_one_primary"
            ),
            models.CheckConstraint(condition=models.Q(role__in=PartyRole.values), name="agreements_party_role"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.get_role_display()}"


class AgreementProject(TenantModel):
    """A project done under an agreement."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="projects")
    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="agreements")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "project"], name="agreements_project_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement} – {self.project}"


class AgreementEvent(TenantModel):
    """One move of an agreement, and in whose court it lies from then on. The clock reads these and nothing else."""

    append_only_because = "It is the clock's record; a wrong move is followed by the right one."

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=12, choices=LegalStatus, blank=True)
    to_status = models.CharField(max_length=12, choices=LegalStatus)
    from_workflow = models.CharField(max_length=12, choices=WorkflowState, blank=True)
    to_workflow = models.CharField(max_length=12, choices=WorkflowState)
    court = models.CharField(max_length=12, choices=Court)
    redline_round = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)
    made_by = MemberForeignKey(null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["tenant", "agreement", "at"], name="agreements_events_of")]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.get_to_workflow_display()}"


class MoneyLine(VersionedModel):
    """One amount of the money schedule, in the agreement's currency. Together they add up to the agreement's value."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="money")
    kind = models.CharField(_("kind"), max_length=12, choices=MoneyKind, default=MoneyKind.INSTALLMENT)
    direction = models.CharField(_("direction"), max_length=3, choices=MoneyDirection, default=MoneyDirection.IN)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("due"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="agreements_moneyline_amount"),
            models.CheckConstraint(
                condition=models.Q(kind__in=MoneyKind.values) & models.Q(direction__in=MoneyDirection.values),
                name="agreements_moneyline_codes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Signatory(VersionedModel):
    """Who signs for a party, and when they did. For our side, authority is checked against the delegation list."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatories")
    party = TenantForeignKey(Party, on_delete=models.CASCADE, related_name="signatories", verbose_name=_("party"))
    name = models.CharField(_("name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    member = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("colleague"))
    signed_on = models.DateField(_("signed"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return self.name
