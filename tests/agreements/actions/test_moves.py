"""Moving agreements: the whole table, refusals that change nothing, and two hands at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agreements.actions.moves import MOVE_ACTIONS, execute_agreement, move_agreement
from agreements.models import Agreement, AgreementEvent, Obligation
from agreements.rules.workflow import BEFORE_EXECUTION, CLOSED, IN_LAW, MOVES, WORKFLOW, is_allowed
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from core.tenancy.scope import tenant_transaction
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.partnerships import make_partnership

NEEDS_REASON = {"hold", "withdraw", "terminate"}
STATUS_AT = {
    "intake": "draft",
    "triaged": "draft",
    "drafting": "draft",
    "with_partner": "negotiation",
    "redline": "negotiation",
    "approval": "negotiation",
    "signing": "signature",
    "on_hold": "negotiation",
}
ENDS = ("executed", "amended", "terminated", "withdrawn")
PLACES = [*STATUS_AT.items(), *((CLOSED, status) for status in ENDS)]


def standing_at(workflow: str, status: str) -> Agreement:
    """An NDA at that place: nothing blocks its signature."""
    make = make_executed if status in ("executed", "amended", "terminated") else make_agreement
    row = make(kind="nda", workflow=workflow, status=status)
    if workflow == "on_hold":
        day = timezone.now() - timedelta(days=9)
        make_event(row, "redline", "legal", at=day, status="negotiation", from_workflow="with_partner")
        later = day + timedelta(days=2)
        make_event(row, "on_hold", "nobody", at=later, status="negotiation", from_workflow="redline")
    return row


def test_every_place_of_the_table_is_tried():
    assert {workflow for workflow, _status in PLACES} == set(WORKFLOW)
    assert {status for _workflow, status in PLACES} >= BEFORE_EXECUTION | IN_LAW
    assert MOVE_ACTIONS.keys() == MOVES.keys()


@pytest.mark.parametrize("code", sorted(MOVES))
@pytest.mark.parametrize(("workflow", "status"), PLACES)
def test_each_move_from_each_place(in_alpha, workflow, status, code):
    """What the table has is made, with one event; what it has not is refused, and nothing changed."""
    row = standing_at(workflow, status)
    before = AgreementEvent.objects.count()
    more = {"why": "They asked for it."} if code in NEEDS_REASON else {}
    if not is_allowed(code, workflow, status):
        with nothing_changes(), pytest.raises(ActionRefused) as refused:
            move_agreement(actor=in_alpha.actor("manager"), agreement=row, code=code, **more)
        assert refused.value.code == "move_refused"
        assert set(refused.value.details["moves"]) == {each for each in MOVES if is_allowed(each, workflow, status)}
        return
    moved = move_agreement(actor=in_alpha.actor("manager"), agreement=row, code=code, **more)
    move, event = MOVES[code], AgreementEvent.objects.order_by("pk").last()
    assert AgreementEvent.objects.count() == before + 1
    expected = ("redline", status, "legal") if code == "resume" else None
    place = expected or (move.to_workflow, move.to_status or status, move.court)
    assert (moved.workflow, moved.status, moved.court) == place
    assert (event.from_workflow, event.from_status) == (workflow, status)
    assert (event.to_workflow, event.to_status, event.court) == place
    assert event.made_by_id == in_alpha.user("manager").pk
    assert moved.version == row.version + 1


@pytest.mark.parametrize("code", ["execute", "terminate"])
def test_officers_prepare_and_bind_nobody(in_alpha, code):
    row = standing_at("signing", "signature") if code == "execute" else make_executed(kind="nda")
    more = {"why": "It ends."} if code == "terminate" else {}
    with nothing_changes(), pytest.raises(PermissionRefused):
        move_agreement(actor=in_alpha.actor("officer"), agreement=row, code=code, **more)


@pytest.mark.parametrize("code", sorted(NEEDS_REASON))
def test_a_reason_is_asked_for(in_alpha, code):
    row = make_executed(kind="nda") if code == "terminate" else make_agreement(kind="nda")
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        move_agreement(actor=in_alpha.actor(), agreement=row, code=code, why="  ")
    assert refused.value.field == "reason"


def test_a_move_that_nobody_knows(in_alpha):
    row = make_agreement()
    with nothing_changes(), pytest.raises(InvalidInput):
        move_agreement(actor=in_alpha.actor(), agreement=row, code="bribe")


def test_a_move_from_what_one_did_not_see_is_stale(in_alpha):
    row = make_agreement(kind="nda")
    seen = Agreement.objects.get(pk=row.pk)
    move_agreement(actor=in_alpha.actor(), agreement=row, code="complete_request")
    with nothing_changes(), pytest.raises(StaleEdit):
        move_agreement(actor=in_alpha.actor(), agreement=seen, code="start_drafting")


def test_returning_a_request_stops_the_clock_until_it_is_complete(in_alpha):
    row, actor = make_agreement(), in_alpha.actor("officer")
    row = move_agreement(actor=actor, agreement=row, code="complete_request")
    assert row.complete_on == timezone.localdate()
    row = move_agreement(actor=actor, agreement=row, code="return_request")
    assert (row.complete_on, row.court) == (None, "investigator")


def test_dates_of_execution_are_checked(in_alpha):
    row, today = standing_at("signing", "signature"), timezone.localdate()
    for more, field in (
        ({"executed_on": today + timedelta(days=1)}, "executed_on"),
        ({"executed_on": row.requested_on - timedelta(days=1)}, "executed_on"),
    ):
        with nothing_changes(), pytest.raises(InvalidInput) as refused:
            execute_agreement(actor=in_alpha.actor(), agreement=row, **more)
        assert refused.value.field == field
    Agreement.objects.filter(pk=row.pk).update(expires_on=today)
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        execute_agreement(actor=in_alpha.actor(), agreement=row, effective_on=today + timedelta(days=1))
    assert refused.value.code == "dates_reversed"


def test_a_work_order_waits_for_its_master(in_alpha):
    master = make_agreement(kind="master")
    order = make_agreement(kind="work_order", parent=master, workflow="signing", status="signature")
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        execute_agreement(actor=in_alpha.actor(), agreement=order)
    assert refused.value.code == "parent_not_in_force"


def test_execution_makes_what_follows_and_scores_the_partner_anew(in_alpha):
    row = make_agreement(kind="material", workflow="signing", status="signature", expires_on=None)
    Job.objects.all().delete()
    execute_agreement(actor=in_alpha.actor(), agreement=row)
    assert list(Obligation.objects.filter(agreement=row).values_list("rule", flat=True)) == ["screening"]
    assert Job.objects.filter(name="partnerships.recompute_health", key=f"partnership-{row.partnership_id}").exists()


def test_of_two_who_execute_at_once_one_wins(committed, alpha):
    """Both look at the same version; the second waits for the first, and is told so."""
    with tenant_transaction(alpha.id):
        row = make_agreement(make_partnership(), kind="nda", workflow="signing", status="signature")
    together, outcomes = threading.Barrier(2), []

    def execute() -> None:
        try:
            with tenant_transaction(alpha.id):
                seen = Agreement.objects.get(pk=row.pk)
                together.wait(20)
                execute_agreement(actor=alpha.actor("manager"), agreement=seen)
            outcomes.append("executed")
        except StaleEdit:
            outcomes.append("stale")
        finally:
            connection.close()

    hands = [threading.Thread(target=execute) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert sorted(outcomes) == ["executed", "stale"]
    with tenant_transaction(alpha.id):
        assert AgreementEvent.objects.filter(agreement=row, to_status="executed").count() == 1


def test_the_system_moves_too(in_alpha):
    row = move_agreement(actor=Actor.system(in_alpha.id), agreement=make_agreement(), code="complete_request")
    assert row.events.get().made_by_id is None
