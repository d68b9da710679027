"""People at organizations, and where they work or worked."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.choices import ClearanceState, ContactPermission, DataSource, PrivacyBasis
from organizations.models.organizations import Organization
from tenants.models import MemberForeignKey


class Contact(VersionedModel):
    """A person outside the institution, under the name they use themselves. Colleagues are members, not contacts.

    ``permission`` says whether colleagues may write to them without asking ``owner`` first; a granted clearance opens
    it for a time. ``opted_out_at`` is set when their address is among the opt-outs, which outlive the record.
    """

    name = models.CharField(_("name"), max_length=200, help_text=_("As the person writes it."))
    name_key = models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_key = models.GeneratedField(expression=Lower("email"), output_field=models.TextField(), db_persist=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    notes = models.TextField(_("notes"), blank=True, help_text=_("Facts for work only; nothing private."))
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("kept by"))
    permission = models.CharField(
        _("may colleagues contact them"), max_length=12, choices=ContactPermission, default=ContactPermission.FREE
    )
    left_on = models.DateField(_("left the organization on"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=20, choices=PrivacyBasis, default=PrivacyBasis.UNKNOWN)
    data_source = models.CharField(
        _("where we have it from"), max_length=10, choices=DataSource, default=DataSource.UNKNOWN
    )
    collected_on = models.DateField(_("collected on"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    opted_out_at = models.DateTimeField(_("opted out of mailings"), null=True, blank=True, editable=False)
    objects_to_scoring = models.BooleanField(
        _("objects to relationship scoring"), default=False, help_text=_("Leaves the person out of tie figures.")
    )

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "name_key"], name="organizations_contact_name"),
            models.Index(fields=["tenant", "email_key"], name="organizations_contact_email"),
            models.Index(fields=["tenant", "updated_at"], name="organizations_contact_edited"),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(objects_to_scoring=True),
                name="organizations_objectors",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(permission__in=ContactPermission.values), name="organizations_contact_permission"
            )
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
        indexes = [
            models.Index(
                fields=["tenant", "organization"],
                condition=models.Q(is_decision_maker=True),
                name="organizations_deciders",
            )
        ]
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


class Clearance(TenantModel):
    """A colleague's request to contact somebody who is kept by another, and the answer; granted ones end."""

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="clearances")
    state = models.CharField(max_length=10, choices=ClearanceState, default=ClearanceState.REQUESTED)
    purpose = models.CharField(_("what for"), max_length=300)
    requested_by = MemberForeignKey(related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = MemberForeignKey(null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    valid_until = models.DateField(_("valid until"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contact", "requested_by"],
                condition=models.Q(state="requested"),
                name="organizations_clearance_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ClearanceState.values), name="organizations_clearance_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="granted") | models.Q(valid_until__isnull=False, decided_by__isnull=False),
                name="organizations_clearance_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_by}, {self.contact}"


class OptOut(TenantModel):
    """An address whose owner objected to mailings. It outlives the contact: who is added with it is opted out again."""

    email_key = models.CharField(max_length=254)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = MemberForeignKey(null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "email_key"], name="organizations_optout_once")]

    def __str__(self) -> str:
        return self.email_key
