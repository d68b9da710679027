"""Handovers over HTTP."""

from core.tenancy.scope import current_tenant_id
from partnerships.actions.handovers import start_handover
from partnerships.models import Handover
from tenants.models import User
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.partnerships import make_partnership


def member_of(role: str) -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role=role)


class TestHandovers(ApiContract):
    resource = Resource(
        prefix="handovers",
        view="partnerships.view_handovers",
        create="partnerships.start_handover",
        make=lambda author: Handover.objects.get_or_create(
            member=member_of("viewer"), status="open", defaults={"last_day": "2026-12-31"}
        )[0],
        payload=lambda: {"member": member_of("officer").pk, "last_day": "2026-12-31", "note": "Ask me about Kinetik."},
        references={"member": (lambda: member_of("officer"), lambda pk: {"member": pk})},
        duplicate=lambda row: {"member": row.member_id},
        countable=False,
        queries={"list": 2, "detail": 1, "create": 6},
    )


def test_a_handover_from_start_to_end(in_alpha):
    leaver, successor = in_alpha.user("officer"), in_alpha.user("manager")
    partnership, api = make_partnership(owner=leaver), Api(in_alpha, "manager")
    made = api.post("handovers/", {"member": leaver.pk, "last_day": "2026-12-31"}).json()
    assert (made["lines"], made["named"], made["status"]) == (1, 0, "open")
    path = f"handovers/{made['id']}/"
    with nothing_changes():
        assert error_of(api.post(f"{path}finish/", {}), 409)["code"] == "successor_missing"
        assert error_of(api.post(f"{path}choose-successors/", {"successor": leaver.pk}), 400)["code"] == "leaves_too"
    named = api.post(f"{path}choose-successors/", {"successor": successor.pk}).json()
    assert named["named"] == 1
    assert [each["partnership"]["id"] for each in api.get(f"{path}items/").json()["results"]] == [partnership.pk]
    done = api.post(f"{path}finish/", {}).json()
    assert done["status"] == "done"
    assert done["finished_at"] is not None
    assert api.get(f"partnerships/{partnership.pk}/").json()["owner"]["id"] == successor.pk
    with nothing_changes():
        assert error_of(api.post(f"{path}cancel/", {}), 409)["code"] == "handover_closed"


def test_verbs_need_their_permission(in_alpha):
    row = start_handover(actor=in_alpha.actor(), member=in_alpha.user("viewer"), last_day="2026-12-31")
    with nothing_changes():
        for verb in ("refresh", "finish", "cancel", "choose-successors"):
            error_of(Api(in_alpha, "officer").post(f"handovers/{row.pk}/{verb}/", {"successor": None}), 403)
