"""Who may do what with the office itself."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission

ADMINISTRATORS = frozenset({"administrator"})
MANAGERS = frozenset({"administrator", "manager"})
STAFF = frozenset({"administrator", "manager", "officer"})
EVERYONE = frozenset({"administrator", "manager", "officer", "researcher", "viewer"})

PERMISSIONS = [
    Permission("tenants.view_members", _("See who works here"), EVERYONE),
    Permission("tenants.view_invitations", _("See pending invitations"), ADMINISTRATORS),
    Permission("tenants.invite_member", _("Invite a colleague"), ADMINISTRATORS),
    Permission("tenants.revoke_invitation", _("Withdraw an invitation"), ADMINISTRATORS),
    Permission("tenants.change_member_role", _("Change a member's role"), ADMINISTRATORS),
    Permission("tenants.end_membership", _("End a membership"), ADMINISTRATORS),
    Permission("tenants.view_units", _("See the institution's units"), EVERYONE),
    Permission("tenants.create_unit", _("Add a unit"), MANAGERS),
    Permission("tenants.edit_unit", _("Change or move a unit"), MANAGERS),
    Permission("tenants.close_unit", _("Close a unit"), MANAGERS),
    Permission("tenants.add_unit_member", _("Add a colleague to a unit"), MANAGERS),
    Permission("tenants.remove_unit_member", _("Take a colleague out of a unit"), MANAGERS),
    Permission("tenants.view_saved_views", _("See saved views of lists"), EVERYONE),
    Permission("tenants.save_view", _("Save a view"), EVERYONE),
    Permission("tenants.edit_view", _("Change a view of one's own"), EVERYONE),
    Permission("tenants.delete_view", _("Delete a view of one's own"), EVERYONE),
    Permission("tenants.pin_view", _("Pin a view"), EVERYONE),
    Permission("tenants.choose_default_view", _("Choose the view a list opens with"), EVERYONE),
    Permission("tenants.share_with_team", _("Share a view or a report with a team of one's own"), STAFF),
    Permission("tenants.share_with_office", _("Share a view or a report with the office"), STAFF - {"officer"}),
    Permission("tenants.manage_shared_views", _("Change and delete views and reports of others"), ADMINISTRATORS),
    Permission("tenants.export_lists", _("Download lists as files"), STAFF | {"researcher"}),
    Permission("tenants.view_exports", _("See the files one asked for"), STAFF | {"researcher"}),
    Permission("tenants.request_export", _("Have a long list written as a file"), STAFF | {"researcher"}),
    Permission("tenants.open_export", _("Download a file one asked for"), STAFF | {"researcher"}),
    Permission("tenants.cancel_export", _("Cancel a file that is being written"), STAFF | {"researcher"}),
    Permission("tenants.retry_export", _("Have a file written again"), STAFF | {"researcher"}),
    Permission("tenants.delete_export", _("Remove a file one asked for"), STAFF | {"researcher"}),
    Permission("tenants.change_rows", _("Change many rows of a list at once"), STAFF | {"researcher"}),
    Permission("tenants.view_search", _("Search the office"), EVERYONE),
    Permission("tenants.view_tokens", _("See one's API tokens"), EVERYONE),
    Permission("tenants.create_token", _("Create an API token"), EVERYONE),
    Permission("tenants.revoke_token", _("Revoke an API token"), EVERYONE),
    Permission("tenants.undo_changes", _("Undo one's own changes"), STAFF | {"researcher"}),
    Permission("tenants.undo_any_changes", _("Undo others' changes"), STAFF - {"officer"}),
    Permission("tenants.view_recycle_bin", _("See what was deleted"), STAFF),
    Permission("tenants.change_preferences", _("Change one's own preferences"), EVERYONE),
]
