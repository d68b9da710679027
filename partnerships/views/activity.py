"""The activity of a partner: its tab."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from partnerships.choices import InteractionKind
from partnerships.models import Partnership
from partnerships.queries.activity import MOST, STEP, activity_of


def activity_tab(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What the tab shows; filter and length stand in the address. Empty for who may not see interactions."""
    if not request.actor.may("partnerships.view_interactions"):
        return {}
    kind = request.GET.get("kind", "")
    kind = kind if kind in InteractionKind.values else ""
    words = request.GET.get("words", "").replace("\0", "").strip()[:100]
    wanted = request.GET.get("show", "")
    shown = min(int(wanted[:4]), MOST) if wanted.isascii() and wanted.isdigit() else STEP
    found = activity_of(request.actor, partnership, kind=kind, q=words, shown=shown)
    parameters = request.GET.copy()
    parameters["tab"], parameters["show"] = "activity", str(found.shown + STEP)
    return {
        "found": found,
        "kind": kind,
        "words": words,
        "kinds": InteractionKind.choices,
        "more_url": f"?{parameters.urlencode()}" if found.more and found.shown < MOST else "",
        "kept": [(name, request.GET[name]) for name in ("from", "i", "q") if request.GET.get(name)],
        "today": timezone.localdate(),
    }
