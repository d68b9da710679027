"""Files too long to wait for: whole and once, whatever is killed, canceled, taken away or gone."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook

from core import export_slices, exports
from core.actor import Actor
from core.errors import ActionRefused, PermissionRefused
from core.tenancy.scope import tenant_transaction
from organizations.models import Organization
from tenants.actions import export_writing, long_exports
from tenants.actions.exports import export_lists
from tenants.actions.jobs import run_due_jobs
from tenants.actions.long_exports import (
    cancel_export,
    delete_export,
    open_export,
    purge_exports,
    request_export,
    retry_export,
)
from tenants.choices import ExportState
from tenants.models import Export, FileAccess, Job, LongExport, StoredFile, User
from tests import worker_app
from tests.cast import Office
from tests.factories.exports import make_export
from tests.factories.organizations import make_organization
from tests.workers import Worker, wait_until

assert worker_app  # its tasks are registered in this process too

ASKED = {"list_code": "organizations", "query": "sort=-name&columns=name,country", "file_format": "csv"}


@pytest.fixture
def seven(committed, alpha, monkeypatch) -> Office:
    """Seven organizations, of which two go into a slice."""
    monkeypatch.setattr(export_writing, "SLICE", 2)
    with tenant_transaction(alpha.id):
        for number in range(7):
            make_organization(name=f"Org {number}", country="SE")
    return alpha


def ask(office: Office, role: str = "officer", **asked) -> LongExport:
    with tenant_transaction(office.id):
        return request_export(actor=office.actor(role), **{**ASKED, **asked})


def now_of(office: Office, export: LongExport) -> LongExport:
    with tenant_transaction(office.id):
        return LongExport.objects.select_related("file").get(pk=export.pk)


def content_of(export: LongExport) -> bytes:
    with default_storage.open(export.file.path) as source:
        return source.read()


def lines_of(export: LongExport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content_of(export).decode("utf-8-sig"), newline="")))


def steps(office: Office, number: int) -> None:
    """So many steps of what is under way."""
    assert run_due_jobs(office.id, limit=number) == number


def test_a_long_list_becomes_the_same_file_as_a_short_one(seven):
    with time_machine.travel("2026-11-24T09:05:00Z", tick=False):
        export = ask(seven)
        assert (export.state, export.rows_all, export.title) == (ExportState.WAITING, 7, "Organizations")
        run_due_jobs(seven.id)
        with tenant_transaction(seven.id):
            at_once = export_lists(actor=seven.actor("officer"), **ASKED).written.file.read()
    done = now_of(seven, export)
    assert (done.state, done.rows_done, done.rows_all, done.parts) == (ExportState.READY, 7, 7, [])
    assert content_of(done).replace(b"10:05 CET", b"09:05 UTC") == at_once.replace(b"10:05 CET", b"09:05 UTC")
    assert [line[0] for line in lines_of(done)[:8]] == ["Organization", *(f"Org {n}" for n in range(6, -1, -1))]
    assert "10:05 CET" in content_of(done).decode(), "times are those of the member"
    assert done.file.name == "organizations-alpha-2026-11-24.csv"
    assert done.expires_at == done.finished_at + timedelta(days=7)
    assert not default_storage.exists(done.folder), "the slices are gone"
    with tenant_transaction(seven.id):
        kept = Export.objects.filter(member=seven.user("officer"))
        assert (
            list(kept.values_list("list_code", "query", "file_format", "rows"))
            == [("organizations", "columns=name,country&sort=-name", "csv", 7)] * 2
        )
        assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_sheet_has_real_values(seven):
    export = ask(seven, file_format="xlsx", query="sort=name")
    run_due_jobs(seven.id)
    book = load_workbook(io.BytesIO(content_of(now_of(seven, export))))
    assert [row[0].value for row in book["Organizations"]][1:] == [f"Org {n}" for n in range(7)]
    assert book["About"]["B5"].value == "Alpha Officer"


def test_how_far_it_is_can_be_seen_from_outside(seven):
    export, seen = ask(seven), []
    for _step in range(6):
        steps(seven, 1)
        row = now_of(seven, export)
        seen.append((row.state, row.rows_done))
    assert seen == [("writing", 0), ("writing", 2), ("writing", 4), ("writing", 6), ("writing", 7), ("ready", 7)]


def test_canceling_stops_at_the_next_slice_and_removes_what_was_written(seven):
    export = ask(seven)
    steps(seven, 3)
    folder = now_of(seven, export).folder
    assert len(default_storage.listdir(folder)[1]) == 3
    with tenant_transaction(seven.id):
        cancel_export(actor=seven.actor("officer"), export=export)
    assert not default_storage.exists(folder)
    run_due_jobs(seven.id)
    row = now_of(seven, export)
    assert (row.state, row.rows_done, row.parts, row.file) == (ExportState.CANCELED, 4, [], None)
    assert not default_storage.exists(folder)
    with tenant_transaction(seven.id):
        assert not Export.objects.exists()
        with pytest.raises(ActionRefused):
            cancel_export(actor=seven.actor("officer"), export=export)


@pytest.mark.parametrize("step", [1, 2, 5])
def test_a_cancel_in_the_middle_of_a_step_wins(seven, monkeypatch, step):
    """While a worker orders, reads or writes, the member cancels: nothing of that step stays."""
    import threading

    export, at_work = ask(seven), export_writing.asked_rows

    def cancel_meanwhile() -> None:
        from django.db import connection

        with tenant_transaction(seven.id):
            cancel_export(actor=seven.actor("officer"), export=export)
        connection.close()

    def overtaken(*args, **kwargs):
        thread = threading.Thread(target=cancel_meanwhile)
        thread.start()
        thread.join()
        return at_work(*args, **kwargs)

    steps(seven, step)
    monkeypatch.setattr(export_writing, "asked_rows", overtaken)
    steps(seven, 1)
    assert run_due_jobs(seven.id) == 0
    row = now_of(seven, export)
    assert (row.state, row.file, row.parts) == (ExportState.CANCELED, None, [])
    with tenant_transaction(seven.id):
        assert not StoredFile.objects.exists()
        assert not Export.objects.exists()


def test_rows_are_those_that_the_member_may_see_when_they_are_read(seven):
    export = ask(seven)
    steps(seven, 2)
    with tenant_transaction(seven.id):
        Organization.objects.filter(name__in=["Org 6", "Org 0"]).delete()  # one read already, one not yet
    run_due_jobs(seven.id)
    done = now_of(seven, export)
    assert [line[0] for line in lines_of(done)[1:7]] == ["Org 6", "Org 5", "Org 4", "Org 3", "Org 2", "Org 1"]
    assert (done.rows_all, done.rows_done) == (6, 6)
    with tenant_transaction(seven.id):
        assert Export.objects.get().rows == 6


@pytest.mark.parametrize("change", [{"ended_at": timezone.now()}, {"role": "viewer"}])
@pytest.mark.parametrize("after", [0, 2, 5])
def test_who_may_no_longer_gets_nothing(seven, change, after):
    export = ask(seven)
    steps(seven, after)
    seven.change("officer", **change)
    run_due_jobs(seven.id)
    row = now_of(seven, export)
    assert (row.state, row.file, row.parts) == (ExportState.REFUSED, None, [])
    assert "nothing was written" in row.why
    assert not default_storage.exists(row.folder)
    with tenant_transaction(seven.id):
        assert not Export.objects.exists()


def test_who_was_locked_out_gets_nothing(seven):
    export = ask(seven)
    User.objects.filter(pk=seven.user("officer").pk).update(is_active=False)
    run_due_jobs(seven.id)
    assert now_of(seven, export).state == ExportState.REFUSED


def test_a_list_that_one_may_not_open_is_not_asked_for(in_alpha):
    for role, asked, error in (
        ("viewer", ASKED, PermissionRefused),
        ("officer", {**ASKED, "list_code": "nothing"}, ActionRefused),
        ("officer", {**ASKED, "query": "colour=red"}, ActionRefused),
        ("officer", {**ASKED, "file_format": "pdf"}, ActionRefused),
    ):
        with pytest.raises(error):
            request_export(actor=in_alpha.actor(role), **asked)
    assert not LongExport.objects.exists()
    assert not Job.objects.exists()


def test_too_many_rows_are_refused_with_the_way_out(in_alpha, monkeypatch):
    make_organization(name="One")
    make_organization(name="Two")
    make_organization(name="Three")
    monkeypatch.setattr(long_exports, "MOST_ROWS", {"csv": 2, "xlsx": 1})
    with pytest.raises(ActionRefused, match=r"more than 2 rows\. Narrow the list"):
        request_export(actor=in_alpha.actor(), **ASKED)
    monkeypatch.setattr(long_exports, "MOST_ROWS", {"csv": 3, "xlsx": 1})
    with pytest.raises(ActionRefused, match=r"too many for Excel\. Choose CSV"):
        request_export(actor=in_alpha.actor(), **{**ASKED, "file_format": "xlsx"})
    assert not LongExport.objects.exists()


def test_a_list_that_grew_too_long_since_says_so(seven, monkeypatch):
    export = ask(seven)
    for module in (export_writing, long_exports):
        monkeypatch.setattr(module, "MOST_ROWS", {"csv": 5, "xlsx": 5})
    run_due_jobs(seven.id)
    row = now_of(seven, export)
    assert (row.state, row.file) == (ExportState.FAILED, None)
    assert row.why == "This is more than 5 rows. Narrow the list, or read it page by page over the API."


def test_three_are_under_way_at_most(in_alpha):
    officer = in_alpha.actor("officer")
    for _each in range(3):
        export = request_export(actor=officer, **ASKED)
    with pytest.raises(ActionRefused, match="3 files of yours"):
        request_export(actor=officer, **ASKED)
    failed = make_export(in_alpha.user("officer"))
    with pytest.raises(ActionRefused, match="3 files of yours"):
        retry_export(actor=officer, export=failed)
    assert LongExport.objects.filter(state="waiting").count() == 3
    request_export(actor=in_alpha.actor("manager"), **ASKED)
    cancel_export(actor=officer, export=export)
    retry_export(actor=officer, export=failed)


def test_what_fails_each_time_is_told_and_can_be_tried_again(seven, monkeypatch):
    def break_down(*args, **kwargs):
        raise ZeroDivisionError("canary")

    export = ask(seven)
    steps(seven, 2)
    with monkeypatch.context() as patch:
        patch.setattr(export_writing, "read_rows", break_down)
        for _attempt in range(6):
            run_due_jobs(seven.id)
            with tenant_transaction(seven.id):
                Job.objects.update(due_at=timezone.now() - timedelta(days=1))
    row = now_of(seven, export)
    assert (row.state, row.parts) == (ExportState.FAILED, [])
    assert "canary" not in row.why
    assert "tell your office" in row.why
    assert not default_storage.exists(row.folder)
    with tenant_transaction(seven.id):
        retry_export(actor=seven.actor("officer"), export=row)
    run_due_jobs(seven.id)
    done = now_of(seven, export)
    assert (done.state, done.rows_done, done.why) == (ExportState.READY, 7, "")
    assert done.key != row.key


def test_a_step_of_an_earlier_run_does_nothing_to_a_later_one(seven):
    export = ask(seven)
    steps(seven, 2)
    with tenant_transaction(seven.id):
        cancel_export(actor=seven.actor("officer"), export=export)
        retry_export(actor=seven.actor("officer"), export=export)
        assert Job.objects.filter(state="queued").count() == 2
    run_due_jobs(seven.id)
    assert [line[0] for line in lines_of(now_of(seven, export))[1:8]] == [f"Org {n}" for n in range(6, -1, -1)]
    with tenant_transaction(seven.id):
        assert Export.objects.count() == 1
        assert StoredFile.objects.count() == 1


def test_a_step_that_is_done_twice_is_done_once(seven):
    """As when a worker is cut off from the database after its transaction and somebody else repeats the step."""
    export = ask(seven)
    for _each in range(6):
        steps(seven, 1)
        with tenant_transaction(seven.id):
            last = Job.objects.filter(state="done").latest("pk")
            Job.objects.create(name=last.name, payload=last.payload)
    run_due_jobs(seven.id)
    assert [line[0] for line in lines_of(now_of(seven, export))[1:8]] == [f"Org {n}" for n in range(6, -1, -1)]
    with tenant_transaction(seven.id):
        assert (Export.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_columns_that_were_changed_meanwhile_end_it_with_words(seven, monkeypatch):
    export = ask(seven)
    steps(seven, 3)
    monkeypatch.setattr(export_writing, "heads", lambda columns: ["Name", "Land"])
    run_due_jobs(seven.id)
    row = now_of(seven, export)
    assert (row.state, row.why) == (ExportState.FAILED, "The columns of the list were changed meanwhile. Try again.")


def test_a_list_without_rows_is_a_file_too(committed, alpha):
    export = ask(alpha)
    run_due_jobs(alpha.id)
    done = now_of(alpha, export)
    assert (done.state, done.rows_all) == (ExportState.READY, 0)
    assert lines_of(done)[0] == ["Organization", "Country"]


# Fetching, expiring, removing


def test_fetching_is_written_down_and_asks_again_for_the_permission(in_alpha):
    export = make_export(in_alpha.user("officer"), "ready", list_code="people")
    assert open_export(actor=in_alpha.actor("officer"), export=export).file.name == "partners.csv"
    assert list(FileAccess.objects.values_list("file_id", "member_id")) == [
        (export.file_id, in_alpha.user("officer").pk)
    ]
    in_alpha.change("officer", role="viewer")
    viewer = Office.load("alpha").actor("viewer")
    with pytest.raises(PermissionRefused):
        open_export(actor=viewer, export=export)
    assert FileAccess.objects.count() == 1


def test_after_seven_days_it_is_gone(in_alpha, django_capture_on_commit_callbacks):
    export = make_export(in_alpha.user("officer"), "ready")
    late = timezone.now() + timedelta(days=7, minutes=1)
    with time_machine.travel(late, tick=False):
        assert (export.state_now, export.is_open) == ("expired", False)
        with pytest.raises(ActionRefused, match="Have it written again"):
            open_export(actor=in_alpha.actor("officer"), export=export)
        assert default_storage.exists(export.file.path)
        with django_capture_on_commit_callbacks(execute=True):
            assert purge_exports(actor=Actor.system(in_alpha.id)) == 1
        assert purge_exports(actor=Actor.system(in_alpha.id)) == 0
    export.refresh_from_db()
    assert export.state == ExportState.EXPIRED
    assert not default_storage.exists(export.file.path)
    assert export.file.purged_at == late
    with time_machine.travel(late + timedelta(days=84), tick=False):
        purge_exports(actor=Actor.system(in_alpha.id))
    assert not LongExport.objects.exists()


def test_an_expired_one_is_written_anew(in_alpha, django_capture_on_commit_callbacks):
    export = make_export(in_alpha.user("officer"), "ready", expires_at=timezone.now() - timedelta(hours=1))
    path = export.file.path
    with django_capture_on_commit_callbacks(execute=True):
        again = retry_export(actor=in_alpha.actor("officer"), export=export)
    assert (again.state, again.file) == (ExportState.WAITING, None)
    assert not default_storage.exists(path)
    with pytest.raises(ActionRefused):
        retry_export(actor=in_alpha.actor("officer"), export=again)
    with pytest.raises(ActionRefused):
        retry_export(actor=in_alpha.actor("officer"), export=make_export(in_alpha.user("officer"), "ready"))


def test_removing_takes_the_bytes_and_leaves_the_record(in_alpha, django_capture_on_commit_callbacks):
    export = make_export(in_alpha.user("officer"), "ready")
    open_export(actor=in_alpha.actor("officer"), export=export)
    path = export.file.path
    with django_capture_on_commit_callbacks(execute=True):
        delete_export(actor=in_alpha.actor("officer"), export=export)
    assert not default_storage.exists(path)
    assert not LongExport.objects.exists()
    assert FileAccess.objects.count() == 1


def test_removing_one_that_is_being_written_stops_it(seven):
    export = ask(seven)
    steps(seven, 3)
    folder = now_of(seven, export).folder
    with tenant_transaction(seven.id):
        delete_export(actor=seven.actor("officer"), export=export)
    run_due_jobs(seven.id)
    assert not default_storage.exists(folder)
    with tenant_transaction(seven.id):
        assert not LongExport.objects.exists()
        assert not Export.objects.exists()


def test_the_night_takes_what_a_canceled_one_left_and_leaves_what_is_under_way(seven):
    from django.core.files.base import ContentFile

    export = ask(seven)
    steps(seven, 2)
    stray = f"exports/{seven.id}/gone"
    default_storage.save(f"{stray}/slice", ContentFile(b"x"))
    with tenant_transaction(seven.id):
        purge_exports(actor=Actor.system(seven.id))
    assert not default_storage.exists(stray)
    run_due_jobs(seven.id)
    assert now_of(seven, export).state == ExportState.READY


def test_another_offices_night_leaves_it_alone(in_alpha, beta):
    export = make_export(in_alpha.user("officer"), "ready", expires_at=timezone.now() - timedelta(hours=1))
    with tenant_transaction(beta.id):
        assert purge_exports(actor=Actor.system(beta.id)) == 0
    export.refresh_from_db()
    assert export.state == ExportState.READY


# A real worker


@pytest.mark.worker
def test_the_file_is_whole_and_once_though_the_worker_is_killed(committed, alpha):
    """15,000 rows in slices of 5,000, and two SIGKILLs of the whole worker on the way."""
    with tenant_transaction(alpha.id):
        Organization.objects.bulk_create([Organization(name=f"Org {number:05}") for number in range(15_000)])
    export = ask(alpha, query="sort=name&columns=name")

    def rows_done() -> int:
        return now_of(alpha, export).rows_done

    worker = Worker(committed, concurrency=2)
    try:
        for threshold in (5_000, 10_000):
            assert wait_until(lambda threshold=threshold: rows_done() >= threshold), f"stuck at {rows_done()}"
            assert now_of(alpha, export).state == ExportState.WRITING
            worker.restart()
        assert wait_until(lambda: now_of(alpha, export).state == ExportState.READY), f"stuck at {rows_done()}"
    finally:
        errors = worker.stop()
    done = now_of(alpha, export)
    assert [line[0] for line in lines_of(done)[1:15_001]] == [f"Org {number:05}" for number in range(15_000)], errors
    assert lines_of(done)[15_001] == []
    assert not default_storage.exists(done.folder)
    with tenant_transaction(alpha.id):
        assert Export.objects.get().rows == 15_000
        assert StoredFile.objects.count() == 1


def test_what_is_short_is_not_long(in_alpha):
    assert exports.AT_ONCE == 2000
    assert export_slices.SLICE == 5000
