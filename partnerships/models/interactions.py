"""What happened between the two sides."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Contact
from partnerships.choices import Channel, Confidentiality, Direction, InteractionKind, Source
from partnerships.models.opportunities import Opportunity
from partnerships.models.partnerships import Partnership
from tenants.models import MemberForeignKey


class Interaction(VersionedModel):
    """A meeting, call, e-mail, visit, event or note with one partner."""

    partnership = TenantForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="interactions", verbose_name=_("partner")
    )
    kind = models.CharField(_("type"), max_length=16, choices=InteractionKind, default=InteractionKind.MEETING)
    direction = models.CharField(_("initiative"), max_length=1, choices=Direction, default=Direction.OUTBOUND)
    occurred_at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.TextField(_("what happened"), blank=True)
    confidentiality = models.CharField(
        _("who may read it"), max_length=12, choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    channel = models.CharField(_("channel"), max_length=3, choices=Channel, blank=True)
    opportunity = TenantForeignKey(
        Opportunity,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name=_("opportunity"),
    )
    is_pinned = models.BooleanField(_("pinned"), default=False, editable=False)
    source = models.CharField(max_length=10, choices=Source, default=Source.MANUAL, editable=False)
    logged_by = MemberForeignKey(null=True, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=InteractionKind.values), name="partnerships_interaction_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values), name="partnerships_interaction_direction"
            ),
            models.CheckConstraint(
                condition=models.Q(confidentiality__in=Confidentiality.values),
                name="partnerships_interaction_level",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "partnership", "-occurred_at"],
                include=["id", "kind", "direction"],  # all that health asks of a touch
                name="partnerships_touches_of",
            ),
            models.Index(fields=["tenant", "-occurred_at"], name="partnerships_touches_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.occurred_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:interaction", args=[self.pk])


class Participant(TenantModel):
    """Somebody who took part: a contact of the other side, or a member of ours; never both, never neither."""

    interaction = TenantForeignKey(Interaction, on_delete=models.CASCADE, related_name="participants")
    contact = TenantForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="participations")
    member = MemberForeignKey(null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=True) ^ models.Q(member__isnull=True),
                name="partnerships_participant_one_side",
            ),
            models.UniqueConstraint(
                fields=["tenant", "interaction", "contact"], name="partnerships_participant_contact_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "interaction", "member"],
                include=["contact"],  # who took part, from the index alone
                name="partnerships_participant_member_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.member)
