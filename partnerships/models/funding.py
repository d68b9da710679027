"""Money, kept apart by what happened to it, and the schemes that pay for working together."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import money
from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure, FundingSource, ResearchDomain, SchemeKind
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import READINESS, Project


class FundingScheme(VersionedModel):
    """A subsidy, voucher or tax incentive: for whom, at which rate, up to what, until when. Empty lists mean all."""

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=14, choices=SchemeKind, default=SchemeKind.GRANT)
    funder = models.CharField(_("funder"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    domains = models.JSONField(_("domains"), default=list, blank=True)
    sme_only = models.BooleanField(_("only with a small or medium-sized enterprise"), default=False)
    trl_from = models.PositiveSmallIntegerField(_("TRL from"), null=True, blank=True, validators=READINESS)
    trl_to = models.PositiveSmallIntegerField(_("TRL to"), null=True, blank=True, validators=READINESS)
    rate = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    cap = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    opens_on = models.DateField(_("opens"), null=True, blank=True)
    deadline_on = models.DateField(_("deadline"), null=True, blank=True)
    eligibility = models.TextField(_("who may apply"), blank=True)
    url = models.URLField(_("address"), max_length=300, blank=True)
    closed_on = models.DateField(_("no longer offered since"), null=True, blank=True)
    external_id = models.CharField(_("id in the source"), max_length=80, null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_fundingscheme_source_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=SchemeKind.values)
                & (models.Q(rate__isnull=True) | models.Q(rate__range=(0, 100)))
                & (models.Q(cap__isnull=True) | models.Q(cap__gte=0)),
                name="partnerships_fundingscheme_values",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(deadline_on__isnull=True)
                | models.Q(deadline_on__gte=models.F("opens_on")),
                name="partnerships_fundingscheme_dates",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "deadline_on"], name="partnerships_scheme_deadline")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:funding_scheme", args=[self.pk])

    @property
    def channel_labels(self) -> list[str]:
        return [str(Channel(code).label) for code in self.channels]

    @property
    def domain_labels(self) -> list[str]:
        return [str(ResearchDomain(code).label) for code in self.domains]


class FundingEntry(VersionedModel):
    """One amount of one measure on one day, for a project, a partner, or both. Corrections may be negative.

    ``base_amount`` is ``amount`` times ``rate``, in the office's currency; ``rate`` is 1 in that currency and else has
    its day. ``fiscal_year`` is the office's, named by the calendar year in which it ends. ``overhead_base`` and
    ``overhead_rate`` say how much of it is indirect cost. Only an invoice falls due and is paid.
    """

    project = TenantForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="funding", verbose_name=_("project")
    )
    partnership = TenantForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="funding", verbose_name=_("partner")
    )
    scheme = TenantForeignKey(
        FundingScheme, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("scheme")
    )
    measure = models.CharField(_("what happened"), max_length=9, choices=FundingMeasure)
    source = models.CharField(_("source"), max_length=13, choices=FundingSource, default=FundingSource.INDUSTRY)
    funder = models.CharField(_("funder, where it is no partner"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    rate = models.DecimalField(
        _("exchange rate"), max_digits=18, decimal_places=8, default=1, validators=[MinValueValidator(0)]
    )
    rate_on = models.DateField(_("rate of"), null=True, blank=True)
    base_amount = models.DecimalField(_("in the office's currency"), max_digits=16, decimal_places=2, editable=False)
    booked_on = models.DateField(_("day"), default=timezone.localdate)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), editable=False)
    channel = models.CharField(_("channel"), max_length=3, choices=Channel, default=Channel.RESEARCH)
    domain = models.CharField(_("domain"), max_length=14, choices=ResearchDomain, blank=True)
    overhead_base = models.DecimalField(_("overhead base"), max_digits=14, decimal_places=2, null=True, blank=True)
    overhead_rate = models.DecimalField(_("overhead rate, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    is_cost_share = models.BooleanField(_("part of an agreed cost share"), default=False)
    valuation_basis = models.CharField(_("how it was valued"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    external_id = models.CharField(_("id in the source"), max_length=80, null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = _("funding entries")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="partnerships_fundingentry_source_id"),
            models.CheckConstraint(
                condition=models.Q(measure__in=FundingMeasure.values)
                & models.Q(source__in=FundingSource.values)
                & models.Q(channel__in=Channel.values)
                & models.Q(domain__in=["", *ResearchDomain.values]),
                name="partnerships_fundingentry_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(partnership__isnull=False),
                name="partnerships_fundingentry_for",
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gt=0)
                & (models.Q(overhead_rate__isnull=True) | models.Q(overhead_rate__range=(0, 100))),
                name="partnerships_fundingentry_rates",
            ),
            models.CheckConstraint(
                condition=~models.Q(measure=FundingMeasure.IN_KIND) | ~models.Q(valuation_basis=""),
                name="partnerships_fundingentry_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(measure=FundingMeasure.INVOICED)
                | models.Q(due_on__isnull=True, paid_on__isnull=True),
                name="partnerships_fundingentry_invoice",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "measure", "fiscal_year"], name="partnerships_funding_years"),
            models.Index(fields=["tenant", "partnership", "measure", "booked_on"], name="partnerships_funding_of"),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {money(self.amount, self.currency)}"

    @property
    def subject(self) -> str:
        """What it is for: the project, else the partner."""
        return str(self.project or self.partnership)

    def get_absolute_url(self) -> str:
        return reverse("partnerships:funding_entry", args=[self.pk])
