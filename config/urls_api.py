"""Version 1 of the REST API, below /t/<slug>/api/."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from agreements.api import routes as agreements_routes
from core.rest.viewsets import NothingHere
from organizations.api import routes as organizations_routes
from partnerships.api import routes as partnerships_routes
from reporting.api import routes as reporting_routes
from tenants.api import routes as tenants_routes

router = SimpleRouter()
for prefix, viewset in [
    *organizations_routes,
    *partnerships_routes,
    *agreements_routes,
    *reporting_routes,
    *tenants_routes,
]:
    router.register(prefix, viewset, basename=prefix)

urlpatterns = [
    path("v1/", include((router.urls, "api"))),
    re_path(r"^.*$", NothingHere.as_view(), name="api_nothing"),
]
