from organizations.models.capabilities import Capability, CapabilityTopic
from organizations.models.contacts import Affiliation, Clearance, Contact, OptOut
from organizations.models.merges import MergedRecord
from organizations.models.needs import Need, NeedTopic
from organizations.models.organizations import Organization, OrganizationAlias, OrganizationIdentifier
from organizations.models.profiles import OrganizationSector, OrganizationTag, RiskFlag, Tag, WorkingPractices

__all__ = [
    "Affiliation",
    "Capability",
    "CapabilityTopic",
    "Clearance",
    "Contact",
    "MergedRecord",
    "Need",
    "NeedTopic",
    "OptOut",
    "Organization",
    "OrganizationAlias",
    "OrganizationIdentifier",
    "OrganizationSector",
    "OrganizationTag",
    "RiskFlag",
    "Tag",
    "WorkingPractices",
]
