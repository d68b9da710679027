"""What the frame links to on this floor."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core.messages import change_set_told
from tenants.queries.history import UNDO, undo_offer


def office(request: HttpRequest) -> dict:
    """The addresses of search and of one's preferences, and the way back from what the status bar tells of."""
    if getattr(request, "actor", None) is None:
        return {}
    return {
        "preferences_url": reverse("tenants:preferences"),
        "exports_url": reverse("tenants:exports"),
        "search_url": reverse("tenants:search"),
        "search_lookup_url": reverse("tenants:palette"),
        "status_undo": SimpleLazyObject(lambda: _status_undo(request)),
    }


def _status_undo(request: HttpRequest) -> dict[str, str]:
    """Asked for only where a message is shown; empty when there is nothing to undo."""
    request_id = change_set_told(request)
    done = undo_offer(request.actor, request_id)
    if not done:
        return {}
    return {"url": reverse("tenants:undo", args=[request_id]), "label": _("Redo") if done == UNDO else _("Undo")}
