"""Who may do what with reports. What a report shows follows the permissions of the records that it counts."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission
from tenants.permissions import EVERYONE, MANAGERS

PERMISSIONS = [
    Permission("reporting.view_insights", _("See dashboards and reports"), EVERYONE),
    Permission("reporting.make_board_pack", _("Make a board pack of what one may read"), EVERYONE),
    Permission("reporting.view_reports", _("See saved reports"), EVERYONE),
    Permission("reporting.save_report", _("Save a report"), EVERYONE),
    Permission("reporting.edit_report", _("Change a report of one's own"), EVERYONE),
    Permission("reporting.delete_report", _("Delete a report of one's own"), EVERYONE),
    Permission("reporting.view_report_schedules", _("See when reports are sent by e-mail"), EVERYONE),
    Permission("reporting.schedule_report", _("Send a report of one's own by e-mail"), EVERYONE),
    Permission("reporting.edit_report_schedule", _("Change when a report of one's own is sent"), EVERYONE),
    Permission("reporting.delete_report_schedule", _("Send a report of one's own no longer"), EVERYONE),
    Permission("reporting.leave_report_schedule", _("Get a report no longer by e-mail"), EVERYONE),
    Permission("reporting.export_report", _("Download a report as a file"), EVERYONE),
    Permission("reporting.view_targets", _("See the office's targets"), EVERYONE),
    Permission("reporting.set_target", _("Set a target"), MANAGERS),
    Permission("reporting.remove_target", _("Remove a target"), MANAGERS),
]
