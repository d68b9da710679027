"""Options for picking an agreement."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agreements.filters import AgreementFilter
from agreements.queries.agreements import visible_agreements
from core.pages import page


@page("agreements.view_agreements")
def lookup(request: HttpRequest) -> HttpResponse:
    """The ten latest agreements whose reference, title or summary contains what was typed."""
    rows = visible_agreements(request.actor).prefetch_related(None)
    found = AgreementFilter({"q": request.GET.get("q", "")[:100]}, rows, request=request).qs[:10]
    options = [
        {
            "value": each.pk,
            "label": str(each),
            "hint": " · ".join(
                filter(None, [str(each.get_kind_display()), each.partnership and each.partnership.organization.name])
            ),
        }
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})
