"""Mail about files that took long: once, to who asked, and never the file itself."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from tenants.actions import export_writing, long_exports
from tenants.actions.export_mails import MAIL, mail_export
from tenants.actions.jobs import run_due_jobs
from tenants.actions.long_exports import cancel_export, delete_export, request_export, retry_export
from tenants.choices import ExportState
from tenants.models import Job, LongExport
from tests import worker_app
from tests.api_kit import Api, make_token
from tests.cast import Office
from tests.factories.exports import make_export
from tests.factories.organizations import make_organization

assert worker_app  # its tasks are registered in this process too

ASKED = {"list_code": "organizations", "query": "q=Org", "file_format": "csv"}
MORNING = datetime.fromisoformat("2026-11-24T09:05:00Z")


@pytest.fixture
def office(committed, alpha) -> Office:
    mail.outbox = []
    with tenant_transaction(alpha.id):
        for number in range(3):
            make_organization(name=f"Org {number}")
    return alpha


def ask(office: Office, **asked) -> LongExport:
    with time_machine.travel(MORNING, tick=False), tenant_transaction(office.id):
        return request_export(actor=office.actor("officer"), **{**ASKED, **asked})


def work(office: Office, after: timedelta) -> None:
    """What workers do so long after the file was asked for."""
    with time_machine.travel(MORNING + after, tick=False):
        run_due_jobs(office.id)


def state_of(office: Office, export: LongExport) -> LongExport:
    with tenant_transaction(office.id):
        return LongExport.objects.get(pk=export.pk)


def test_who_waited_longer_than_a_minute_is_told(office):
    export = ask(office)
    work(office, timedelta(seconds=61))
    [message] = mail.outbox
    assert (message.to, message.attachments) == (["officer@alpha.example"], [])
    assert message.subject == "Your file is ready: Organizations, Alpha University"
    assert "Alpha Officer, you asked for a file of Alpha University on 24 Nov 2026, 10:05: Organizations, CSV." in (
        message.body
    )
    assert "with 3 rows" in message.body
    assert "kept until 1 Dec 2026, 10:06, for you alone" in message.body, "by the clock of who asked"
    assert "/t/alpha/exports/\n" in message.body
    assert message.extra_headers["Message-ID"] == f"<export-{export.key}@alpha.causeway>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    for hidden in ("q=Org", "Name: Org", "Org 0"):
        assert hidden not in message.body
    assert state_of(office, export).told_at == MORNING + timedelta(seconds=61)


def test_a_file_within_a_minute_is_not_told_of(office):
    export = ask(office)
    work(office, timedelta(seconds=60))
    row = state_of(office, export)
    assert (row.state, row.told_at, mail.outbox) == (ExportState.READY, None, [])


def test_what_a_program_asked_for_it_looks_after_itself(office):
    with time_machine.travel(MORNING, tick=False):
        with tenant_transaction(office.id):
            token = make_token(office, "officer")
        assert Api(office, token=token).post("exports/", ASKED).status_code == 201
    work(office, timedelta(minutes=5))
    with tenant_transaction(office.id):
        row = LongExport.objects.get()
        assert (row.state, row.told_at, mail.outbox) == (ExportState.READY, None, [])
        with time_machine.travel(MORNING + timedelta(days=8), tick=False):
            retry_export(actor=office.actor("officer"), export=row)
    work(office, timedelta(days=8, minutes=2))
    assert len(mail.outbox) == 1, "a person asked anew"


def test_what_failed_for_good_is_told_with_why(office, monkeypatch):
    export = ask(office)
    for module in (export_writing, long_exports):
        monkeypatch.setattr(module, "MOST_ROWS", {"csv": 2, "xlsx": 2})
    work(office, timedelta(seconds=1))
    [message] = mail.outbox
    assert message.subject == "No file: Organizations, Alpha University"
    assert "This is more than 2 rows. Narrow the list" in message.body
    assert "kept until" not in message.body
    assert state_of(office, export).state == ExportState.FAILED


def test_what_broke_down_each_time_is_told_once(office, monkeypatch):
    def break_down(*args, **kwargs):
        raise ZeroDivisionError("canary")

    monkeypatch.setattr(export_writing, "read_rows", break_down)
    ask(office)
    for hour in range(10):
        work(office, timedelta(hours=hour))
    [message] = mail.outbox
    assert "Something went wrong each time" in message.body
    assert "canary" not in message.body


@pytest.mark.parametrize("change", [{"ended_at": timezone.now()}, {"role": "viewer"}])
def test_who_left_is_not_told_and_who_may_no_longer_is(office, change):
    ask(office)
    office.change("officer", **change)
    work(office, timedelta(minutes=2))
    assert [message.subject for message in mail.outbox] == (
        ["No file: Organizations, Alpha University"] if "role" in change else []
    )


def test_a_job_that_runs_again_tells_nothing(in_alpha):
    mail.outbox = []
    export = make_export(in_alpha.user("officer"), "ready")
    given = {"export_id": export.pk, "run": str(export.key)}
    system = Actor.system(in_alpha.id)
    assert [mail_export(actor=system, **given) for _again in range(3)] == [True, False, False]
    LongExport.objects.update(told_at=None)
    mail_export(actor=system, **given)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second


@pytest.mark.parametrize("fate", ["canceled", "deleted", "asked anew", "expired"])
def test_what_came_between_wins(in_alpha, fate):
    mail.outbox = []
    officer = in_alpha.actor("officer")
    export = make_export(in_alpha.user("officer"), "failed" if fate == "asked anew" else "ready")
    given = {"export_id": export.pk, "run": str(export.key)}
    if fate == "canceled":
        LongExport.objects.update(state="waiting")
        cancel_export(actor=officer, export=export)
    elif fate == "deleted":
        delete_export(actor=officer, export=export)
    elif fate == "asked anew":
        retry_export(actor=officer, export=export)
    else:
        LongExport.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert mail_export(actor=Actor.system(in_alpha.id), **given) is False
    assert mail.outbox == []


def test_another_offices_job_tells_nobody(in_alpha, beta):
    mail.outbox = []
    export = make_export(in_alpha.user("officer"), "ready")
    with tenant_transaction(beta.id):
        assert mail_export(actor=Actor.system(beta.id), export_id=export.pk, run=str(export.key)) is False
    assert mail.outbox == []


class Faltering(EmailBackend):
    """A mail server that is away at first."""

    away = 2

    def send_messages(self, messages):
        if self.away:
            type(self).away -= 1
            raise ConnectionRefusedError("The mail server is away")
        return super().send_messages(messages)


def test_a_mail_server_that_is_away_keeps_no_file_back(office, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Faltering"
    Faltering.away = 2
    export = ask(office)
    work(office, timedelta(minutes=2))
    row = state_of(office, export)
    assert (row.state, row.told_at, mail.outbox) == (ExportState.READY, None, [])
    for hour in (1, 2, 3):
        work(office, timedelta(hours=hour))
    assert [message.to for message in mail.outbox] == [["officer@alpha.example"]]
    with tenant_transaction(office.id):
        assert Job.objects.get(name=MAIL).state == "done"
