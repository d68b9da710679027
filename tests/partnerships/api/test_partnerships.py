"""Partnerships and their health over HTTP."""

from datetime import timedelta

from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.actions.health import recompute_health
from partnerships.actions.partnerships import create_partnership
from partnerships.rules.health import DIMENSIONS
from tenants.models import Job, Unit, User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, counted, error_of, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership


def somebody() -> User:
    """A member of the office in scope."""
    from core.tenancy.scope import current_tenant_id

    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer")


class TestPartnerships(ApiContract):
    resource = Resource(
        prefix="partnerships",
        view="partnerships.view_partnerships",
        create="partnerships.create_partnership",
        edit="partnerships.edit_partnership",
        delete="partnerships.delete_partnership",
        make=lambda author: make_partnership(owner=author),
        payload=lambda: {
            "organization": make_organization().pk,
            "owner": somebody().pk,
            "stage_declared": "support",
            "tier": "key",
            "started_on": "2024-02-29",
        },
        patch={"stage_declared": "sponsorship", "summary": "Grows."},
        references={
            "organization": (make_organization, lambda pk: {"organization": pk}),
            "owner": (somebody, lambda pk: {"owner": pk}),
            "unit": (lambda: Unit.objects.create(name="Physics"), lambda pk: {"unit": pk}),
        },
        duplicate=lambda row: {"organization": row.organization_id},
        queries={"list": 2, "detail": 1, "create": 8, "update": 5},
    )


def test_a_create_wants_health_and_the_job_computes_it(in_alpha):
    api = Api(in_alpha, "manager")
    made = api.post("partnerships/", {"organization": make_organization().pk}).json()
    assert made["health"]["band"] == "insufficient"
    assert [job.payload for job in Job.objects.all()] == [{"partnership_ids": [made["id"]]}]
    empty = api.get(f"partnerships/{made['id']}/health/").json()
    assert (empty["score"], empty["as_of"], empty["dimensions"], empty["caps"]) == (None, None, [], [])


def computed_partnership(office, **fields):
    partnership = make_partnership(stage_declared="support", **fields)
    contact = make_contact(partnership.organization, decides=True)
    for days in (1, 20, 60):
        make_interaction(partnership, days_ago=days, contacts=(contact,), members=(office.user("officer"),))
    recompute_health(actor=office.actor("manager"), partnership_ids=[partnership.pk])
    return partnership


def test_health_explains_itself(in_alpha):
    partnership, api = computed_partnership(in_alpha), Api(in_alpha, "viewer")
    with counted() as statements:
        health = api.get(f"partnerships/{partnership.pk}/health/").json()
    assert len(statements) == 19  # one for each section that is measured
    listed = api.get("partnerships/").json()["results"][0]["health"]
    assert {name: health[name] for name in listed} == listed
    assert health["score"] == health["explained_score"]
    assert [each["code"] for each in health["dimensions"]] == [each.code for each in DIMENSIONS]
    measured = [each for each in health["dimensions"] if each["applicable"]]
    assert measured
    assert health["as_of"] is not None
    assert health["config_version"] >= 1
    assert abs(sum(each["weight"] for each in health["dimensions"]) - 1) < 1e-9
    assert abs(sum(each["points"] + each["lost"] for each in measured) - 100) < 1e-6
    assert all({"code", "limit"} == cap.keys() for cap in health["caps"])


def test_snapshots_are_paged_and_newest_first(in_alpha):
    partnership, api = computed_partnership(in_alpha), Api(in_alpha, "officer")
    for days in (5, 6, 7):
        make_interaction(partnership, days_ago=days, members=(in_alpha.user("manager"),))
        recompute_health(actor=in_alpha.actor(), partnership_ids=[partnership.pk])
    path = f"partnerships/{partnership.pk}/health-snapshots/"
    with counted() as statements:
        page = api.get(path, {"page_size": "3"}).json()
    assert len(statements) == 5
    assert (page["count"], len(page["results"])) == (4, 3)
    moments = [each["computed_at"] for each in page["results"]]
    assert moments == sorted(moments, reverse=True)
    assert all(moment.endswith("Z") for moment in moments)
    assert "inputs" not in page["results"][0]
    error_of(api.get(path, {"ordering": "score"}), 400)
    error_of(api.get(path, {"band": "watch"}), 400)


def test_health_of_another_office_is_absent(alpha, beta):
    with tenant_scope(beta.id):
        foreign = make_partnership()
    for part in ("health", "health-snapshots"):
        error_of(Api(alpha, "administrator").get(f"partnerships/{foreign.pk}/{part}/"), 404)
        error_of(Api(alpha).get(f"partnerships/{foreign.pk}/{part}/"), 401)
        error_of(Api(alpha, stranger=True).get(f"partnerships/{foreign.pk}/{part}/"), 404)
        error_of(Api(alpha, "manager").post(f"partnerships/{foreign.pk}/{part}/", {}), 405)


def test_partnerships_can_be_narrowed_and_sorted(in_alpha):
    api = Api(in_alpha, "manager")
    strong = computed_partnership(in_alpha, owner=in_alpha.user("officer"), tier="key")
    zeta, then = make_organization(name="Zeta", country="SE"), timezone.localdate() - timedelta(days=60)
    weak = make_partnership(zeta, tier="prospect", started_on=then)
    for query, rows in (
        ({"owner": str(in_alpha.user("officer").pk)}, [strong]),
        ({"tier": "prospect"}, [weak]),
        ({"tier": ["prospect", "key"], "ordering": "tier"}, None),
        ({"country": "se"}, [weak]),
        ({"q": "zet"}, [weak]),
        ({"silent": "30"}, [weak]),
        ({"changed": "7"}, []),
        ({"organization": str(weak.organization_id)}, [weak]),
        ({"ordering": "-score"}, [strong, weak]),
        ({"ordering": "score"}, [strong, weak]),
        ({"ordering": "-name"}, [weak, strong]),
    ):
        answer = api.get("partnerships/", query)
        if rows is None:
            error_of(answer, 400)
        else:
            assert [each["id"] for each in answer.json()["results"]] == [row.pk for row in rows], query


def test_another_offices_owner_in_a_filter_is_as_a_missing_one(alpha, beta):
    api = Api(alpha, "manager")
    errors = [
        error_of(api.get("partnerships/", {"owner": str(pk)}), 400) for pk in (beta.user("officer").pk, 10**9, 10**30)
    ]
    assert errors[0]["fields"].keys() == {"owner"}
    assert errors[0] == errors[1] == errors[2]


def test_a_partnership_stays_with_its_organization(in_alpha):
    row, api = make_partnership(), Api(in_alpha, "manager")
    other = make_organization()
    with nothing_changes():
        error = error_of(api.patch(f"partnerships/{row.pk}/", {"organization": other.pk}), 409)
    assert error["code"] == "organization_fixed"
    same = api.patch(f"partnerships/{row.pk}/", {"organization": row.organization_id, "owner": None})
    assert same.status_code == 200


def test_somebody_who_left_cannot_own_a_partnership(in_alpha):
    from django.utils import timezone

    membership = in_alpha.memberships["researcher"]
    membership.ended_at = timezone.now()
    membership.save()
    row, api = make_partnership(), Api(in_alpha, "manager")
    with nothing_changes():
        error_of(api.patch(f"partnerships/{row.pk}/", {"owner": membership.user_id}), 400)


def test_a_partnership_made_by_the_action_is_the_same(in_alpha):
    row = create_partnership(actor=in_alpha.actor(), organization=make_organization())
    assert Api(in_alpha, "viewer").get(f"partnerships/{row.pk}/").json()["version"] == 1
