"""Programs and positions: lists, a board by status, the page about each with the board of its candidates."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.boards import first_of_each, number_in
from core.errors import ActionRefused
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from partnerships.actions.positions import (
    approve_position,
    close_position,
    create_position,
    create_talent_program,
    delete_position,
    delete_talent_program,
    edit_position,
    edit_talent_program,
    reopen_position,
    return_position,
    submit_position,
)
from partnerships.choices_talent import CandidateStatus, PositionStatus
from partnerships.filters_talent import PositionFilter, ProgramFilter
from partnerships.forms.positions import NewPositionForm, PositionForm, ProgramForm, ReturnForm
from partnerships.models import Position, TalentProgram
from partnerships.queries.candidacies import ASIDE, BOARD, candidates_for, in_columns
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import visible_placements
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.views.talent_boards import TalentColumn, board_context, number
from tenants.pages import render_history
from tenants.queries.tenants import currency_of

FOLDER = "partnerships/talent/"
CARDS = 50


def approver_words(program: TalentProgram) -> str:
    """Who approves, in order."""
    return " → ".join(program.approver_labels)


PROGRAMS = register_list(
    List(
        code="talent-programs",
        label=gettext_lazy("Talent programs"),
        url_name="partnerships:talent_programs",
        reads=visible_programs,
        filterset_class=ProgramFilter,
        columns=[
            Column("name", gettext_lazy("Program"), sort="name", value="name"),
            Column("kind", gettext_lazy("Kind"), sort="kind", css="lead", value="get_kind_display"),
            Column("unit", gettext_lazy("Unit"), sort="unit__name", value="unit.name"),
            Column("coordinator", gettext_lazy("Coordinator"), sort="coordinator__name", value="coordinator.name"),
            Column("approvers", gettext_lazy("Who approves"), css="wrap", value=approver_words),
            Column("days", gettext_lazy("Days to approve"), numeric=True, shown=False, value="approval_days"),
            Column("closed", gettext_lazy("Closed"), sort="closed_on", value="closed_on"),
        ],
        default_sort="name",
        row_template=f"{FOLDER}_program_row.html",
        counted=ngettext_lazy("%(n)d program", "%(n)d programs", "n"),
        empty=Empty(
            gettext_lazy("No programs yet. Add the first way in which students and partners meet."),
            icon="school",
            action=gettext_lazy("Add program"),
            url_name="partnerships:talent_program_new",
            permission="partnerships.create_talent_program",
        ),
        no_match=gettext_lazy("No program matches the filter."),
        api="talent-programs",
    )
)

POSITIONS = register_list(
    List(
        code="positions",
        label=gettext_lazy("Positions"),
        url_name="partnerships:positions",
        reads=visible_positions,
        filterset_class=PositionFilter,
        columns=[
            Column("title", gettext_lazy("Position"), sort="title", css="long-name", value="title"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("program", gettext_lazy("Program"), sort="program__name", value="program.name"),
            Column("term", gettext_lazy("Term"), sort="term", shown=False, value="term"),
            Column("start", gettext_lazy("Start"), sort="starts_on", value="starts_on"),
            Column("apply", gettext_lazy("Apply by"), sort="apply_by", shown=False, value="apply_by"),
            Column("openings", gettext_lazy("Places"), sort="openings", numeric=True, value="openings"),
            Column("candidates", gettext_lazy("Candidates"), sort="candidates", numeric=True, value="candidates"),
            Column("taken", gettext_lazy("Offered or taken"), numeric=True, shown=False, value="taken"),
            Column("end", gettext_lazy("End"), sort="ends_on", shown=False, value="ends_on"),
            Column("hours", gettext_lazy("Hours a week"), numeric=True, shown=False, value="hours_per_week"),
            Column("pay", gettext_lazy("Pay an hour"), numeric=True, shown=False, value="pay", currency="currency"),
            Column("place", gettext_lazy("Where"), shown=False, value="get_place_display"),
            Column("location", gettext_lazy("Town"), shown=False, value="location"),
            Column("lead", gettext_lazy("Academic lead"), shown=False, value="academic_lead.name"),
        ],
        default_sort="-start",
        row_template=f"{FOLDER}_position_row.html",
        counted=ngettext_lazy("%(n)d position", "%(n)d positions", "n"),
        empty=Empty(
            gettext_lazy("No positions yet. Add what a partner offers to students."),
            icon="briefcase",
            action=gettext_lazy("Add position"),
            url_name="partnerships:position_new",
            permission="partnerships.create_position",
        ),
        no_match=gettext_lazy("No position matches the filter."),
        api="positions",
        shapes=[Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html")],
    )
)


# Programs


@page("partnerships.view_talent")
def programs(request: HttpRequest) -> HttpResponse:
    """The ways in which students and partners meet."""
    return render_listing(request, build_listing(request, PROGRAMS), f"{FOLDER}programs.html")


@page("partnerships.view_talent")
def program(request: HttpRequest, pk: int) -> HttpResponse:
    """One program with its positions."""
    row = get_object_or_404(visible_programs(request.actor), pk=pk)
    rows = visible_positions(request.actor).filter(program=row)[:100]
    context = {"program": row, "approvers": approver_words(row), "positions": rows}
    return render(request, f"{FOLDER}program.html", context)


@page("partnerships.create_talent_program", methods=["GET", "POST"])
def program_new(request: HttpRequest) -> HttpResponse:
    """Add a program."""
    form = ProgramForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version", None)
        row = form.perform(create_talent_program, actor=request.actor)
        if row is not None:
            messages.success(request, _("Program added."))
            return redirect(row)
    return render_form(request, f"{FOLDER}form.html", form, **_titled(_("Add program"), "partnerships:talent_programs"))


@page("partnerships.edit_talent_program", methods=["GET", "POST"])
def program_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a program."""
    row = get_object_or_404(visible_programs(request.actor), pk=pk)
    form = ProgramForm(request.POST or None, actor=request.actor, initial=ProgramForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_talent_program, actor=request.actor, program=row, seen=seen) is not None:
            messages.success(request, form.told(_("Program changed.")))
            return redirect(row)
    context = _titled(_("Edit program"), "partnerships:talent_programs", row)
    return render_form(request, f"{FOLDER}form.html", form, **context)


@page("partnerships.delete_talent_program", methods=["POST"])
def program_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a program that nothing refers to."""
    row = get_object_or_404(visible_programs(request.actor), pk=pk)
    onward = reverse("partnerships:talent_programs")
    return delete_and_tell(request, row, delete_talent_program, subject="program", onward=onward)


@page("partnerships.view_talent")
def program_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a program."""
    return render_history(request, get_object_or_404(visible_programs(request.actor), pk=pk))


def _titled(title: str, list_name: str, row: Any = None) -> dict[str, Any]:
    return {
        "heading": title,
        "list_url": reverse(list_name),
        "row": row,
        "cancel_url": row.get_absolute_url() if row else "",
    }


# Positions


@page("partnerships.view_talent")
def positions(request: HttpRequest) -> HttpResponse:
    """What partners offer, as a table or a board by status."""
    listing = build_listing(request, POSITIONS)
    context = _board(request, listing) if listing.shape else {}
    return render_listing(request, listing, f"{FOLDER}positions.html", **context)


def _board(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    found = listing.page.paginator.object_list
    cards = first_of_each(found.order_by("starts_on", "pk"), "status", at_most=CARDS, widened=request.GET.get("more"))
    columns = [
        TalentColumn(
            status.value,
            str(status.label),
            number_in(held := cards.get(status, [])),
            held,
            status == PositionStatus.CLOSED,
        )
        for status in PositionStatus
    ]
    context = board_context(request, columns, _("Positions by status"), f"{FOLDER}_position_card.html")
    return {**context, "rows": [card for column in columns for card in column.cards]}


@page("partnerships.view_talent")
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """One position; for who may see people, the board of its candidates and who was placed."""
    row = get_object_or_404(visible_positions(request.actor), pk=pk)
    context: dict[str, Any] = {"position": row, "here": row.get_absolute_url()}
    if request.actor.may("partnerships.view_candidacies"):
        context |= _candidates(request, row)
    if request.actor.may("partnerships.view_placements"):
        context["placements"] = visible_placements(request.actor).prefetch_related(None).filter(position=row)[:50]
    return render(request, f"{FOLDER}position.html", context)


def _candidates(request: HttpRequest, row: Position) -> dict[str, Any]:
    found = in_columns(candidates_for(request.actor, row))
    columns = [
        TalentColumn(status, str(CandidateStatus(status).label), len(found[status]), found[status], status in ASIDE)
        for status in (*BOARD, *ASIDE)
    ]
    may_move = request.actor.may("partnerships.move_candidacy")
    context = board_context(
        request, columns, _("Candidates by status"), f"{FOLDER}_candidate_card.html", movable=may_move
    )
    return {**context, "free": max(0, row.openings - row.taken)}


@page("partnerships.create_position", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a position, from the list or from a partner's page."""
    actor, partnership = request.actor, None
    given = number(request.POST.get("partnership") or request.GET.get("partner"))
    if given is not None:
        partnership = visible_partnerships(actor).filter(pk=given).first()
    program_id = number(request.GET.get("program"))
    initial = {"partnership": partnership, "currency": currency_of(actor), "program": program_id}
    form = NewPositionForm(request.POST or None, actor=actor, partnership=partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version", None)
        row = form.perform(create_position, actor=actor)
        if row is not None:
            messages.success(request, _("Position added as a draft."))
            return redirect(row)
    return render_form(request, f"{FOLDER}form.html", form, **_titled(_("Add position"), "partnerships:positions"))


@page("partnerships.edit_position", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a position."""
    row = get_object_or_404(visible_positions(request.actor), pk=pk)
    initial = PositionForm.initial_of(row)
    form = PositionForm(request.POST or None, actor=request.actor, partnership=row.partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_position, actor=request.actor, position=row, seen=seen) is not None:
            messages.success(request, form.told(_("Position changed.")))
            return redirect(next_address(request) or row)
    context = _titled(_("Edit position"), "partnerships:positions", row)
    return render_form(request, f"{FOLDER}form.html", form, **context)


@page("partnerships.delete_position", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a position without candidates."""
    row = get_object_or_404(visible_positions(request.actor), pk=pk)
    return delete_and_tell(request, row, delete_position, subject="position", onward=reverse("partnerships:positions"))


@page("partnerships.view_talent")
def position_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a position."""
    return render_history(request, get_object_or_404(visible_positions(request.actor), pk=pk))


@page("partnerships.submit_position", methods=["POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a manager to post it."""
    return _move(request, pk, submit_position, _("Waiting for approval."))


@page("partnerships.approve_position", methods=["POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve and post it."""
    return _move(request, pk, approve_position, _("Position posted."))


@page("partnerships.close_position", methods=["POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more applications."""
    return _move(request, pk, close_position, _("Position closed."))


@page("partnerships.reopen_position", methods=["POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Post it again."""
    return _move(request, pk, reopen_position, _("Position posted again."))


def _move(request: HttpRequest, pk: int, action: Any, words: str) -> HttpResponse:
    row = get_object_or_404(visible_positions(request.actor), pk=pk)
    try:
        action(actor=request.actor, position=row)
        messages.success(request, words)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(next_address(request) or row)


@page("partnerships.return_position", methods=["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back as a draft, and say what is missing."""
    row = get_object_or_404(visible_positions(request.actor), pk=pk)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.perform(return_position, actor=request.actor, position=row) is not None:
            messages.success(request, _("Sent back as a draft."))
            return redirect(row)
    context = _titled(_("Send back"), "partnerships:positions", row)
    return render_form(request, f"{FOLDER}form.html", form, **context)


urlpatterns = [
    path("talent-programs/", programs, name="talent_programs"),
    path("talent-programs/new/", program_new, name="talent_program_new"),
    path("talent-programs/<int:pk>/", program, name="talent_program"),
    path("talent-programs/<int:pk>/edit/", program_edit, name="talent_program_edit"),
    path("talent-programs/<int:pk>/delete/", program_delete, name="talent_program_delete"),
    path("talent-programs/<int:pk>/history/", program_history, name="talent_program_history"),
    path("positions/", positions, name="positions"),
    path("positions/new/", new, name="position_new"),
    path("positions/<int:pk>/", position, name="position"),
    path("positions/<int:pk>/edit/", edit, name="position_edit"),
    path("positions/<int:pk>/delete/", delete, name="position_delete"),
    path("positions/<int:pk>/history/", position_history, name="position_history"),
    path("positions/<int:pk>/submit/", submit, name="position_submit"),
    path("positions/<int:pk>/approve/", approve, name="position_approve"),
    path("positions/<int:pk>/send-back/", send_back, name="position_return"),
    path("positions/<int:pk>/close/", close, name="position_close"),
    path("positions/<int:pk>/reopen/", reopen, name="position_reopen"),
]
