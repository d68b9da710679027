"""A request id for every request, and whole pages where a form was sent by a script."""

import re
import uuid

from core.logs import request_id

ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
GIVEN_KEPT = 31


class RequestIdMiddleware:
    """``request_id`` may be the caller's and repeat; ``change_set`` begins with it and is this request's alone.

    The history goes by the latter: what two requests changed is never taken for one, whatever they say.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        own = uuid.uuid4().hex
        given = request.headers.get("X-Request-ID", "")
        known = ACCEPTABLE.fullmatch(given) is not None
        request.request_id = given if known else own
        request.change_set = f"{given[:GIVEN_KEPT]}-{own}" if known else own
        token = request_id.set(request.request_id)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.request_id
            return response
        finally:
            request_id.reset(token)


class AfterFormMiddleware:
    """What follows a form is a page, also where a script sent the form.

    A browser follows a redirect by itself and repeats the headers of the first request, so a view that answers htmx
    with a part of its page would answer so here. Scripts mark what they send by X-From-Form; below this middleware
    the GET after it is an ordinary one. It stands first, before anybody reads ``request.headers``.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD") and request.META.get("HTTP_X_FROM_FORM"):
            request.META.pop("HTTP_HX_REQUEST", None)
        return self.get_response(request)
