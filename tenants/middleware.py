"""Ring one: /t/<slug>/… becomes the script prefix, and membership opens the tenant's scope.

Views and ``reverse()`` never mention the tenant. A stranger gets 404, as for an office that does not exist; somebody
who is not signed in is asked to (API: 401). A token opens the API alone: pages, and so the ways to other secrets, are
for sessions. The prefix and the scope end with the request, also by exception.
"""

import re
import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.secrets import looks_genuine
from core.tenancy.scope import tenant_scope, tenant_transaction
from core.urls import global_url
from tenants.queries.tenants import Access, access_by_user, active_tenant
from tenants.queries.tokens import access_by_token

TENANT_PATH = re.compile(r"^/t/([a-z0-9-]{1,50})(/.*)$")
API_PATH = "/api/"


def _is_open(path: str) -> bool:
    """Whether a page says in words why it needs no membership; what is not there is as closed as the rest."""
    try:
        return bool(getattr(resolve(path, settings.TENANT_URLCONF).func, "open_because", ""))
    except Resolver404:
        return False


class TenantMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.tenant = request.actor = None
        request.by_token = False
        match = TENANT_PATH.match(request.path_info)
        if match is None:
            return self.get_response(request)
        slug, inner_path = match.groups()
        access = self._access(request, slug, inner_path)
        tenant = access.tenant if access else active_tenant(slug)
        if tenant is None or (access is None and not _is_open(inner_path)):
            return self._turn_away(request, inner_path)
        request.tenant, request.actor = tenant, access.actor if access else None
        request.urlconf = settings.TENANT_URLCONF
        outer_prefix, outer_path = get_script_prefix(), request.path_info
        set_script_prefix(f"{outer_prefix}t/{slug}/")
        request.path_info = inner_path
        try:
            with (
                tenant_scope(tenant.pk),
                timezone.override(zoneinfo.ZoneInfo(access.actor.time_zone if access else tenant.time_zone)),
            ):
                return self.get_response(request)
        finally:
            set_script_prefix(outer_prefix)
            request.path_info = outer_path

    @staticmethod
    def _access(request: HttpRequest, slug: str, inner_path: str) -> Access | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            may_open = inner_path.startswith(API_PATH) and looks_genuine(secret.strip())
            tenant = active_tenant(slug) if may_open else None
            if tenant is None:
                return None
            request.by_token = True
            with tenant_transaction(tenant.pk):
                return access_by_token(tenant, secret.strip(), request_id=request.change_set)
        if request.user.is_authenticated:
            return access_by_user(slug, request.user, request_id=request.change_set)
        return None

    @staticmethod
    def _turn_away(request: HttpRequest, inner_path: str) -> HttpResponseBase:
        signed_in = request.user.is_authenticated and "Authorization" not in request.headers
        if signed_in and inner_path.startswith(API_PATH):
            answer = {"code": "not_found", "detail": _("There is nothing here, or nothing you may see.")}
            return JsonResponse(answer, status=404)
        if signed_in:
            raise Http404
        if inner_path.startswith(API_PATH):
            answer = {
                "code": "not_authenticated",
                "detail": _("Sign in, or send a valid token for this office."),
            }
            return JsonResponse(answer, status=401, headers={"WWW-Authenticate": "Bearer"})
        return redirect_to_login(_way_back(request), global_url(settings.LOGIN_URL))


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: the same address, or of what a form sent the page with the form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        page = urlsplit(came_from)
        return urlunsplit(("", "", page.path, page.query, ""))
    return global_url("choose_office")
