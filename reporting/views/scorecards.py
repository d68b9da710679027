"""The scorecard of one partnership."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.pages import page
from partnerships.queries.partnerships import visible_partnerships
from reporting.queries.scopes import scope_of
from reporting.queries.scorecards import value_card


@page("reporting.view_insights")
def scorecard(request: HttpRequest, pk: int) -> HttpResponse:
    """What a partnership is worth to either side, as the records have it."""
    partnership = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    scope = scope_of(request.actor, {}, request.tenant)
    context = {
        "partnership": partnership,
        "card": value_card(request.actor, partnership, scope),
        "currency": scope.currency,
        "as_of": timezone.now(),
    }
    return render(request, "reporting/scorecard.html", context)
