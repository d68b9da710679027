"""What a partner looks for."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.choices import Horizon, NeedStatus, TopicScheme
from organizations.models.contacts import Contact
from organizations.models.organizations import Organization

TRL = [MinValueValidator(1), MaxValueValidator(9)]


class Need(VersionedModel):
    """Something an organization looks for. Only ``public_summary`` may be shown outside the office or matched."""

    organization = TenantForeignKey(
        Organization, on_delete=models.CASCADE, related_name="needs", verbose_name=_("organization")
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what they need"), blank=True)
    public_summary = models.TextField(
        _("summary that may be shared"), blank=True, help_text=_("Matching reads this text and no other.")
    )
    trl_min = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True, validators=TRL)
    trl_max = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True, validators=TRL)
    horizon = models.CharField(_("horizon"), max_length=2, choices=Horizon, blank=True)
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    status = models.CharField(_("status"), max_length=14, choices=NeedStatus, default=NeedStatus.OPEN)
    contact = TenantForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="needs", verbose_name=_("told by")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=NeedStatus.values), name="organizations_need_status"),
            models.CheckConstraint(
                condition=(models.Q(trl_min__isnull=True) | models.Q(trl_min__range=(1, 9)))
                & (models.Q(trl_max__isnull=True) | models.Q(trl_max__range=(1, 9)))
                & (
                    models.Q(trl_min__isnull=True)
                    | models.Q(trl_max__isnull=True)
                    | models.Q(trl_min__lte=models.F("trl_max"))
                ),
                name="organizations_need_trl",
            ),
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0), name="organizations_need_budget"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("organizations:need", args=[self.pk])


class NeedTopic(TenantModel):
    """A code or keyword of a need."""

    need = TenantForeignKey(Need, on_delete=models.CASCADE, related_name="topics")
    scheme = models.CharField(_("scheme"), max_length=8, choices=TopicScheme, default=TopicScheme.KEYWORD)
    code = models.CharField(_("code or word"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "need", "scheme", "code"], name="organizations_needtopic_once")
        ]

    def __str__(self) -> str:
        return self.code
