"""Agreements over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementEvent
from core.tenancy.scope import tenant_scope
from organizations.models import Organization
from tenants.choices import Role
from tenants.models import Unit, User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project


def make_master() -> Agreement:
    return make_agreement(kind="master", title="A frame")


def beta_user() -> User:
    return User.objects.get(email="manager@beta.example")


class TestAgreements(ApiContract):
    resource = Resource(
        prefix="agreements",
        view="agreements.view_agreements",
        create="agreements.create_agreement",
        edit="agreements.edit_agreement",
        delete="agreements.delete_agreement",
        make=lambda author: make_agreement(principal_investigator=author, owner=author),
        payload=lambda: {
            "partnership": make_partnership().pk,
            "title": "Electrolyzers at scale",
            "kind": "research",
            "value": "120000.00",
            "currency": "DKK",
            "expires_on": "2028-12-31",
        },
        patch={"title": "Larger electrolyzers", "summary": "Three years.", "their_reference": "X-7"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "parent": (make_master, lambda pk: {"parent": pk}),
            "unit": (lambda: Unit.objects.create(name="Physics"), lambda pk: {"unit": pk}),
            "owner": (beta_user, lambda pk: {"owner": pk}),
            "principal_investigator": (beta_user, lambda pk: {"principal_investigator": pk}),
            "projects": (make_project, lambda pk: {"projects": [pk]}),
            "parties.0.organization": (
                make_organization,
                lambda pk: {"parties": [{"organization": pk, "is_primary": True}]},
            ),
        },
        queries={"list": 4, "detail": 3, "create": 9, "update": 6},
    )


def verb(api: Api, row: Agreement, name: str, **body):
    return api.post(f"agreements/{row.pk}/{name}/", body)


def test_a_created_agreement_is_a_draft_with_a_reference_and_parties(in_alpha):
    partnership, api = make_partnership(), Api(in_alpha, "officer")
    own = Organization.objects.create(name="Alpha University", is_own=True)
    body = {
        "title": " A frame ",
        "kind": "master",
        "parties": [
            {"organization": partnership.organization_id, "role": "sponsor", "is_primary": True},
            {"organization": own.pk, "role": "university"},
        ],
    }
    answer = api.post("agreements/", body)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    year = timezone.localdate().year
    assert (made["reference"], made["title"], made["status"], made["workflow"]) == (
        f"AGR-{year}-0001",
        "A frame",
        "draft",
        "intake",
    )
    assert made["partnership"]["id"] == partnership.pk
    assert made["owner"]["id"] == in_alpha.user("officer").pk
    assert [(each["role"], each["is_primary"]) for each in made["parties"]] == [
        ("sponsor", True),
        ("university", False),
    ]
    assert made["clarity"] < 100
    assert api.post("agreements/", body).json()["reference"] == f"AGR-{year}-0002"


def test_the_way_from_request_to_execution(in_alpha):
    """The moves one after the other over HTTP, with what is on record afterwards."""
    api = Api(in_alpha, "manager")
    row = make_agreement(kind="nda", owner=in_alpha.user("manager"))
    for name in ("complete-request", "start-drafting", "send-to-partner", "log-redline", "request-approval"):
        answer = verb(api, row, name, note="On the way.")
        assert answer.status_code == 200, answer.content
    assert (answer.json()["workflow"], answer.json()["redline_round"]) == ("approval", 1)
    error = error_of(verb(api, row, "execute"), 409)
    assert (error["code"], error["details"]["moves"]) == (
        "move_refused",
        ["send_to_partner", "route_for_signature", "hold", "withdraw"],
    )
    assert verb(api, row, "route-for-signature").json()["status"] == "signature"
    done = verb(api, row, "execute").json()
    today = timezone.localdate().isoformat()
    assert (done["status"], done["workflow"], done["court"]) == ("executed", "closed", "nobody")
    assert (done["executed_on"], done["effective_on"]) == (today, today)
    events = api.get(f"agreements/{row.pk}/events/").json()["results"]
    assert [each["to_workflow"] for each in events] == [
        "closed",
        "signing",
        "approval",
        "redline",
        "with_partner",
        "drafting",
        "triaged",
    ]
    assert events[0]["made_by"]["id"] == in_alpha.user("manager").pk
    error = error_of(api.patch(f"agreements/{row.pk}/", {"title": "Another"}), 409)
    assert error["code"] == "not_open"
    assert api.patch(f"agreements/{row.pk}/", {"level": "confidential"}).status_code == 200


def test_rules_that_block_stand_against_execution_until_set_aside(in_alpha):
    api = Api(in_alpha, "manager")
    row = make_agreement(status="signature", workflow="signing", court="partner")
    with nothing_changes():
        error = error_of(verb(api, row, "execute"), 409)
    assert (error["code"], error["details"]["rules"]) == ("rules_block", ["P01", "P02", "P10"])
    answers = [
        {"code": "statement_of_work", "value": True, "clause_number": "1.2"},
        {"code": "tasks_and_deliverables", "value": True},
        {"code": "foreground_owner", "value": "university"},
    ]
    answer = verb(api, row, "answer-clauses", answers=answers)
    assert (answer.status_code, answer.json()["blocking"]) == (200, 1)
    with nothing_changes():
        error_of(verb(Api(in_alpha, "officer"), row, "override-rule", code="P10", reason="The faculty agreed."), 403)
        assert error_of(verb(api, row, "override-rule", code="P26", reason="Because."), 400)["code"] == "not_blocking"
        assert error_of(verb(api, row, "override-rule", code="P02", reason="Because."), 409)["code"] == "not_firing"
    assert verb(api, row, "override-rule", code="P10", reason="The faculty agreed.").json()["blocking"] == 0
    clarity = api.get(f"agreements/{row.pk}/clarity/").json()
    assert (clarity["blocking"], clarity["overridden"]) == ([], ["P10"])
    assert clarity["fired"][0]["code"] == "P10"
    assert clarity["clear"] + len(clarity["fired"]) == clarity["applicable"]
    assert verb(api, row, "execute").json()["status"] == "executed"


def test_clauses_are_set_cleared_and_checked(in_alpha):
    api, row = Api(in_alpha, "officer"), make_agreement()
    asked = api.get(f"agreements/{row.pk}/clauses/", {"page_size": "200"}).json()["results"]
    assert {each["value"] for each in asked} == {None}
    before = row.clarity
    answers = [{"code": "publication_review_days", "value": 30, "note": "As usual."}]
    version = verb(api, row, "answer-clauses", answers=answers).json()["version"]
    asked = {each["code"]: each for each in api.get(f"agreements/{row.pk}/clauses/").json()["results"]}
    assert (asked["publication_review_days"]["value"], asked["publication_review_days"]["note"]) == (30, "As usual.")
    row.refresh_from_db()
    assert row.clarity != before
    with nothing_changes():
        wrong = verb(api, row, "answer-clauses", answers=[{"code": "publication_review_days", "value": "soon"}])
        assert list(error_of(wrong, 400)["fields"]) == ["publication_review_days"]
        gift = verb(api, row, "answer-clauses", answers=[{"code": "gift_deliverables", "value": True}])
        assert error_of(gift, 400)["code"] == "not_asked"
        error_of(verb(api, row, "answer-clauses", answers=answers, version=version - 1), 409)
    verb(api, row, "answer-clauses", answers=[{"code": "publication_review_days", "value": None}])
    assert not row.answers.exists()


def test_the_money_schedule_adds_up(in_alpha):
    api, row = Api(in_alpha, "officer"), make_agreement(value=1000)
    lines = [{"amount": "400.00", "due_on": "2027-01-01"}, {"amount": "600.00", "due_on": "2027-07-01"}]
    assert verb(api, row, "set-money", lines=lines).status_code == 200
    shown = api.get(f"agreements/{row.pk}/money/").json()["results"]
    assert [(each["amount"], each["direction"]) for each in shown] == [("400.00", "in"), ("600.00", "in")]
    with nothing_changes():
        short = error_of(verb(api, row, "set-money", lines=lines[:1]), 400)
        assert short["fields"] == {"lines": [short["detail"]]}
        assert "falls short of the value by 600.00" in short["detail"]
        error_of(api.patch(f"agreements/{row.pk}/", {"value": "1500.00"}), 400)
        assert list(error_of(api.patch(f"agreements/{row.pk}/", {"currency": "XXQ"}), 400)["fields"]) == ["currency"]
    first = row.money.order_by("pk").first()
    answer = verb(api, row, "set-money", lines=[lines[0]], value="400.00").json()
    assert (answer["value"], list(row.money.values_list("pk", flat=True))) == ("400.00", [first.pk])


def test_signatories_are_held_against_the_delegation_list(in_alpha):
    from agreements.models import DelegatedSigner, Party

    api, row = Api(in_alpha, "officer"), make_agreement(kind="service", value=50_000)
    own = Organization.objects.create(name="Alpha University", is_own=True)
    ours = Party.objects.create(agreement=row, organization=own, role="university")
    signer = in_alpha.user("administrator")
    body = {"signatories": [{"party": ours.pk, "member": signer.pk, "job_title": "Rector"}]}
    assert verb(api, row, "set-signatories", **body).json()["blocking"] == 1
    assert api.get(f"agreements/{row.pk}/clarity/").json()["blocking"] == ["P27"]
    day = timezone.localdate() - timedelta(days=1)
    listed = DelegatedSigner.objects.create(member=signer, up_to=49_999, starts_on=day)
    assert api.get(f"agreements/{row.pk}/clarity/").json()["blocking"] == ["P27"]
    DelegatedSigner.objects.filter(pk=listed.pk).update(up_to=50_000)
    assert api.get(f"agreements/{row.pk}/clarity/").json()["blocking"] == []
    theirs, other = row.parties.get(is_primary=True), make_agreement().parties.get()
    with nothing_changes():
        for wrong, code in (
            ({"party": other.pk, "name": "Somebody"}, "other_agreement"),
            ({"party": theirs.pk, "member": signer.pk}, "wrong_side"),
            ({"party": ours.pk, "name": "Somebody"}, "no_member"),
            ({"party": theirs.pk, "name": " "}, "no_name"),
            ({"party": theirs.pk, "name": "Lena", "signed_on": "2999-01-01"}, "in_the_future"),
        ):
            assert error_of(verb(api, row, "set-signatories", signatories=[wrong]), 400)["code"] == code


LEVELS = ["public", "internal", "partner_shared", "confidential", "restricted"]
HIGHEST = {"viewer": 2, "officer": 3, "manager": 4, "administrator": 5, "researcher": 0}


@pytest.mark.parametrize("role", Role.values)
def test_levels_by_role(in_alpha, role):
    """What is above one's level is absent from list, count, page, filter and search of text; one's own is there."""
    rows = {level: make_agreement(level=level, title=f"Secret {level}", summary="quince") for level in LEVELS}
    mine = make_agreement(level="restricted", principal_investigator=in_alpha.user(role), summary="quince")
    api = Api(in_alpha, role)
    seen = {rows[level].pk for level in LEVELS[: HIGHEST[role]]} | {mine.pk}
    for query in ({}, {"q": "quince"}):
        listed = api.get("agreements/", query).json()
        assert {each["id"] for each in listed["results"]} == seen
        assert listed["count"] == len(seen)
    for level, row in rows.items():
        for path in ("", "clarity/", "clock/", "money/", "events/", "family/", "clauses/", "signatories/"):
            expected = 200 if row.pk in seen else 404
            assert api.get(f"agreements/{row.pk}/{path}").status_code == expected, (level, path)


def test_an_agreement_that_one_may_not_read_is_no_parent_to_see_or_to_choose(in_alpha):
    secret = make_agreement(kind="master", level="restricted")
    child = make_agreement(parent=secret, level="internal")
    api = Api(in_alpha, "officer")
    assert api.get(f"agreements/{child.pk}/").json()["parent"] is None
    assert [each["id"] for each in api.get(f"agreements/{child.pk}/family/").json()["results"]] == [child.pk]
    assert Api(in_alpha, "administrator").get(f"agreements/{child.pk}/").json()["parent"]["name"] == secret.reference
    with nothing_changes():
        error_of(api.patch(f"agreements/{child.pk}/", {"parent": secret.pk}), 400)


def test_nobody_locks_themselves_out(in_alpha):
    row, api = make_agreement(), Api(in_alpha, "officer")
    with nothing_changes():
        assert error_of(api.patch(f"agreements/{row.pk}/", {"level": "restricted"}), 400)["code"] == "out_of_sight"
    me = in_alpha.user("officer").pk
    assert api.patch(f"agreements/{row.pk}/", {"level": "restricted", "owner": me}).status_code == 200


def test_filters(in_alpha):
    api, today = Api(in_alpha, "manager"), timezone.localdate()
    draft = make_agreement(kind="nda", title="Apples", owner=in_alpha.user("manager"))
    standing = make_executed(kind="research", title="Pears", days_ago=10)
    over = make_executed(kind="service", days_ago=500, expires_on=today - timedelta(days=1))
    for query, expected in (
        ({"kind": "nda"}, {draft.pk}),
        ({"status": "executed"}, {standing.pk, over.pk}),
        ({"workflow": "intake"}, {draft.pk}),
        ({"court": "nobody"}, {standing.pk, over.pk}),
        ({"q": "pear"}, {standing.pk}),
        ({"q": draft.reference}, {draft.pk}),
        ({"owner": "me"}, {draft.pk}),
        ({"investigator": "none"}, {draft.pk, standing.pk, over.pk}),
        ({"partnership": draft.partnership_id}, {draft.pk}),
        ({"organization": standing.partnership.organization_id}, {standing.pk}),
        ({"in_force": "true"}, {standing.pk}),
        ({"expired": "true"}, {over.pk}),
        ({"expires_before": today.isoformat()}, {over.pk}),
        ({"expires_after": today.isoformat()}, {standing.pk}),
        ({"level": "restricted"}, set()),
    ):
        found = {each["id"] for each in api.get("agreements/", query).json()["results"]}
        assert found == expected, query


def test_turnaround_by_kind(in_alpha):
    """Two executed after 20 working days each, one with 5 days on hold and 5 in the partner's court; one open."""
    api, today = Api(in_alpha, "manager"), timezone.localdate()
    for _ in range(2):
        make_executed(kind="service", days_ago=28)
    row = make_agreement(kind="service", complete_on=today - timedelta(days=7))
    make_event(row, "triaged", "office", at=timezone.now() - timedelta(days=7))
    [line] = api.get("agreement-turnaround/").json()
    assert (line["kind"], line["finished"], line["open"], line["median"], line["p80"]) == ("service", 2, 1, 20, 20)
    assert (line["mean"], line["hold"], line["partner"], line["by_court"]["office"]) == (20.0, 0.0, 0.0, 20.0)
    clock = api.get(f"agreements/{row.pk}/clock/").json()
    assert (clock["day"], clock["running"], clock["typical_median"]) == (5, True, 20)
    error_of(Api(in_alpha, "researcher").get("agreement-turnaround/"), 403)
    error_of(api.get("agreement-turnaround/", {"kind": "no_such"}), 400)
    assert api.get("agreement-turnaround/", {"after": today.isoformat()}).json() == []
    assert AgreementEvent.objects.count() == 1


def test_another_offices_agreement_is_moved_by_nobody_here(alpha, beta):
    with tenant_scope(beta.id):
        foreign = make_agreement(kind="nda")
    with nothing_changes():
        error_of(verb(Api(alpha, "administrator"), foreign, "complete-request"), 404)
