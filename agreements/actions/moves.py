"""Moving an agreement along ``rules.workflow``: one action for each move of the table, one event for each move made.

A move is made from what its maker looked at. Whoever moves an agreement that somebody else moved or changed since
gets StaleEdit; a move that the table does not have from where it stands is refused with those that it has.
"""

from collections.abc import Callable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.agreements import check_term
from agreements.actions.amendments import replace_terms
from agreements.actions.clauses import recheck
from agreements.actions.obligations import plan_obligations
from agreements.actions.rechecks import recheck_soon
from agreements.choices import WorkflowState
from agreements.models import Agreement, AgreementEvent
from agreements.queries.agreements import lock_agreement, lock_amendments
from agreements.queries.assets import drafts_about, lock_assets_of
from agreements.queries.clauses import check_now
from agreements.queries.compliance import compliance_blocks
from agreements.rules.kinds import KINDS
from agreements.rules.renewal import progress_of
from agreements.rules.workflow import (
    BEFORE_EXECUTION,
    IN_LAW,
    MOVES,
    ON_HOLD,
    allowed_moves,
    is_allowed,
    is_in_force,
)
from agreements.wording import RULES
from core.actions import action
from core.actor import Actor
from core.days import check_day
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import recompute_soon

MoveAction = Callable[..., Agreement]


def _plain(code: str, words: str, *, redline: bool = False, complete: bool | None = None) -> MoveAction:
    """The action of a move that needs nothing but the move: its code is the move's."""

    def move(*, actor: Actor, agreement: Agreement, seen: int | None = None, note: str = "") -> Agreement:
        row = _begin(agreement, code, seen)
        more: dict[str, object] = {"redline_round": row.redline_round + 1} if redline else {}
        if complete is not None:
            more["complete_on"] = timezone.localdate() if complete else None
        return _finish(actor, row, code, note, more)

    move.__name__ = move.__qualname__ = code
    move.__doc__ = words
    return action(f"agreements.{code}")(move)


complete_request = _plain(
    "complete_request", "The request has all it needs: the clock starts, and our office works on it.", complete=True
)
return_request = _plain(
    "return_request", "The request lacks something: the clock stands still until it is complete.", complete=False
)
start_drafting = _plain("start_drafting", "Legal drafts it.")
send_to_partner = _plain("send_to_partner", "The draft went to the partner; it is in their court.")
log_redline = _plain("log_redline", "The partner sent changes: a further round, in our court.", redline=True)
request_approval = _plain("request_approval", "The words stand; the office has to approve them.")
route_for_signature = _plain("route_for_signature", "It was approved and goes to those who sign.")
reopen_negotiation = _plain("reopen_negotiation", "Somebody will not sign it so: it goes back to the table.")


@action("agreements.hold_agreement")
def hold_agreement(*, actor: Actor, agreement: Agreement, why: str, seen: int | None = None) -> Agreement:
    """Put the work on hold, with the reason; the time until it is resumed counts for nobody."""
    why = _said(why, _("Say why it is put on hold."))
    return _finish(actor, _begin(agreement, "hold", seen), "hold", why, {"hold_reason": why})


@action("agreements.resume_agreement")
def resume_agreement(*, actor: Actor, agreement: Agreement, seen: int | None = None, note: str = "") -> Agreement:
    """Take the work up where it stood before the hold, in whose court it lay then."""
    row = _begin(agreement, "resume", seen)
    workflow, court = _before_hold(row)
    return _finish(actor, row, "resume", note, {"hold_reason": "", "workflow": workflow, "court": court})


@action("agreements.withdraw_agreement")
def withdraw_agreement(*, actor: Actor, agreement: Agreement, why: str, seen: int | None = None) -> Agreement:
    """Give up an agreement that is not executed, with the reason."""
    why = _said(why, _("Say why it is withdrawn."))
    row = _begin(agreement, "withdraw", seen)
    more = {"ended_on": timezone.localdate(), "end_reason": why, "hold_reason": ""}
    return _finish(actor, row, "withdraw", why, more)


@action("agreements.execute_agreement")
def execute_agreement(
    *,
    actor: Actor,
    agreement: Agreement,
    executed_on: date | None = None,
    effective_on: date | None = None,
    seen: int | None = None,
    note: str = "",
) -> Agreement:
    """Everybody has signed: it binds from ``effective_on``, which is the day of execution unless said or set before.

    Refused while a rule of the checklist stands against signature (``details`` has the codes), while a party has a
    screening that is open or was true, which nobody sets aside, while the master it needs is not in force, and without
    a main counterparty. Of two that grant rights in the same IP, one waits for the other. What follows from its terms
    becomes obligations; what it amends takes its terms over.
    """
    if agreement.amends_id is not None:
        lock_agreement(agreement.amends_id)  # first, as whoever terminates it does: neither waits for the other in turn
    row = _begin(agreement, "execute", seen)
    today = timezone.localdate()
    day = executed_on or today
    if day > today:
        words = _("It cannot have been executed on a day that lies in the future.")
        raise InvalidInput("in_the_future", words, field="executed_on")
    if day < row.requested_on:
        words = _("It cannot have been executed before it was requested.")
        raise InvalidInput("too_early", words, field="executed_on")
    begins = effective_on or row.effective_on or day
    check_day(begins, "effective_on")
    check_term(row, begins)
    _refuse_without_frame(row, today)
    _refuse_listed(row)
    assets = lock_assets_of(row)
    _refuse_blocked(row, today)
    row = _finish(actor, row, "execute", note, {"executed_on": day, "effective_on": begins})
    recheck([row.pk])
    row.refresh_from_db(fields=["clarity", "blocking"])
    binding = row if row.amends_id is None else replace_terms(actor, row)
    plan_obligations(actor=actor, agreement=binding, since=begins)
    recheck_soon(drafts_about(assets))
    return row


@action("agreements.terminate_agreement")
def terminate_agreement(
    *, actor: Actor, agreement: Agreement, why: str, ended_on: date | None = None, seen: int | None = None
) -> Agreement:
    """End an executed agreement before its time, with the reason and the day from which it binds nobody.

    What amends it ends with it, drafts of amendments are withdrawn, and what it granted is free again.
    """
    why = _said(why, _("Say why it is terminated."))
    row = _begin(agreement, "terminate", seen)
    today = timezone.localdate()
    day = ended_on or today
    if day > today:
        words = _("Terminate it on the day on which it ends, or later.")
        raise InvalidInput("in_the_future", words, field="ended_on")
    if row.executed_on is not None and day < row.executed_on:
        words = _("It cannot have ended before it was executed.")
        raise InvalidInput("too_early", words, field="ended_on")
    row = _finish(actor, row, "terminate", why, {"ended_on": day, "end_reason": why})
    for amendment in lock_amendments(row):
        code = "withdraw" if amendment.status in BEFORE_EXECUTION else "terminate"
        since = day if amendment.executed_on is None else max(day, amendment.executed_on)
        _finish(actor, amendment, code, why, {"ended_on": since, "end_reason": why, "hold_reason": ""})
    recheck_soon(drafts_about(lock_assets_of(row)))
    return row


MOVE_ACTIONS: dict[str, MoveAction] = {
    "complete_request": complete_request,
    "return_request": return_request,
    "start_drafting": start_drafting,
    "send_to_partner": send_to_partner,
    "log_redline": log_redline,
    "request_approval": request_approval,
    "route_for_signature": route_for_signature,
    "reopen_negotiation": reopen_negotiation,
    "execute": execute_agreement,
    "hold": hold_agreement,
    "resume": resume_agreement,
    "withdraw": withdraw_agreement,
    "terminate": terminate_agreement,
}


def move_agreement(*, actor: Actor, agreement: Agreement, code: str, **more: object) -> Agreement:
    """Make the move ``code`` of the table through its action, which asks for its own permission."""
    if code not in MOVE_ACTIONS:
        raise InvalidInput("no_such_move", _("There is no such move."), field="code")
    return MOVE_ACTIONS[code](actor=actor, agreement=agreement, **more)


def _begin(agreement: Agreement, code: str, seen: int | None) -> Agreement:
    """The agreement locked, if it still stands as its mover saw it and the table has the move."""
    row = lock_agreement(agreement.pk)
    apply_edit(row, {"status": row.status, "workflow": row.workflow}, seen=agreement.version if seen is None else seen)
    if not is_allowed(code, row.workflow, row.status):
        leads_on = [move.code for move in allowed_moves(row.workflow, row.status)]
        words = _("%(reference)s is at “%(state)s” (%(status)s): that does not lead on from there.") % {
            "reference": row.reference,
            "state": row.get_workflow_display(),
            "status": row.get_status_display(),
        }
        raise ActionRefused("move_refused", words, details={"moves": leads_on})
    return row


def _finish(actor: Actor, row: Agreement, code: str, note: str, more: dict[str, object]) -> Agreement:
    """Make the move: the row and its event, and what is told by it of a renewal and of health."""
    move, was = MOVES[code], (row.status, row.workflow)
    now = {
        "status": move.to_status or row.status,
        "workflow": move.to_workflow or row.workflow,
        "court": move.court or row.court,
    }
    apply_edit(row, {**now, **more}, seen=None)
    AgreementEvent.objects.create(
        agreement=row,
        from_status=was[0],
        to_status=row.status,
        from_workflow=was[1],
        to_workflow=row.workflow,
        court=row.court,
        redline_round=row.redline_round,
        note=note.strip(),
        made_by_id=actor.user_id,
    )
    touched = {row.partnership_id} if row.status not in BEFORE_EXECUTION else set()
    if row.renews_id is not None and row.amends_id is None:
        touched.add(_tell_predecessor(row))
    recompute_soon(sorted(touched - {None}))
    return row


def _tell_predecessor(row: Agreement) -> int | None:
    """Let the renewal's progress follow the work on the successor; answers the partnership to be scored anew."""
    earlier = lock_agreement(row.renews_id)
    progress = progress_of(row.workflow, row.status, earlier.renewal_progress)
    return earlier.partnership_id if apply_edit(earlier, {"renewal_progress": progress}, seen=None) else None


def _before_hold(row: Agreement) -> tuple[str, str]:
    """Where the work stood before its hold, and in whose court."""
    events = AgreementEvent.objects.filter(agreement=row).order_by("-at", "-pk")
    held = events.filter(to_workflow=WorkflowState.ON_HOLD).exclude(from_workflow=ON_HOLD).first()
    if held is None:
        return WorkflowState.INTAKE, Agreement._meta.get_field("court").default
    earlier = events.filter(at__lte=held.at).exclude(pk=held.pk).first()
    return held.from_workflow, earlier.court if earlier else Agreement._meta.get_field("court").default


def _refuse_without_frame(row: Agreement, today: date) -> None:
    if not row.parties.filter(is_primary=True).exists():
        words = _("Name the main counterparty first.")
        raise ActionRefused("no_primary", words, field="parties")
    if row.amends_id is not None and row.amends.status not in IN_LAW:
        words = _("%s, which this amends, has ended.") % row.amends.reference
        raise ActionRefused("amended_ended", words)
    frame = row.parent
    if KINDS[row.kind].needs_parent and frame is not None:
        if not is_in_force(frame.status, frame.effective_on, frame.expires_on, today):
            words = _("%s, under which this is made, is not in force. Execute or renew it first.") % frame.reference
            raise ActionRefused("parent_not_in_force", words, field="parent")


def _refuse_listed(row: Agreement) -> None:
    found = compliance_blocks(row)
    if found:
        parties = [each.organization_id for each in found]
        raise ActionRefused(found[0].code, " ".join(each.message for each in found), details={"parties": parties})


def _refuse_blocked(row: Agreement, today: date) -> None:
    codes = check_now([row.pk], today)[row.pk].blocking
    if codes:
        titles = "; ".join(f"{code}: {RULES[code].title}" for code in codes)
        words = _("This stands against signature. Settle it, or have it set aside: %s.") % titles
        raise ActionRefused("rules_block", words, details={"rules": codes})


def _said(why: str, otherwise: str) -> str:
    why = why.strip()
    if not why:
        raise InvalidInput("no_reason", otherwise, field="reason")
    if len(why) > 200:
        raise InvalidInput("reason_too_long", _("Give the reason in at most 200 characters."), field="reason")
    return why
