"""Files out of lists over HTTP."""

from datetime import timedelta

from django.utils import timezone

from core.tenancy.scope import tenant_scope
from tenants.models import FileAccess, Job, LongExport
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, make_token, nothing_changes
from tests.factories.exports import make_export
from tests.factories.organizations import make_organization


class TestExports(ApiContract):
    resource = Resource(
        prefix="exports",
        view="tenants.view_exports",
        create="tenants.request_export",
        delete="tenants.delete_export",
        make=make_export,
        payload=lambda: {"list_code": "partners", "query": "sort=-health&tier=strategic", "file_format": "csv"},
        queries={"list": 2, "detail": 1, "create": 5},
    )


def test_asking_wants_a_job_and_says_how_far_it_is(alpha):
    with tenant_scope(alpha.id):
        make_organization(name="Kinetik")
    made = Api(alpha, "officer").post(
        "exports/", {"list_code": "organizations", "query": "columns=country&sort=name", "file_format": "xlsx"}
    )
    shown = {name: made.json()[name] for name in ("state", "rows_done", "rows_all", "query", "file", "size", "why")}
    assert shown == {
        "state": "waiting",
        "rows_done": 0,
        "rows_all": 1,
        "query": "columns=name,country",
        "file": None,
        "size": None,
        "why": "",
    }
    with tenant_scope(alpha.id):
        export = LongExport.objects.get()
        assert Job.objects.get().payload == {"export_id": export.pk, "run": str(export.key)}


def test_what_does_not_hold_is_refused_by_name(alpha):
    api, good = Api(alpha, "officer"), {"list_code": "partners", "file_format": "csv"}
    for body, field in (
        ({**good, "list_code": "nothing"}, "list_code"),
        ({**good, "query": "colour=red"}, "query"),
        ({**good, "query": "band=purple"}, "query"),
        ({**good, "file_format": "pdf"}, "file_format"),
        ({**good, "state": "ready"}, "state"),
        ({"list_code": "partners"}, "file_format"),
    ):
        with nothing_changes():
            assert field in error_of(api.post("exports/", body), 400)["fields"], body


def test_the_refusal_of_an_unknown_list_names_those_that_one_may_see(alpha):
    body = {"list_code": "partnerships", "file_format": "csv"}
    detail = error_of(Api(alpha, "officer").post("exports/", body), 400)["detail"]
    assert " partners" in detail
    assert "organizations" in detail


def test_exports_are_ones_own_even_for_administrators(alpha, beta):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "ready")
    for api, status in (
        (Api(alpha, "administrator"), 404),
        (Api(beta, "administrator"), 404),
        (Api(alpha), 401),
        (Api(alpha, stranger=True), 404),
        (Api(alpha, "viewer"), 403),
    ):
        with nothing_changes():
            error_of(api.get(f"exports/{export.pk}/"), status)
            error_of(api.send("DELETE", f"exports/{export.pk}/"), status)
            for verb in ("download", "cancel", "retry"):
                error_of(api.post(f"exports/{export.pk}/{verb}/"), status)


def test_a_file_is_downloaded_on_the_record(alpha):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "ready", content=b"Partner\r\nKinetik\r\n")
    api = Api(alpha, "officer")
    shown = api.get(f"exports/{export.pk}/").json()
    assert (shown["state"], shown["file"], shown["size"]) == ("ready", "partners.csv", 18)
    answer = api.post(f"exports/{export.pk}/download/")
    assert b"".join(answer.streaming_content) == b"Partner\r\nKinetik\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="partners.csv"'
    assert answer["Cache-Control"] == "no-store, private"
    with tenant_scope(alpha.id):
        assert FileAccess.objects.get().member_id == alpha.user("officer").pk
    reading = Api(alpha, token=make_token(alpha, "officer", can_write=False))
    with nothing_changes():
        error_of(reading.post(f"exports/{export.pk}/download/"), 403)
        assert error_of(api.post(f"exports/{export.pk}/cancel/"), 409)["code"] == "not_under_way"
        assert error_of(api.post(f"exports/{export.pk}/retry/"), 409)["code"] == "under_way_or_ready"


def test_one_that_expired_says_so_at_once(alpha):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "ready", expires_at=timezone.now() - timedelta(seconds=1))
    api = Api(alpha, "officer")
    assert api.get(f"exports/{export.pk}/").json()["state"] == "expired"
    with nothing_changes():
        assert error_of(api.post(f"exports/{export.pk}/download/"), 409)["code"] == "no_file"


def test_canceling_and_trying_again(alpha):
    with tenant_scope(alpha.id):
        export = make_export(alpha.user("officer"), "writing", rows_done=2)
    api = Api(alpha, "officer")
    assert api.post(f"exports/{export.pk}/cancel/").json()["state"] == "canceled"
    again = api.post(f"exports/{export.pk}/retry/").json()
    assert (again["state"], again["rows_done"]) == ("waiting", 0)
    assert api.get("exports/", {"state": "waiting", "list_code": "partners"}).json()["count"] == 1
    assert api.get("exports/", {"file_format": "xlsx"}).json()["count"] == 0
