"""Who may do what with partnerships."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission
from tenants.permissions import ADMINISTRATORS, EVERYONE, STAFF

PERMISSIONS = [
    Permission("partnerships.view_partnerships", _("See partners and their health"), EVERYONE),
    Permission("partnerships.create_partnership", _("Add a partner"), STAFF),
    Permission("partnerships.edit_partnership", _("Change a partner"), STAFF),
    Permission("partnerships.view_interactions", _("See interactions"), EVERYONE - {"viewer"}),
    Permission("partnerships.view_confidential", _("See confidential interactions"), STAFF - {"officer"}),
    Permission("partnerships.view_restricted", _("See restricted interactions"), ADMINISTRATORS),
    Permission("partnerships.log_interaction", _("Log an interaction"), STAFF | {"researcher"}),
    Permission("partnerships.edit_interaction", _("Change an interaction"), STAFF | {"researcher"}),
    Permission("partnerships.recompute_health", _("Compute health anew"), STAFF),
    Permission("partnerships.view_projects", _("See projects"), EVERYONE),
    Permission("partnerships.create_project", _("Add a project"), STAFF),
    Permission("partnerships.edit_project", _("Change a project"), STAFF),
    Permission("partnerships.import_projects", _("Import projects"), STAFF - {"officer"}),
]
