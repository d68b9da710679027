"""Idempotency-Key: a create that is sent twice happens once, and both times has the same answer.

The key is claimed in the transaction of the create itself: a second request with it waits until the first one has
ended, then gets its answer, or takes its place when it failed. The store is registered from above (``tenants``), since
the library has no models.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("ETag", "Location")
ACCEPTABLE = re.compile(r"[\x21-\x7e]{1,200}")


class OtherRequest(APIException):
    """The key was used for something else: a fault of the client, which must not be hidden."""

    status_code = 422
    default_code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered the first time: fingerprint of the request, status, body as text, ETag and Location."""

    fingerprint: str
    status: int
    body: str
    headers: dict[str, str]


class Store(Protocol):
    def claim(self, *, actor: Actor, key: str, fingerprint: str) -> StoredAnswer | None:
        """Claim the key for this transaction; the earlier answer when somebody had it before."""

    def keep(self, *, actor: Actor, key: str, status: int, body: str, headers: dict[str, str]) -> None:
        """Keep the answer to the claimed key."""


_stores: list[Store] = []


def register_store(store: Store) -> None:
    """Called once, from an app's ready()."""
    _stores[:] = [store]


def store() -> Store:
    if not _stores:
        raise ImproperlyConfigured("No store for Idempotency-Key is registered")
    return _stores[0]


def key_of(request: Request) -> str | None:
    """The request's key, None without one; a key that is none is refused."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not ACCEPTABLE.fullmatch(key):
        raise serializers.ValidationError({HEADER: [_("Give 1 to 200 printable ASCII characters.")]})
    return key


def fingerprint_of(request: Request) -> str:
    """The same for the same method, path and JSON values, whatever their spelling."""
    asked = [request.method, request.path, request.data]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def earlier_answer(actor: Actor, key: str, request: Request) -> StoredAnswer | None:
    """Claim the key; the answer of the first request with it. Raises OtherRequest when that was another one."""
    fingerprint = fingerprint_of(request)
    earlier = store().claim(actor=actor, key=key, fingerprint=fingerprint)
    if earlier is not None and earlier.fingerprint != fingerprint:
        raise OtherRequest(_("This Idempotency-Key was used for another request. Take a new one."))
    return earlier


def keep_answer(actor: Actor, key: str, response: Response) -> None:
    """Keep a create's answer for the next request with the key that this one has claimed."""
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = JSONRenderer().render(response.data).decode()
    store().keep(actor=actor, key=key, status=response.status_code, body=body, headers=headers)


def replay(earlier: StoredAnswer) -> HttpResponse:
    """The earlier answer once more, marked with Idempotency-Replayed."""
    response = HttpResponse(earlier.body, status=earlier.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    for name, value in earlier.headers.items():
        response[name] = value
    return response
