from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Who: organizations outside the institution and the people in them."""

    name = "organizations"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from core.search.registry import Jump, register_jumps, register_kind
        from organizations.actions.history import register_histories
        from organizations.permissions import PERMISSIONS
        from organizations.queries.search import CAPABILITIES, NEEDS, ORGANIZATIONS, PEOPLE

        registry.register(PERMISSIONS)
        for kind in (ORGANIZATIONS, PEOPLE, NEEDS, CAPABILITIES):
            register_kind(kind)
        new, person = "organizations:organization_new", "organizations:contact_new"
        register_jumps(
            Jump(_("Add an organization"), new, "building-community", "organizations.create_organization"),
            Jump(_("Add a person"), person, "user-plus", "organizations.create_contact"),
        )
        register_histories()
        register(Entry(_("People"), "organizations:contacts", "users", "organizations.view_contacts", 30, "c"))
        register(Entry(_("Tags"), "organizations:tags", "tag", "organizations.edit_tag", 84, "", "settings"))
        register(Entry(_("Needs"), "organizations:needs", "bulb", "organizations.view_needs", 35, "n"))
