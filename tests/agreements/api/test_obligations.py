"""Obligations and calendar feeds over HTTP."""

import base64
from datetime import timedelta

from django.utils import timezone

from agreements.models import CalendarFeed, Obligation
from core.secrets import digest_of, new_secret
from core.tenancy.scope import tenant_scope
from tenants.models import FileAccess
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.agreement_parts import make_obligation
from tests.factories.agreements import make_executed
from tests.partnerships.api.test_partnerships import somebody

DAY = timedelta(days=1)


def body(**fields) -> dict:
    return {
        "agreement": make_executed().pk,
        "side": "theirs",
        "kind": "payment",
        "title": "Second installment",
        "due_on": "2027-02-01",
        "weight": "2.0",
        **fields,
    }


class TestObligations(ApiContract):
    resource = Resource(
        prefix="obligations",
        view="agreements.view_obligations",
        create="agreements.add_obligation",
        edit="agreements.edit_obligation",
        delete="agreements.delete_obligation",
        make=lambda author: make_obligation(make_executed(owner=author), owner=author),
        payload=body,
        patch={"title": "Final report", "recurrence": "yearly", "due_on": "2027-03-31"},
        references={
            "agreement": (make_executed, lambda pk: {"agreement": pk}),
            "owner": (somebody, lambda pk: {"owner": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )


class TestCalendarFeeds(ApiContract):
    resource = Resource(
        prefix="calendar-feeds",
        view="agreements.view_calendar_feeds",
        create="agreements.create_calendar_feed",
        make=lambda author: CalendarFeed.objects.create(member=author, digest=digest_of(new_secret())),
        payload=lambda: {"everything": True},
        queries={"list": 2, "detail": 1, "create": 3},
    )


def test_the_address_is_shown_once(in_alpha):
    api = Api(in_alpha, "officer")
    made = api.post("calendar-feeds/", {})
    address = made.json()["address"]
    assert address.startswith(f"http://testserver{in_alpha.prefix}/calendar/cw_")
    assert address.endswith(".ics")
    shown = api.get(f"calendar-feeds/{made.json()['id']}/").json()
    assert shown == {key: value for key, value in made.json().items() if key != "address"}
    assert api.post(f"calendar-feeds/{shown['id']}/revoke/").json()["revoked_at"] is not None
    with nothing_changes():
        error_of(Api(in_alpha, "viewer").post(f"calendar-feeds/{shown['id']}/revoke/"), 404)


def test_nothing_is_done_without_evidence(in_alpha):
    api, row = Api(in_alpha, "officer"), make_obligation()
    with nothing_changes():
        for body in ({}, {"evidence": "  "}, {"name": "report.txt"}):
            error_of(api.post(f"obligations/{row.pk}/complete/", body), 400)
        future = (timezone.localdate() + DAY).isoformat()
        wrong = error_of(api.post(f"obligations/{row.pk}/complete/", {"evidence": "Sent", "done_on": future}), 400)
        assert list(wrong["fields"]) == ["done_on"]
    done = api.post(f"obligations/{row.pk}/complete/", {"evidence": "Mail of today"}).json()
    assert (done["evidence"], done["done_on"]) == ("Mail of today", timezone.localdate().isoformat())
    assert done["done_by"]["id"] == in_alpha.user("officer").pk
    with nothing_changes():
        again = error_of(api.post(f"obligations/{row.pk}/complete/", {"evidence": "Again"}), 409)
        assert again["code"] == "done_already"
        assert error_of(api.patch(f"obligations/{row.pk}/", {"title": "Other"}), 409)["code"] == "done_already"


def test_a_file_is_evidence_and_each_fetch_is_noted(in_alpha):
    api, row = Api(in_alpha, "manager"), make_obligation()
    with nothing_changes():
        error_of(api.post(f"obligations/{row.pk}/download/"), 409)
    content = base64.b64encode(b"The report\n").decode()
    done = api.post(f"obligations/{row.pk}/complete/", {"name": "report.txt", "content": content}).json()
    assert (done["evidence"], done["evidence_file"]) == ("", "report.txt")
    answer = api.post(f"obligations/{row.pk}/download/")
    assert b"".join(answer.streaming_content) == b"The report\n"
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert FileAccess.objects.get().member_id == in_alpha.user("manager").pk


def test_waiving_takes_a_reason_and_a_manager(in_alpha):
    row = make_obligation()
    with nothing_changes():
        error_of(Api(in_alpha, "officer").post(f"obligations/{row.pk}/waive/", {"why": "No need"}), 403)
        error_of(Api(in_alpha, "manager").post(f"obligations/{row.pk}/waive/", {"why": " "}), 400)
    waived = Api(in_alpha, "manager").post(f"obligations/{row.pk}/waive/", {"why": "The project ended early"})
    assert waived.json()["waived_reason"] == "The project ended early"


def test_states_narrow_the_list(in_alpha):
    agreement = make_executed()
    late, soon, far = (make_obligation(agreement, due_in=days) for days in (-1, 30, 31))
    done = make_obligation(agreement, done_on=timezone.localdate(), evidence="Sent", due_in=-5)
    waived = make_obligation(agreement, waived_reason="No need", due_in=-6)
    api, found = Api(in_alpha, "viewer"), {}
    for state in ("open", "overdue", "soon", "done", "waived"):
        rows = api.get("obligations/", {"state": state, "agreement": agreement.pk}).json()["results"]
        found[state] = [row["id"] for row in rows]
    assert found == {
        "open": [late.pk, soon.pk, far.pk],
        "overdue": [late.pk],
        "soon": [soon.pk],
        "done": [done.pk],
        "waived": [waived.pk],
    }


def test_what_is_owed_under_an_agreement_one_may_not_read_is_absent(alpha):
    with tenant_scope(alpha.id):
        hidden = make_obligation(make_executed(level="confidential"))
        own = make_obligation(make_executed(level="restricted", owner=alpha.user("officer")))
        of_investigator = make_obligation(make_executed(principal_investigator=alpha.user("researcher")))
    seen = {role: [row["id"] for row in Api(alpha, role).get("obligations/").json()["results"]] for role in ROLES}
    everything = {hidden.pk, own.pk, of_investigator.pk}
    assert {role: set(ids) for role, ids in seen.items()} == {
        "administrator": everything,
        "manager": {hidden.pk, of_investigator.pk},
        "officer": {own.pk, of_investigator.pk},
        "researcher": {of_investigator.pk},
        "viewer": {of_investigator.pk},
    }
    with nothing_changes():
        error_of(Api(alpha, "officer").post(f"obligations/{hidden.pk}/complete/", {"evidence": "Sent"}), 404)
    with tenant_scope(alpha.id):
        assert Obligation.objects.filter(done_on=None).count() == 3


ROLES = ("administrator", "manager", "officer", "researcher", "viewer")
