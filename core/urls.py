"""Addresses of pages that the running request is not about: outside any tenant, or in a tenant without a request.

And which of an office's addresses are its API's.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix, set_urlconf

API = re.compile(r"/t/[^/]+/api/")


def global_url(name: str, *args: object) -> str:
    """Reverse ``name`` in the root URL conf, without the tenant's prefix that the running request has set."""
    inner = get_script_prefix()
    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")
    try:
        return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)
    finally:
        set_script_prefix(inner)


def office_url(slug: str, name: str, *args: object) -> str:
    """The whole address of a page of an office, for links in mail; no request has to be running."""
    inner = get_script_prefix()
    set_script_prefix(f"{settings.FORCE_SCRIPT_NAME or ''}/t/{slug}/")
    try:
        return settings.SITE_ADDRESS + reverse(name, urlconf=settings.TENANT_URLCONF, args=args)
    finally:
        set_script_prefix(inner)


@contextmanager
def in_office(slug: str) -> Iterator[None]:
    """Addresses made within are those of the office, as in a request to it: for answers that are made in a job."""
    prefix, urlconf = get_script_prefix(), get_urlconf()
    set_script_prefix(f"{settings.FORCE_SCRIPT_NAME or ''}/t/{slug}/")
    set_urlconf(settings.TENANT_URLCONF)
    try:
        yield
    finally:
        set_script_prefix(prefix)
        set_urlconf(urlconf)


def is_api(path: str) -> bool:
    """Whether a whole path (``request.path``) is one of an office's API, which answers programs."""
    return API.match(path.removeprefix((settings.FORCE_SCRIPT_NAME or "").rstrip("/"))) is not None
