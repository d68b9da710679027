"""Candidates of a position: adding, changing, moving and ranking them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import next_address, page, render_form
from partnerships.actions.candidacies import add_candidacy, edit_candidacy, move_candidacy, rank_candidates
from partnerships.choices_talent import CandidateStatus
from partnerships.forms.students import CandidacyForm, NewCandidacyForm, RankingForm
from partnerships.queries.candidacies import candidates_for, visible_candidacies
from partnerships.queries.positions import visible_positions
from partnerships.rules.talent import CANDIDACY_MOVES
from tenants.pages import render_history

FORM = "partnerships/talent/form.html"


def _around(heading: str, position) -> dict:
    return {
        "heading": heading,
        "list_url": reverse("partnerships:positions"),
        "row": position,
        "cancel_url": position.get_absolute_url(),
    }


@page("partnerships.add_candidacy", methods=["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a candidate to a position."""
    position = get_object_or_404(visible_positions(request.actor), pk=pk)
    form = NewCandidacyForm(request.POST if request.method == "POST" else None, actor=request.actor, position=position)
    if request.method == "POST" and form.is_valid():
        if form.perform(add_candidacy, actor=request.actor, position=position) is not None:
            messages.success(request, _("Candidate added."))
            return redirect(position)
    return render_form(request, FORM, form, **_around(_("Add candidate"), position))


@page("partnerships.edit_candidacy", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change ranks and note of a candidate."""
    row = get_object_or_404(visible_candidacies(request.actor), pk=pk)
    form = CandidacyForm(request.POST or None, initial=CandidacyForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_candidacy, actor=request.actor, candidacy=row, seen=seen) is not None:
            messages.success(request, form.told(_("Candidate changed.")))
            return redirect(next_address(request) or row)
    return render_form(request, FORM, form, **_around(row.student.name, row.position))


@page("partnerships.move_candidacy", methods=["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a candidate along; without a script a page that offers where to."""
    row = get_object_or_404(visible_candidacies(request.actor), pk=pk)
    status = request.POST.get("stage", "")
    if request.method == "POST" and status in CandidateStatus.values:
        try:
            moved = move_candidacy(actor=request.actor, candidacy=row, status=status, was=request.POST.get("was", ""))
        except ActionRefused as refused:
            return render(request, "partnerships/talent/move.html", _moves(row, refused.message), status=422)
        words = {"name": moved.student.name, "status": moved.get_status_display()}
        messages.success(request, _("%(name)s is %(status)s.") % words)
        return redirect(next_address(request) or row)
    problem = _("Choose where the candidate goes.") if request.method == "POST" else ""
    code = 422 if problem else 200
    return render(request, "partnerships/talent/move.html", _moves(row, problem), status=code)


def _moves(row, problem: str) -> dict:
    targets = [
        (each, CandidateStatus(each).label) for each in CandidateStatus.values if each in CANDIDACY_MOVES[row.status]
    ]
    return {"candidacy": row, "targets": targets, "problem": problem}


@page("partnerships.view_candidacies")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a candidate."""
    row = get_object_or_404(visible_candidacies(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.rank_candidates", methods=["GET", "POST"])
def rank(request: HttpRequest, pk: int) -> HttpResponse:
    """How the partner ranks the candidates of a position, as a whole list."""
    position = get_object_or_404(visible_positions(request.actor), pk=pk)
    rows = list(candidates_for(request.actor, position))
    given = request.POST if request.method == "POST" else None
    form = RankingForm(given, rows=rows, column="partner_rank", named="student")
    if request.method == "POST" and form.is_valid():
        if form.perform(rank_candidates, actor=request.actor, position=position) is not None:
            messages.success(request, _("Ranking saved."))
            return redirect(position)
    words = _("1 is the best. Candidates without a number are not ranked, and not matched.")
    return render_form(request, FORM, form, intro=words, **_around(_("Rank candidates"), position))


urlpatterns = [
    path("positions/<int:pk>/candidates/new/", new, name="candidacy_new"),
    path("positions/<int:pk>/rank/", rank, name="position_rank"),
    path("candidacies/<int:pk>/edit/", edit, name="candidacy_edit"),
    path("candidacies/<int:pk>/move/", move, name="candidacy_move"),
    path("candidacies/<int:pk>/history/", history, name="candidacy_history"),
]
