"""Organizations outside the institution: companies, universities, institutes, public bodies."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.choices import GeoPrecision, IdentifierScheme, OrganizationKind, SectorScheme, SizeClass
from organizations.rules.sme import size_class, sme_status


class Organization(VersionedModel):
    """One legal entity as this office knows it. Other offices have their own record of the same entity.

    ``external_id`` is its id in the source it was imported from, unique per office. ``sme`` is None when not known,
    which is not "no"; where headcount, turnover, balance sheet and ownership decide it, ``rules.sme`` does.
    Coordinates of precision "country" are a centroid and must not be drawn as a place.
    """

    name = models.CharField(_("name"), max_length=300)
    name_key = models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)
    legal_name = models.CharField(_("legal name"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind, default=OrganizationKind.COMPANY)
    parent = TenantForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("parent"),
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    geo_precision = models.CharField(_("precision"), max_length=10, choices=GeoPrecision, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    size_class = models.CharField(_("size"), max_length=10, choices=SizeClass, blank=True)
    sme = models.BooleanField(_("SME"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("employees worldwide"), null=True, blank=True)
    turnover_eur = models.DecimalField(_("turnover in EUR"), max_digits=15, decimal_places=2, null=True, blank=True)
    balance_sheet_eur = models.DecimalField(
        _("balance sheet total in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    owned_by_non_sme_share = models.DecimalField(
        _("largest share held by an enterprise that is no SME"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    description = models.TextField(_("what they do"), blank=True)
    sector_scheme = models.CharField(_("sector scheme"), max_length=10, choices=SectorScheme, blank=True)
    sector_code = models.CharField(_("sector code"), max_length=12, blank=True)
    external_id = models.CharField(_("id in the source"), max_length=50, null=True, blank=True, editable=False)
    is_own = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "external_id"], name="organizations_organization_source_id"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_own=True), name="organizations_organization_one_own"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="organizations_organization_place",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganizationKind.values), name="organizations_organization_kind"
            ),
            models.CheckConstraint(
                condition=(models.Q(turnover_eur__isnull=True) | models.Q(turnover_eur__gte=0))
                & (models.Q(balance_sheet_eur__isnull=True) | models.Q(balance_sheet_eur__gte=0))
                & (
                    models.Q(owned_by_non_sme_share__isnull=True)
                    | models.Q(owned_by_non_sme_share__gte=0, owned_by_non_sme_share__lte=1)
                ),
                name="organizations_organization_size_facts",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name_key"], name="organizations_org_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:organization", args=[self.pk])

    @property
    def size_is_computed(self) -> bool:
        """Whether the headcount decides the size class; else somebody stated it."""
        return size_class(self.headcount) is not None

    @property
    def sme_is_computed(self) -> bool:
        """Whether the size facts decide the SME status; else somebody stated it."""
        facts = (self.headcount, self.turnover_eur, self.balance_sheet_eur, self.owned_by_non_sme_share)
        return sme_status(*facts) is not None


class OrganizationAlias(TenantModel):
    """Another name the organization goes by, so that it is found and not added twice."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=300)
    name_key = models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "organization", "name_key"], name="organizations_alias_once")
        ]
        indexes = [models.Index(fields=["tenant", "name_key"], name="organizations_alias_name")]

    def __str__(self) -> str:
        return self.name


class OrganizationIdentifier(TenantModel):
    """An identifier in a public scheme, normalized and with a valid checksum; one organization per value."""

    organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=16, choices=IdentifierScheme)
    value = models.CharField(_("value"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "scheme", "value"], name="organizations_identifier_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"
