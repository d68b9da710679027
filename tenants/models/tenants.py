"""The office (tenant) and who belongs to it. Global tables: they are read before a tenant is known."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.choices import Digest, Role

SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]{1,49}$", _("Use small letters, digits and hyphens, at least two."))


class Tenant(models.Model):
    """One institution's technology-transfer or corporate-relations office."""

    global_because = "A tenant is found by its address before any tenant is in scope."

    slug = models.CharField(_("address"), max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    external_id = models.CharField(_("id in the source"), max_length=50, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an office with one role. It is ended, never deleted: history and references keep the name."""

    global_because = "Membership is proved before the tenant is activated, and a person may have several."

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OFFICER)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    digest = models.CharField(_("e-mail about what needs you"), max_length=8, choices=Digest, default=Digest.WEEKLY)
    monthly_digest = models.BooleanField(_("e-mail with last month in figures"), default=False, db_default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="tenants_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
