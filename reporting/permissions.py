"""Who may do what with reports. What a report shows follows the permissions of the records that it counts."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission
from tenants.permissions import EVERYONE, MANAGERS

PERMISSIONS = [
    Permission("reporting.view_insights", _("See dashboards and reports"), EVERYONE),
    Permission("reporting.make_board_pack", _("Make a board pack of what one may read"), EVERYONE),
    Permission("reporting.view_targets", _("See the office's targets"), EVERYONE),
    Permission("reporting.set_target", _("Set a target"), MANAGERS),
    Permission("reporting.remove_target", _("Remove a target"), MANAGERS),
]
