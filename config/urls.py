"""Addresses outside any office: signing in, choosing an office, being healthy, the API's description."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.views import styleguide
from tenants.views import offices, status

handler500 = "core.views.server_error"

# The API explorer writes style attributes and draws data: images; this one page allows them, no other does.
api_docs = csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]})(
    SpectacularSwaggerSplitView.as_view(url_name="api_schema")
)

urlpatterns = [
    path("", offices.choose, name="choose_office"),
    path("accounts/", include("config.urls_accounts")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", api_docs, name="api_docs"),
    path("styleguide/", styleguide, name="styleguide"),
    path("healthz", status.healthz, name="healthz"),
]
