"""Who may enter, how often, and how much of a list comes at once."""

import logging

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from core.limits import count_in_window, rest_of_window

logger = logging.getLogger(__name__)

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class MembersOnly(BasePermission):
    """Every API request has an actor, proved by the middleware; what the actor may do, reads and actions decide."""

    def has_permission(self, request, view) -> bool:
        return getattr(request._request, "actor", None) is not None


class PerActorThrottle(BaseThrottle):
    """A fair share per member and office, counted exactly per window of time (API_RATE, such as 600/min).

    It spreads load; it is not a defence: when the cache is away, everybody passes.
    """

    scope = "actor"

    def allow_request(self, request, view) -> bool:
        actor = getattr(request._request, "actor", None)
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope)
        if actor is None or not rate:
            return True
        limit, _slash, period = rate.partition("/")
        self.window = SECONDS[period[0]]
        try:
            return count_in_window(f"t{actor.tenant_id}:u{actor.user_id}", self.window) <= int(limit)
        except Exception as problem:
            logger.warning("Nobody is throttled: the cache does not answer (%s)", problem)
            return True

    def wait(self) -> float:
        """The seconds until the next window begins."""
        return rest_of_window(self.window)


def too_many_requests(wait: float | None) -> Throttled:
    """The refusal of a throttled request, without the seconds in its words: they are in Retry-After."""
    refusal = Throttled(detail=_("Too many requests. Wait for the seconds in Retry-After."))
    refusal.wait = wait
    return refusal


class Pages(PageNumberPagination):
    """``?page=2&page_size=100``; at most 500 rows a page. A size that is none is refused, not replaced."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request) -> int:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= self.max_page_size):
            message = _("Give a whole number from 1 to %s.") % self.max_page_size
            raise serializers.ValidationError({self.page_size_query_param: [message]})
        return int(given)
