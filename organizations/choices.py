"""The closed lists of organizations and people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganizationKind(TextChoices):
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    RESEARCH_INSTITUTE = "research_institute", _("Research institute")
    PUBLIC_BODY = "public_body", _("Public body")
    OTHER = "other", _("Other organization")
    UNKNOWN = "unknown", _("Not known")


class SizeClass(TextChoices):
    MICRO = "micro", _("Micro (under 10 people)")
    SMALL = "small", _("Small (10 to 49)")
    MEDIUM = "medium", _("Medium (50 to 249)")
    LARGE = "large", _("Large (250 and more)")


class IdentifierScheme(TextChoices):
    ROR = "ror", _("ROR")
    LEI = "lei", _("LEI")
    ISNI = "isni", _("ISNI")
    GRID = "grid", _("GRID")
    FUNDER = "funder", _("Funder DOI")
    COMPANY_NUMBER = "company_number", _("Company number")
    VAT = "vat", _("VAT number")
    DUNS = "duns", _("D-U-N-S")
    UEI = "uei", _("UEI")
    PIC = "pic", _("PIC (European Commission)")


class SectorScheme(TextChoices):
    NACE = "nace", _("NACE Rev. 2.1")
    NAICS = "naics", _("NAICS 2022")


class GeoPrecision(TextChoices):
    ADDRESS = "address", _("Address")
    CITY = "city", _("City")
    COUNTRY = "country", _("Country only")
