"""People at organizations, and where they work or worked."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models.organizations import Organization


class Contact(VersionedModel):
    """A person outside the institution, under the name they use themselves. Colleagues are members, not contacts."""

    name = models.CharField(_("name"), max_length=200, help_text=_("As the person writes it."))
    name_key = models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_key = models.GeneratedField(expression=Lower("email"), output_field=models.TextField(), db_persist=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    notes = models.TextField(_("notes"), blank=True, help_text=_("Facts for work only; nothing private."))

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "name_key"], name="organizations_contact_name"),
            models.Index(fields=["tenant", "email_key"], name="organizations_contact_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:contact", args=[self.pk])


class Affiliation(TenantModel):
    """A contact's position at an organization, with dates; without an end it is present."""

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations")
    organization = TenantForeignKey(Organization, on_delete=models.PROTECT, related_name="affiliations")
    title = models.CharField(_("job title"), max_length=150, blank=True)
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="organizations_affiliation_dates",
            ),
            models.UniqueConstraint(
                fields=["tenant", "contact", "organization"],
                condition=models.Q(ended_on__isnull=True),
                name="organizations_affiliation_one_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.organization}"
