"""What the frame links to on this floor."""

from django.http import HttpRequest
from django.urls import reverse


def office(request: HttpRequest) -> dict:
    """The address of one's preferences, for the user's menu."""
    return {"preferences_url": reverse("tenants:preferences")} if getattr(request, "actor", None) else {}
