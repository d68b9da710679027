"""How far the renewal of an agreement has come, told by the work on its successor; and which terms may stand."""

from __future__ import annotations

from datetime import date

from agreements.rules import workflow as states

NONE, PROPOSED, DRAFTED, NEGOTIATING = "none", "proposed", "drafted", "negotiating"
AWAITING_SIGNATURE, DECLINED = "awaiting_signature", "declined"

PROGRESS: dict[str, str] = {
    states.INTAKE: PROPOSED,
    states.TRIAGED: PROPOSED,
    states.DRAFTING: DRAFTED,
    states.WITH_PARTNER: NEGOTIATING,
    states.REDLINE: NEGOTIATING,
    states.APPROVAL: NEGOTIATING,
    states.SIGNING: AWAITING_SIGNATURE,
}


def progress_of(successor_workflow: str, successor_status: str, present: str) -> str:
    """The renewal's progress after its successor moved; a hold changes nothing, a withdrawn successor begins anew."""
    if successor_status == states.WITHDRAWN:
        return NONE
    if successor_workflow == states.CLOSED:
        return AWAITING_SIGNATURE
    return PROGRESS.get(successor_workflow, present)


def terms_reversed(effective_on: date | None, expires_on: date | None) -> bool:
    """Whether the last day lies before the first."""
    return effective_on is not None and expires_on is not None and expires_on < effective_on


def terms_overlap(earlier_expires_on: date | None, effective_on: date | None) -> bool:
    """Whether a renewal begins while the agreement that it renews still runs; unknown days overlap with nothing."""
    return earlier_expires_on is not None and effective_on is not None and effective_on <= earlier_expires_on
