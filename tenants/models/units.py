"""The institution's own structure: faculties, departments, centers, and who works in them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from tenants.choices import UnitKind
from tenants.models.fields import MemberForeignKey


class Unit(VersionedModel):
    """One node of the institution's tree. A unit without parent stands directly below the institution.

    A unit is closed (``closed_on``), never deleted: what was done for it keeps its name.
    """

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=40, blank=True, help_text=_("As your other systems call it."))
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind, default=UnitKind.DEPARTMENT)
    parent = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"], condition=~models.Q(code=""), name="tenants_unit_code_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="tenants_unit_kind"),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="tenants_unit_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tenants:unit", args=[self.pk])


class UnitMember(TenantModel):
    """A member who works in a unit; somebody may work in several. The members of one unit are a team."""

    unit = TenantForeignKey(Unit, on_delete=models.CASCADE, related_name="members")
    member = MemberForeignKey(related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "unit"], name="tenants_unitmember_once")]

    def __str__(self) -> str:
        return f"{self.member}, {self.unit}"
