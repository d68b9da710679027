"""The stages of the pipeline over HTTP."""

from core.tenancy.scope import tenant_scope
from partnerships.models import OpportunityStage
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.partnerships import stage_named


def make_stage(author=None) -> OpportunityStage:
    number = OpportunityStage.objects.count()
    return OpportunityStage.objects.create(name=f"Check {number}", meaning="open", position=100 + number)


class TestStages(ApiContract):
    resource = Resource(
        prefix="opportunity-stages",
        view="partnerships.view_opportunities",
        create="partnerships.add_stage",
        edit="partnerships.edit_stage",
        make=make_stage,
        payload=lambda: {"name": "Pilot", "meaning": "open", "probability": 40, "expected_days": 20},
        patch={"probability": 55, "exit_criteria": "A signed letter."},
        duplicate=lambda row: {"name": row.name.upper()},
        queries={"list": 2, "detail": 1, "create": 6, "update": 5},
    )


def test_an_office_opens_with_eight_stages(alpha):
    answer = Api(alpha, "viewer").get("opportunity-stages/").json()
    shown = [(each["name"], each["meaning"], each["probability"], each["expected_days"]) for each in answer["results"]]
    assert shown == [
        ("Lead", "open", 10, 30),
        ("Qualified", "open", 20, 30),
        ("Scoping", "open", 35, 45),
        ("Proposal", "open", 50, 30),
        ("Negotiation", "open", 75, 60),
        ("On hold", "on_hold", 0, None),
        ("Won", "won", 100, None),
        ("Lost", "lost", 0, None),
    ]


def test_the_last_stage_of_a_meaning_stays(in_alpha):
    api = Api(in_alpha, "manager")
    for name in ("Won", "Lost"):
        with nothing_changes():
            path = f"opportunity-stages/{stage_named(name).pk}/"
            assert error_of(api.post(f"{path}archive/"), 409)["code"] == "last_stage"
            assert "meaning" in error_of(api.patch(path, {"meaning": "on_hold"}), 409)["fields"]
    lead = stage_named("Lead")
    archived = api.post(f"opportunity-stages/{lead.pk}/archive/").json()
    assert archived["archived_at"] is not None
    assert api.post(f"opportunity-stages/{lead.pk}/archive/").json() == archived
    assert api.post(f"opportunity-stages/{lead.pk}/restore/").json()["archived_at"] is None


def test_another_offices_stage_cannot_be_archived(alpha, beta):
    with tenant_scope(beta.id):
        foreign = stage_named("Lead").pk
    with nothing_changes():
        error_of(Api(alpha, "manager").post(f"opportunity-stages/{foreign}/archive/"), 404)
