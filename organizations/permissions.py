"""Who may do what with organizations and people."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission
from tenants.permissions import EVERYONE, STAFF

PERMISSIONS = [
    Permission("organizations.view_organizations", _("See organizations"), EVERYONE),
    Permission("organizations.create_organization", _("Add an organization"), STAFF),
    Permission("organizations.edit_organization", _("Change an organization"), STAFF),
    Permission("organizations.view_contacts", _("See people and their addresses"), EVERYONE - {"viewer"}),
    Permission("organizations.create_contact", _("Add a person"), STAFF | {"researcher"}),
    Permission("organizations.edit_contact", _("Change a person"), STAFF),
]
