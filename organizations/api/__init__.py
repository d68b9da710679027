"""Organizations and people over HTTP."""

from organizations.api.contacts import ContactViewSet
from organizations.api.organizations import OrganizationViewSet

routes = [("organizations", OrganizationViewSet), ("contacts", ContactViewSet)]
