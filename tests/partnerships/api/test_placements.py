"""Placements over HTTP."""

from django.utils import timezone

from core.tenancy.scope import current_tenant_id
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.talent import (
    make_approval,
    make_placement,
    make_placement_evaluation,
    make_position,
    make_program,
    make_student,
)


def officer() -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer")


class TestPlacements(ApiContract):
    resource = Resource(
        prefix="placements",
        view="partnerships.view_placements",
        create="partnerships.create_placement",
        edit="partnerships.edit_placement",
        make=lambda author: make_approval(make_placement(academic_lead=author))[0].placement,
        payload=lambda: {
            "student": make_student().pk,
            "partnership": make_partnership().pk,
            "program": make_program(approvers=["department", "dean"]).pk,
            "starts_on": "2026-09-01",
            "ends_on": "2026-12-20",
            "hours_per_week": 30,
            "is_paid": True,
            "pay": "17.50",
            "currency": "DKK",
        },
        patch={"hours_per_week": 20, "learning_goals": "To measure"},
        references={
            "student": (make_student, lambda pk: {"student": pk}),
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "program": (make_program, lambda pk: {"program": pk}),
            "position": (make_position, lambda pk: {"position": pk}),
            "project": (make_project, lambda pk: {"project": pk}),
            "supervisor": (make_contact, lambda pk: {"supervisor": pk}),
            "academic_lead": (officer, lambda pk: {"academic_lead": pk}),
        },
        queries={"list": 4, "detail": 3, "create": 9, "update": 6},
    )


def test_a_placement_goes_through_its_verbs(in_alpha):
    officer, manager, row = Api(in_alpha, "officer"), Api(in_alpha, "manager"), make_placement()
    path = f"placements/{row.pk}"
    named = {"approvers": [{"role": "dean", "name": "Dee Dean", "email": "dean@campus.example"}]}
    assert officer.post(f"{path}/approvers/", named).json()["approvals"][0]["name"] == "Dee Dean"
    assert officer.post(f"{path}/submit/").json()["status"] == "in_approval"
    with nothing_changes():
        error_of(officer.post(f"{path}/approval/", {"decision": "approved"}), 403)
        error_of(manager.post(f"{path}/approval/", {"decision": "refused"}), 400)
        error_of(manager.post(f"{path}/approval/", {"decision": "waiting"}), 400)
    parked = manager.post(f"{path}/approval/", {"decision": "refused", "note": "No desk"}).json()
    assert parked["status"] == "needs_review"
    assert "No desk" in parked["review_reason"]
    assert manager.post(f"{path}/resume/").json()["status"] == "in_approval"
    assert manager.post(f"{path}/approval/", {"decision": "approved"}).json()["status"] == "approved"
    assert officer.post(f"{path}/begin/").json()["status"] == "in_progress"
    assert officer.post(f"{path}/check/", {"note": "Well"}).json()["check_note"] == "Well"
    assert officer.post(f"{path}/ask/").json()["evaluations"][0]["answered_at"] is None
    for side in ("student", "supervisor"):
        answer = officer.post(f"{path}/evaluation/", {"side": side, "rating": 4})
    assert answer.json()["status"] == "evaluated"
    assert officer.post(f"{path}/complete/").json()["status"] == "completed"
    assert officer.post(f"{path}/offer/", {"offer": "waiting"}).json()["return_offer"] == "waiting"
    assert officer.post(f"{path}/hire/").json()["return_offer"] == "accepted"
    events = officer.get("talent-events/", {"placement": row.pk}).json()["results"]
    assert [(each["kind"], each["placement"]["id"]) for each in events] == [("hire", row.pk)]
    assert events[0]["placement"]["name"] == row.partnership.organization.name
    other = make_placement(status="in_progress")
    assert officer.post(f"placements/{other.pk}/end/", {"why": "Ill"}).json()["status"] == "ended_early"
    assert officer.post(f"placements/{make_placement().pk}/cancel/").json()["status"] == "canceled"


def test_one_side_whose_mail_did_not_arrive_gets_a_new_link(in_alpha):
    officer, row = Api(in_alpha, "officer"), make_placement(status="in_progress")
    given_up = timezone.now()
    make_placement_evaluation(row, "student", digest="", asked_at=None, undelivered_at=given_up)
    path = f"placements/{row.pk}"
    shown = officer.get(f"{path}/").json()["evaluations"][0]
    assert (shown["undelivered_at"][:19], shown["asked_at"]) == (given_up.isoformat()[:19], None)
    with nothing_changes():
        error_of(officer.post(f"{path}/resend/"), 400)
        error_of(officer.post(f"{path}/resend/", {"side": "dean"}), 400)
        error_of(Api(in_alpha, "viewer").post(f"{path}/resend/", {"side": "student"}), 403)
    assert officer.post(f"{path}/resend/", {"side": "student"}).json()["evaluations"][0]["undelivered_at"] is None
    row.evaluations.update(answered_at=given_up, rating=4)
    with nothing_changes():
        assert error_of(officer.post(f"{path}/resend/", {"side": "student"}), 409)["code"] == "nobody_to_ask"


def test_no_answer_is_read_before_both_are_given(in_alpha):
    api, row = Api(in_alpha, "officer"), make_placement(status="in_progress")
    answered = {"answered_at": timezone.now(), "rating": 2, "comment": "canary"}
    make_placement_evaluation(row, "student", **answered)
    answer = api.get(f"placements/{row.pk}/")
    assert answer.json()["evaluations"][0]["rating"] is None
    assert b"canary" not in answer.content
    api.post(f"placements/{row.pk}/evaluation/", {"side": "supervisor", "rating": 5})
    shown = api.get(f"placements/{row.pk}/").json()["evaluations"]
    assert {each["side"]: each["rating"] for each in shown} == {"student": 2, "supervisor": 5}


def test_no_secret_is_ever_read(in_alpha):
    row = make_placement(status="in_approval")
    approval, secret = make_approval(row)
    content = Api(in_alpha, "administrator").get(f"placements/{row.pk}/").content.decode()
    assert secret not in content
    assert approval.digest not in content


def test_placements_can_be_narrowed(in_alpha):
    student = make_student(name="Deep Waves")
    row, _other = make_placement(student=student, status="checked", days_ago=200), make_placement()
    api = Api(in_alpha, "officer")
    for query in (
        {"q": "wav"},
        {"status": "checked"},
        {"student": student.pk},
        {"program": row.program_id},
        {"partnership": row.partnership_id},
        {"overdue": "true"},
    ):
        assert [each["id"] for each in api.get("placements/", query).json()["results"]] == [row.pk], query
