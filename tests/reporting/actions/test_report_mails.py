"""Reports by e-mail: in the morning of the office, each recipient what they may see, and nothing twice."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from core.actor import Actor
from core.jobs import MAIL_ATTEMPTS
from core.tenancy.scope import tenant_transaction
from reporting.actions.report_mails import MAIL, mail_report, plan_report_mails
from reporting.actions.schedules import edit_report_schedule, leave_report_schedule
from reporting.models import ReportDelivery, ReportRecipient, ReportSchedule
from tenants.actions.jobs import enqueue, run_due_jobs
from tenants.models import Export, Job, Tenant, Unit
from tests.api_kit import counted
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership
from tests.factories.reports import make_report, make_schedule

MONDAY = date(2026, 12, 7)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: date, hour: int, minute: int = 15) -> datetime:
    """A moment by the clock of alpha, which is an hour ahead of UTC in winter."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def look(office, moment: datetime) -> list[str]:
    """An hourly look and the mails that it wants, at a moment; to whom something went."""
    mail.outbox.clear()
    with time_machine.travel(moment, tick=False):
        plan_report_mails(actor=Actor.system(office.id))
        for job in Job.objects.filter(name=MAIL, state="queued").order_by("key"):
            payload = {**job.payload, "slot": date.fromisoformat(job.payload["slot"])}
            mail_report(actor=Actor.system(office.id), **payload)
            Job.objects.filter(pk=job.pk).update(state="done", finished_at=moment)
    return [address for message in mail.outbox for address in message.to]


def sent_to(office, *roles: str, **fields) -> ReportSchedule:
    report = fields.pop("report", None)
    given = {"since": LONG_AGO, **fields}
    return make_schedule(office.user("manager"), *(office.user(role) for role in roles), report=report, **given)


def table(message) -> list[list[str]]:
    [(_name, content, _kind)] = message.attachments
    lines = list(csv.reader(io.StringIO(content if isinstance(content, str) else content.decode("utf-8-sig"))))
    return lines[1 : lines.index([])]


def outcomes() -> list[tuple[str, str, str]]:
    rows = ReportDelivery.objects.select_related("member").order_by("pk")
    return [(row.member.email, row.outcome, row.problem) for row in rows]


def test_the_mail_says_what_holds_the_file_and_leads_there(in_alpha):
    make_partnership(make_organization(name="Brandt AG"))
    schedule = sent_to(in_alpha, "viewer", report=make_report(in_alpha.user("manager"), name="Tiers"))
    assert look(in_alpha, at(MONDAY, 7)) == ["viewer@alpha.example"]
    message = mail.outbox[0]
    assert message.subject == "Tiers: Alpha University"
    assert "Alpha Viewer" in message.body
    assert "Alpha Manager chose that it comes to you" in message.body
    assert f"/t/alpha/reports/{schedule.report_id}/" in message.body
    assert f"/t/alpha/report-schedules/{schedule.pk}/" in message.body
    assert "1 partner" in message.body
    [(name, _content, kind)] = message.attachments
    assert (name, kind) == ("tiers-alpha-2026-12-07.csv", "text/csv")
    assert table(message)[-1] == ["All", "1"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert outcomes() == [("viewer@alpha.example", "sent", "")]
    [record] = Export.objects.all()
    assert (record.member.email, record.list_code, record.file_format) == (
        "viewer@alpha.example",
        "built-report",
        "csv",
    )


@pytest.mark.parametrize(("file_format", "kind", "begins"), [
    ("pdf", "application/pdf", b"%PDF-"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
])  # fmt: skip
def test_other_files_go_too(in_alpha, file_format, kind, begins):
    sent_to(in_alpha, "viewer", file_format=file_format)
    look(in_alpha, at(MONDAY, 7))
    [(name, content, found)] = mail.outbox[0].attachments
    assert name.endswith(f".{file_format}")
    assert found == kind
    assert content.startswith(begins)


def test_it_is_morning_by_the_offices_clock_and_once(in_alpha):
    sent_to(in_alpha, "viewer", "officer")
    assert look(in_alpha, at(MONDAY, 6)) == []
    assert sorted(look(in_alpha, at(MONDAY, 7))) == ["officer@alpha.example", "viewer@alpha.example"]
    for hour in (7, 8, 23):
        assert look(in_alpha, at(MONDAY, hour)) == []
    assert look(in_alpha, at(MONDAY + timedelta(days=1), 7)) == []
    assert len(look(in_alpha, at(MONDAY + timedelta(days=7), 7))) == 2


def test_an_office_elsewhere_has_another_morning(in_alpha):
    Tenant.objects.filter(pk=in_alpha.id).update(time_zone="America/New_York")
    sent_to(in_alpha, "viewer")
    assert look(in_alpha, at(MONDAY, 7)) == []
    assert look(in_alpha, at(MONDAY, 13)) == ["viewer@alpha.example"]


def test_a_night_in_which_the_clock_was_put_forward_brings_one_mail(in_alpha):
    sunday = date(2027, 3, 28)
    sent_to(in_alpha, "viewer", weekday=7)
    moments = [datetime(2027, 3, 27, 20, 15, tzinfo=UTC) + timedelta(hours=number) for number in range(24)]
    got = [moment for moment in moments if look(in_alpha, moment)]
    assert got == [datetime(sunday.year, sunday.month, sunday.day, 5, 15, tzinfo=UTC)], "seven in summer is five in UTC"


def test_the_thirty_first_is_the_last_of_short_months(in_alpha):
    sent_to(in_alpha, "viewer", cadence="monthly", weekday=None, day_of_month=31, since=at(date(2027, 1, 1), 0))
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(120)]
    got = [day for day in days if look(in_alpha, at(day, 8))]
    assert got == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_each_recipient_gets_what_they_may_see(in_alpha):
    partnership = make_partnership(make_organization(name="Brandt AG"))
    partnership.owner = in_alpha.user("officer")
    partnership.save(update_fields=["owner"])
    report = make_report(in_alpha.user("manager"), query="subject=partners&rows=tier&owner=me")
    sent_to(in_alpha, "officer", "viewer", report=report)
    look(in_alpha, at(MONDAY, 7))
    tables = {message.to[0]: table(message) for message in mail.outbox}
    assert tables["officer@alpha.example"][-1] == ["All", "1"]
    assert tables["viewer@alpha.example"] == []


def test_who_left_or_was_taken_off_gets_nothing(in_alpha):
    schedule = sent_to(in_alpha, "officer", "viewer", "researcher")
    in_alpha.change("officer", ended_at=timezone.now())
    ReportRecipient.objects.filter(schedule=schedule, member=in_alpha.user("viewer")).delete()
    assert look(in_alpha, at(MONDAY, 7)) == ["researcher@alpha.example"]
    assert [address for address, *_more in outcomes()] == ["researcher@alpha.example"]


def test_who_left_between_the_look_and_the_mail_gets_nothing(in_alpha):
    schedule = sent_to(in_alpha, "viewer")
    mail.outbox.clear()
    leave_report_schedule(actor=in_alpha.actor("viewer"), schedule=schedule)
    given = {"schedule_id": schedule.pk, "member_id": in_alpha.user("viewer").pk, "slot": MONDAY}
    assert mail_report(actor=Actor.system(in_alpha.id), **given) is False
    assert (mail.outbox, outcomes(), look(in_alpha, at(MONDAY, 7))) == ([], [], [])


def test_who_may_not_see_it_any_more_gets_nothing_and_the_page_says_so(in_alpha, client_of):
    unit = Unit.objects.create(name="Physics")
    team = make_report(in_alpha.user("manager"), visibility="team", unit=unit)
    sent_to(in_alpha, "officer", report=team)
    placements = make_report(
        in_alpha.user("manager"), subject="placements", query="subject=placements&rows=program_kind"
    )
    sent_to(in_alpha, "viewer", report=placements)
    assert look(in_alpha, at(MONDAY, 7)) == []
    assert outcomes() == [("officer@alpha.example", "unseen", ""), ("viewer@alpha.example", "unseen", "")]
    text = client_of(in_alpha).get(f"{in_alpha.prefix}/reports/{team.pk}/").content.decode()
    assert 'Alpha Officer, <time datetime="2026-12-07"' in text
    assert ": Not sent: may not see the report" in text
    assert not Export.objects.exists()


def test_a_report_that_no_longer_holds_is_not_sent_and_the_page_says_why(in_alpha, client_of):
    unit = Unit.objects.create(name="Law")
    report = make_report(in_alpha.user("manager"), query=f"subject=partners&rows=tier&unit={unit.pk}")
    sent_to(in_alpha, "viewer", report=report)
    Unit.objects.filter(pk=unit.pk).update(closed_on="2026-12-01")
    assert look(in_alpha, at(MONDAY, 7)) == []
    [(_address, outcome, problem)] = outcomes()
    assert outcome == "broken"
    assert "Lead unit of the partner" in problem
    text = client_of(in_alpha).get(f"{in_alpha.prefix}/reports/{report.pk}/").content.decode()
    assert "Not sent: the report no longer holds" in text


def test_a_paused_one_is_not_sent_and_its_mornings_are_not_caught_up(in_alpha):
    schedule = sent_to(in_alpha, "viewer", is_paused=True)
    assert look(in_alpha, at(MONDAY, 7)) == []
    with time_machine.travel(at(MONDAY, 9), tick=False):
        edit_report_schedule(actor=in_alpha.actor("manager"), schedule=schedule, is_paused=False)
    assert look(in_alpha, at(MONDAY, 10)) == []
    assert look(in_alpha, at(MONDAY + timedelta(days=7), 7)) == ["viewer@alpha.example"]


def test_a_pause_between_the_look_and_the_mail_holds(in_alpha):
    schedule = sent_to(in_alpha, "viewer")
    mail.outbox.clear()
    ReportSchedule.objects.filter(pk=schedule.pk).update(is_paused=True)
    given = {"schedule_id": schedule.pk, "member_id": in_alpha.user("viewer").pk, "slot": MONDAY}
    assert mail_report(actor=Actor.system(in_alpha.id), **given) is False
    ReportSchedule.objects.filter(pk=schedule.pk).delete()
    assert mail_report(actor=Actor.system(in_alpha.id), **given) is False
    assert (mail.outbox, outcomes()) == ([], [])


def test_a_job_that_runs_again_sends_nothing_and_a_copy_can_be_told(in_alpha):
    schedule = sent_to(in_alpha, "viewer")
    given = {"schedule_id": schedule.pk, "member_id": in_alpha.user("viewer").pk, "slot": MONDAY}
    mail.outbox.clear()
    assert mail_report(actor=Actor.system(in_alpha.id), **given) is True
    assert mail_report(actor=Actor.system(in_alpha.id), **given) is False
    ReportDelivery.objects.all().delete()
    mail_report(actor=Actor.system(in_alpha.id), **given)
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.startswith(f"<report-{schedule.pk}-")


class Faltering(EmailBackend):
    """A mail server that is away for as many tries."""

    away = 0

    def send_messages(self, messages):
        if self.away:
            type(self).away -= 1
            raise ConnectionRefusedError("The mail server is away")
        return super().send_messages(messages)


@pytest.mark.parametrize(("away", "outcome"), [(1, "sent"), (100, "failed")])
def test_a_mail_that_failed_is_tried_again_and_at_last_said(committed, alpha, settings, client_of, away, outcome):
    settings.EMAIL_BACKEND = f"{__name__}.Faltering"
    Faltering.away = away
    mail.outbox = []
    with tenant_transaction(alpha.id):
        schedule = sent_to(alpha, "viewer")
    with time_machine.travel(at(MONDAY, 7), tick=False) as clock:
        for _look in range(MAIL_ATTEMPTS + 1):
            with tenant_transaction(alpha.id):
                enqueue("reporting.plan_report_mails", key="periodic")
            run_due_jobs(alpha.id)
            clock.shift(timedelta(minutes=40))
        with tenant_transaction(alpha.id):
            assert outcomes() == [("viewer@alpha.example", outcome, "")]
            assert Job.objects.filter(name=MAIL).count() == 1
            assert Export.objects.count() == (outcome == "sent")
        text = client_of(alpha).get(f"{alpha.prefix}/reports/{schedule.report_id}/").content.decode()
    assert [message.to for message in mail.outbox] == ([["viewer@alpha.example"]] if outcome == "sent" else [])
    assert ("could not be delivered" in text) == (outcome == "failed")


def test_a_look_costs_the_same_however_many(in_alpha):
    costs = []
    for _more in range(2):
        sent_to(in_alpha, "viewer", "officer")
        with time_machine.travel(at(MONDAY, 7), tick=False), counted() as statements:
            assert plan_report_mails(actor=Actor.system(in_alpha.id)) == 2
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 6
