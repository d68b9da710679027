"""When reports are sent, over HTTP: days that go together, and nobody who may not see them."""

from core.tenancy.scope import tenant_scope
from reporting.models import ReportSchedule
from tenants.models import Membership, Unit, User
from tests.api_contract import AUTHENTICATION, ApiContract, Resource
from tests.api_kit import Api, counted, error_of, make_token, nothing_changes
from tests.factories.reports import make_report, make_schedule


def somebody() -> User:
    return User.objects.get(email="officer@alpha.example")


def own_report() -> int:
    return make_report(User.objects.get(email="manager@alpha.example")).pk


class TestReportSchedules(ApiContract):
    resource = Resource(
        prefix="report-schedules",
        view="reporting.view_report_schedules",
        create="reporting.schedule_report",
        edit="reporting.edit_report_schedule",
        delete="reporting.delete_report_schedule",
        make=make_schedule,
        payload=lambda: {
            "report": own_report(), "cadence": "weekly", "weekday": 2, "recipients": [somebody().pk],
        },
        patch={"weekday": 5},
        references={
            "report": (lambda: make_report(User.objects.get(email="manager@beta.example")), lambda pk: {"report": pk}),
            "recipients": (lambda: User.objects.get(email="manager@beta.example"), lambda pk: {"recipients": [pk]}),
        },
        queries={"list": 3, "detail": 2, "create": 9, "update": 6},
    )  # fmt: skip

    def test_creating_needs_its_permission(self, alpha):
        """Everybody may send a report of their own; somebody else's is refused."""
        with tenant_scope(alpha.id):
            report = make_report(alpha.user("officer"))
        body = {"report": report.pk, "cadence": "monthly", "day_of_month": 31, "recipients": [somebody().pk]}
        made = Api(alpha, "officer").post(self.collection, body)
        assert made.status_code == 201
        shown = made.json()
        assert (shown["weekday"], shown["day_of_month"], shown["file_format"]) == (None, 31, "pdf")
        assert (shown["last_sent_at"], shown["may_change"]) == (None, True)
        assert [each["name"] for each in shown["recipients"]] == ["Alpha Officer"]
        with nothing_changes():
            assert error_of(Api(alpha, "viewer").post(self.collection, body), 409)["code"] == "not_yours"


def test_what_does_not_go_together_is_refused_by_name(alpha, beta):
    with tenant_scope(alpha.id):
        report = make_report(alpha.user("manager"))
        Membership.objects.filter(pk=alpha.memberships["researcher"].pk).update(ended_at="2026-01-01T00:00Z")
    api, good = Api(alpha, "manager"), {"report": report.pk, "cadence": "weekly", "weekday": 1, "recipients": []}
    good["recipients"] = [alpha.user("viewer").pk]
    for change, field in (
        ({"cadence": "daily"}, "cadence"),
        ({"weekday": None}, "weekday"),
        ({"weekday": 8}, "weekday"),
        ({"weekday": 0}, "weekday"),
        ({"day_of_month": 3}, "day_of_month"),
        ({"cadence": "monthly"}, "day_of_month"),
        ({"cadence": "monthly", "day_of_month": 3}, "weekday"),
        ({"cadence": "monthly", "weekday": None, "day_of_month": 32}, "day_of_month"),
        ({"file_format": "docx"}, "file_format"),
        ({"recipients": []}, "recipients"),
        ({"recipients": [alpha.user("researcher").pk]}, "recipients"),
        ({"recipients": [beta.user("manager").pk]}, "recipients"),
        ({"since": "2020-01-01T00:00:00Z"}, "since"),
    ):
        with nothing_changes():
            assert field in error_of(api.post("report-schedules/", {**good, **change}), 400)["fields"], change
    assert api.post("report-schedules/", good).status_code == 201


def test_only_who_may_see_a_report_gets_it(alpha):
    with tenant_scope(alpha.id):
        unit = Unit.objects.create(name="Physics")
        mine = make_report(alpha.user("manager"), visibility="private")
        team = make_report(alpha.user("manager"), visibility="team", unit=unit)
        placements = make_report(
            alpha.user("manager"), subject="placements", query="subject=placements&rows=program_kind"
        )
    api = Api(alpha, "manager")
    for report, roles in ((mine, ["officer"]), (team, ["officer", "viewer"]), (placements, ["viewer"])):
        for role in roles:
            body = {"report": report.pk, "cadence": "weekly", "weekday": 1, "recipients": [alpha.user(role).pk]}
            with nothing_changes():
                refused = error_of(api.post("report-schedules/", body), 400)["fields"]["recipients"][0]
            assert "may not see the report" in refused
        body["recipients"] = [alpha.user("manager").pk]
        assert api.post("report-schedules/", body).status_code == 201


def test_no_more_than_five_ways_and_twenty_people(alpha):
    with tenant_scope(alpha.id):
        report = make_report(alpha.user("manager"))
        for _ in range(4):
            make_schedule(alpha.user("manager"), report=report)
        people = [User.objects.create(email=f"p{number}@alpha.example", name=f"P {number}") for number in range(21)]
        Membership.objects.bulk_create(Membership(tenant=alpha.tenant, user=each, role="viewer") for each in people)
    api, body = Api(alpha, "manager"), {"report": report.pk, "cadence": "weekly", "weekday": 1}
    with nothing_changes():
        refused = error_of(api.post("report-schedules/", {**body, "recipients": [each.pk for each in people]}), 400)
        assert "at most 20" in refused["fields"]["recipients"][0]
    assert api.post("report-schedules/", {**body, "recipients": [each.pk for each in people[:20]]}).status_code == 201
    with nothing_changes():
        assert error_of(api.post("report-schedules/", {**body, "recipients": [people[0].pk]}), 409)


def test_a_change_of_rhythm_begins_anew_and_one_of_people_counts(alpha):
    with tenant_scope(alpha.id):
        row = make_schedule(alpha.user("manager"), alpha.user("officer"), since="2026-01-01T00:00Z")
        since = ReportSchedule.objects.get(pk=row.pk).since
    api, path = Api(alpha, "manager"), f"report-schedules/{row.pk}/"
    changed = api.patch(path, {"recipients": [alpha.user("viewer").pk, alpha.user("officer").pk]}).json()
    assert changed["version"] == 2
    assert [each["name"] for each in changed["recipients"]] == ["Alpha Officer", "Alpha Viewer"]
    assert api.patch(path, {"recipients": [alpha.user("viewer").pk, alpha.user("officer").pk]}).json()["version"] == 2
    monthly = api.patch(path, {"cadence": "monthly", "day_of_month": 1, "file_format": "xlsx"}).json()
    assert (monthly["weekday"], monthly["day_of_month"], monthly["file_format"]) == (None, 1, "xlsx")
    with tenant_scope(alpha.id):
        assert ReportSchedule.objects.get(pk=row.pk).since > since
    assert monthly["next_at"].endswith(("T06:00:00Z", "T05:00:00Z"))
    assert api.patch(path, {"is_paused": True}).json()["next_at"] is None
    with tenant_scope(alpha.id):
        other = make_report(alpha.user("manager"))
    with nothing_changes():
        assert "report" in error_of(api.patch(path, {"report": other.pk}), 400)["fields"]


def test_others_see_it_and_cannot_change_it(alpha):
    with tenant_scope(alpha.id):
        row = make_schedule(alpha.user("manager"), alpha.user("viewer"))
        hidden = make_schedule(alpha.user("manager"), report=make_report(alpha.user("manager"), visibility="private"))
    api = Api(alpha, "viewer")
    assert [(each["id"], each["may_change"]) for each in api.get("report-schedules/").json()["results"]] == [
        (row.pk, False)
    ]
    with nothing_changes():
        assert error_of(api.patch(f"report-schedules/{row.pk}/", {"weekday": 3}), 409)["code"] == "not_yours"
        assert error_of(api.send("DELETE", f"report-schedules/{row.pk}/"), 409)["code"] == "not_yours"
        error_of(api.patch(f"report-schedules/{hidden.pk}/", {"weekday": 3}), 404)


def test_one_leaves_for_oneself_alone(alpha):
    with tenant_scope(alpha.id):
        row = make_schedule(alpha.user("manager"), alpha.user("officer"), alpha.user("viewer"))
        other = make_schedule(alpha.user("manager"), alpha.user("officer"))
    viewer, way_out = Api(alpha, "viewer"), f"report-schedules/{row.pk}/leave/"
    reader, mine = Api(alpha, token=make_token(alpha, "viewer", can_write=False)), {"comes_to_me": "true"}
    assert [each["id"] for each in viewer.get("report-schedules/", mine).json()["results"]] == [row.pk]
    with nothing_changes():
        error_of(reader.post(way_out), 403)
        assert "member" in error_of(viewer.post(way_out, {"member": alpha.user("officer").pk}), 400)["fields"]
        assert error_of(viewer.post(f"report-schedules/{other.pk}/leave/"), 409)["code"] == "not_a_recipient"
        assert error_of(Api(alpha, "manager").post(way_out), 409)["code"] == "not_a_recipient"
    with counted() as statements:
        left = viewer.post(way_out)
    assert len(statements) - AUTHENTICATION == 7
    assert [each["name"] for each in left.json()["recipients"]] == ["Alpha Officer"]
    assert (left.status_code, left.json()["version"]) == (200, 2)
    assert viewer.get("report-schedules/", mine).json()["results"] == []
    with nothing_changes():
        assert error_of(viewer.post(way_out), 409)["code"] == "not_a_recipient"
    last = Api(alpha, "officer").post(way_out).json()
    assert (last["recipients"], last["next_at"], last["is_paused"]) == ([], None, False)
