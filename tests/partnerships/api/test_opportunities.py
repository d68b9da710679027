"""Opportunities over HTTP."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from organizations.models import Capability, Need
from partnerships.models import OpportunityMove
from tenants.models import Unit, User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_opportunity, make_partnership, stage_named


def make_need(partnership=None) -> Need:
    partnership = partnership or make_partnership()
    return Need.objects.create(organization=partnership.organization, title="A cheaper electrolyzer")


def make_capability() -> Capability:
    return Capability.objects.create(title="Electrochemistry")


def payload() -> dict:
    partnership = make_partnership()
    return {
        "partnership": partnership.pk,
        "title": "Electrolyzers at scale",
        "description": "Three years, two doctoral students.",
        "channel": "LAB",
        "lead_source": "push",
        "stage": stage_named("Scoping").pk,
        "value": "120000.50",
        "currency": "DKK",
        "probability": 40,
        "expected_close_on": "2027-03-31",
        "next_step": "Send the draft",
        "next_step_on": "2026-12-01",
        "unit": Unit.objects.create(name="Chemistry").pk,
        "need": make_need(partnership).pk,
        "capability": make_capability().pk,
    }


class TestOpportunities(ApiContract):
    resource = Resource(
        prefix="opportunities",
        view="partnerships.view_opportunities",
        create="partnerships.create_opportunity",
        edit="partnerships.edit_opportunity",
        make=lambda author: make_opportunity(title="A joint laboratory", owner=author),
        payload=payload,
        patch={"title": "A larger laboratory", "value": "250000.00", "next_step": "Call Lena"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "stage": (lambda: stage_named("Scoping"), lambda pk: {"stage": pk}),
            "owner": (lambda: User.objects.get(email="manager@beta.example"), lambda pk: {"owner": pk}),
            "unit": (lambda: Unit.objects.create(name="Physics"), lambda pk: {"unit": pk}),
            "capability": (make_capability, lambda pk: {"capability": pk}),
            "need": (make_need, lambda pk: {"need": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 8, "update": 4},
    )


def move(api: Api, row, **body):
    return api.post(f"opportunities/{row.pk}/move/", body)


@pytest.mark.parametrize("role", ["viewer", "researcher"])
def test_moving_needs_its_permission(alpha, role):
    with tenant_scope(alpha.id):
        row, stage = make_opportunity(), stage_named("Proposal")
    with nothing_changes():
        error_of(move(Api(alpha, role), row, stage=stage.pk), 403)


def test_a_move_is_written_down(in_alpha):
    row, api = make_opportunity(days_in_stage=12), Api(in_alpha, "officer")
    answer = move(api, row, stage=stage_named("Negotiation").pk, version=1, note="They agreed at once.").json()
    assert (answer["stage"]["name"], answer["meaning"], answer["version"]) == ("Negotiation", "open", 2)
    moves = api.get(f"opportunities/{row.pk}/moves/").json()["results"]
    assert [(each["from_stage"] and each["from_stage"]["name"], each["to_stage"]["name"]) for each in moves] == [
        ("Lead", "Negotiation"),
        (None, "Lead"),
    ]
    assert moves[0]["note"] == "They agreed at once."
    assert moves[0]["moved_by"]["id"] == in_alpha.user("officer").pk
    assert moves[0]["seconds_before"] // 86_400 == 12
    assert moves[1]["seconds_before"] is None


def test_won_closes_lost_needs_a_reason_and_reopening_forgets_both(in_alpha):
    row, api = make_opportunity(value=1000), Api(in_alpha, "manager")
    won = move(api, row, stage=stage_named("Won").pk, value="1250.00").json()
    assert won["closed_at"] is not None
    assert (won["value"], won["loss_reason"]) == ("1250.00", "")
    lost_id = stage_named("Lost").pk
    with nothing_changes():
        assert "loss_reason" in error_of(move(api, row, stage=lost_id), 400)["fields"]
        assert "loss_reason" in error_of(move(api, row, stage=lost_id, loss_reason="weather"), 400)["fields"]
        assert "stage" in error_of(move(api, row, stage=won["stage"]["id"]), 409)["fields"]
        assert error_of(move(api, row, stage=lost_id, loss_reason="timing", version=1), 409)["code"] == "stale"
    lost = move(api, row, stage=lost_id, loss_reason="timing", loss_note=" Too late. ").json()
    assert (lost["loss_reason"], lost["loss_note"], lost["meaning"]) == ("timing", "Too late.", "lost")
    with nothing_changes():
        error_of(api.patch(f"opportunities/{row.pk}/", {"loss_reason": ""}), 400)
        error_of(move(api, row, stage=stage_named("Lead").pk, loss_reason="timing"), 400)
    again = move(api, row, stage=stage_named("Lead").pk).json()
    assert (again["closed_at"], again["loss_reason"], again["loss_note"]) == (None, "", "")


def test_an_edit_changes_neither_stage_nor_partner_nor_the_reason_of_an_open_one(in_alpha):
    row, api, other = make_opportunity(), Api(in_alpha, "manager"), make_partnership()
    with nothing_changes():
        for body, field in (
            ({"stage": stage_named("Won").pk}, "stage"),
            ({"partnership": other.pk}, "partnership"),
            ({"loss_reason": "timing"}, "loss_reason"),
        ):
            assert field in error_of(api.patch(f"opportunities/{row.pk}/", body), 409)["fields"]
    assert api.patch(f"opportunities/{row.pk}/", {"stage": row.stage_id, "title": "New"}).json()["title"] == "New"


def test_values_that_cannot_be_are_refused_by_name(in_alpha):
    api, partnership = Api(in_alpha, "manager"), make_partnership()
    lost, other = stage_named("Lost").pk, make_need().pk
    for body, field in (
        ({"title": "  "}, "title"),
        ({"value": "-1"}, "value"),
        ({"value": "1000000000000.00"}, "value"),
        ({"currency": "ZZZ"}, "currency"),
        ({"probability": 101}, "probability"),
        ({"channel": "XXX"}, "channel"),
        ({"stage": lost}, "loss_reason"),
        ({"loss_reason": "timing"}, "loss_reason"),
        ({"need": other}, "need"),
    ):
        with nothing_changes():
            answer = api.post("opportunities/", {"partnership": partnership.pk, "title": "A", **body})
            assert field in error_of(answer, 400)["fields"], body
    made = api.post("opportunities/", {"partnership": partnership.pk, "title": "A"}).json()
    assert (made["stage"]["name"], made["currency"], made["value"]) == ("Lead", "EUR", None)
    assert OpportunityMove.objects.get(opportunity_id=made["id"]).moved_by == in_alpha.user("manager")


def test_a_stage_that_is_archived_takes_nothing_in_and_keeps_what_it_has(in_alpha):
    api, row, stays = Api(in_alpha, "manager"), make_opportunity(), make_opportunity(stage="Proposal")
    archived = stage_named("Proposal").pk
    assert api.post(f"opportunity-stages/{archived}/archive/").status_code == 200
    with nothing_changes():
        assert "stage" in error_of(move(api, row, stage=archived), 409)["fields"]
    assert api.get(f"opportunities/{stays.pk}/").json()["stage"] == {"id": archived, "name": "Proposal"}
    assert move(api, stays, stage=stage_named("Lead").pk).status_code == 200


def test_opportunities_can_be_narrowed(alpha):
    today = timezone.localdate()
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Nordlys Vindkraft"))
        row = make_opportunity(
            partner,
            title="Deep waves",
            stage="Proposal",
            days_in_stage=31,
            channel="LAB",
            lead_source="push",
            value=Decimal(500),
            next_step_on=today - timedelta(days=1),
            owner=alpha.user("officer"),
        )
        other = make_opportunity(stage="Won", days_in_stage=90, value=Decimal(5), closed_at=timezone.now())
        make_opportunity(stage="Lead", days_in_stage=30, next_step_on=today, owner=alpha.user("manager"))
        ids = {"stage": row.stage_id, "partnership": partner.pk}
    api = Api(alpha, "officer")
    for query in (
        {"q": "wav"},
        {"q": "NORDLYS"},
        {"owner": "me"},
        {"owner": str(alpha.user("officer").pk)},
        {"stage": str(ids["stage"])},
        {"meaning": "open", "aged": "true"},
        {"channel": "LAB"},
        {"source": "push"},
        {"overdue": "true"},
        {"value_from": "500", "value_to": "500"},
        {"partnership": str(ids["partnership"])},
    ):
        assert [each["id"] for each in api.get("opportunities/", query).json()["results"]] == [row.pk], query
    assert [each["id"] for each in api.get("opportunities/", {"owner": "none"}).json()["results"]] == [other.pk]
    for query in ({"owner": "nobody"}, {"stage": "0"}, {"aged": "maybe"}, {"value_from": "-1"}):
        assert error_of(api.get("opportunities/", query), 400)["fields"].keys() == query.keys()
