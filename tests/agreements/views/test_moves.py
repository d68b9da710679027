"""Moving agreements on pages: the board, the forms of moves that ask, and whoever comes second."""

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementEvent
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_screening
from tests.factories.agreements import make_agreement, make_event

BOARD = "/agreements/?shape=board&owner=me"


def move_page(office, row, query: str = "") -> str:
    return f"{office.prefix}/agreements/{row.pk}/move/{query}"


@pytest.fixture
def nda(in_alpha) -> Agreement:
    """An NDA that awaits signature: nothing blocks it."""
    return make_agreement(kind="nda", workflow="signing", status="signature", court="partner", owner=in_alpha.user())


def test_a_card_that_is_put_into_a_column_makes_the_move_of_the_table(in_alpha, client_of):
    row, back = make_agreement(workflow="drafting", court="legal"), in_alpha.prefix + BOARD
    given = {"stage": "with_partner", "version": 1, "next": back}
    assert client_of(in_alpha, "officer").post(move_page(in_alpha, row), given)["Location"] == back
    row.refresh_from_db()
    assert (row.workflow, row.status, row.court, row.version) == ("with_partner", "negotiation", "partner", 2)
    assert AgreementEvent.objects.get(agreement=row).made_by == in_alpha.user("officer")


def test_a_column_that_no_move_leads_to_is_refused_with_those_that_do(in_alpha, client_of):
    row = make_agreement(workflow="drafting")
    with nothing_changes():
        answer = client_of(in_alpha).post(move_page(in_alpha, row), {"stage": "signing", "version": 1})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "That does not lead on from “Drafting”." in text
    assert "Send to partner" in text


def test_a_card_that_somebody_else_moved_stays_where_they_put_it(in_alpha, client_of):
    row, member = make_agreement(workflow="drafting"), client_of(in_alpha)
    given = {"stage": "with_partner", "version": 1}
    assert member.post(move_page(in_alpha, row), given).status_code == 302
    with nothing_changes():
        answer = client_of(in_alpha, "officer").post(move_page(in_alpha, row), given)
    assert answer.status_code == 422
    assert "Somebody else moved it meanwhile: it is at “With the partner” now." in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "missing", "given"),
    [
        ("hold", "Give the reason.", {"reason": "Their budget"}),
        ("withdraw", "Give the reason.", {"reason": "They went elsewhere"}),
    ],
)
def test_moves_that_need_a_reason_ask_for_it(in_alpha, client_of, code, missing, given):
    row, member = make_agreement(workflow="drafting"), client_of(in_alpha)
    assert 'name="reason"' in member.get(move_page(in_alpha, row, f"?move={code}")).content.decode()
    with nothing_changes():
        answer = member.post(move_page(in_alpha, row), {"move": code, "version": 1})
    assert (answer.status_code, missing in answer.content.decode()) == (422, True)
    assert member.post(move_page(in_alpha, row), {"move": code, "version": 1, **given}).status_code == 302
    row.refresh_from_db()
    assert given["reason"] in (row.hold_reason, row.end_reason)


def test_what_was_on_hold_goes_back_where_it_stood(in_alpha, client_of):
    row = make_agreement(workflow="on_hold", court="nobody", hold_reason="Waiting")
    at = timezone.now()
    make_event(row, "on_hold", "nobody", at=at, from_workflow="drafting")
    member = client_of(in_alpha)
    with nothing_changes():
        answer = member.post(move_page(in_alpha, row), {"stage": "approval", "version": 1})
        assert "goes back to “Drafting”" in answer.content.decode()
    assert member.post(move_page(in_alpha, row), {"stage": "drafting", "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.workflow, row.hold_reason) == ("drafting", "")


def test_the_sign_off_page_says_what_will_happen(in_alpha, client_of):
    row = make_agreement(workflow="signing", status="signature", expires_on=timezone.localdate().replace(year=2099))
    row.signatories.create(party=row.parties.get(), name="Lena Brandt")
    text = client_of(in_alpha).get(move_page(in_alpha, row, "?move=execute")).content.decode()
    for said in ("This stands against signature", "P02", "Lena Brandt", "Progress report", "The clock stops."):
        assert said in text
    assert 'name="executed_on"' not in text  # nothing to press while rules block
    with nothing_changes():
        answer = client_of(in_alpha).post(move_page(in_alpha, row), {"move": "execute", "version": 1})
    assert (answer.status_code, "Settle it" in answer.content.decode()) == (422, True)


def test_of_two_who_execute_the_second_is_told_who_did(in_alpha, client_of, nda):
    first, second = client_of(in_alpha), client_of(in_alpha, "administrator")
    given = {"move": "execute", "version": nda.version, "note": "Signed."}
    assert first.post(move_page(in_alpha, nda), given).status_code == 302
    with nothing_changes():
        answer = second.post(move_page(in_alpha, nda), given)
    text = answer.content.decode()
    assert answer.status_code == 409
    for said in ("Somebody else was faster. Nothing of yours was written.", in_alpha.user().name, "Executed"):
        assert said in text
    assert AgreementEvent.objects.filter(agreement=nda).count() == 1


def test_whoever_was_overtaken_may_still_do_it_with_open_eyes(in_alpha, client_of, nda):
    Agreement.objects.filter(pk=nda.pk).update(version=2, title="Renamed meanwhile")
    member = client_of(in_alpha)
    answer = member.post(move_page(in_alpha, nda), {"move": "execute", "version": 1})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Do it all the same" in text
    assert 'name="version" value="2"' in text
    assert member.post(move_page(in_alpha, nda), {"move": "execute", "version": 2}).status_code == 302
    nda.refresh_from_db()
    assert nda.status == "executed"


def test_binding_moves_are_the_managers(in_alpha, client_of, nda):
    with nothing_changes():
        given = {"move": "execute", "version": nda.version}
        assert client_of(in_alpha, "officer").post(move_page(in_alpha, nda), given).status_code == 403
        assert client_of(in_alpha, "researcher").post(move_page(in_alpha, nda), given).status_code == 403
        assert client_of(in_alpha).post(move_page(in_alpha, nda), {"move": "execute"}).status_code == 422


def test_a_terminated_agreement_says_why_and_since_when(in_alpha, client_of, nda):
    member, day = client_of(in_alpha), timezone.localdate().isoformat()
    member.post(move_page(in_alpha, nda), {"move": "execute", "version": 1})
    nda.refresh_from_db()
    given = {"move": "terminate", "version": nda.version, "reason": "Both sides agreed", "ended_on": day}
    assert member.post(move_page(in_alpha, nda), given).status_code == 302
    text = member.get(f"{in_alpha.prefix}/agreements/{nda.pk}/").content.decode()
    assert "Both sides agreed" in text
    assert "Terminated" in text


def test_a_screening_that_stands_against_signature_is_said_before_anything_is_pressed(in_alpha, client_of, nda):
    partner = nda.parties.get(is_primary=True).organization
    make_screening(partner, result="open", note="A namesake?")
    text = client_of(in_alpha).get(move_page(in_alpha, nda, "?move=execute")).content.decode()
    assert f"The screening of {partner.name} has a hit that nobody has decided. Decide it first." in text
    assert f'href="{in_alpha.prefix}/screenings/"' in text
    assert 'name="executed_on"' not in text
    with nothing_changes():
        answer = client_of(in_alpha).post(move_page(in_alpha, nda), {"move": "execute", "version": nda.version})
    assert answer.status_code == 422
    for role, is_told in (("officer", True), ("viewer", False)):
        page = client_of(in_alpha, role).get(f"{in_alpha.prefix}/agreements/{nda.pk}/").content.decode()
        assert ("has a hit that nobody has decided" in page) is is_told, role
