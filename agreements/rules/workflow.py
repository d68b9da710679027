"""The moves of an agreement: two axes, one table.

``status`` is what the agreement is in law, ``workflow`` where the work on it stands. A move is allowed from the
workflow states it names and, where it names any, from the legal states. What is not in the table is refused.
Expired is not a state that anybody sets: it follows from the date (``standing``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

INTAKE, TRIAGED, DRAFTING, WITH_PARTNER = "intake", "triaged", "drafting", "with_partner"
REDLINE, APPROVAL, SIGNING, ON_HOLD, CLOSED = "redline", "approval", "signing", "on_hold", "closed"
WORKFLOW: tuple[str, ...] = (INTAKE, TRIAGED, DRAFTING, WITH_PARTNER, REDLINE, APPROVAL, SIGNING, ON_HOLD, CLOSED)

DRAFT, NEGOTIATION, SIGNATURE, EXECUTED = "draft", "negotiation", "signature", "executed"
AMENDED, TERMINATED, WITHDRAWN = "amended", "terminated", "withdrawn"
EXPIRED = "expired"
BEFORE_EXECUTION: frozenset[str] = frozenset({DRAFT, NEGOTIATION, SIGNATURE})
IN_LAW: frozenset[str] = frozenset({EXECUTED, AMENDED})

OFFICE, LEGAL, INVESTIGATOR, PARTNER, NOBODY = "office", "legal", "investigator", "partner", "nobody"

WORKING = frozenset({INTAKE, TRIAGED, DRAFTING, WITH_PARTNER, REDLINE, APPROVAL, SIGNING})


@dataclass(frozen=True)
class Move:
    """One verb: from which workflow states (and legal states; empty: any), to what, and in whose court it lies then.

    ``to_workflow`` and ``to_status`` None: unchanged, or, for resuming, what it was before the hold.
    """

    code: str
    sources: frozenset[str]
    to_workflow: str | None
    to_status: str | None
    court: str | None
    statuses: frozenset[str] = frozenset()


MOVES: dict[str, Move] = {
    move.code: move
    for move in (
        Move("complete_request", frozenset({INTAKE}), TRIAGED, DRAFT, OFFICE),
        Move("return_request", frozenset({TRIAGED}), INTAKE, DRAFT, INVESTIGATOR),
        Move("start_drafting", frozenset({TRIAGED}), DRAFTING, DRAFT, LEGAL),
        Move("send_to_partner", frozenset({DRAFTING, REDLINE, APPROVAL}), WITH_PARTNER, NEGOTIATION, PARTNER),
        Move("log_redline", frozenset({WITH_PARTNER}), REDLINE, NEGOTIATION, LEGAL),
        Move("request_approval", frozenset({DRAFTING, WITH_PARTNER, REDLINE}), APPROVAL, NEGOTIATION, OFFICE),
        Move("route_for_signature", frozenset({APPROVAL}), SIGNING, SIGNATURE, PARTNER),
        Move("reopen_negotiation", frozenset({SIGNING}), REDLINE, NEGOTIATION, LEGAL),
        Move("execute", frozenset({SIGNING}), CLOSED, EXECUTED, NOBODY),
        Move("hold", WORKING, ON_HOLD, None, NOBODY, BEFORE_EXECUTION),
        Move("resume", frozenset({ON_HOLD}), None, None, None, BEFORE_EXECUTION),
        Move("withdraw", WORKING | {ON_HOLD}, CLOSED, WITHDRAWN, NOBODY, BEFORE_EXECUTION),
        Move("terminate", frozenset({CLOSED}), CLOSED, TERMINATED, NOBODY, IN_LAW),
    )
}


def allowed_moves(workflow: str, status: str) -> list[Move]:
    """The moves that lead on from here, in the order of the table."""
    return [move for move in MOVES.values() if is_allowed(move.code, workflow, status)]


def is_allowed(code: str, workflow: str, status: str) -> bool:
    """Whether the move ``code`` leads on from this workflow and legal state; KeyError for an unknown move."""
    move = MOVES[code]
    return workflow in move.sources and (not move.statuses or status in move.statuses)


def standing(status: str, effective_on: date | None, expires_on: date | None, today: date) -> str:
    """The legal status as a reader sees it today: an executed or amended agreement whose term has passed is expired.

    ``expires_on`` is the last day in force; None runs until somebody ends it.
    """
    if status in IN_LAW and expires_on is not None and expires_on < today:
        return EXPIRED
    return status


def is_in_force(status: str, effective_on: date | None, expires_on: date | None, today: date) -> bool:
    """Whether it binds on this day: executed or amended, begun, and not past its last day."""
    begun = effective_on is None or effective_on <= today
    return standing(status, effective_on, expires_on, today) in IN_LAW and begun
