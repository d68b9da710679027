"""What stands above the tabs of an agreement: its state, its clock, its way, and what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.choices import WorkflowState
from agreements.models import Agreement
from agreements.queries.agreements import standing_today
from agreements.queries.turnaround import clock_of
from agreements.rules.clock import Moved
from agreements.rules.way import days_in_states
from agreements.rules.workflow import BEFORE_EXECUTION, CLOSED, IN_LAW, ON_HOLD, REDLINE, is_in_force
from agreements.views.moves import open_moves
from core.actor import Actor

BADGES = {
    "negotiation": "info",
    "signature": "warning",
    "executed": "success",
    "amended": "success",
    "expired": "danger",
    "terminated": "danger",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the work. ``days`` is None where it never stood there."""

    code: str
    name: str
    days: int | None
    is_current: bool
    is_last: bool = False


def head_of(actor: Actor, row: Agreement) -> dict:
    """The context of the head; two statements."""
    clock, today = clock_of(actor, row), timezone.localdate()
    standing = standing_today(row)
    moves = open_moves(actor, row)
    main = next((each for each in moves if not each.is_aside), None)
    in_law = row.status in IN_LAW
    amendable = in_law and row.amends_id is None and is_in_force(row.status, None, row.expires_on, today)
    return {
        "clock": clock,
        "over": _over(clock),
        "standing": standing,
        "standing_name": _("Expired") if standing == "expired" else row.get_status_display(),
        "standing_kind": BADGES.get(standing, "neutral"),
        "is_open": row.status in BEFORE_EXECUTION,
        "way": way_of(row, clock.moves, today, standing),
        "main_move": main,
        "other_moves": [each for each in moves if each is not main],
        "may_amend": amendable and actor.may("agreements.amend_agreement"),
        "may_renew": in_law and row.amends_id is None and actor.may("agreements.renew_agreement"),
        "may_decline": in_law
        and row.amends_id is None
        and row.renewal_intended
        and row.expires_on is not None
        and actor.may("agreements.decline_renewal"),
        "may_delete": row.status == "draft" and not clock.moves and actor.may("agreements.delete_agreement"),
    }


def _over(clock) -> int:
    if clock.reading is None or not clock.reading.running or clock.typical.dependable is None:
        return 0
    return max(0, clock.reading.total - clock.typical.dependable)


def way_of(row: Agreement, moves: Sequence[Moved], today: date, standing: str) -> list[Step]:
    """Every state of the work in its order, with the working days spent there; on hold only while or where it was."""
    end = row.executed_on or row.ended_on or today
    days = days_in_states(row.requested_on, moves, end)
    steps = []
    for code in WorkflowState.values:
        current = code == row.workflow
        if code == ON_HOLD and not current and code not in days:
            continue
        name = str(WorkflowState(code).label)
        if code == REDLINE and row.redline_round:
            name = _("Redline %d") % row.redline_round
        if code == CLOSED:
            name = _end_of(row, standing)
        steps.append(Step(code, name, days.get(code), current, code == CLOSED))
    return steps


def _end_of(row: Agreement, standing: str) -> str:
    if row.workflow != CLOSED:
        return _("Executed")
    if standing == "expired":
        return _("Expired")
    return row.get_status_display()
