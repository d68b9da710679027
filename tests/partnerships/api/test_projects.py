"""Projects over HTTP."""

from core.tenancy.scope import tenant_scope
from partnerships.models import Project
from tenants.models import Job
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, counted, error_of, nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.projects import make_milestone, make_project_issue
from tests.factories.units import make_unit
from tests.partnerships.api.test_governance import officer


class TestProjects(ApiContract):
    resource = Resource(
        prefix="projects",
        view="partnerships.view_projects",
        create="partnerships.create_project",
        edit="partnerships.edit_project",
        delete="partnerships.delete_project",
        make=lambda author: make_project(make_partnership(), make_partnership()),
        payload=lambda: {
            "title": "Enzymes at scale",
            "channel": "RES",
            "currency": "DKK",
            "total_cost": "1250000.50",
            "award": "1000000.00",
            "started_on": "2026-01-01",
            "ended_on": "2028-12-31",
            "participants": [
                {
                    "organization": make_partnership().organization_id,
                    "role": "partner",
                    "award": "250000.25",
                    "share": "40.00",
                },
                {"organization": make_organization().pk},
            ],
            "form": "joint",
            "domain": "life_sciences",
            "summary": "Enzymes that last",
            "trl_start": 3,
            "trl_target": 6,
            "light": "amber",
            "light_reason": "The pilot plant is late",
        },
        patch={"status": "completed", "award": "999999999999.99", "trl_now": 4},
        references={
            "unit": (make_unit, lambda pk: {"unit": pk}),
            "lead": (officer, lambda pk: {"lead": pk}),
            "participants.0.organization": (make_organization, lambda pk: {"participants": [{"organization": pk}]}),
        },
        queries={"list": 3, "detail": 2, "create": 7, "update": 8},
    )


def test_amounts_are_text_with_a_currency(in_alpha):
    api = Api(in_alpha, "manager")
    made = api.post("projects/", {"title": "A", "award": 0.1, "currency": "dkk"}).json()
    assert (made["award"], made["total_cost"], made["currency"]) == ("0.10", None, "DKK")
    for body, where in (
        ({"award": "-1"}, "award"),
        ({"award": "1000000000000.00"}, "award"),
        ({"award": "0.001"}, "award"),
        ({"award": "1e999999"}, "award"),
        ({"award": "Infinity"}, "award"),
        ({"award": 10**40}, "award"),
        ({"award": []}, "award"),
        ({"currency": "XXXX"}, "currency"),
        ({"currency": "ZZZ"}, "currency"),
        ({"started_on": "2026-02-30"}, "started_on"),
        ({"started_on": "2026-02-02", "ended_on": "2026-02-01"}, "ended_on"),
        ({"participants": [{"organization": make_organization().pk, "award": "-1"}]}, "participants"),
        ({"participants": {}}, "participants"),
        ({"participants": [{}] * 201}, "participants"),
        ({"participants": [{"organization": make_organization().pk, "share": "100.01"}]}, "participants"),
        ({"trl_now": 10}, "trl_now"),
        ({"trl_start": 5, "trl_target": 4}, "trl_target"),
        ({"light": "red"}, "light_reason"),
        ({"annual_fee": "10.00"}, "annual_fee"),
    ):
        with nothing_changes():
            assert where in error_of(api.post("projects/", {"title": "A", **body}), 400)["fields"], body


def test_participants_are_replaced_and_the_institution_may_be_one(in_alpha):
    api = Api(in_alpha, "manager")
    own, partner = make_organization(name="Us", is_own=True), make_partnership(make_organization(name="Partner"))
    row = make_project(partner)
    body = {"participants": [{"organization": own.pk, "role": "coordinator", "award": "5.00"}]}
    changed = api.patch(f"projects/{row.pk}/", {**body, "version": 1}).json()
    assert changed["participants"] == [
        {"organization": {"id": own.pk, "name": "Us"}, "role": "coordinator", "award": "5.00", "share": None}
    ]
    assert changed["version"] == 2
    assert api.patch(f"projects/{row.pk}/", body).json()["version"] == 2
    twice = {"participants": [{"organization": own.pk}, {"organization": own.pk}]}
    with nothing_changes():
        error_of(api.patch(f"projects/{row.pk}/", twice), 400)


def test_the_number_of_participants_does_not_cost_statements(in_alpha):
    api, costs = Api(in_alpha, "manager"), []
    for number in (2, 12):
        participants = [{"organization": make_partnership().organization_id} for _ in range(number)]
        with counted() as statements:
            assert api.post("projects/", {"title": "A", "participants": participants}).status_code == 201
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert Job.objects.count() == 14


def test_projects_can_be_narrowed(alpha):
    with tenant_scope(alpha.id):
        row, other = make_project(make_partnership(), title="Deep waves", channel="LAB"), make_project()
        organization = row.participants.get().organization_id
        unit = make_unit()
        Project.objects.filter(pk=row.pk).update(
            form="joint", domain="energy", light="red", unit=unit, lead=alpha.user("officer"), summary="Tidal power"
        )
        make_milestone(row, due_on="2026-01-01")
        make_project_issue(row, severity="critical")
    api = Api(alpha, "viewer")
    for query in (
        {"q": "wav"},
        {"q": "tidal"},
        {"channel": "LAB"},
        {"organization": str(organization)},
        {"form": "joint"},
        {"domain": "energy"},
        {"light": "red"},
        {"unit": str(unit.pk)},
        {"lead": str(alpha.user("officer").pk)},
        {"overdue": "true"},
        {"critical": "true"},
    ):
        assert [each["id"] for each in api.get("projects/", query).json()["results"]] == [row.pk], query
    for name in ("overdue", "critical"):
        assert [each["id"] for each in api.get("projects/", {name: "false"}).json()["results"]] == [other.pk]
