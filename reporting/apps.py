from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The view over all of it. It reads the other apps' queries and never acts."""

    name = "reporting"
