"""Who may do what with organizations and people."""

from django.utils.translation import gettext_lazy as _

from core.permissions import Permission
from tenants.permissions import ADMINISTRATORS, EVERYONE, MANAGERS, STAFF

WITH_RESEARCHERS = STAFF | {"researcher"}

PERMISSIONS = [
    Permission("organizations.view_organizations", _("See organizations"), EVERYONE),
    Permission("organizations.create_organization", _("Add an organization"), STAFF),
    Permission("organizations.edit_organization", _("Change an organization"), STAFF),
    Permission("organizations.add_alias", _("Add another name of an organization"), STAFF),
    Permission("organizations.remove_alias", _("Remove another name of an organization"), STAFF),
    Permission("organizations.add_identifier", _("Add an identifier of an organization"), STAFF),
    Permission("organizations.remove_identifier", _("Remove an identifier of an organization"), STAFF),
    Permission("organizations.add_sector", _("Add a sector of an organization"), STAFF),
    Permission("organizations.remove_sector", _("Remove a sector of an organization"), STAFF),
    Permission("organizations.tag_organization", _("Tag an organization"), STAFF),
    Permission("organizations.untag_organization", _("Take a tag off an organization"), STAFF),
    Permission("organizations.edit_tag", _("Rename a tag, or join two"), MANAGERS),
    Permission("organizations.delete_tag", _("Drop a tag"), MANAGERS),
    Permission("organizations.edit_practices", _("Describe how an organization works"), STAFF),
    Permission("organizations.view_risk_flags", _("See risks of organizations"), EVERYONE - {"viewer"}),
    Permission("organizations.raise_risk_flag", _("Raise a risk flag"), STAFF),
    Permission("organizations.clear_risk_flag", _("Clear a risk flag"), MANAGERS),
    Permission("organizations.view_needs", _("See needs of partners in their public form"), EVERYONE),
    Permission("organizations.view_need_details", _("See the full text and budget of needs"), STAFF),
    Permission("organizations.create_need", _("Add a need"), STAFF),
    Permission("organizations.edit_need", _("Change a need"), STAFF),
    Permission("organizations.view_capabilities", _("See what the institution offers"), EVERYONE),
    Permission("organizations.create_capability", _("Add a capability"), WITH_RESEARCHERS),
    Permission("organizations.edit_capability", _("Change a capability"), STAFF),
    Permission("organizations.view_contacts", _("See people and their addresses"), EVERYONE - {"viewer"}),
    Permission("organizations.create_contact", _("Add a person"), WITH_RESEARCHERS),
    Permission("organizations.edit_contact", _("Change a person"), STAFF),
    Permission("organizations.add_affiliation", _("Add a position of a person"), STAFF),
    Permission("organizations.edit_affiliation", _("Correct or end a position of a person"), STAFF),
    Permission("organizations.mark_contact_left", _("Record that a person has left"), STAFF),
    Permission("organizations.record_opt_out", _("Record that a person wants no mailings"), WITH_RESEARCHERS),
    Permission("organizations.lift_opt_out", _("Lift an opt-out"), ADMINISTRATORS),
    Permission("organizations.view_personal_data", _("See all that is held on a person"), STAFF),
    Permission("organizations.view_clearances", _("See who asked to contact whom"), EVERYONE - {"viewer"}),
    Permission("organizations.request_clearance", _("Ask to contact a person"), WITH_RESEARCHERS),
    Permission("organizations.withdraw_clearance", _("Withdraw one's own request"), WITH_RESEARCHERS),
    Permission("organizations.answer_all_clearances", _("Answer requests for people whom others keep"), MANAGERS),
    Permission("organizations.grant_clearance", _("Let a colleague contact a person"), WITH_RESEARCHERS),
    Permission("organizations.refuse_clearance", _("Refuse a colleague's request"), WITH_RESEARCHERS),
    Permission("organizations.delete_organization", _("Delete an organization"), STAFF),
    Permission("organizations.delete_contact", _("Delete a person"), STAFF),
    Permission("organizations.merge_organizations", _("Merge two organizations"), STAFF),
    Permission("organizations.merge_contacts", _("Merge two people"), STAFF),
]
