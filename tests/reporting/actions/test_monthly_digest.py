"""The monthly digest: on the first working day by the office's clock, once, and only what its reader may see."""

import zoneinfo
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core.actor import Actor
from core.tenancy.scope import tenant_scope, tenant_transaction
from core.urls import in_office, office_url
from partnerships.models import Interaction
from reporting.actions import monthly_digest
from reporting.actions.monthly_digest import DIGEST, PAGES, mail_monthly_digest, plan_monthly_digests
from reporting.queries.asking import ask, may_ask
from reporting.queries.scopes import scope_of
from tenants.actions.jobs import run_due_jobs
from tenants.models import Job, Membership, Tenant, User
from tests.cast import Office
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_interaction, make_partnership
from tests.reporting.generated import fill


def look(office, moment: datetime) -> list[str]:
    """An hourly look and what it wants to be sent, at a moment; whom something was sent to."""
    mail.outbox.clear()
    with time_machine.travel(moment, tick=False):
        plan_monthly_digests(actor=Actor.system(office.id))
        for job in Job.objects.filter(name=DIGEST, state="queued").order_by("key"):
            payload = {**job.payload, "month": date.fromisoformat(job.payload["month"])}
            mail_monthly_digest(actor=Actor.system(office.id), **payload)
            Job.objects.filter(pk=job.pk).update(state="done", finished_at=moment)
    return [address for message in mail.outbox for address in message.to]


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@pytest.fixture
def chosen(in_alpha) -> Office:
    """Alpha, whose officer chose the digest."""
    in_alpha.change("officer", monthly_digest=True)
    return in_alpha


OFFICER = ["officer@alpha.example"]


@pytest.mark.parametrize(
    ("too_early", "in_time"),
    [
        (utc(2026, 12, 1, 5, 20), utc(2026, 12, 1, 6, 20)),  # winter: an hour ahead; a Tuesday
        (utc(2026, 7, 1, 4, 20), utc(2026, 7, 1, 5, 20)),  # summer: two hours ahead
        (utc(2026, 4, 1, 4, 59), utc(2026, 4, 1, 5, 0)),  # summer time began three days before
        (utc(2026, 11, 2, 5, 59), utc(2026, 11, 2, 6, 0)),  # and ended a week before; the first is a Sunday
        (utc(2026, 8, 1, 12, 0), utc(2026, 8, 3, 5, 20)),  # the first is a Saturday
        (utc(2026, 3, 1, 12, 0), utc(2026, 3, 2, 6, 20)),
        (utc(2026, 12, 31, 23, 30), utc(2027, 1, 1, 6, 20)),  # a Friday; holidays are not taken out
    ],
)
def test_it_comes_at_seven_on_the_first_working_day(chosen, too_early, in_time):
    assert look(chosen, too_early) == []
    assert look(chosen, in_time) == OFFICER


def test_another_zone_has_another_morning(beta):
    with tenant_scope(beta.id):
        beta.change("officer", monthly_digest=True)
        assert look(beta, utc(2026, 12, 1, 11, 59)) == []
        assert look(beta, utc(2026, 12, 1, 12, 0)) == ["officer@beta.example"]
        assert look(beta, utc(2027, 1, 1, 4, 20)) == [], "still December in New York"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Pago_Pago"])
def test_the_ends_of_the_world(chosen, zone):
    """Each hour of three days: one mail, in the hour after seven there."""
    Tenant.objects.filter(pk=chosen.id).update(time_zone=zone)
    sent = []
    for day in (30, 31):
        sent += [utc(2026, 8, day, hour, 25) for hour in range(24) if look(chosen, utc(2026, 8, day, hour, 25))]
    for day in (1, 2):
        sent += [utc(2026, 9, day, hour, 25) for hour in range(24) if look(chosen, utc(2026, 9, day, hour, 25))]
    (there,) = [moment.astimezone(zoneinfo.ZoneInfo(zone)) for moment in sent]
    assert (there.date(), there.hour) == (date(2026, 9, 1), 7)


def test_it_names_the_month_that_is_over(chosen):
    look(chosen, utc(2027, 1, 1, 6, 20))
    assert mail.outbox[0].subject == "December 2026 in figures: Alpha University"
    assert Job.objects.get(name=DIGEST).payload == {"member_id": chosen.user("officer").pk, "month": "2026-12-01"}
    assert mail.outbox[0].extra_headers == {
        "Message-ID": f"<month-{chosen.id}-{chosen.user('officer').pk}-2026-12@alpha.causeway>",
        "Auto-Submitted": "auto-generated",
    }


def test_nobody_is_told_twice(chosen):
    assert look(chosen, utc(2026, 12, 1, 6, 20)) == OFFICER
    for hour in range(7, 24):
        assert look(chosen, utc(2026, 12, 1, hour, 20)) == []
    for day in range(2, 32):
        assert look(chosen, utc(2026, 12, day, 12, 20)) == []
    assert look(chosen, utc(2027, 1, 1, 6, 20)) == OFFICER


def test_a_morning_that_nobody_looked_at_is_made_up_for_within_three_days(chosen):
    assert look(chosen, utc(2026, 12, 4, 6, 0)) == []
    assert look(chosen, utc(2026, 12, 4, 5, 59)) == OFFICER


def test_who_did_not_choose_it_gets_none(in_alpha):
    assert look(in_alpha, utc(2026, 12, 1, 6, 20)) == []
    assert not Job.objects.exists()


def test_who_left_or_was_locked_out_gets_none(in_alpha):
    for role in ("officer", "manager", "viewer"):
        in_alpha.change(role, monthly_digest=True)
    in_alpha.change("officer", ended_at=utc(2026, 11, 30))
    User.objects.filter(pk=in_alpha.user("manager").pk).update(is_active=False)
    assert look(in_alpha, utc(2026, 12, 1, 6, 20)) == ["viewer@alpha.example"]


@pytest.mark.parametrize("change", [{"ended_at": utc(2026, 12, 1)}, {"monthly_digest": False}, None])
def test_what_was_lost_between_plan_and_mail_is_lost(chosen, change, monkeypatch):
    with time_machine.travel(utc(2026, 12, 1, 6, 20), tick=False):
        assert plan_monthly_digests(actor=Actor.system(chosen.id)) == 1
    if change:
        chosen.change("officer", **change)
    else:  # a role that sees no dashboards any more
        monkeypatch.setattr(monthly_digest, "PERMISSION", "reporting.set_target")
    member = chosen.user("officer").pk
    assert not mail_monthly_digest(actor=Actor.system(chosen.id), member_id=member, month=date(2026, 11, 1))
    assert mail.outbox == []


def test_it_says_what_the_dashboards_say_to_its_reader(alpha):
    """Every finding of both pages, computed here once more as the reader; and leads to the pages."""
    with tenant_scope(alpha.id):
        fill(alpha)
        for role in ("manager", "viewer"):
            alpha.change(role, monthly_digest=True)
        look(alpha, utc(2026, 12, 1, 6, 20))
        bodies = {message.to[0].partition("@")[0]: message.body for message in mail.outbox}
        with time_machine.travel(utc(2026, 12, 1, 6, 20), tick=False), in_office("alpha"):
            for role in ("manager", "viewer"):
                reader = alpha.actor(role)
                scope = scope_of(reader, {}, alpha.tenant)
                for _url, _title, questions in PAGES:
                    for question in questions:
                        if may_ask(reader, question):
                            assert ask(reader, question, scope).finding in bodies[role], question.code
    assert bodies["manager"].startswith("Alpha Manager, this was November 2026 at Alpha University.\n")
    for name in ("reporting:director", "reporting:portfolio", "tenants:preferences"):
        assert f"{office_url('alpha', name)}\n" in bodies["manager"]
    assert bodies["manager"] != bodies["viewer"]


def test_nothing_private_is_in_it(chosen):
    partner = make_partnership(make_organization(name="Müller & <Söhne>"))
    make_interaction(partner, occurred_at=utc(2026, 11, 5), note="canary-4711")
    assert Interaction.objects.get().note == "canary-4711"
    look(chosen, utc(2026, 12, 1, 6, 20))
    body = mail.outbox[0].body
    assert "canary" not in body
    assert "&amp;" not in body
    assert "Interactions: 1 (October: 0)" in body


def test_a_failed_mail_is_tried_again_and_is_the_same_mail(committed, alpha, monkeypatch):
    alpha.change("officer", monthly_digest=True)
    sent = []

    def lose_the_first(self, messages):
        sent.extend((message.extra_headers["Message-ID"], message.subject) for message in messages)
        if len(sent) == 1:
            raise ConnectionError("the server is away")
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", lose_the_first)
    with time_machine.travel(utc(2026, 12, 1, 6, 20), tick=False) as clock:
        with tenant_transaction(alpha.id):
            plan_monthly_digests(actor=Actor.system(alpha.id))
        run_due_jobs(alpha.id)
        with tenant_transaction(alpha.id):
            assert Job.objects.get().last_error.startswith("ConnectionError")
        clock.shift(60)
        run_due_jobs(alpha.id)
        run_due_jobs(alpha.id)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    with tenant_transaction(alpha.id):
        assert Job.objects.get().state == "done"


def test_it_is_chosen_in_the_preferences(alpha, client_of):
    officer, address = client_of(alpha, "officer"), f"{alpha.prefix}/preferences/"
    assert "E-mail with last month in figures" in officer.get(address).content.decode()
    whole = {"name": "Olga", "time_zone": "", "theme": "dark", "density": "compact", "digest": "never"}
    officer.post(address, {**whole, "monthly_digest": "on"})

    def mine() -> tuple[str, bool]:
        return Membership.objects.values_list("digest", "monthly_digest").get(pk=alpha.memberships["officer"].pk)

    assert mine() == ("never", True)
    officer.post(address, {"theme": "light", "next": address})
    assert mine() == ("never", True), "the menu sends one choice alone"
    officer.post(address, whole)
    assert mine() == ("never", False)


def test_it_is_not_offered_to_whoever_may_not_see_the_dashboards(alpha, client_of, monkeypatch):
    monkeypatch.setattr("tenants.registry._monthly_digests", [])
    officer, address = client_of(alpha, "officer"), f"{alpha.prefix}/preferences/"
    assert "monthly_digest" not in officer.get(address).content.decode()
    whole = {"name": "Olga", "time_zone": "", "theme": "dark", "density": "compact"}
    officer.post(address, {**whole, "monthly_digest": "on"})
    assert not Membership.objects.get(pk=alpha.memberships["officer"].pk).monthly_digest


def test_the_hour_asks_for_every_office():
    from config.celery import app

    (entry,) = [
        each for each in app.conf.beat_schedule.values() if each.get("args") == ["reporting.plan_monthly_digests"]
    ]
    assert entry["task"] == "tenants.enqueue_for_all"
    assert monthly_digest.MORNING.hour == 7
