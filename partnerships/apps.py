from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    """The relationship: partnerships, interactions, projects and the health of it all."""

    name = "partnerships"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from partnerships import tasks  # noqa: F401
        from partnerships.permissions import PERMISSIONS
        from partnerships.queries.health import read_breadth, read_depth, read_recency
        from partnerships.registry import register_signal

        registry.register(PERMISSIONS)
        register_signal("recency", read_recency)
        register_signal("breadth", read_breadth)
        register_signal("depth", read_depth)
        view, log = "partnerships.view_partnerships", "partnerships.log_interaction"
        register(
            Entry(_("Today"), "partnerships:today", "sun", view, 10, "t"),
            Entry(_("Partners"), "partnerships:partners", "building-skyscraper", view, 20, "p"),
            Entry(_("Projects"), "partnerships:projects", "flask", "partnerships.view_projects", 40, "j"),
            Entry(_("Log interaction"), "partnerships:log", "plus", log, 0, "", "primary"),
        )
