"""Moving an agreement: from its page, from the board, and what whoever comes second is told."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from agreements.actions.moves import MOVE_ACTIONS
from agreements.choices import WorkflowState
from agreements.forms.moves import MOVE_FORMS, MoveForm, asks, overtaken
from agreements.models import Agreement
from agreements.queries.ageing import stood_before_hold
from agreements.queries.agreements import visible_agreements
from agreements.queries.signing import signing_of
from agreements.rules.workflow import MOVES, ON_HOLD, allowed_moves, is_allowed
from agreements.wording import MOVE_MEANS
from agreements.wording import MOVES as NAMES
from core.actor import Actor
from core.pages import next_address, page, render_form
from tenants.queries.record_history import ChangeSet, history_of

# What leads back or aside stands in the menu and is never the page's one main button.
ASIDE = ("return_request", "reopen_negotiation", "hold", "withdraw", "terminate")
DANGEROUS = ("withdraw", "terminate")
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move that the actor may make from where an agreement stands. ``target``: the column of the board it ends in."""

    code: str
    target: str

    @property
    def name(self) -> str:
        return str(NAMES[self.code])

    @property
    def asks(self) -> bool:
        return asks(self.code)

    @property
    def is_aside(self) -> bool:
        return self.code in ASIDE

    @property
    def is_dangerous(self) -> bool:
        return self.code in DANGEROUS


def open_moves(actor: Actor, row: Agreement, *, returns_to: str = "") -> list[OpenMove]:
    """The moves that lead on from here and that the actor may make; ``returns_to``: where resuming leads."""
    return [
        OpenMove(move.code, move.to_workflow or returns_to)
        for move in allowed_moves(row.workflow, row.status)
        if actor.may(MOVE_ACTIONS[move.code].code)
    ]


@page("agreements.edit_agreement", methods=["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a move: ``move`` is its code, or ``stage`` the column of the board that a card was put into."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    code = _wanted(request, row)
    if code:
        actor.require(MOVE_ACTIONS[code].code)
    form = _form(request, row, code)
    seen = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if not code:
            form.add_error(None, overtaken(row) if seen != row.version else _leads_on(actor, row))
        elif (moved := form.perform(MOVE_ACTIONS[code], actor=actor, agreement=row, seen=seen)) is not None:
            # No success, which would offer to undo it: a move is on record and is never taken back.
            messages.info(request, _told(moved))
            return redirect(next_address(request) or moved)
    since: list[ChangeSet] = []
    if form.is_stale:
        row = get_object_or_404(visible_agreements(actor), pk=pk)
        form.show_present(row)
        since = told_since(actor, row, seen)
    possible = bool(code) and is_allowed(code, row.workflow, row.status)
    context = {
        "agreement": row,
        "code": code,
        "name": NAMES[code] if code else _("Move agreement"),
        "means": MOVE_MEANS[code] if code else "",
        "dangerous": code in DANGEROUS,
        "possible": possible,
        "others": open_moves(actor, row),
        "since": since,
        "signing": signing_of(actor, row) if code == "execute" and possible else None,
        "next": next_address(request),
    }
    return render_form(request, "agreements/agreements/move.html", form, **context)


def told_since(actor: Actor, row: Agreement, seen: int | None) -> list[ChangeSet]:
    """What others did to an agreement after the version that somebody saw, latest first: who, what and when."""
    missed = row.version - seen if seen else 1
    return history_of(actor, [row]).sets[: max(1, min(missed, MOST_TOLD))]


def _wanted(request: HttpRequest, row: Agreement) -> str:
    """The code of the move that is asked for; empty where the address or the card's column names none."""
    given = request.POST.get("move") or request.GET.get("move") or ""
    if given in MOVES:
        return given
    stage = request.POST.get("stage") or request.GET.get("stage") or ""
    if row.workflow == ON_HOLD and stage not in ("", "closed"):
        return "resume" if stage == stood_before_hold(request.actor, row) else ""
    leading = [each for each in open_moves(request.actor, row) if each.target == stage and stage != row.workflow]
    return leading[0].code if leading else ""


def _form(request: HttpRequest, row: Agreement, code: str) -> MoveForm:
    initial: dict[str, object] = {"version": row.version}
    if code == "execute":
        initial["effective_on"] = row.effective_on
    return MOVE_FORMS.get(code, MoveForm)(request.POST or None, initial=initial)


def _leads_on(actor: Actor, row: Agreement) -> str:
    """Why a card stays where it is, and where it could go."""
    if row.workflow == ON_HOLD:
        state = WorkflowState(stood_before_hold(actor, row)).label
        return _("It is on hold and goes back to “%s”, where it stood before.") % state
    names = [each.name for each in open_moves(actor, row)]
    state = row.get_workflow_display()
    if not names:
        return _("From “%s” nothing leads on.") % state
    return _("That does not lead on from “%(state)s”. Possible: %(moves)s.") % {
        "state": state,
        "moves": ", ".join(names),
    }


def _told(row: Agreement) -> str:
    words = {"reference": row.reference, "state": row.get_workflow_display(), "court": row.get_court_display()}
    if row.status not in ("draft", "negotiation", "signature"):
        return _("%(reference)s: %(status)s.") % {**words, "status": row.get_status_display()}
    if row.workflow == ON_HOLD:
        return _("%(reference)s is on hold.") % words
    return _("%(reference)s is at “%(state)s” now. In whose court: %(court)s.") % words
