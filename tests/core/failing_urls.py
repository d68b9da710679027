"""Addresses outside any office, with one that fails, and a middleware that does."""

from django.urls import path

from config import urls
from tests.core.test_failures import wild

handler500 = urls.handler500
urlpatterns = [path("wild/", wild), *urls.urlpatterns]


def fail(get_response):
    """A middleware that lets nothing through."""
    return wild
