"""The page about a placement: what became of the mails that ask both sides how it went."""

import re
from datetime import timedelta

from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import PlacementEvaluation
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.cast import Office
from tests.factories.talent import make_placement, make_placement_evaluation


def undelivered(office: Office, status: str = "in_progress") -> PlacementEvaluation:
    """An evaluation whose mail was given up."""
    with tenant_scope(office.id):
        row, given_up = make_placement(status=status), timezone.now()
        return make_placement_evaluation(row, "student", digest="", asked_at=None, undelivered_at=given_up)[0]


def test_a_mail_that_was_given_up_is_shown_where_the_evaluation_is_and_sent_again(alpha, client_of):
    evaluation = undelivered(alpha)
    address = f"{alpha.prefix}/placements/{evaluation.placement_id}/"
    officer = client_of(alpha, "officer")
    page = officer.get(address).content.decode()
    assert "mail could not be delivered" in page
    assert "mail is on its way" not in page
    assert f'action="{address}resend/"' in page
    answer = officer.post(f"{address}resend/", {"side": "student"}, follow=True)
    page = answer.content.decode()
    assert "A new link is on its way." in page
    assert "mail is on its way, " not in page
    assert "mail is on its way" in page
    assert "mail could not be delivered" not in page
    with tenant_scope(alpha.id):
        (job,) = Job.objects.filter(name="partnerships.mail_placement_evaluation", state="queued")
        assert job.payload == {"evaluation_id": evaluation.pk}


def test_a_placement_that_is_over_says_what_happened_and_sends_nothing(alpha, client_of):
    evaluation = undelivered(alpha, status="completed")
    address = f"{alpha.prefix}/placements/{evaluation.placement_id}/"
    page = client_of(alpha, "officer").get(address).content.decode()
    assert "mail could not be delivered" in page
    assert f'action="{address}resend/"' not in page
    with nothing_changes():
        refused = client_of(alpha, "officer").post(f"{address}resend/", {"side": "student"})
    assert refused.status_code == 422


def test_a_side_that_is_none_and_a_role_that_may_not_change_nothing(alpha, client_of):
    evaluation = undelivered(alpha)
    address = f"{alpha.prefix}/placements/{evaluation.placement_id}/resend/"
    with nothing_changes():
        assert client_of(alpha, "officer").post(address, {"side": "dean"}).status_code == 422
        assert client_of(alpha, "officer").post(address).status_code == 422
        assert client_of(alpha, "viewer").post(address, {"side": "student"}).status_code == 403


def test_after_the_mid_term_check_both_sides_are_asked_before_it_can_be_completed(alpha, client_of):
    officer = client_of(alpha, "officer")
    with tenant_scope(alpha.id):
        running = make_placement(status="checked", ends_on=timezone.localdate() + timedelta(days=60))
        past = make_placement(status="checked", ends_on=timezone.localdate() - timedelta(days=1))
        asked = make_placement(status="checked", ends_on=timezone.localdate() + timedelta(days=60))
        make_placement_evaluation(asked, "student")
    for row, leads, completes in ((running, "ask", False), (past, "complete", True), (asked, "", False)):
        address = f"{alpha.prefix}/placements/{row.pk}/"
        page = officer.get(address).content.decode()
        buttons = re.findall(
            r'action="[^"]*/placements/\d+/(\w+)/">.{0,200}?<button class="btn btn-primary"', page, re.S
        )
        assert buttons == ([leads] if leads else []), row
        assert (f'action="{address}complete/"' in page) is completes
    with nothing_changes():
        answer = officer.post(f"{alpha.prefix}/placements/{running.pk}/complete/", follow=True)
    assert "Both sides evaluate it first" in answer.content.decode()
