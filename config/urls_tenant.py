"""Addresses of one office, all below /t/<slug>/ (the prefix is the middleware's matter)."""

from django.urls import include, path

handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("tenants.urls")),
    path("", include("organizations.urls")),
    path("", include("partnerships.urls")),
    path("", include("agreements.urls")),
    path("", include("reporting.urls")),
    path("api/", include("config.urls_api")),
]
