"""Who may enter, how often, and how much of a list comes at once."""

from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle


class MembersOnly(BasePermission):
    """Every API request has an actor, proved by the middleware; what the actor may do, reads and actions decide."""

    def has_permission(self, request, view) -> bool:
        return getattr(request._request, "actor", None) is not None


class PerActorThrottle(SimpleRateThrottle):
    """A fair share per member and office. It spreads load; it is not a defence."""

    scope = "actor"

    def get_cache_key(self, request, view) -> str | None:
        actor = getattr(request._request, "actor", None)
        return f"throttle:t{actor.tenant_id}:u{actor.user_id}" if actor else None


class Pages(PageNumberPagination):
    """``?page=2&page_size=100``; at most 500 rows a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
