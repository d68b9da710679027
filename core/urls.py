"""Addresses of pages that lie outside any tenant."""

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


def global_url(name: str, *args: object) -> str:
    """Reverse ``name`` in the root URL conf, without the tenant's prefix that the running request has set."""
    inner = get_script_prefix()
    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")
    try:
        return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)
    finally:
        set_script_prefix(inner)
