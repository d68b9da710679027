"""Logging from anywhere: a dialog with JavaScript, a page without."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.pages import next_address, page, render_form
from partnerships.actions.interactions import edit_interaction, log_interaction
from partnerships.forms.interactions import InteractionForm, LogForm
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships


@page("partnerships.log_interaction", methods=["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The log form; after saving back to where one came from, or to the same form for "save and log another"."""
    partnership = None
    if request.GET.get("partner", "").isdigit():
        partnership = visible_partnerships(request.actor).filter(pk=request.GET["partner"][:18]).first()
    form = LogForm(request.POST or None, actor=request.actor, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        interaction = form.perform(log_interaction, actor=request.actor)
        if interaction is not None:
            return _logged(request, interaction)
    template = "partnerships/interactions/_log_dialog.html" if request.htmx else "partnerships/interactions/log.html"
    return render_form(request, template, form, partnership=partnership, next=next_address(request))


def _logged(request: HttpRequest, interaction) -> HttpResponse:
    words = {"kind": interaction.get_kind_display(), "partner": interaction.partnership.organization.name}
    messages.success(request, _("%(kind)s with %(partner)s logged.") % words)
    if "another" in request.POST:
        return redirect(f"{reverse('partnerships:log')}?partner={interaction.partnership_id}")
    target = next_address(request) or interaction.partnership.get_absolute_url()
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


@page("partnerships.view_interactions")
def interaction(request: HttpRequest, pk: int) -> HttpResponse:
    """One interaction, whole."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    return render(request, "partnerships/interactions/detail.html", {"interaction": row})


@page("partnerships.edit_interaction", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an interaction."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    form = InteractionForm(
        request.POST or None,
        actor=request.actor,
        partnership=row.partnership,
        initial=InteractionForm.initial_of(row),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_interaction, actor=request.actor, interaction=row, seen=seen) is not None:
            messages.success(request, _("Interaction changed."))
            return redirect(row.partnership.get_absolute_url())
    return render_form(request, "partnerships/interactions/edit.html", form, interaction=row)
