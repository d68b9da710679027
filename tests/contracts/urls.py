"""The addresses of an office as the URL conf has them, and how to walk them."""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver

from core.rest.viewsets import Question

CONF = "config.urls_tenant"
API = "api/"
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Page:
    """One pattern below an office's address."""

    route: str
    name: str
    view: Any

    @property
    def permission(self) -> str:
        return getattr(self.view, "permission", "")

    @property
    def open_because(self) -> str:
        return getattr(self.view, "open_because", "")

    @property
    def methods(self) -> list[str]:
        """What the page, or ``require_http_methods``, lets through, HEAD left out; everything where neither is used."""
        closure = inspect.getclosurevars(self.view).nonlocals if inspect.isfunction(self.view) else {}
        listed = closure.get("request_method_list", ["GET", "POST", "PUT", "PATCH", "DELETE"])
        listed = getattr(self.view, "methods", listed)
        return [method for method in listed if method != "HEAD"]

    @property
    def parameter(self) -> str:
        found = PARAMETER.search(self.route)
        return found[2] if found else ""

    @property
    def resource(self) -> str:
        """The first word of the address: what its parameter is the id of."""
        return self.route.split("/", 1)[0]

    def path(self, value: object = "") -> str:
        """The address below the office's prefix."""
        return "/" + PARAMETER.sub(str(value), self.route)


def pages() -> list[Page]:
    """Every page below config.urls_tenant, in order; the API is not among them."""
    found = [
        Page(route, ":".join(filter(None, [namespace, pattern.name])), pattern.callback)
        for route, namespace, pattern in _walk(get_resolver(CONF).url_patterns, "", "")
        if not route.startswith(API)
    ]
    assert len(found) >= 30, "the sweep found hardly any page: it is not looking in the right place"
    return found


SHARES = range(3)


def share_of_pages(number: int) -> list[Page]:
    """Every third page: what takes long is done in shares, so that processes can divide it among them."""
    return pages()[number :: len(SHARES)]


def _walk(patterns, prefix: str, namespace: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern), pattern.namespace or namespace)
        else:
            yield prefix + str(pattern.pattern), namespace, pattern


@dataclass(frozen=True)
class Endpoint:
    """One address of the API: ``path`` below /api/v1/, with {id} for a row; ``asks``: a POST that reads."""

    path: str
    method: str
    code: str
    viewset: type
    asks: bool = False


def endpoints() -> list[Endpoint]:
    """Every address of the API with the permission that it asks for; the code is empty where none is declared."""
    from config.urls_api import router

    found = []
    for prefix, viewset, _basename in router.registry:
        reads = getattr(getattr(viewset, "reads", None), "code", "")
        if hasattr(viewset, "list"):
            found.append(Endpoint(f"{prefix}/", "GET", reads, viewset))
        if hasattr(viewset, "retrieve"):
            found.append(Endpoint(f"{prefix}/{{id}}/", "GET", reads, viewset))
        for method, name, key, path in (
            ("POST", "create", "create", f"{prefix}/"),
            ("PATCH", "partial_update", "update", f"{prefix}/{{id}}/"),
            ("DELETE", "destroy", "delete", f"{prefix}/{{id}}/"),
        ):
            if hasattr(viewset, name):
                code = getattr(getattr(viewset, "writes", {}).get(key), "code", "")
                found.append(Endpoint(path, method, code, viewset))
        for extra in viewset.get_extra_actions():
            for method in extra.mapping:
                path = f"{prefix}/{{id}}/{extra.url_path}/" if extra.detail else f"{prefix}/{extra.url_path}/"
                asks = isinstance(getattr(extra, "spec", None), Question)
                found.append(Endpoint(path, method.upper(), getattr(extra, "code", ""), viewset, asks))
    assert len(found) >= 25, "the sweep found hardly any endpoint: it is not looking in the right place"
    return found


@contextmanager
def planted(*patterns: URLPattern) -> Iterator[None]:
    """The URL conf of offices with more patterns in front, for a sweep to find."""
    from config import urls_tenant

    before = list(urls_tenant.urlpatterns)
    urls_tenant.urlpatterns[:0] = patterns
    clear_url_caches()
    try:
        yield
    finally:
        urls_tenant.urlpatterns[:] = before
        clear_url_caches()


def browser(**options) -> Client:
    """A client to which a fault of ours is the answer 500, as to everybody else."""
    return Client(raise_request_exception=False, **options)
