"""Matching fairly: a preview that explains itself, keeping it, and making the offers that it proposes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.errors import ActionRefused
from core.pages import page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.matching import accept_matching, run_matching
from partnerships.choices_talent import MatchSide
from partnerships.filters_talent import MatchRunFilter
from partnerships.forms.talent import MatchingForm
from partnerships.models import MatchRun, TalentProgram
from partnerships.queries.matching import (
    explained_matching,
    preview_matching,
    proposals_of,
    terms_of,
    visible_matchings,
)
from partnerships.queries.positions import visible_programs
from partnerships.views.talent_boards import number

FOLDER = "partnerships/talent/"

MATCHINGS = register_list(
    List(
        code="matchings",
        label=gettext_lazy("Matchings"),
        url_name="partnerships:matchings",
        reads=visible_matchings,
        filterset_class=MatchRunFilter,
        columns=[
            Column("program", gettext_lazy("Program"), sort="program__name", value="program.name"),
            Column("term", gettext_lazy("Term"), sort="term", css="lead", value="term"),
            Column("made", gettext_lazy("Made"), sort="made_at", value="made_at"),
            Column("by", gettext_lazy("By"), value="made_by.name"),
            Column("best", gettext_lazy("Best for"), value="get_proposes_display"),
            Column("candidates", gettext_lazy("Candidates"), numeric=True, value="candidates"),
            Column("matched", gettext_lazy("Matched"), numeric=True, value="matched"),
        ],
        default_sort="-made",
        row_template=f"{FOLDER}_matching_row.html",
        counted=ngettext_lazy("%(n)d matching", "%(n)d matchings", "n"),
        empty=Empty(
            gettext_lazy("Nobody was matched yet. Record how both sides rank each other, then match fairly."),
            icon="switch-horizontal",
            action=gettext_lazy("Match fairly"),
            url_name="partnerships:matching_new",
            permission="partnerships.run_matching",
        ),
        no_match=gettext_lazy("No matching fits the filter."),
        api="matchings",
    )
)


@page("partnerships.view_matchings")
def matchings(request: HttpRequest) -> HttpResponse:
    """The matchings that were made."""
    return render_listing(request, build_listing(request, MATCHINGS), f"{FOLDER}matchings.html")


@page("partnerships.run_matching", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What a matching would answer now, with reasons; sending it keeps it and marks what it proposes."""
    chosen = _chosen_program(request)
    terms = terms_of(request.actor, chosen) if chosen else []
    given = request.POST if request.method == "POST" else None
    asked = request.GET.get("proposes", "")
    initial = {
        "program": chosen,
        "term": request.GET.get("term", terms[0] if terms else ""),
        "proposes": asked if asked in MatchSide.values else MatchSide.CANDIDATES,
    }
    form = MatchingForm(given, actor=request.actor, terms=terms, initial=initial)
    if request.method == "POST" and form.is_valid():
        run = form.perform(run_matching, actor=request.actor)
        if run is not None:
            messages.success(request, _("Matched. Nothing is offered yet."))
            return redirect("partnerships:matching", pk=run.pk)
    context: dict[str, Any] = {"program": chosen, "term": initial["term"], "side": MatchSide(initial["proposes"])}
    if chosen is not None and initial["term"] in terms:
        context["preview"] = preview_matching(request.actor, chosen, term=initial["term"], proposes=initial["proposes"])
    return render_form(request, f"{FOLDER}match.html", form, **context)


def _chosen_program(request: HttpRequest) -> TalentProgram | None:
    rows = visible_programs(request.actor)
    wanted = number(request.POST.get("program") or request.GET.get("program"))
    return rows.filter(pk=wanted).first() if wanted is not None else rows.filter(positions__isnull=False).first()


@page("partnerships.view_matchings")
def matching(request: HttpRequest, pk: int) -> HttpResponse:
    """One matching with its reasons, and what of it is still to be offered."""
    run = get_object_or_404(visible_matchings(request.actor), pk=pk)
    return render(request, f"{FOLDER}matching.html", _shown(request, run))


def _shown(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    return {
        "matching": run,
        "side": MatchSide(run.proposes),
        "preview": explained_matching(request.actor, run),
        "proposed": proposals_of(request.actor, run).count(),
    }


@page("partnerships.accept_matching", methods=["POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the offers that it proposes."""
    run = get_object_or_404(visible_matchings(request.actor), pk=pk)
    try:
        accept_matching(actor=request.actor, matching=run)
        messages.success(request, _("Offers made."))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(reverse("partnerships:matching", args=[run.pk]))


urlpatterns = [
    path("matchings/", matchings, name="matchings"),
    path("matchings/new/", new, name="matching_new"),
    path("matchings/<int:pk>/", matching, name="matching"),
    path("matchings/<int:pk>/accept/", accept, name="matching_accept"),
]
