from organizations.models.contacts import Affiliation, Contact
from organizations.models.organizations import Organization, OrganizationAlias, OrganizationIdentifier

__all__ = ["Affiliation", "Contact", "Organization", "OrganizationAlias", "OrganizationIdentifier"]
