"""Reports that people built and keep."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from tenants.choices import ViewVisibility
from tenants.models.fields import MemberForeignKey
from tenants.models.units import Unit


class ReportDefinition(VersionedModel):
    """A built report under a name: the query of its address, with the subject that it counts.

    Private to its owner, or shared with the members of one unit, or with the office. The query is canonical
    (``reporting.queries.kept``). It keeps no number: whoever opens it sees those that they may see.
    """

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=500, blank=True)
    subject = models.CharField(_("what it counts"), max_length=40, editable=False)
    query = models.CharField(_("query"), max_length=2000)
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=ViewVisibility, default=ViewVisibility.PRIVATE
    )
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    owner = MemberForeignKey(related_name="+")

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "owner", "name"], name="reporting_report_name"),
            models.CheckConstraint(
                condition=models.Q(visibility="team", unit__isnull=False)
                | models.Q(visibility__in=["private", "office"], unit=None),
                name="reporting_report_visibility",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="reporting_report_list")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])
