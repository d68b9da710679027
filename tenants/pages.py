"""What pages of every app show of what an office keeps for all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.versions import VersionedModel
from tenants.queries.record_history import history_of


def render_history(request: HttpRequest, row: VersionedModel, *beside: VersionedModel) -> HttpResponse:
    """Who changed what about a record that the reader may see, and about others that are shown together with it."""
    history = history_of(request.actor, [row, *beside], page=request.GET.get("page"))
    return render(request, "tenants/history/record.html", {"record": row, "history": history})
