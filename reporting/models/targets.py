"""What an office wants a figure of its reports to be."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.versions import VersionedModel


class Target(VersionedModel):
    """What one figure should be in one fiscal year. ``measure`` names question and figure: ``health.at_risk``."""

    measure = models.CharField(_("figure"), max_length=60)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    value = models.DecimalField(_("target"), max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "measure", "fiscal_year"], name="reporting_target_once"),
            models.CheckConstraint(
                condition=models.Q(value__gte=0) & models.Q(fiscal_year__range=(1900, 2200)),
                name="reporting_target_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.fiscal_year}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:targets")
