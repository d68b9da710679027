"""Organizations and people over HTTP."""

from organizations.api.clearances import ClearanceViewSet
from organizations.api.contacts import ContactViewSet
from organizations.api.needs import CapabilityViewSet, NeedViewSet
from organizations.api.organizations import OrganizationViewSet
from organizations.api.profiles import RiskFlagViewSet

routes = [
    ("organizations", OrganizationViewSet),
    ("risk-flags", RiskFlagViewSet),
    ("needs", NeedViewSet),
    ("capabilities", CapabilityViewSet),
    ("contacts", ContactViewSet),
    ("clearances", ClearanceViewSet),
]
