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


class RiskKind(TextChoices):
    SANCTIONS = "sanctions", _("Sanctions or restricted party")
    EXPORT_CONTROL = "export_control", _("Export control")
    CONFLICT_OF_INTEREST = "conflict_of_interest", _("Conflict of interest")
    REPUTATION = "reputation", _("Reputation")
    FINANCIAL = "financial", _("Financial standing")
    DISPUTE = "dispute", _("Dispute")
    OTHER = "other", _("Other risk")


class IpStance(TextChoices):
    UNKNOWN = "unknown", _("Not known")
    OWNS_RESULTS = "owns_results", _("Wants to own results")
    EXCLUSIVE_LICENSE = "exclusive_license", _("Wants an exclusive license")
    NONEXCLUSIVE_LICENSE = "nonexclusive_license", _("Content with a non-exclusive license")
    SHARES = "shares", _("Shares ownership")
    OPEN = "open", _("Prefers open results")
    CASE_BY_CASE = "case_by_case", _("Decides case by case")


class PublicationStance(TextChoices):
    UNKNOWN = "unknown", _("Not known")
    FREE = "free", _("Free to publish")
    SHORT_REVIEW = "short_review", _("Short review before publication")
    LONG_DELAY = "long_delay", _("Long delay before publication")
    CONSENT = "consent", _("Publication needs consent")


class Horizon(TextChoices):
    NEAR = "H1", _("Under 18 months")
    MIDDLE = "H2", _("18 to 36 months")
    FAR = "H3", _("Open exploration")


class NeedStatus(TextChoices):
    OPEN = "open", _("Open")
    IN_DISCUSSION = "in_discussion", _("In discussion")
    MET = "met", _("Met")
    CLOSED = "closed", _("Closed without result")


class CapabilityKind(TextChoices):
    EXPERTISE = "expertise", _("Expertise")
    TECHNOLOGY = "technology", _("Technology")
    EQUIPMENT = "equipment", _("Equipment or facility")
    EDUCATION = "education", _("Course or training")


class CapabilityStatus(TextChoices):
    OFFERED = "offered", _("Offered")
    PAUSED = "paused", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TopicScheme(TextChoices):
    KEYWORD = "keyword", _("Keyword")
    CPC = "cpc", _("CPC")
    NACE = "nace", _("NACE Rev. 2.1")
    FIELD = "field", _("Field of science")


class ContactPermission(TextChoices):
    ASK_FIRST = "ask_first", _("Ask first")
    TELL_OWNER = "tell_owner", _("Tell the owner first")
    FREE = "free", _("Free to contact")


class PrivacyBasis(TextChoices):
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")
    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
    UNKNOWN = "unknown", _("Not recorded")


class DataSource(TextChoices):
    PERSON = "person", _("The person")
    COLLEAGUE = "colleague", _("A colleague")
    PUBLIC = "public", _("Public source")
    IMPORT = "import", _("Import")
    UNKNOWN = "unknown", _("Not recorded")


class ClearanceState(TextChoices):
    REQUESTED = "requested", _("Requested")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MergedKind(TextChoices):
    ORGANIZATION = "organization", _("Organization")
    CONTACT = "contact", _("Person")
