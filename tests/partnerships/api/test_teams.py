"""Roles in partnerships over HTTP."""

from partnerships.models import TeamMember
from tenants.models import Unit
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_partnership, make_role
from tests.partnerships.api.test_partnerships import somebody


class TestTeamMembers(ApiContract):
    resource = Resource(
        prefix="team-members",
        view="partnerships.view_team",
        create="partnerships.add_team_member",
        edit="partnerships.edit_team_member",
        make=lambda author: make_role(member=author, role="deputy"),
        payload=lambda: {
            "partnership": make_partnership().pk,
            "member": somebody().pk,
            "role": "principal_investigator",
            "days_per_month": "1.5",
            "started_on": "2026-01-01",
        },
        patch={"days_per_month": "2.0"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "member": (somebody, lambda pk: {"member": pk}),
            "contact": (make_contact, lambda pk: {"contact": pk, "member": None}),
            "unit": (lambda: Unit.objects.create(name="Physics"), lambda pk: {"unit": pk}),
        },
        duplicate=lambda row: {"partnership": row.partnership_id, "member": row.member_id, "role": row.role},
        queries={"list": 2, "detail": 1, "create": 8, "update": 6},
    )


def test_an_owner_given_over_http_owns_the_partnership(in_alpha):
    partnership, api = make_partnership(), Api(in_alpha, "manager")
    body = {"partnership": partnership.pk, "member": somebody().pk, "role": "owner"}
    assert api.post("team-members/", body).status_code == 201
    assert api.get(f"partnerships/{partnership.pk}/").json()["owner"]["id"] == somebody().pk


def test_both_or_none_is_refused(in_alpha):
    partnership, api = make_partnership(), Api(in_alpha, "manager")
    contact = make_contact(partnership.organization)
    with nothing_changes():
        for people in ({}, {"member": somebody().pk, "contact": contact.pk}):
            error = error_of(api.post("team-members/", {"partnership": partnership.pk, "role": "legal", **people}), 400)
            assert error["code"] == "one_person"
    assert not TeamMember.objects.exists()
