"""Every move from every state: allowed or refused, as the lifecycle says, written out once more by hand."""

from datetime import date

import pytest

from agreements.rules.workflow import MOVES, WORKFLOW, allowed_moves, is_allowed, is_in_force, standing

OPEN = {"intake", "triaged", "drafting", "with_partner", "redline", "approval", "signing"}
EXPECTED = {
    "complete_request": {"intake"},
    "return_request": {"triaged"},
    "start_drafting": {"triaged"},
    "send_to_partner": {"drafting", "redline", "approval"},
    "log_redline": {"with_partner"},
    "request_approval": {"drafting", "with_partner", "redline"},
    "route_for_signature": {"approval"},
    "reopen_negotiation": {"signing"},
    "execute": {"signing"},
    "hold": OPEN,
    "resume": {"on_hold"},
    "withdraw": OPEN | {"on_hold"},
}


def test_the_table_is_known_whole():
    assert set(MOVES) == set(EXPECTED) | {"terminate"}


@pytest.mark.parametrize("workflow", WORKFLOW)
@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_each_move_from_each_state(code, workflow):
    assert is_allowed(code, workflow, "negotiation") == (workflow in EXPECTED[code])


@pytest.mark.parametrize("status", ["executed", "amended"])
def test_what_is_in_law_can_only_be_terminated(status):
    assert [move.code for move in allowed_moves("closed", status)] == ["terminate"]


@pytest.mark.parametrize("status", ["terminated", "withdrawn"])
def test_what_has_ended_moves_no_more(status):
    assert allowed_moves("closed", status) == []


def test_expiry_is_computed():
    begin, end = date(2026, 1, 1), date(2026, 12, 31)
    assert standing("executed", begin, end, end) == "executed"
    assert standing("executed", begin, end, date(2027, 1, 1)) == "expired"
    assert standing("terminated", begin, end, date(2027, 1, 1)) == "terminated"
    assert standing("executed", begin, None, date(2090, 1, 1)) == "executed"
    assert standing("negotiation", begin, end, date(2027, 1, 1)) == "negotiation"


def test_in_force_from_the_first_day_to_the_last():
    begin, end = date(2026, 2, 1), date(2026, 2, 28)
    days = [date(2026, 1, 31), begin, end, date(2026, 3, 1)]
    assert [is_in_force("executed", begin, end, day) for day in days] == [False, True, True, False]
    assert not is_in_force("signature", begin, end, begin)
