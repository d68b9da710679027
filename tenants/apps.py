from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """What one office's users share, whatever the domain: accounts, tokens, history, jobs."""

    name = "tenants"

    def ready(self) -> None:
        from core import checks  # noqa: F401
        from core.navigation import Entry, register
        from core.permissions import registry
        from core.rest.idempotency import register_store
        from tenants import tasks  # noqa: F401
        from tenants.actions.idempotency import KeptAnswers
        from tenants.permissions import PERMISSIONS

        registry.register(PERMISSIONS)
        register_store(KeptAnswers())
        register(
            Entry(_("Members"), "tenants:members", "users-group", "tenants.view_members", 90, "m", "settings"),
            Entry(_("API tokens"), "tenants:tokens", "key", "tenants.view_tokens", 92, "", "settings"),
            Entry(
                _("Preferences"),
                "tenants:preferences",
                "adjustments",
                "tenants.change_preferences",
                95,
                "",
                "settings",
            ),
        )
