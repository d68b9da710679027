from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """The view over all of it. It reads the other apps' queries and never acts on them; targets alone are its own."""

    name = "reporting"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from reporting.permissions import PERMISSIONS
        from reporting.queries.questions import QUESTIONS
        from reporting.registry import register_question

        registry.register(PERMISSIONS)
        register_question(*QUESTIONS)
        area = ("reporting:builder", "reporting:targets")
        register(Entry(_("Insights"), "reporting:director", "chart-bar", "reporting.view_insights", 50, "i", area=area))
