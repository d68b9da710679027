"""Who carries how much."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.pages import page, render_form
from partnerships.actions.teams import set_capacity
from partnerships.choices import Tier
from partnerships.forms.teams import CapacityForm
from partnerships.models import Capacity
from partnerships.queries import workload as loads
from partnerships.queries.teams import visible_capacities
from partnerships.rules.tiers import TIER_POLICIES
from tenants.queries.users import visible_members


@page("partnerships.view_workload")
def workload(request: HttpRequest) -> HttpResponse:
    """Every colleague's partners, follow-ups, opportunities, reviews and effort, the heaviest load first."""
    rows = loads.workload(request.actor)
    context = {
        "loads": rows,
        "heaviest": max((row.load for row in rows), default=0),
        "weights": [(tier.label, TIER_POLICIES[tier.value].load) for tier in Tier],
        "activity_days": loads.ACTIVITY_DAYS,
    }
    return render(request, "partnerships/workload/workload.html", context)


@page("partnerships.set_capacity", methods=["GET", "POST"])
def capacity(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many days a month a colleague has."""
    membership = get_object_or_404(visible_members(request.actor), pk=pk)
    present = visible_capacities(request.actor).filter(member_id=membership.user_id).first() or Capacity()
    form = CapacityForm(request.POST or None, initial={"days_per_month": present.days_per_month})
    if request.method == "POST" and form.is_valid():
        form.perform(set_capacity, actor=request.actor, member=membership.user)
        if not form.errors:
            messages.success(request, _("Saved for %s.") % membership.user.name)
            return redirect("partnerships:workload")
    return render_form(request, "partnerships/workload/capacity.html", form, membership=membership)
