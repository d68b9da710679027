"""Colleagues over HTTP."""

from django.utils import timezone

from tenants.models import Membership
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api


class TestMembers(ApiContract):
    resource = Resource(
        prefix="members",
        view="tenants.view_members",
        make=lambda author: Membership.objects.get(user=author),
        id_of=lambda row: row.user_id,
        countable=False,
        queries={"list": 2, "detail": 1},
    )


def test_the_id_is_the_one_that_records_refer_to(alpha):
    officer = alpha.user("officer")
    shown = Api(alpha, "viewer").get(f"members/{officer.pk}/").json()
    assert (shown["id"], shown["name"], shown["role"]) == (officer.pk, officer.name, "officer")
    assert shown.keys() == {"id", "name", "email", "role", "job_title", "joined_at", "ended_at"}


def test_members_can_be_narrowed(alpha):
    alpha.change("viewer", ended_at=timezone.now())
    api = Api(alpha, "manager")
    assert api.get("members/").json()["count"] == 5
    assert api.get("members/", {"present": "true"}).json()["count"] == 4
    roles = [each["role"] for each in api.get("members/", {"role": ["officer", "manager"]}).json()["results"]]
    assert sorted(roles) == ["manager", "officer"]
    assert api.get("members/", {"q": "OFFIC"}).json()["count"] == 1


def test_somebody_who_left_gets_no_further(alpha):
    api = Api(alpha, "viewer")
    assert api.get("members/").status_code == 200
    alpha.change("viewer", ended_at=timezone.now())
    assert api.get("members/").status_code == 404
