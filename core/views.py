"""Pages without a domain: the style guide, and what everybody sees when something fails that nobody foresaw."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import unforeseen
from core.styleguide import sample_context
from core.urls import is_api

logger = logging.getLogger(__name__)

BARE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><main><h1>{title}</h1><p>{words} <code>{reference}</code></p></main></body></html>"
)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, with sample data and without the database."""
    return render(request, "styleguide/index.html", sample_context())


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an uncaught exception, with the reference that the log has: a page, for the API JSON.

    It asks neither database nor session and runs no context processor, for one of them may be what failed. Should
    even the page fail, bare words are left.
    """
    reference = getattr(request, "request_id", "")
    if is_api(request.path):
        return JsonResponse(unforeseen(reference), status=500, headers={"Cache-Control": "no-store, private"})
    try:
        page = render_to_string("500.html", {"reference": reference})
    except Exception:
        logger.exception("The page about a failure failed too")
        title, words = _("Something went wrong on our side"), _("Quote this reference to your administrator:")
        page = format_html(BARE, title=title, words=words, reference=reference)
    return HttpResponseServerError(page, headers={"Cache-Control": "no-store, private"})
