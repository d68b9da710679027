"""What every page's frame shows."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.navigation import pinned_for, primary_for, rail_for


def frame(request: HttpRequest) -> dict:
    """tenant, actor, navigation and preferences; on pages outside a tenant only the preferences."""
    preferences = {"theme": "system", "density": "default", "shortcuts": "on"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        preferences = {
            "theme": user.theme,
            "density": user.density,
            "shortcuts": "on" if user.single_key_shortcuts else "off",
        }
    actor = getattr(request, "actor", None)
    tenant = getattr(request, "tenant", None)
    context = {"tenant": tenant, "actor": actor, "preferences": preferences, "navigation": []}
    if actor is not None:
        context["navigation"] = rail_for(actor, request.path)
        context["log_url"] = primary_for(actor)
        context["pinned"] = SimpleLazyObject(lambda: pinned_for(actor, request.GET.get("view", "")))
    return context
