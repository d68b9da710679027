"""The one handler of API errors.

Every error is {"code", "detail"}: a word for programs, a sentence for people. Where inputs are at fault there is
"fields" too: the path of each (``affiliations.1.title``; ``body`` for the whole) with its sentences. "details" holds
what else a program may want, such as the present version after a stale edit.
"""

import logging
from typing import Any

from django.core import signals
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import Error as DatabaseError
from django.db import connections
from django.db.models import ProtectedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from core.errors import ActionRefused, PermissionRefused, unforeseen

logger = logging.getLogger(__name__)

WHOLE_BODY = "body"
BUSY_SECONDS = "1"

DATABASE_ANSWERS = {
    "23505": (409, "duplicate", lambda: _("There is one like this already.")),
    "23503": (
        409,
        "in_use",
        lambda: _("It is referred to by something else, or refers to something that is not there."),
    ),
    "23514": (400, "invalid", lambda: _("These values do not fit together.")),
    "22001": (400, "too_long", lambda: _("A value is too long.")),
    "22003": (400, "out_of_range", lambda: _("A number is out of range.")),
    "22007": (400, "bad_date", lambda: _("A date or time is none.")),
    "22008": (400, "out_of_range", lambda: _("A date or time is out of range.")),
    "22009": (400, "out_of_range", lambda: _("A date or time is out of range.")),
    "22P02": (400, "invalid", lambda: _("A value has the wrong form.")),
    "22021": (400, "bad_text", lambda: _("The text contains characters that cannot be stored.")),
    "22P05": (400, "bad_text", lambda: _("The text contains characters that cannot be stored.")),
    "40001": (409, "try_again", lambda: _("Somebody else changed the same records. Try again.")),
    "40P01": (409, "try_again", lambda: _("Somebody else changed the same records. Try again.")),
    "55P03": (503, "busy", lambda: _("The records are busy. Try again in a moment.")),
    "57014": (503, "too_slow", lambda: _("This took too long and was stopped. Narrow the request.")),
}


def database_answer(problem: BaseException) -> tuple[int, str, str] | None:
    """(status, code, words) for a database error that has an answer; None for one that is a fault of ours."""
    sqlstate = getattr(problem.__cause__, "pgcode", None) or getattr(problem, "pgcode", None)
    if sqlstate in DATABASE_ANSWERS:
        code, name, words = DATABASE_ANSWERS[sqlstate]
        return code, name, str(words())
    return None


def _problem(status: int, name: str, detail: str, **more) -> Response:
    return _answer(status, {"code": name, "detail": detail, **more})


def _answer(status: int, body: dict) -> Response:
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            connection.set_rollback(True)
    response = Response(body, status=status)
    if status == 503:
        response["Retry-After"] = BUSY_SECONDS
    return response


def answer_problem(exc: Exception, context: dict) -> Response:
    """The answer to an error; the transaction is rolled back. What nobody foresaw is logged and answered with 500."""
    if isinstance(exc, ActionRefused):
        more = {"fields": {exc.field: [str(exc.message)]}} if exc.field else {}
        if exc.details:
            more["details"] = _plain(exc.details)
        return _problem(exc.status, exc.code, str(exc.message), **more)
    if isinstance(exc, PermissionRefused):
        return _problem(403, "permission_denied", _("You may not do this."), details={"needs": exc.code})
    if isinstance(exc, PermissionDenied):
        return _problem(403, "permission_denied", str(exc) or _("You may not do this."))
    if isinstance(exc, Http404):
        return _problem(404, "not_found", _("There is nothing here, or nothing you may see."))
    if isinstance(exc, DjangoValidationError):
        return _problem(400, "invalid", "; ".join(exc.messages))
    if isinstance(exc, ProtectedError):
        return _problem(409, "in_use", _("It cannot be removed while other records refer to it."))
    if isinstance(exc, exceptions.ValidationError):
        return _problem(400, "invalid", _("Some values are missing or wrong."), fields=fields_of(exc.detail))
    if isinstance(exc, exceptions.APIException):
        return _framework_answer(exc)
    if isinstance(exc, DatabaseError):
        answer = database_answer(exc)
        if answer:
            return _problem(*answer)
    return _unforeseen(exc, context)


def _framework_answer(exc: exceptions.APIException) -> Response:
    response = _problem(exc.status_code, exc.default_code, str(exc.detail))
    if getattr(exc, "wait", None) is not None:
        response["Retry-After"] = str(int(exc.wait) + 1)
    if getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = exc.auth_header
    return response


def _unforeseen(exc: Exception, context: dict) -> Response:
    """A fault of ours. Whoever watches Django's signal hears of it as of any uncaught exception."""
    request = getattr(context.get("request"), "_request", None)
    logger.error("%s %s failed", getattr(request, "method", "?"), getattr(request, "path", "?"), exc_info=exc)
    signals.got_request_exception.send(sender=None, request=request)
    return _answer(500, unforeseen(getattr(request, "request_id", "")))


def fields_of(detail: Any, path: str = "") -> dict[str, list[str]]:
    """REST framework's nested errors as one flat mapping from path to sentences."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for name, each in detail.items():
            here = path if name == api_settings.NON_FIELD_ERRORS_KEY else f"{path}.{name}".lstrip(".")
            for where, sentences in fields_of(each, here).items():
                flat.setdefault(where, []).extend(sentences)
        return flat
    if isinstance(detail, list):
        flat = {}
        for place, each in enumerate(detail):
            inner = isinstance(each, (dict, list))
            if not each:
                continue
            for where, sentences in fields_of(each, f"{path}.{place}".lstrip(".") if inner else path).items():
                flat.setdefault(where, []).extend(sentences)
        return flat
    return {path or WHOLE_BODY: [str(detail)]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (int, float, bool, type(None))) else str(value)
