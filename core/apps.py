from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The library: tenancy, actors, actions, pages, REST. It has no models and knows no domain noun."""

    name = "core"
