from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Who: organizations outside the institution and the people in them."""

    name = "organizations"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from organizations.permissions import PERMISSIONS

        registry.register(PERMISSIONS)
        register(Entry(_("People"), "organizations:contacts", "users", "organizations.view_contacts", 30, "c"))
