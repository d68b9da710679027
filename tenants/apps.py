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
        from core.search.registry import Jump, register_jumps
        from core.versions import register_past
        from core.views_of_lists import register_views
        from tenants import tasks  # noqa: F401
        from tenants.actions.idempotency import KeptAnswers
        from tenants.models import Unit
        from tenants.permissions import PERMISSIONS
        from tenants.queries.past import past_of
        from tenants.queries.units import visible_units
        from tenants.queries.views import KeptViews
        from tenants.registry import register_history_names

        registry.register(PERMISSIONS)
        register_store(KeptAnswers())
        register_views(KeptViews())
        register_past(past_of)
        register_history_names(Unit, visible_units)
        register_jumps(
            Jump(_("Invite a colleague"), "tenants:members", "user-plus", "tenants.invite_member", "invite-title"),
            Jump(_("Create an API token"), "tenants:tokens", "key", "tenants.create_token", "new-title"),
        )
        register(
            Entry(_("Members"), "tenants:members", "users-group", "tenants.view_members", 90, "m", "settings"),
            Entry(_("Units"), "tenants:units", "sitemap", "tenants.view_units", 91, "u", "settings"),
            Entry(_("API tokens"), "tenants:tokens", "key", "tenants.view_tokens", 92, "", "settings"),
            Entry(_("Recycle bin"), "tenants:recycle_bin", "trash", "tenants.view_recycle_bin", 94, "", "settings"),
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
