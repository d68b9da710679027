"""What the institution can offer."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.choices import CapabilityKind, CapabilityStatus, Horizon, TopicScheme
from organizations.models.needs import TRL
from tenants.models import MemberForeignKey, Unit


class Capability(VersionedModel):
    """Expertise, technology, equipment or training of a unit. Only ``public_summary`` may leave the office."""

    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="capabilities", verbose_name=_("unit")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=CapabilityKind, default=CapabilityKind.EXPERTISE)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what we can do"), blank=True)
    public_summary = models.TextField(
        _("summary that may be shared"), blank=True, help_text=_("Matching reads this text and no other.")
    )
    trl = models.PositiveSmallIntegerField(_("TRL"), null=True, blank=True, validators=TRL)
    horizon = models.CharField(_("ready within"), max_length=2, choices=Horizon, blank=True)
    evidence = models.TextField(_("evidence"), blank=True, help_text=_("Papers, projects, references."))
    status = models.CharField(_("status"), max_length=10, choices=CapabilityStatus, default=CapabilityStatus.OFFERED)
    lead = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("who answers for it"))

    class Meta:
        verbose_name_plural = _("capabilities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CapabilityStatus.values) & models.Q(kind__in=CapabilityKind.values),
                name="organizations_capability_status",
            ),
            models.CheckConstraint(
                condition=models.Q(trl__isnull=True) | models.Q(trl__range=(1, 9)), name="organizations_capability_trl"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("organizations:capability", args=[self.pk])


class CapabilityTopic(TenantModel):
    """A code or keyword of a capability."""

    capability = TenantForeignKey(Capability, on_delete=models.CASCADE, related_name="topics")
    scheme = models.CharField(_("scheme"), max_length=8, choices=TopicScheme, default=TopicScheme.KEYWORD)
    code = models.CharField(_("code or word"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "capability", "scheme", "code"], name="organizations_capabilitytopic_once"
            )
        ]

    def __str__(self) -> str:
        return self.code
