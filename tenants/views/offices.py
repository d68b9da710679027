"""Choosing an office after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenants.queries.tenants import offices_of


@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Straight into the only office; a choice when there are several; a clear word when there is none."""
    memberships = list(offices_of(request.user))
    if len(memberships) == 1 and "choose" not in request.GET:
        return redirect(f"/t/{memberships[0].tenant.slug}/")
    return render(request, "tenants/offices/choose.html", {"memberships": memberships})
