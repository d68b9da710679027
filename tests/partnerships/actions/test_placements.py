"""Placements: approvals in their order, reviews, both sides' evaluations, and what a placement leads to."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.jobs import MAIL_ATTEMPTS
from core.secrets import digest_of
from partnerships.actions.placement_links import (
    MAIL_APPROVAL,
    MAIL_EVALUATION,
    approve_by_link,
    evaluate_by_link,
    give_up_approval,
    give_up_evaluation,
    mail_approval,
    mail_evaluation,
    park_overdue,
)
from partnerships.actions.placements import (
    ask_evaluations,
    begin_placement,
    cancel_placement,
    check_placement,
    complete_placement,
    create_placement,
    edit_placement,
    end_placement,
    name_approvers,
    record_approval,
    record_hire,
    record_placement_evaluation,
    record_return_offer,
    resend_evaluation,
    resume_placement,
    submit_placement,
)
from partnerships.models import Placement, PlacementApproval, PlacementEvaluation, TalentEvent
from partnerships.queries.placements import visible_placements
from tenants.actions.history import undo_changes
from tenants.actions.jobs import run_due_jobs
from tenants.models import Change, Job
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_partnership
from tests.factories.talent import (
    make_approval,
    make_placement,
    make_placement_evaluation,
    make_position,
    make_program,
    make_student,
)
from tests.partnerships.actions.test_candidacies import refused

TODAY = timezone.localdate


def asked(office) -> list[dict]:
    """The payloads of the mails to approvers that are wanted."""
    return list(
        Job.objects.filter(name="partnerships.mail_placement_approval", state="queued").values_list(
            "payload", flat=True
        )
    )


def requested(office, **fields) -> Placement:
    """A placement whose coordinator and supervisor the records know."""
    partnership = make_partnership()
    program = make_program(approvers=["coordinator", "site_supervisor"], coordinator=office.user("officer"))
    supervisor = make_contact(partnership.organization)
    values = {"student": make_student(), "program": program, "partnership": partnership, "supervisor": supervisor}
    days = {"starts_on": TODAY(), "ends_on": TODAY() + timedelta(days=90)}
    return create_placement(actor=office.actor(), **{**values, **days, **fields})


def test_a_placement_takes_its_terms_from_the_position(in_alpha):
    position = make_position(hours_per_week=30, credit=6, is_paid=True, pay="15.50", learning_goals="To measure")
    days = {"starts_on": position.starts_on, "ends_on": position.ends_on}
    row = create_placement(actor=in_alpha.actor(), student=make_student(), position=position, **days)
    row.refresh_from_db()
    assert (row.hours_per_week, str(row.pay), row.learning_goals) == (30, "15.50", "To measure")
    assert (row.partnership_id, row.program_id, row.status) == (
        position.partnership_id,
        position.program_id,
        "requested",
    )
    refused(
        "no_place_left", create_placement, actor=in_alpha.actor(), student=make_student(), position=position, **days
    )


def test_approvers_are_asked_one_after_another(in_alpha):
    manager, row = in_alpha.actor(), requested(in_alpha)
    first, second = row.approvals.order_by("order")
    assert (first.name, second.name) == (in_alpha.user("officer").name, row.supervisor.name)
    submit_placement(actor=manager, placement=row)
    assert asked(in_alpha) == [{"approval_id": first.pk}]
    record_approval(actor=manager, placement=row, decision="approved")
    assert asked(in_alpha) == [{"approval_id": first.pk}, {"approval_id": second.pk}]
    assert Placement.objects.get(pk=row.pk).status == "in_approval"
    record_approval(actor=manager, placement=row, decision="approved", note="On paper")
    assert Placement.objects.get(pk=row.pk).status == "approved"
    refused("nobody_asked", record_approval, actor=manager, placement=row, decision="approved")


def test_a_mail_is_sent_once_for_each_asking(committed, alpha):
    from core.tenancy.scope import tenant_transaction

    with tenant_transaction(alpha.id):
        row = requested(alpha)
        submit_placement(actor=alpha.actor(), placement=row)
    run_due_jobs(alpha.id)
    run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        approval = PlacementApproval.objects.get(placement=row, order=1)
        assert not mail_approval(actor=Actor.system(alpha.id), approval_id=approval.pk)
    (message,) = mail.outbox
    assert message.to == [alpha.user("officer").email]
    secret = message.body.split("/approve/")[1].split("/")[0]
    assert f"/t/alpha/approve/{secret}/" in message.body
    assert row.student.name not in message.body + message.subject
    assert approval.digest == digest_of(secret)
    assert approval.due_on == TODAY() + timedelta(days=7)


def test_a_mail_that_cannot_be_delivered_parks_the_placement(committed, alpha, settings):
    from core.tenancy.scope import tenant_transaction

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with tenant_transaction(alpha.id):
        row = requested(alpha)
        submit_placement(actor=alpha.actor(), placement=row)
    for attempt in range(MAIL_ATTEMPTS):
        with tenant_transaction(alpha.id):
            assert Placement.objects.get(pk=row.pk).status == "in_approval", attempt
            Job.objects.filter(name=MAIL_APPROVAL).update(due_at=timezone.now())
        run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        parked = Placement.objects.get(pk=row.pk)
        assert parked.status == "needs_review"
        assert alpha.user("officer").email in parked.review_reason
        resume_placement(actor=alpha.actor(), placement=parked)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_due_jobs(alpha.id)
    assert [message.to for message in mail.outbox] == [[alpha.user("officer").email]]


def test_giving_up_says_nothing_of_an_approver_who_was_asked_or_answered(in_alpha):
    row = requested(in_alpha)
    submit_placement(actor=in_alpha.actor(), placement=row)
    first, second = row.approvals.order_by("order")
    mail_approval(actor=Actor.system(in_alpha.id), approval_id=first.pk)
    with nothing_changes():
        for pk in (first.pk, second.pk, 999_999):
            give_up_approval(actor=Actor.system(in_alpha.id), approval_id=pk)


def test_an_evaluation_whose_mail_cannot_be_delivered_says_so_and_is_sent_again(committed, alpha, settings):
    from core.tenancy.scope import tenant_transaction

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with tenant_transaction(alpha.id):
        row = make_placement(status="in_progress")
        make_placement_evaluation(row, "supervisor", answered_at=timezone.now(), rating=4, digest="")
        ask_evaluations(actor=alpha.actor(), placement=row)
    for attempt in range(MAIL_ATTEMPTS):
        with tenant_transaction(alpha.id):
            assert row.evaluations.get(side="student").undelivered_at is None, attempt
            Job.objects.filter(name=MAIL_EVALUATION).update(due_at=timezone.now())
        run_due_jobs(alpha.id)
    with tenant_transaction(alpha.id):
        given_up = row.evaluations.get(side="student")
        assert (given_up.undelivered_at is None, given_up.asked_at, given_up.digest) == (False, None, "")
        assert Placement.objects.get(pk=row.pk).status == "in_progress"
        change = Change.objects.filter(table_name="partnerships_placementevaluation").latest("pk")
        assert (change.action, change.after.keys()) == (MAIL_EVALUATION, {"undelivered_at", "version", "updated_at"})
        resend_evaluation(actor=alpha.actor(), placement=row, side="student")
        assert row.evaluations.get(side="student").undelivered_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_due_jobs(alpha.id)
    (message,) = mail.outbox
    assert message.to == [row.student.email]
    secret = message.body.split("/evaluate/")[1].split("/")[0]
    with tenant_transaction(alpha.id):
        assert row.evaluations.get(side="student").asked_at is not None
        evaluate_by_link(tenant=alpha.tenant, secret=secret, request_id="x", rating=5)
        assert Placement.objects.get(pk=row.pk).status == "evaluated"


def test_giving_up_says_nothing_of_a_side_that_was_asked_or_answered_or_is_not_waited_for(in_alpha):
    under_way, over = make_placement(status="in_progress"), make_placement(status="completed")
    asked, _secret = make_placement_evaluation(under_way, "student")
    answered, _secret = make_placement_evaluation(under_way, "supervisor", answered_at=timezone.now(), rating=4)
    late, _secret = make_placement_evaluation(over, "student", digest="", asked_at=None)
    with nothing_changes():
        for pk in (asked.pk, answered.pk, late.pk, 999_999):
            give_up_evaluation(actor=Actor.system(in_alpha.id), evaluation_id=pk)


def test_a_mail_that_leaves_after_another_was_given_up_counts(in_alpha):
    """Asked again while the first job was still being tried: whichever comes through is the one that is true."""
    row, system = make_placement(status="in_progress"), Actor.system(in_alpha.id)
    evaluation, _secret = make_placement_evaluation(row, "student", digest="", asked_at=None)
    give_up_evaluation(actor=system, evaluation_id=evaluation.pk)
    assert mail_evaluation(actor=system, evaluation_id=evaluation.pk)
    evaluation.refresh_from_db()
    assert (evaluation.undelivered_at, evaluation.asked_at is None, evaluation.due_on is None) == (None, False, False)
    with nothing_changes():
        give_up_evaluation(actor=system, evaluation_id=evaluation.pk)


def test_sending_one_side_a_new_link_leaves_the_other_alone(in_alpha):
    row = make_placement(status="in_progress", supervisor=make_contact(make_partnership().organization))
    old, old_secret = make_placement_evaluation(row, "student")
    other, secret = make_placement_evaluation(row, "supervisor")
    resend_evaluation(actor=in_alpha.actor("officer"), placement=row, side="student")
    old.refresh_from_db()
    assert (old.digest, old.asked_at, old.due_on) == ("", None, TODAY() + timedelta(days=21))
    wanted = Job.objects.filter(name=MAIL_EVALUATION, state="queued").values_list("payload", flat=True)
    assert list(wanted) == [{"evaluation_id": old.pk}]
    evaluate_by_link(tenant=in_alpha.tenant, secret=secret, request_id="x", rating=3)
    with nothing_changes(), pytest.raises(ActionRefused) as gone:
        evaluate_by_link(tenant=in_alpha.tenant, secret=old_secret, request_id="x", rating=3)
    assert gone.value.code == "link_gone"
    other.refresh_from_db()
    assert other.rating == 3


def test_no_new_link_for_who_answered_has_no_address_or_is_not_waited_for(in_alpha):
    actor, row = in_alpha.actor(), make_placement(status="in_progress", supervisor=None)
    make_placement_evaluation(row, "student", answered_at=timezone.now(), rating=4, digest="")
    for placement, side, code in (
        (row, "student", "nobody_to_ask"),
        (row, "supervisor", "nobody_to_ask"),
        (make_placement(status="approved"), "student", "not_under_way"),
        (make_placement(status="completed"), "student", "not_under_way"),
    ):
        with nothing_changes(), pytest.raises(ActionRefused) as found:
            resend_evaluation(actor=actor, placement=placement, side=side)
        assert found.value.code == code
    for role in ("researcher", "viewer"):
        with nothing_changes(), pytest.raises(PermissionRefused):
            resend_evaluation(actor=in_alpha.actor(role), placement=row, side="student")


def test_unnamed_approvers_are_named_before_it_goes_round(in_alpha):
    actor = in_alpha.actor()
    row = requested(in_alpha, program=make_program(approvers=["dean"]))
    refused("approver_missing", submit_placement, actor=actor, placement=row)
    with nothing_changes(), pytest.raises(InvalidInput):
        name_approvers(actor=actor, placement=row, approvers=[{"role": "king", "name": "A", "email": "a@b.example"}])
    named = [{"role": "dean", "name": "Dee Dean", "email": "dean@campus.example"}]
    name_approvers(actor=actor, placement=row, approvers=named)
    submit_placement(actor=actor, placement=row)
    refused("sent_round", name_approvers, actor=actor, placement=row, approvers=named)


def test_without_approvers_it_is_approved_at_once(in_alpha):
    row = requested(in_alpha, program=make_program())
    assert submit_placement(actor=in_alpha.actor(), placement=row).status == "approved"
    assert asked(in_alpha) == []


def test_a_refusal_needs_a_reason_and_a_review_and_a_manager_resumes(in_alpha):
    manager, row = in_alpha.actor(), requested(in_alpha)
    submit_placement(actor=manager, placement=row)
    record_approval(actor=manager, placement=row, decision="approved")
    with nothing_changes(), pytest.raises(InvalidInput):
        record_approval(actor=manager, placement=row, decision="refused")
    record_approval(actor=manager, placement=row, decision="refused", note="No desk")
    row.refresh_from_db()
    assert (row.status, row.resumes_at) == ("needs_review", "in_approval")
    assert "No desk" in row.review_reason
    with pytest.raises(PermissionRefused):
        resume_placement(actor=in_alpha.actor("officer"), placement=row)
    resume_placement(actor=manager, placement=row)
    row.refresh_from_db()
    assert (row.status, row.review_reason) == ("in_approval", "")
    assert [each.decision for each in row.approvals.order_by("order")] == ["approved", "waiting"]
    assert asked(in_alpha)[-1] == {"approval_id": row.approvals.get(order=2).pk}


def test_changed_terms_are_approved_anew(in_alpha):
    manager, row = in_alpha.actor(), requested(in_alpha)
    submit_placement(actor=manager, placement=row)
    refused("terms_fixed", edit_placement, actor=manager, placement=row, hours_per_week=10)
    record_approval(actor=manager, placement=row, decision="approved")
    record_approval(actor=manager, placement=row, decision="refused", note="Too long")
    edit_placement(actor=manager, placement=row, hours_per_week=10)
    assert {each.decision for each in row.approvals.all()} == {"waiting"}


def test_a_missed_day_parks_the_placement_once(in_alpha):
    row = make_placement(status="in_approval")
    approval, _secret = make_approval(row, due_on=TODAY() - timedelta(days=1))
    punctual = make_placement(status="in_approval")
    make_approval(punctual, due_on=TODAY())
    system = Actor.system(in_alpha.id)
    assert park_overdue(actor=system) == 1
    row.refresh_from_db()
    assert row.status == "needs_review"
    assert approval.name in row.review_reason
    assert PlacementApproval.objects.get(pk=approval.pk).digest == ""
    with nothing_changes():
        assert park_overdue(actor=system) == 0


# Under way


def test_a_placement_goes_from_its_first_day_to_its_last(in_alpha):
    actor = in_alpha.actor()
    row = make_placement(status="approved", days_ago=-5)
    refused("not_yet", begin_placement, actor=actor, placement=row)
    row = make_placement(status="approved", supervisor=None)
    make_contact(row.partnership.organization)
    begin_placement(actor=actor, placement=row)
    assert Job.objects.filter(name="partnerships.recompute_health", key=f"partnership-{row.partnership_id}").exists()
    check_placement(actor=actor, placement=row, note="All well")
    refused("not_evaluated", complete_placement, actor=actor, placement=row)
    ask_evaluations(actor=actor, placement=row)
    assert set(row.evaluations.values_list("side", "due_on")) == {
        ("student", TODAY() + timedelta(days=21)),
        ("supervisor", None),
    }
    record_placement_evaluation(actor=actor, placement=row, side="student", rating=4)
    refused("answered", record_placement_evaluation, actor=actor, placement=row, side="student", rating=5)
    record_placement_evaluation(actor=actor, placement=row, side="supervisor", rating=5, comment="Good")
    assert Placement.objects.get(pk=row.pk).status == "evaluated"
    row = complete_placement(actor=actor, placement=row)
    assert (row.status, row.ended_on) == ("completed", TODAY())


def test_neither_answer_is_shown_before_both_are_given(in_alpha):
    actor, row = in_alpha.actor(), make_placement(status="in_progress")
    make_placement_evaluation(row, "supervisor")
    record_placement_evaluation(actor=actor, placement=row, side="student", rating=2)
    shown = visible_placements(actor).get(pk=row.pk)
    assert [each.both_answered for each in shown.evaluations.all()] == [False, False]
    record_placement_evaluation(actor=actor, placement=row, side="supervisor", rating=5)
    shown = visible_placements(actor).get(pk=row.pk)
    assert [each.both_answered for each in shown.evaluations.all()] == [True, True]


def test_a_single_evaluation_is_not_taken_for_both(in_alpha):
    actor, row = in_alpha.actor(), make_placement(status="in_progress")
    record_placement_evaluation(actor=actor, placement=row, side="student", rating=2)
    (only,) = visible_placements(actor).get(pk=row.pk).evaluations.all()
    assert not only.both_answered


def test_ending_early_needs_a_day_within_and_a_reason(in_alpha):
    actor, row = in_alpha.actor(), make_placement(status="in_progress")
    with nothing_changes(), pytest.raises(InvalidInput):
        end_placement(actor=actor, placement=row, why=" ")
    with nothing_changes(), pytest.raises(InvalidInput):
        end_placement(actor=actor, placement=row, why="Moved", ended_on=TODAY() + timedelta(days=1))
    row = end_placement(actor=actor, placement=row, why="Moved")
    assert (row.status, row.ended_on, row.end_reason) == ("ended_early", TODAY(), "Moved")
    refused("no_such_move", cancel_placement, actor=actor, placement=row)


def test_canceling_takes_links_back(in_alpha):
    row = make_placement(status="in_approval")
    _approval, secret = make_approval(row)
    cancel_placement(actor=in_alpha.actor(), placement=row)
    given = {"secret": secret, "decision": "approved", "note": "", "request_id": "x"}
    with nothing_changes(), pytest.raises(ActionRefused, match="no longer good"):
        approve_by_link(tenant=in_alpha.tenant, **given)


# What it led to


def test_a_hire_is_an_event_of_the_placement_once(in_alpha):
    actor, row = in_alpha.actor(), make_placement(status="completed")
    refused("not_begun", record_hire, actor=actor, placement=make_placement(status="approved"))
    record_hire(actor=actor, placement=row)
    event = TalentEvent.objects.get(placement=row)
    assert (event.kind, event.people, event.partnership_id, event.program_id) == (
        "hire",
        1,
        row.partnership_id,
        row.program_id,
    )
    assert Placement.objects.get(pk=row.pk).return_offer == "accepted"
    refused("hired", record_hire, actor=actor, placement=row)
    refused("hired", record_return_offer, actor=actor, placement=row, offer="declined")


# Taking back


def as_request(actor, name: str):
    from dataclasses import replace

    return replace(actor, request_id=name)


def test_what_an_outsider_answered_is_not_undone(in_alpha):
    row = make_placement(status="in_approval")
    _approval, secret = make_approval(row)
    given = {"secret": secret, "decision": "approved", "note": "", "request_id": "outside-1"}
    approve_by_link(tenant=in_alpha.tenant, **given)
    with nothing_changes(), pytest.raises((ActionRefused, PermissionRefused)):
        undo_changes(actor=in_alpha.actor("administrator"), request_id="outside-1")


def test_undoing_a_move_never_makes_more_offers_than_places(in_alpha):
    from partnerships.actions.candidacies import move_candidacy
    from tests.factories.talent import make_candidacy

    position = make_position(openings=1)
    first, second = (make_candidacy(position, status=status) for status in ("offered", "ranked"))
    move_candidacy(actor=as_request(in_alpha.actor(), "decline-1"), candidacy=first, status="declined")
    move_candidacy(actor=as_request(in_alpha.actor(), "offer-1"), candidacy=second, status="offered")
    with nothing_changes(), pytest.raises(ActionRefused):
        undo_changes(actor=in_alpha.actor(), request_id="decline-1")
    undo_changes(actor=as_request(in_alpha.actor(), "undo-1"), request_id="offer-1")
    undo_changes(actor=as_request(in_alpha.actor(), "undo-2"), request_id="decline-1")
    first.refresh_from_db()
    assert first.status == "offered"


def test_an_erasure_is_not_undone(in_alpha):
    from partnerships.actions.students import erase_student

    student = make_student(name="Ana Alvarez")
    erase_student(actor=as_request(in_alpha.actor(), "erase-1"), student=student)
    with nothing_changes(), pytest.raises(ActionRefused):
        undo_changes(actor=in_alpha.actor(), request_id="erase-1")
    assert PlacementEvaluation.objects.count() == 0
