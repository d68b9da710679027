"""Today: what needs me, why, and the log box."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.pages import page
from partnerships.forms.interactions import LogForm
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import (
    health_changes,
    needing_attention,
    portfolio_totals,
    visible_partnerships,
)

MOST_ITEMS = 7


@page("partnerships.view_partnerships")
def today(request: HttpRequest) -> HttpResponse:
    """One's own portfolio where one owns partners, else the office's."""
    actor = request.actor
    mine = portfolio_totals(actor, owner_id=actor.user_id)
    owner_id = actor.user_id if mine.partners else None
    totals = mine if owner_id else portfolio_totals(actor)
    may_log = actor.may("partnerships.log_interaction")
    recent = visible_interactions(actor)[:6] if actor.may("partnerships.view_interactions") else []
    context = {
        "totals": totals,
        "owner_id": owner_id,
        "attention": needing_attention(actor, owner_id=owner_id)[:MOST_ITEMS],
        "changes": health_changes(actor)[:6],
        "recent": recent,
        "form": LogForm(actor=actor) if may_log and totals.partners else None,
        "now": timezone.localtime(),
        "is_empty": not totals.partners and not visible_partnerships(actor).exists(),
    }
    return render(request, "partnerships/today/today.html", context)
