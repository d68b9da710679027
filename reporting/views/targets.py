"""Targets: what figures of reports should be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.pages import page, render_form
from reporting.actions.targets import remove_target, set_target
from reporting.forms.targets import TargetForm
from reporting.queries.scopes import scope_of
from reporting.queries.targets import visible_targets
from reporting.registry import measures


@page("reporting.view_targets")
def targets(request: HttpRequest) -> HttpResponse:
    """Every target, the latest year first, beside what the figure counts."""
    known = {f"{question.code}.{each.code}": (question, each) for question, each in measures()}
    rows = [(row, *known[row.measure]) for row in visible_targets(request.actor) if row.measure in known]
    return render(request, "reporting/targets/list.html", {"rows": rows, "currency": request.tenant.currency})


@page("reporting.set_target", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a target, in place of the one that the figure had in that year."""
    scope = scope_of(request.actor, {}, request.tenant)
    form = TargetForm(request.POST or None, initial={"fiscal_year": scope.this_year})
    if request.method == "POST" and form.is_valid():
        if form.perform(set_target, actor=request.actor) is not None:
            messages.success(request, _("Target set."))
            return redirect("reporting:targets")
    return render_form(request, "reporting/targets/form.html", form)


@page("reporting.remove_target", methods=["POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Have no such target any more."""
    row = get_object_or_404(visible_targets(request.actor), pk=pk)
    remove_target(actor=request.actor, target=row)
    messages.success(request, _("Target removed."))
    return redirect("reporting:targets")
