"""Placements: list and board, the page about each with its approvals and evaluations, and every step of its way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.boards import first_of_each, number_in
from core.errors import ActionRefused
from core.forms import ActionForm
from core.pages import next_address, page, render_form
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from partnerships.actions import placements as actions
from partnerships.choices_talent import PlacementStatus
from partnerships.filters_talent import PlacementFilter
from partnerships.forms.placements import (
    ApprovalForm,
    ApproversForm,
    CheckForm,
    EndForm,
    HireForm,
    NewPlacementForm,
    OfferForm,
    PlacementForm,
    SideEvaluationForm,
    SideForm,
)
from partnerships.models import Placement, PlacementEvaluation
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import hires_after, visible_placements, whose_turn
from partnerships.queries.positions import visible_positions
from partnerships.queries.students import known_students
from partnerships.rules.talent import BEGUN, CLOSED, PLACEMENT_MOVES
from partnerships.views.talent_boards import TalentColumn, board_context, number
from tenants.pages import render_history
from tenants.queries.tenants import currency_of

FOLDER = "partnerships/talent/"
CARDS = 50

PLACEMENTS = register_list(
    List(
        code="placements",
        label=gettext_lazy("Placements"),
        url_name="partnerships:placements",
        reads=visible_placements,
        filterset_class=PlacementFilter,
        columns=[
            Column("student", gettext_lazy("Student"), sort="student__name", value="student.name"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("program", gettext_lazy("Program"), sort="program__name", value="program.name"),
            Column("start", gettext_lazy("Start"), sort="starts_on", value="starts_on"),
            Column("end", gettext_lazy("End"), sort="ends_on", value="ends_on"),
            Column(
                "lead",
                gettext_lazy("Academic lead"),
                sort="academic_lead__name",
                shown=False,
                value="academic_lead.name",
            ),
            Column("offer", gettext_lazy("Offer to return"), sort="return_offer", value="get_return_offer_display"),
            Column("position", gettext_lazy("Position"), shown=False, value="position.title"),
            Column("supervisor", gettext_lazy("Supervisor"), shown=False, value="supervisor.name"),
            Column("hours", gettext_lazy("Hours a week"), numeric=True, shown=False, value="hours_per_week"),
            Column("pay", gettext_lazy("Pay an hour"), numeric=True, shown=False, value="pay", currency="currency"),
            Column("review", gettext_lazy("Why a review"), css="wrap", shown=False, value="review_reason"),
        ],
        default_sort="-start",
        row_template=f"{FOLDER}_placement_row.html",
        counted=ngettext_lazy("%(n)d placement", "%(n)d placements", "n"),
        empty=Empty(
            gettext_lazy("No placements yet. Request one when a student and a partner have agreed."),
            icon="users",
            action=gettext_lazy("Request placement"),
            url_name="partnerships:placement_new",
            permission="partnerships.create_placement",
        ),
        no_match=gettext_lazy("No placement matches the filter."),
        api="placements",
        shapes=[Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html")],
    )
)


@page("partnerships.view_placements")
def placements(request: HttpRequest) -> HttpResponse:
    """Who is placed where, as a table or a board by status."""
    listing = build_listing(request, PLACEMENTS)
    context = _board(request, listing) if listing.shape else {}
    return render_listing(request, listing, f"{FOLDER}placements.html", **context)


def _board(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    found = listing.page.paginator.object_list.prefetch_related(None)
    cards = first_of_each(found.order_by("starts_on", "pk"), "status", at_most=CARDS, widened=request.GET.get("more"))
    columns = [
        TalentColumn(status.value, str(status.label), number_in(held := cards.get(status, [])), held, status in CLOSED)
        for status in PlacementStatus
    ]
    context = board_context(request, columns, _("Placements by status"), f"{FOLDER}_placement_card.html")
    return {**context, "rows": [card for column in columns for card in column.cards]}


@page("partnerships.view_placements")
def placement(request: HttpRequest, pk: int) -> HttpResponse:
    """One placement: where it stands, who approved, what both sides said, what it led to."""
    row = get_object_or_404(visible_placements(request.actor), pk=pk)
    approvals = list(row.approvals.all())
    turn = whose_turn(approvals) if row.status == PlacementStatus.IN_APPROVAL else None
    evaluations = list(row.evaluations.all())
    steps = [step for step in STEPS if step.is_open(row) and request.actor.may(step.code)]
    context = {
        "placement": row,
        "approvals": approvals,
        "turn": turn,
        "evaluations": evaluations,
        "steps": steps,
        "lead": _lead(row, steps, evaluations),
        "hires": hires_after(request.actor, row) if row.status in BEGUN else [],
        "today": timezone.localdate(),
        "may_change": row.status not in CLOSED,
        "under_way": row.status in UNDER_WAY,
    }
    return render(request, f"{FOLDER}placement.html", context)


@page("partnerships.create_placement", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Request a placement; from a position or a partner's page, with what that says already."""
    actor = request.actor
    position = _given(request, "position", visible_positions(actor))
    partnership = _given(request, "partner", visible_partnerships(actor))
    if request.POST.get("partnership"):
        partnership = visible_partnerships(actor).filter(pk=number(request.POST["partnership"])).first()
    initial: dict[str, Any] = {"partnership": partnership, "currency": currency_of(actor)}
    if position is not None:
        initial |= {"starts_on": position.starts_on, "ends_on": position.ends_on, "currency": position.currency}
        initial |= {name: getattr(position, name) for name in ("hours_per_week", "credit", "pay", "learning_goals")}
    initial["student"] = _given(request, "student", known_students(actor))
    given = request.POST if request.method == "POST" else None
    form = NewPlacementForm(given, actor=actor, partnership=partnership, position=position, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version", None)
        row = form.perform(actions.create_placement, actor=actor, position=position)
        if row is not None:
            messages.success(request, _("Placement requested."))
            return redirect(row)
    context = {"heading": _("Request placement"), "list_url": reverse("partnerships:placements"), "row": position}
    return render_form(request, f"{FOLDER}form.html", form, **context)


def _given(request: HttpRequest, name: str, rows: Any) -> Any:
    wanted = number(request.GET.get(name))
    return rows.filter(pk=wanted).first() if wanted is not None else None


@page("partnerships.edit_placement", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a placement."""
    row = get_object_or_404(visible_placements(request.actor), pk=pk)
    initial = PlacementForm.initial_of(row)
    form = PlacementForm(request.POST or None, actor=request.actor, partnership=row.partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(actions.edit_placement, actor=request.actor, placement=row, seen=seen) is not None:
            messages.success(request, form.told(_("Placement changed.")))
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}form.html", form, **_around(_("Edit placement"), row))


def _around(heading: str, row: Placement) -> dict[str, Any]:
    return {
        "heading": heading,
        "list_url": reverse("partnerships:placements"),
        "row": row,
        "cancel_url": row.get_absolute_url(),
    }


@page("partnerships.name_approvers", methods=["GET", "POST"])
def approvers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who approves."""
    row = get_object_or_404(visible_placements(request.actor), pk=pk)
    form = ApproversForm(request.POST if request.method == "POST" else None, placement=row)
    if request.method == "POST" and form.is_valid():
        if form.perform(actions.name_approvers, actor=request.actor, placement=row) is not None:
            messages.success(request, _("Approvers named."))
            return redirect(row)
    return render_form(request, f"{FOLDER}approvers.html", form, **_around(_("Who approves"), row))


@page("partnerships.view_placements")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a placement."""
    row = get_object_or_404(visible_placements(request.actor), pk=pk)
    return render_history(request, row)


# The steps of its way


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a placement in some states, as a page of its own.

    Without a form it is a button; ``done`` says what happened. ``initial`` presets the form from the row; ``holds``
    says whether the action would take this row, where its state alone does not.
    """

    name: str
    action: Callable[..., Placement]
    label: Any
    done: Any
    icon: str
    states: frozenset[str]
    form_class: type[ActionForm] | None = None
    primary: bool = False
    danger: bool = False
    initial: Callable[[Placement], dict[str, Any]] = field(default=lambda row: {})
    holds: Callable[[Placement], bool] = field(default=lambda row: True)

    @property
    def code(self) -> str:
        return self.action.code

    @property
    def url_name(self) -> str:
        return f"partnerships:placement_{self.name}"

    def is_open(self, row: Placement) -> bool:
        return row.status in self.states and self.holds(row)

    def view(self) -> Callable[..., HttpResponse]:
        @page(self.code, methods=["GET", "POST"] if self.form_class else ["POST"])
        def step(request: HttpRequest, pk: int) -> HttpResponse:
            row = get_object_or_404(visible_placements(request.actor), pk=pk)
            return self._with_form(request, row) if self.form_class else self._at_once(request, row)

        return step

    def _with_form(self, request: HttpRequest, row: Placement) -> HttpResponse:
        form = self.form_class(request.POST if request.method == "POST" else None, initial=self.initial(row))
        if request.method == "POST" and form.is_valid():
            if form.perform(self.action, actor=request.actor, placement=row) is not None:
                messages.success(request, self.done)
                return redirect(row)
        context = _around(str(self.label), row)
        return render_form(request, f"{FOLDER}form.html", form, submit=self.label, danger=self.danger, **context)

    def _at_once(self, request: HttpRequest, row: Placement) -> HttpResponse:
        try:
            self.action(actor=request.actor, placement=row)
            messages.success(request, self.done)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        return redirect(row)


def _from(*targets: str) -> frozenset[str]:
    """The states from which one of the targets can be reached."""
    return frozenset(state for state, wanted in PLACEMENT_MOVES.items() if wanted & set(targets))


UNDER_WAY = frozenset({"in_progress", "checked"})

STEPS = [
    Step(
        "submit",
        actions.submit_placement,
        gettext_lazy("Send round for approval"),
        gettext_lazy("Sent round. The first approver gets a link by e-mail."),
        "arrow-right",
        frozenset({"requested"}),
        primary=True,
    ),
    Step(
        "approval",
        actions.record_approval,
        gettext_lazy("Record an approval"),
        gettext_lazy("Approval recorded."),
        "check",
        frozenset({"in_approval"}),
        ApprovalForm,
    ),
    Step(
        "resume",
        actions.resume_placement,
        gettext_lazy("Resume"),
        gettext_lazy("Resumed. Whoever has to approve is asked anew."),
        "refresh",
        frozenset({"needs_review"}),
        primary=True,
    ),
    Step(
        "begin",
        actions.begin_placement,
        gettext_lazy("It has begun"),
        gettext_lazy("The placement has begun."),
        "arrow-right",
        _from("in_progress"),
        primary=True,
    ),
    Step(
        "check",
        actions.check_placement,
        gettext_lazy("Record the mid-term check"),
        gettext_lazy("Check recorded."),
        "checklist",
        _from("checked"),
        CheckForm,
        primary=True,
    ),
    Step(
        "ask",
        actions.ask_evaluations,
        gettext_lazy("Ask both for evaluations"),
        gettext_lazy("Asked. Whoever has an e-mail address gets a link."),
        "message-circle",
        UNDER_WAY,
    ),
    Step(
        "resend",
        actions.resend_evaluation,
        gettext_lazy("Send one side a new link"),
        gettext_lazy("A new link is on its way. Earlier ones to this side stop working."),
        "refresh",
        UNDER_WAY,
        SideForm,
    ),
    Step(
        "evaluation",
        actions.record_placement_evaluation,
        gettext_lazy("Record an evaluation"),
        gettext_lazy("Evaluation recorded."),
        "pencil",
        UNDER_WAY,
        SideEvaluationForm,
    ),
    Step(
        "complete",
        actions.complete_placement,
        gettext_lazy("Complete"),
        gettext_lazy("Placement completed."),
        "check",
        _from("completed"),
        primary=True,
        holds=actions.may_be_completed,
    ),
    Step(
        "offer",
        actions.record_return_offer,
        gettext_lazy("Record an offer to return"),
        gettext_lazy("Offer recorded."),
        "arrow-back-up",
        BEGUN,
        OfferForm,
        initial=lambda row: {"offer": row.return_offer},
    ),
    Step(
        "hire",
        actions.record_hire,
        gettext_lazy("Record a hire"),
        gettext_lazy("Hire recorded."),
        "user",
        BEGUN,
        HireForm,
        initial=lambda row: {"occurred_on": timezone.localdate()},
    ),
    Step(
        "end",
        actions.end_placement,
        gettext_lazy("End early"),
        gettext_lazy("Placement ended."),
        "ban",
        _from("ended_early"),
        EndForm,
        danger=True,
        initial=lambda row: {"ended_on": timezone.localdate()},
    ),
    Step(
        "cancel",
        actions.cancel_placement,
        gettext_lazy("Cancel"),
        gettext_lazy("Placement canceled."),
        "x",
        _from("canceled"),
        danger=True,
    ),
]


def _lead(row: Placement, steps: Sequence[Step], evaluations: Sequence[PlacementEvaluation]) -> Step | None:
    """The step that leads on: after the mid-term check to ask both sides, unless somebody was asked or answered."""
    is_due = row.status == PlacementStatus.CHECKED and not evaluations
    leads = [step for step in steps if step.primary] or [step for step in steps if is_due and step.name == "ask"]
    return next(iter(leads), None)


def _step_addresses() -> list[URLPattern]:
    return [path(f"placements/<int:pk>/{step.name}/", step.view(), name=f"placement_{step.name}") for step in STEPS]


urlpatterns = [
    path("placements/", placements, name="placements"),
    path("placements/new/", new, name="placement_new"),
    path("placements/<int:pk>/", placement, name="placement"),
    path("placements/<int:pk>/edit/", edit, name="placement_edit"),
    path("placements/<int:pk>/approvers/", approvers, name="placement_approvers"),
    path("placements/<int:pk>/history/", history, name="placement_history"),
    *_step_addresses(),
]
