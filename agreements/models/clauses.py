"""What an agreement says, clause by clause, what it grants, and which rules were set aside."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import AssetKind, Exclusivity, GrantKind, Level
from agreements.models.agreements import Agreement
from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from tenants.models import MemberForeignKey, Unit


class ClauseAnswer(VersionedModel):
    """The answer to one question of ``rules.clauses``: a JSON value of the question's type, and where it stands."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=40)
    value = models.JSONField()
    clause_number = models.CharField(_("clause"), max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "code"], name="agreements_clauseanswer_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class RuleOverride(TenantModel):
    """A blocking clarity rule that somebody entitled set aside for one agreement, and why."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="overrides")
    code = models.CharField(max_length=3)
    reason = models.TextField(_("reason"))
    overridden_by = MemberForeignKey(related_name="+")
    overridden_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "agreement", "code"], name="agreements_ruleoverride_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.agreement}"


class IpAsset(VersionedModel):
    """Something the institution owns or shares that can be licensed. Only ``public_summary`` may leave the office."""

    reference = models.CharField(_("reference"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=14, choices=AssetKind, default=AssetKind.INVENTION)
    level = models.CharField(_("who may read it"), max_length=14, choices=Level, default=Level.RESTRICTED)
    public_summary = models.TextField(_("summary that may be shared"), blank=True)
    text = models.TextField(_("description"), blank=True)
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="ip_assets", verbose_name=_("unit")
    )
    lead = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("handled by"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="agreements_ipasset_reference"),
            models.CheckConstraint(
                condition=models.Q(kind__in=AssetKind.values) & models.Q(level__in=Level.values),
                name="agreements_ipasset_codes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("agreements:ip_asset", args=[self.pk])


class Grant(VersionedModel):
    """A right that an agreement grants. Empty asset: all results. Empty fields or territories: all of them.

    ``fields`` are words of the office's own list of fields of use, ``territories`` ISO country codes.
    """

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="grants")
    asset = TenantForeignKey(
        IpAsset, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("IP")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=GrantKind, default=GrantKind.LICENSE)
    exclusivity = models.CharField(
        _("exclusivity"), max_length=12, choices=Exclusivity, default=Exclusivity.NONEXCLUSIVE
    )
    fields = models.JSONField(_("fields of use"), default=list, blank=True)
    territories = models.JSONField(_("territories"), default=list, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=GrantKind.values) & models.Q(exclusivity__in=Exclusivity.values),
                name="agreements_grant_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="agreements_grant_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_exclusivity_display()} {self.get_kind_display()}"

    @property
    def seen_asset(self) -> IpAsset | None:
        """The IP where the reader may see that: for rows of ``visible_grants``."""
        return self.asset if getattr(self, "asset_readable", False) else None

    def get_absolute_url(self) -> str:
        return f"{reverse('agreements:agreement', args=[self.agreement_id])}?tab=related#grant-{self.pk}"


class AgreementPolicy(VersionedModel):
    """What this office asks of its agreements: the limits that clause rules compare with. One row per office."""

    publication_review_days = models.PositiveSmallIntegerField(_("longest review before publication, days"), default=30)
    publication_delay_days = models.PositiveSmallIntegerField(_("longest further delay, days"), default=60)
    confidentiality_years = models.PositiveSmallIntegerField(_("longest confidentiality, years"), default=5)
    overhead_percent = models.DecimalField(_("overhead rate in %"), max_digits=5, decimal_places=2, default=30)
    renewal_notice_days = models.PositiveSmallIntegerField(_("look ahead for renewals, days"), default=180)
    promised_days = models.PositiveSmallIntegerField(_("days in which we promise to sign"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("agreement policies")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="agreements_policy_one")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class DelegatedSigner(VersionedModel):
    """Who may sign for the institution, up to which value (None: any), and until when."""

    member = MemberForeignKey(related_name="+", verbose_name=_("colleague"))
    up_to = models.DecimalField(_("up to"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="agreements_delegatedsigner_dates",
            )
        ]

    def __str__(self) -> str:
        return str(self.member)
