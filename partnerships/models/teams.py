"""Who carries a partnership on both sides, and who takes over."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Contact
from partnerships.choices import HandoverStatus, TeamRole
from partnerships.models.followups import FollowUp
from partnerships.models.opportunities import Opportunity
from partnerships.models.partnerships import Partnership
from tenants.models import MemberForeignKey, Unit


class TeamMember(VersionedModel):
    """A dated role in a partnership: a member of ours or a contact of theirs; never both, never neither."""

    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, related_name="team")
    member = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("colleague"))
    contact = TenantForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("contact")
    )
    role = models.CharField(_("role"), max_length=24, choices=TeamRole)
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    days_per_month = models.DecimalField(
        _("effort in days per month"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    started_on = models.DateField(_("from"), default=timezone.localdate)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) ^ models.Q(member__isnull=True),
                name="partnerships_teammember_one_side",
            ),
            models.CheckConstraint(condition=models.Q(role__in=TeamRole.values), name="partnerships_teammember_role"),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="partnerships_teammember_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(days_per_month__isnull=True) | models.Q(days_per_month__range=(0, 31)),
                name="partnerships_teammember_effort",
            ),
            models.UniqueConstraint(
                fields=["tenant", "partnership", "role", "member"],
                condition=models.Q(ended_on__isnull=True, member__isnull=False),
                name="partnerships_teammember_ours_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "partnership", "role", "contact"],
                condition=models.Q(ended_on__isnull=True, contact__isnull=False),
                name="partnerships_teammember_theirs_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "partnership"],
                condition=models.Q(ended_on__isnull=True, role="owner", member__isnull=False),
                name="partnerships_teammember_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member or self.contact}, {self.get_role_display()}"


class Capacity(VersionedModel):
    """How many days a month a member has for partnerships; who has no row has not said."""

    member = MemberForeignKey(related_name="+", verbose_name=_("colleague"))
    days_per_month = models.DecimalField(_("days per month"), max_digits=4, decimal_places=1)

    class Meta:
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member"], name="partnerships_capacity_once"),
            models.CheckConstraint(
                condition=models.Q(days_per_month__range=(0, 31)), name="partnerships_capacity_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.days_per_month}"


class Handover(VersionedModel):
    """A member leaves: everything they carry is listed, and each thing wants a named successor before it is done."""

    member = MemberForeignKey(related_name="+", verbose_name=_("who leaves"))
    last_day = models.DateField(_("last day"))
    note = models.TextField(_("what successors should know"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=HandoverStatus, default=HandoverStatus.OPEN)
    started_by = MemberForeignKey(null=True, related_name="+", editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "member"],
                condition=models.Q(status="open"),
                name="partnerships_handover_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=HandoverStatus.values), name="partnerships_handover_status"
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def get_absolute_url(self) -> str:
        return reverse("partnerships:handover", args=[self.pk])


class HandoverItem(TenantModel):
    """One thing handed over: exactly one of the references says what. Settled once it is the successor's."""

    handover = TenantForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    partnership = TenantForeignKey(Partnership, on_delete=models.CASCADE, null=True, related_name="+")
    role = TenantForeignKey(TeamMember, on_delete=models.CASCADE, null=True, related_name="+")
    followup = TenantForeignKey(FollowUp, on_delete=models.CASCADE, null=True, related_name="+")
    opportunity = TenantForeignKey(Opportunity, on_delete=models.CASCADE, null=True, related_name="+")
    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="+")
    successor = MemberForeignKey(null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "handover", "partnership"], name="partnerships_handoveritem_partnership_once"
            ),
            models.UniqueConstraint(fields=["tenant", "handover", "role"], name="partnerships_handoveritem_role_once"),
            models.UniqueConstraint(
                fields=["tenant", "handover", "followup"], name="partnerships_handoveritem_followup_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "handover", "opportunity"], name="partnerships_handoveritem_opportunity_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "handover", "contact"], name="partnerships_handoveritem_contact_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.partnership or self.role or self.followup or self.opportunity or self.contact)
