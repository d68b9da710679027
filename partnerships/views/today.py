"""Today: what needs me, why, and the log box."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.attention import Scope, lines_for, tiles_for
from core.pages import page
from partnerships.forms.quick_log import QuickLog
from partnerships.queries.attention import put_off
from partnerships.queries.partnerships import (
    PortfolioTotals,
    health_changes,
    portfolio_totals,
    visible_partnerships,
)
from partnerships.views.attention import coming_followups
from tenants.queries.users import colleagues

MOST_LINES = 7
MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One of the three things to do in an office that has just been opened."""

    label: str
    done: bool
    url: str


@page("partnerships.view_partnerships")
def today(request: HttpRequest) -> HttpResponse:
    """One's own portfolio where one owns partners, else the office's."""
    actor, day = request.actor, timezone.localdate()
    totals, is_own = portfolio_totals(actor)
    owner_id = actor.user_id if is_own else None
    scope = Scope(today=day, owner_id=owner_id, most=MOST_LINES, known={"portfolio": totals})
    may_log = actor.may("partnerships.log_interaction") and totals.partners
    quick = QuickLog(actor=actor, partnership=None, compact=True) if may_log else None
    context = {
        "totals": totals,
        "owner_id": owner_id,
        "first_steps": _first_steps(actor, totals),
        "is_empty": not totals.partners and not visible_partnerships(actor).exists(),
        "tiles": tiles_for(actor, scope),
        "lines": lines_for(actor, scope, put_off=put_off(actor, today=day)),
        "changes": health_changes(actor)[:MOST_CHANGES],
        "agenda": [row for row in coming_followups(actor, scope) if row.due_on > day],
        "quick": quick,
        "form": quick.form if quick else None,
        "today": day,
        "now": timezone.localtime(),
    }
    return render(request, "partnerships/today/today.html", context)


def _first_steps(actor: Actor, totals: PortfolioTotals) -> list[FirstStep]:
    """Add a partner, log one contact, invite a colleague; empty once there was contact with any partner."""
    if totals.touched:
        return []
    steps, has_partner = [], totals.partners > 0
    if actor.may("organizations.create_organization"):
        label = _("Add a partner, or import your list")
        steps.append(FirstStep(label, has_partner, reverse("organizations:organization_new")))
    if actor.may("partnerships.log_interaction"):
        steps.append(FirstStep(_("Log what happened with it"), False, reverse("partnerships:log")))
    if actor.may("tenants.invite_member"):
        steps.append(FirstStep(_("Invite a colleague"), colleagues(actor).count() > 1, reverse("tenants:members")))
    return steps
