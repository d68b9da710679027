"""Links that need no account: what a good one does; a forged, used, late, withdrawn or foreign one does nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.secrets import digest_of, new_secret
from core.tenancy.scope import tenant_scope
from partnerships.models import Placement, PlacementApproval, PlacementEvaluation
from tenants.models import Change, Job
from tests.api_kit import nothing_changes
from tests.factories.talent import make_approval, make_placement, make_placement_evaluation

YES = {"decision": "approved", "note": ""}
RATED = {"rating": "4", "meaningful_work": "5", "development": "", "comment": "Fine"}


@pytest.fixture
def asked(alpha):
    """A placement with two approvers, the first of whom is asked; the secret of that link."""
    with tenant_scope(alpha.id):
        placement = make_placement(status="in_approval", check_note="canary-note", pay=19)
        approval, secret = make_approval(placement)
        make_approval(placement, order=2, digest="", asked_at=None, due_on=None, name="Dee Dean", role="dean")
    return approval, secret


@pytest.fixture
def rated(alpha):
    """A placement under way whose student is asked; the secret of that link."""
    with tenant_scope(alpha.id):
        return make_placement_evaluation(make_placement(status="in_progress"))


def gone(answer) -> None:
    assert answer.status_code == 404
    assert b"no longer good" in answer.content
    assert answer["Referrer-Policy"] == "same-origin"  # with less, browsers would not say where a POST comes from


def test_looking_changes_nothing_and_shows_the_essentials_alone(alpha, asked):
    approval, secret = asked
    with nothing_changes():
        for _again in range(2):
            answer = Client().get(f"{alpha.prefix}/approve/{secret}/")
            assert answer.status_code == 200
    text = answer.content.decode()
    with tenant_scope(alpha.id):
        placement = Placement.objects.select_related("student", "partnership__organization").get(
            pk=approval.placement_id
        )
    for words in (placement.student.name, placement.partnership.organization.name, approval.name):
        assert words in text
    for words in (
        placement.student.email,
        placement.student.number,
        "canary-note",
        "Dee Dean",
        "19.00",
        "/placements/",
    ):
        assert words not in text
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "same-origin"  # with less, browsers would not say where a POST comes from
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_approving_asks_the_next_and_works_once(alpha, asked):
    approval, secret = asked
    address = f"{alpha.prefix}/approve/{secret}/"
    answer = Client().post(address, YES)
    assert answer.status_code == 200
    with tenant_scope(alpha.id):
        first, second = PlacementApproval.objects.order_by("order")
        assert (first.decision, first.digest) == ("approved", "")
        job = Job.objects.get(name="partnerships.mail_placement_approval")
        assert job.payload == {"approval_id": second.pk}
        change = Change.objects.filter(table_name="partnerships_placementapproval", row_id=first.pk).latest("id")
        assert (change.user_id, change.action) == (None, "partnerships.answer_by_link")
        assert approval.name in change.reason
    with nothing_changes():
        gone(Client().post(address, YES))
        gone(Client().get(address))


def test_refusing_says_why_and_parks_the_placement(alpha, asked):
    approval, secret = asked
    address = f"{alpha.prefix}/approve/{secret}/"
    with nothing_changes():
        answer = Client().post(address, {"decision": "refused", "note": " "})
        assert answer.status_code == 422
        assert Client().post(address, {"decision": "maybe"}).status_code == 422
        assert Client().post(address, {}).status_code == 422
    assert Client().post(address, {"decision": "refused", "note": "No desk"}).status_code == 200
    with tenant_scope(alpha.id):
        placement = Placement.objects.get(pk=approval.placement_id)
        assert placement.status == "needs_review"
        assert "No desk" in placement.review_reason


def test_an_evaluation_is_answered_once(alpha, rated):
    evaluation, secret = rated
    address = f"{alpha.prefix}/evaluate/{secret}/"
    with nothing_changes():
        assert Client().get(address).status_code == 200
        for wrong in ({}, {"rating": "6"}, {"rating": "0"}, {"rating": "x"}):
            assert Client().post(address, wrong).status_code == 422
    assert Client().post(address, RATED).status_code == 200
    with tenant_scope(alpha.id):
        row = PlacementEvaluation.objects.get(pk=evaluation.pk)
        assert (row.rating, row.meaningful_work, row.development, row.comment) == (4, 5, None, "Fine")
    with nothing_changes():
        gone(Client().post(address, RATED))


# What opens nothing


def answers(office, secret: str, *, what: str = "approve") -> None:
    """A page and a post under a secret, both of which find nothing and change nothing."""
    with nothing_changes():
        gone(Client().get(f"{office.prefix}/{what}/{secret}/"))
        gone(Client().post(f"{office.prefix}/{what}/{secret}/", {**YES, **RATED}))


@pytest.mark.parametrize("forged", ["x", "cw_nothing", "0" * 39, "cw_" + "a" * 36])
def test_a_forged_link_opens_nothing(alpha, asked, rated, forged):
    for what in ("approve", "evaluate"):
        answers(alpha, forged, what=what)
        answers(alpha, new_secret(), what=what)


def test_an_empty_digest_is_nobodys_secret(alpha, asked):
    with tenant_scope(alpha.id):
        assert PlacementApproval.objects.filter(digest="").exists()
    answers(alpha, "cw_")


def test_an_expired_link_opens_nothing(alpha, asked, rated):
    past = timezone.localdate() - timedelta(days=2)
    with tenant_scope(alpha.id):
        PlacementApproval.objects.filter(pk=asked[0].pk).update(due_on=past)
        PlacementEvaluation.objects.filter(pk=rated[0].pk).update(due_on=past)
    answers(alpha, asked[1])
    answers(alpha, rated[1], what="evaluate")


def test_a_link_works_at_its_own_office_alone(alpha, beta, asked, rated):
    answers(beta, asked[1])
    answers(beta, rated[1], what="evaluate")


def test_a_link_of_one_kind_is_none_of_the_other(alpha, asked, rated):
    answers(alpha, asked[1], what="evaluate")
    answers(alpha, rated[1], what="approve")


@pytest.mark.parametrize("status", ["requested", "needs_review", "approved", "canceled", "in_progress"])
def test_a_link_opens_nothing_while_nobody_is_asked(alpha, asked, status):
    more = {"review_reason": "x", "resumes_at": "in_approval"} if status == "needs_review" else {}
    with tenant_scope(alpha.id):
        Placement.objects.filter(pk=asked[0].placement_id).update(status=status, **more)
    answers(alpha, asked[1])


@pytest.mark.parametrize("status", ["approved", "evaluated", "completed", "ended_early"])
def test_an_evaluation_is_not_answered_when_it_is_not_under_way(alpha, rated, status):
    with tenant_scope(alpha.id):
        Placement.objects.filter(pk=rated[0].placement_id).update(status=status)
    answers(alpha, rated[1], what="evaluate")


def test_a_later_approver_cannot_come_first(alpha, asked):
    secret = new_secret()
    with tenant_scope(alpha.id):
        second = PlacementApproval.objects.filter(order=2)
        second.update(digest=digest_of(secret), due_on=timezone.localdate() + timedelta(days=7))
    answers(alpha, secret)


def test_asking_anew_makes_the_old_link_useless(alpha, asked):
    from partnerships.actions.placement_links import ask_for_approval
    from partnerships.queries.placements import lock_placement

    with tenant_scope(alpha.id):
        ask_for_approval(lock_placement(asked[0].placement_id), PlacementApproval.objects.get(pk=asked[0].pk))
    answers(alpha, asked[1])


def test_a_closed_office_answers_no_link(alpha, asked):
    type(alpha.tenant).objects.filter(pk=alpha.id).update(is_active=False)
    with nothing_changes():
        assert Client().post(f"{alpha.prefix}/approve/{asked[1]}/", YES).status_code in (302, 404)


def test_answering_needs_the_csrf_token(alpha, asked):
    strict = Client(enforce_csrf_checks=True)
    address = f"{alpha.prefix}/approve/{asked[1]}/"
    with nothing_changes():
        assert strict.post(address, YES).status_code == 403
    page = strict.get(address).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert strict.post(address, {**YES, "csrfmiddlewaretoken": token}).status_code == 200


def test_whoever_tries_many_links_has_to_wait(alpha, asked, monkeypatch):
    visitor = Client(REMOTE_ADDR="203.0.113.9")
    monkeypatch.setattr("core.limits.time.time", lambda: 1_000_000.0)
    seen = [visitor.get(f"{alpha.prefix}/approve/{new_secret()}/").status_code for _ in range(31)]
    assert seen == [*[404] * 30, 429]
    with nothing_changes():
        late = visitor.post(f"{alpha.prefix}/approve/{asked[1]}/", YES)
    assert (late.status_code, late["Retry-After"]) == (429, "20")
    assert Client(REMOTE_ADDR="203.0.113.10").get(f"{alpha.prefix}/approve/{asked[1]}/").status_code == 200


def test_a_member_who_is_signed_in_gets_the_same_page(alpha, asked, client_of):
    assert client_of(alpha, "viewer").get(f"{alpha.prefix}/approve/{asked[1]}/").status_code == 200
    assert client_of(None).get(f"{alpha.prefix}/approve/{asked[1]}/").status_code == 200


def test_two_who_answer_at_once_answer_once(committed, alpha):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    from core.tenancy.scope import tenant_transaction

    with tenant_transaction(alpha.id):
        placement = make_placement(status="in_approval")
        _approval, secret = make_approval(placement)
        make_approval(placement, order=2, digest="", asked_at=None, due_on=None)

    def answer(_number: int) -> int:
        try:
            return Client().post(f"{alpha.prefix}/approve/{secret}/", YES).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, range(4))) == [200, 404, 404, 404]
    with tenant_transaction(alpha.id):
        assert Job.objects.filter(name="partnerships.mail_placement_approval").count() == 1
