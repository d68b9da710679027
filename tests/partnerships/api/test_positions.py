"""Programs and positions over HTTP."""

from core.tenancy.scope import current_tenant_id, tenant_scope
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.talent import make_candidacy, make_position, make_program
from tests.factories.units import make_unit


def officer() -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer")


class TestPrograms(ApiContract):
    resource = Resource(
        prefix="talent-programs",
        view="partnerships.view_talent",
        create="partnerships.create_talent_program",
        edit="partnerships.edit_talent_program",
        delete="partnerships.delete_talent_program",
        make=lambda author: make_program(coordinator=author),
        payload=lambda: {
            "name": f"Industry year {make_unit().pk}",
            "kind": "coop",
            "unit": make_unit().pk,
            "approvers": ["coordinator", "dean"],
            "approval_days": 5,
        },
        patch={"approval_days": 10, "approvers": ["department"]},
        references={
            "unit": (make_unit, lambda pk: {"unit": pk}),
            "coordinator": (officer, lambda pk: {"coordinator": pk}),
        },
        duplicate=lambda row: {"name": row.name},
        queries={"list": 2, "detail": 1, "create": 4, "update": 4},
    )


class TestPositions(ApiContract):
    resource = Resource(
        prefix="positions",
        view="partnerships.view_talent",
        create="partnerships.create_position",
        edit="partnerships.edit_position",
        delete="partnerships.delete_position",
        make=lambda author: make_position(academic_lead=author),
        payload=lambda: {
            "program": make_program().pk,
            "partnership": make_partnership().pk,
            "title": "Sensors for bridges",
            "description": "Build one",
            "term": "Autumn 2026",
            "starts_on": "2026-09-01",
            "ends_on": "2026-12-20",
            "openings": 3,
            "hours_per_week": 30,
            "credit": "7.5",
            "is_paid": True,
            "pay": "17.50",
            "place": "hybrid",
        },
        patch={"openings": 4, "pay": "18.00", "needs_nda": True},
        references={
            "program": (make_program, lambda pk: {"program": pk}),
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "project": (make_project, lambda pk: {"project": pk}),
            "supervisor": (make_contact, lambda pk: {"supervisor": pk}),
            "academic_lead": (officer, lambda pk: {"academic_lead": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )


def test_a_position_goes_from_draft_to_closed_by_verbs(in_alpha):
    officer, manager = Api(in_alpha, "officer"), Api(in_alpha, "manager")
    row = make_position(status="draft")
    error_of(manager.post(f"positions/{row.pk}/approve/"), 409)
    assert officer.post(f"positions/{row.pk}/submit/").json()["status"] == "pending"
    with nothing_changes():
        error_of(officer.post(f"positions/{row.pk}/approve/"), 403)
    assert manager.post(f"positions/{row.pk}/send-back/", {"reason": "Pay?"}).json()["status"] == "draft"
    officer.post(f"positions/{row.pk}/submit/")
    posted = manager.post(f"positions/{row.pk}/approve/").json()
    assert posted["status"] == "posted"
    with nothing_changes():
        error_of(officer.post(f"positions/{row.pk}/close/", {"version": 1}), 409)
    assert officer.post(f"positions/{row.pk}/close/", {"version": posted["version"]}).json()["status"] == "closed"
    assert officer.post(f"positions/{row.pk}/reopen/").json()["status"] == "posted"


def test_how_many_compete_and_who_supervises_is_not_everybodys_to_know(alpha):
    with tenant_scope(alpha.id):
        row = make_position(supervisor=make_contact(name="Sue Pervisor"))
        make_candidacy(row, status="offered")
        make_candidacy(row)
    shown = Api(alpha, "officer").get(f"positions/{row.pk}/").json()
    assert (shown["candidates"], shown["taken"], shown["supervisor"]["name"]) == (2, 1, "Sue Pervisor")
    for role, sees in (("researcher", True), ("viewer", False)):
        shown = Api(alpha, role).get(f"positions/{row.pk}/").json()
        assert (shown["candidates"], shown["taken"]) == (None, None)
        assert (shown["supervisor"] is not None) is sees


def test_the_partners_ranking_is_recorded_as_a_whole(in_alpha):
    api, row = Api(in_alpha, "officer"), make_position()
    first, second, other = make_candidacy(row), make_candidacy(row, partner_rank=1), make_candidacy()
    assert api.post(f"positions/{row.pk}/rank/", {"order": [first.pk, second.pk]}).status_code == 200
    ranks = {
        each["id"]: each["partner_rank"] for each in api.get("candidacies/", {"position": row.pk}).json()["results"]
    }
    assert ranks == {first.pk: 1, second.pk: 2}
    with nothing_changes():
        error_of(api.post(f"positions/{row.pk}/rank/", {"order": [other.pk]}), 400)
        error_of(api.post(f"positions/{row.pk}/rank/", {"order": "first"}), 400)
        error_of(Api(in_alpha, "researcher").post(f"positions/{row.pk}/rank/", {"order": []}), 403)


def test_positions_can_be_narrowed(in_alpha):
    program = make_program(kind="thesis")
    row, _other = make_position(title="Deep waves", program=program, status="draft", term="T1"), make_position()
    api = Api(in_alpha, "viewer")
    for query in (
        {"q": "wav"},
        {"status": "draft"},
        {"program": program.pk},
        {"kind": "thesis"},
        {"term": "t1"},
        {"partnership": row.partnership_id},
    ):
        assert [each["id"] for each in api.get("positions/", query).json()["results"]] == [row.pk], query


def test_what_is_still_used_is_not_deleted(in_alpha):
    api, candidacy, unused = Api(in_alpha, "manager"), make_candidacy(), make_position()
    with nothing_changes():
        refused = error_of(api.send("DELETE", f"positions/{candidacy.position_id}/"), 409)
        assert "Remove or move that first." in refused["detail"]
        error_of(api.send("DELETE", f"talent-programs/{candidacy.position.program_id}/"), 409)
        error_of(api.send("DELETE", f"positions/{unused.pk}/", If_Match='"7"'), 412)
