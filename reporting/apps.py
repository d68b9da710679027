from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """The view over all of it. It reads the other apps' queries and never acts on them.

    Targets and kept reports alone are its own.
    """

    name = "reporting"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from reporting import tasks  # noqa: F401
        from reporting.actions.history import register_histories
        from reporting.actions.monthly_digest import PERMISSION
        from reporting.filters import ScopeFilter
        from reporting.permissions import PERMISSIONS
        from reporting.queries.questions import QUESTIONS
        from reporting.registry import register_question, register_scope_filter
        from tenants.registry import register_monthly_digest

        registry.register(PERMISSIONS)
        register_monthly_digest(PERMISSION)
        register_question(*QUESTIONS)
        register_scope_filter(ScopeFilter)
        register_histories()
        area = ("reporting:reports", "reporting:targets")
        register(Entry(_("Insights"), "reporting:director", "chart-bar", "reporting.view_insights", 50, "i", area=area))
