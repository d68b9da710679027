"""Screenings, conflicts of interest and the register of NDAs over HTTP."""

from datetime import timedelta

from django.utils import timezone

from agreements.models import ConflictPlan, Party, Screening
from core.tenancy.scope import tenant_scope
from organizations.models import Organization
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.agreement_parts import (
    make_conflict_plan,
    make_document,
    make_nda,
    make_screening,
)
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization
from tests.partnerships.api.test_partnerships import somebody


def researcher() -> User:
    return User.objects.get(email="researcher@alpha.example")


class TestScreenings(ApiContract):
    resource = Resource(
        prefix="screenings",
        view="agreements.view_screenings",
        create="agreements.record_screening",
        edit="agreements.edit_screening",
        make=lambda author: make_screening(screened_by=author),
        payload=lambda: {"organization": make_organization().pk, "lists": "EU list of 1 May", "result": "clear"},
        patch={"lists": "EU and UN lists of 1 May", "valid_until": "2030-05-01"},
        references={"organization": (make_organization, lambda pk: {"organization": pk})},
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


class TestConflictPlans(ApiContract):
    resource = Resource(
        prefix="conflict-plans",
        view="agreements.view_conflict_plans",
        create="agreements.add_conflict_plan",
        edit="agreements.edit_conflict_plan",
        delete="agreements.delete_conflict_plan",
        make=lambda author: make_conflict_plan(author, make_agreement(owner=author)),
        payload=lambda: {
            "agreement": make_agreement(principal_investigator=researcher()).pk,
            "member": researcher().pk,
            "interest": "Sits on their board.",
        },
        patch={"interest": "Sat on their board.", "plan": "Takes no part in talks until May."},
        references={
            "agreement": (make_agreement, lambda pk: {"agreement": pk}),
            "member": (somebody, lambda pk: {"member": pk}),
        },
        duplicate=lambda row: {"agreement": row.agreement_id, "member": row.member_id},
        queries={"list": 2, "detail": 1, "create": 6, "update": 5},
    )


class TestNdas(ApiContract):
    resource = Resource(
        prefix="ndas",
        view="agreements.view_ndas",
        make=lambda author: make_nda(owner=author),
        queries={"list": 4, "detail": 3},
    )


# Screenings


def test_a_hit_is_recorded_first_and_decided_by_a_manager(in_alpha):
    organization, officer, manager = make_organization(), Api(in_alpha, "officer"), Api(in_alpha, "manager")
    body = {"organization": organization.pk, "lists": "EU list", "result": "open"}
    with nothing_changes():
        assert list(error_of(officer.post("screenings/", body), 400)["fields"]) == ["note"]
        decided = {**body, "result": "false_hit", "note": "Namesake."}
        assert error_of(officer.post("screenings/", decided), 400)["code"] == "decide_later"
    made = officer.post("screenings/", {**body, "note": "Same name as a listed person."}).json()
    assert made["screened_by"]["id"] == in_alpha.user("officer").pk
    path = f"screenings/{made['id']}/decide/"
    with nothing_changes():
        error_of(officer.post(path, {"result": "false_hit", "note": "Namesake."}), 403)
        error_of(manager.post(path, {"result": "false_hit", "note": " "}), 400)
        error_of(manager.post(path, {"result": "clear", "note": "Namesake."}), 400)
        fixed = officer.patch(f"screenings/{made['id']}/", {"result": "clear"})
        assert error_of(fixed, 409)["code"] == "fixed"
    decided = manager.post(path, {"result": "false_hit", "note": "Born in another year."}).json()
    assert decided["result"] == "false_hit"
    assert decided["note"] == "Same name as a listed person.\n\nBorn in another year."
    clear = make_screening(organization)
    with nothing_changes():
        refused = manager.post(f"screenings/{clear.pk}/decide/", {"result": "true_hit", "note": "Yes."})
        assert error_of(refused, 409)["code"] == "no_hit"


def test_days_and_parties_of_a_screening(in_alpha):
    api, today = Api(in_alpha, "officer"), timezone.localdate()
    own = Organization.objects.create(name="Alpha University", is_own=True)
    body = {"organization": make_organization().pk, "lists": "EU list"}
    with nothing_changes():
        for more, where in (
            ({"screened_on": (today + timedelta(days=1)).isoformat()}, "screened_on"),
            ({"screened_on": "1899-01-01"}, "screened_on"),
            ({"valid_until": today.isoformat()}, "valid_until"),
            ({"lists": " "}, "lists"),
            ({"organization": own.pk}, "organization"),
        ):
            assert list(error_of(api.post("screenings/", {**body, **more}), 400)["fields"]) == [where], more
    assert not Screening.objects.exists()


# Conflicts of interest


def test_nobody_approves_their_own_plan_and_a_change_takes_the_approval_away(in_alpha):
    mine = make_conflict_plan(in_alpha.user("manager"))
    bare = make_conflict_plan(in_alpha.user("officer"), plan="")
    manager, administrator = Api(in_alpha, "manager"), Api(in_alpha, "administrator")
    with nothing_changes():
        assert error_of(manager.post(f"conflict-plans/{mine.pk}/approve/"), 409)["code"] == "your_own"
        assert error_of(manager.post(f"conflict-plans/{bare.pk}/approve/"), 409)["code"] == "no_plan"
        error_of(Api(in_alpha, "officer").post(f"conflict-plans/{mine.pk}/approve/"), 403)
    approved = administrator.post(f"conflict-plans/{mine.pk}/approve/").json()
    assert approved["approved_by"]["id"] == in_alpha.user("administrator").pk
    assert approved["approved_on"] == timezone.localdate().isoformat()
    same = manager.patch(f"conflict-plans/{mine.pk}/", {"plan": mine.plan}).json()
    assert same["approved_on"] == approved["approved_on"]
    changed = manager.patch(f"conflict-plans/{mine.pk}/", {"plan": "Nothing."}).json()
    assert (changed["approved_by"], changed["approved_on"]) == (None, None)


def test_others_interests_are_seen_by_staff_alone(alpha):
    with tenant_scope(alpha.id):
        agreement = make_agreement(principal_investigator=alpha.user("researcher"))
        theirs = make_conflict_plan(alpha.user("officer"), agreement)
        own = make_conflict_plan(alpha.user("researcher"), agreement)
        hidden = make_conflict_plan(alpha.user("manager"), make_agreement(level="confidential"))
    seen = {
        "researcher": {own.pk},
        "officer": {theirs.pk, own.pk},
        "manager": {theirs.pk, own.pk, hidden.pk},
    }
    for role, expected in seen.items():
        listed = Api(alpha, role).get("conflict-plans/").json()
        assert {each["id"] for each in listed["results"]} == expected
        assert listed["count"] == len(expected)
    error_of(Api(alpha, "viewer").get("conflict-plans/"), 403)
    body = {"agreement": agreement.pk, "member": alpha.user("manager").pk, "interest": "Shares."}
    with nothing_changes():
        assert error_of(Api(alpha, "researcher").post("conflict-plans/", body), 409)["code"] == "not_yours"
        error_of(Api(alpha, "researcher").patch(f"conflict-plans/{theirs.pk}/", {"plan": "x"}), 404)
    with tenant_scope(alpha.id):
        assert ConflictPlan.objects.count() == 3


# The register of NDAs


def test_the_register_holds_what_is_or_contains_an_nda(in_alpha):
    day, organization = timezone.localdate(), make_organization()
    standing = make_nda(organization, expires_on=day + timedelta(days=91))
    soon = make_nda(organization, expires_on=day + timedelta(days=90))
    over = make_nda(expires_on=day - timedelta(days=1))
    gone = make_nda(status="terminated", ended_on=day)
    research = make_executed(kind="research", expires_on=None)
    make_executed(kind="service")
    make_agreement(kind="nda")
    make_nda(amends=standing)
    make_nda(level="restricted")
    api = Api(in_alpha, "manager")

    def found(**query) -> list[int]:
        return [each["id"] for each in api.get("ndas/", query).json()["results"]]

    assert set(found()) == {standing.pk, soon.pk, over.pk, gone.pk, research.pk}
    assert set(found(state="in_force")) == {standing.pk, soon.pk, research.pk}
    assert found(state="expiring") == [soon.pk]
    assert set(found(state="ended")) == {over.pk, gone.pk}
    Party.objects.create(agreement=soon, organization=organization, role="recipient")
    assert found(organization=organization.pk) == [soon.pk, standing.pk]  # each once, in whatever roles


def test_what_was_given_and_received_under_an_nda(in_alpha):
    organization = make_organization()
    nda = make_nda(organization)
    api = Api(in_alpha, "manager")
    ours = make_document(nda, label="exhibit", level="confidential")
    theirs = make_document(nda, label="exhibit", title="Their formula")
    make_document(nda, label="executed")
    elsewhere = make_document(level="confidential")
    for document in (ours, elsewhere):
        answer = api.post(f"documents/{document.pk}/share/", {"organization": organization.pk})
        assert answer.status_code == 200
    given = api.get(f"ndas/{nda.pk}/given/").json()["results"]
    assert {each["document"]["id"] for each in given} == {ours.pk, elsewhere.pk}
    assert {each["nda_reference"] for each in given} == {nda.reference}
    received = api.get(f"ndas/{nda.pk}/received/").json()["results"]
    assert [each["id"] for each in received] == [theirs.pk]
