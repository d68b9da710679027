"""Who may do what with the office itself."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission

ADMINISTRATORS = frozenset({"administrator"})
STAFF = frozenset({"administrator", "manager", "officer"})
EVERYONE = frozenset({"administrator", "manager", "officer", "researcher", "viewer"})

PERMISSIONS = [
    Permission("tenants.view_members", _("See who works here"), EVERYONE),
    Permission("tenants.view_invitations", _("See pending invitations"), ADMINISTRATORS),
    Permission("tenants.invite_member", _("Invite a colleague"), ADMINISTRATORS),
    Permission("tenants.revoke_invitation", _("Withdraw an invitation"), ADMINISTRATORS),
    Permission("tenants.change_member_role", _("Change a member's role"), ADMINISTRATORS),
    Permission("tenants.end_membership", _("End a membership"), ADMINISTRATORS),
    Permission("tenants.view_tokens", _("See one's API tokens"), EVERYONE),
    Permission("tenants.create_token", _("Create an API token"), EVERYONE),
    Permission("tenants.revoke_token", _("Revoke an API token"), EVERYONE),
    Permission("tenants.change_preferences", _("Change one's own preferences"), EVERYONE),
]
