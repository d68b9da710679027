"""Mail about new alerts: in the morning of the office, as often as each member chose, each alert once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from partnerships.actions.alert_digests import mail_alert_digest, plan_alert_digests
from partnerships.models import HealthAlert
from tenants.actions.jobs import enqueue, run_due_jobs
from tenants.models import Job, User
from tests.factories.health import make_alert
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership

TUESDAY, MONDAY = date(2026, 12, 1), date(2026, 12, 7)


def at(day: date, hour: int, minute: int = 20) -> datetime:
    """A moment by the clock of alpha, which is an hour ahead of UTC in winter."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def alert_for(office, role: str, name: str = "Brandt AG", **fields) -> HealthAlert:
    return make_alert(make_partnership(make_organization(name=name)), routed_to=office.user(role), **fields)


def look(office, moment: datetime) -> list[str]:
    """An hourly look and what it wants to be sent, at a moment; whom something was sent to."""
    mail.outbox.clear()
    with time_machine.travel(moment, tick=False):
        plan_alert_digests(actor=Actor.system(office.id))
        for job in Job.objects.filter(name="partnerships.mail_alert_digest", state="queued").order_by("key"):
            payload = {**job.payload, "day": date.fromisoformat(job.payload["day"])}
            mail_alert_digest(actor=Actor.system(office.id), **payload)
            Job.objects.filter(pk=job.pk).update(state="done", finished_at=moment)
    return [address for message in mail.outbox for address in message.to]


@pytest.fixture
def daily(in_alpha):
    in_alpha.change("officer", digest="daily")
    return in_alpha


def test_the_mail_says_what_and_leads_there(daily):
    alert = alert_for(daily, "officer", rule="A7", raised_on=TUESDAY)
    HealthAlert.objects.update(numbers={"days": 50.0, "usual": 30.0, "on": TUESDAY.toordinal()})
    assert look(daily, at(TUESDAY, 7)) == ["officer@alpha.example"]
    message = mail.outbox[0]
    assert message.subject == "1 new alert: Alpha University"
    assert "Brandt AG: No real contact for 50 days; 30 are usual.\n" in message.body
    assert f"/t/alpha/health-alerts/{alert.pk}/\n" in message.body
    assert "http" in message.body
    assert "/t/alpha/preferences/" in message.body
    alert.refresh_from_db()
    assert alert.told_at == at(TUESDAY, 7)


def test_names_and_markup_stay_what_they_are_and_people_out(daily):
    partnership = make_partnership(make_organization(name="Müller & <Söhne>"))
    person = make_contact(partnership.organization, name="Lena Brandt")
    numbers = {"kept": 0.25, "left": 1.0, "contact": person.pk}
    make_alert(partnership, rule="A5", numbers=numbers, routed_to=daily.user("officer"))
    look(daily, at(TUESDAY, 7))
    assert "Müller & <Söhne>: The person with the strongest tie does not work there any more." in mail.outbox[0].body
    assert "Lena" not in mail.outbox[0].body


def test_it_is_morning_by_the_offices_clock_and_once_a_day(daily):
    alert_for(daily, "officer")
    assert look(daily, at(TUESDAY, 6)) == []
    assert look(daily, at(TUESDAY, 7)) == ["officer@alpha.example"]
    alert_for(daily, "officer", "Later")
    for hour in (8, 12, 23):
        assert look(daily, at(TUESDAY, hour)) == [], "what came during the day waits for tomorrow"
    assert look(daily, at(TUESDAY + timedelta(days=1), 7)) == ["officer@alpha.example"]
    assert "Later" in mail.outbox[0].body
    assert "Brandt" not in mail.outbox[0].body
    assert look(daily, at(TUESDAY + timedelta(days=2), 7)) == [], "nothing is new"


def test_another_zone_has_another_morning(beta):
    from core.tenancy.scope import tenant_scope

    with tenant_scope(beta.id):
        beta.change("officer", digest="daily")
        alert_for(beta, "officer")
        assert look(beta, datetime(2026, 12, 1, 11, 20, tzinfo=UTC)) == []
        assert look(beta, datetime(2026, 12, 1, 12, 20, tzinfo=UTC)) == ["officer@beta.example"]
        alert_for(beta, "officer", "Later")
        assert look(beta, datetime(2026, 12, 2, 4, 20, tzinfo=UTC)) == [], "still Tuesday in New York"


def test_a_morning_that_nobody_looked_at_is_made_up_for_the_same_day(daily):
    alert_for(daily, "officer")
    assert look(daily, at(TUESDAY, 16)) == ["officer@alpha.example"]


def test_weekly_on_mondays_daily_every_day_never_not(in_alpha):
    for role, digest in (("officer", "daily"), ("manager", "weekly"), ("administrator", "never")):
        in_alpha.change(role, digest=digest)
        alert_for(in_alpha, role)
    assert look(in_alpha, at(TUESDAY, 7)) == ["officer@alpha.example"]
    alert_for(in_alpha, "officer", "Later")
    assert sorted(look(in_alpha, at(MONDAY, 9))) == ["manager@alpha.example", "officer@alpha.example"]
    assert HealthAlert.objects.filter(told_at=None).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"quiet_until": TUESDAY + timedelta(days=3)},
        {"ended_at": at(TUESDAY, 1), "end": "passed"},
        {"told_at": at(TUESDAY, 1)},
    ],
)
def test_what_is_put_off_over_or_told_is_not_new(daily, fields):
    alert_for(daily, "officer", **fields)
    assert look(daily, at(TUESDAY, 7)) == []


def test_what_was_put_off_is_told_when_it_comes_back(daily):
    alert_for(daily, "officer", quiet_until=TUESDAY + timedelta(days=2))
    assert [look(daily, at(TUESDAY + timedelta(days=day), 7)) for day in range(4)] == [
        [],
        [],
        ["officer@alpha.example"],
        [],
    ]


def test_who_left_or_may_not_see_alerts_gets_none(in_alpha):
    for role in ("officer", "viewer", "researcher"):
        in_alpha.change(role, digest="daily")
        alert_for(in_alpha, role)
    in_alpha.change("officer", ended_at=at(TUESDAY, 1))
    User.objects.filter(pk=in_alpha.user("researcher").pk).update(is_active=False)
    assert look(in_alpha, at(TUESDAY, 7)) == []
    assert not HealthAlert.objects.exclude(told_at=None).exists()


def test_nobodys_alerts_are_mailed_to_nobody(daily):
    make_alert()
    assert look(daily, at(TUESDAY, 7)) == []


class Faltering(EmailBackend):
    """A mail server that is away at the first try, and lost the second answer."""

    tries = 0

    def send_messages(self, messages):
        type(self).tries += 1
        if self.tries == 1:
            raise ConnectionRefusedError("The mail server is away")
        return super().send_messages(messages)


def test_a_mail_that_failed_is_tried_again_and_told_once(committed, alpha, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Faltering"
    Faltering.tries = 0
    mail.outbox = []
    with tenant_transaction(alpha.id):
        alpha.change("officer", digest="daily")
        alert_for(alpha, "officer")
    with time_machine.travel(at(TUESDAY, 7), tick=False) as clock:
        for _look in range(2):
            with tenant_transaction(alpha.id):
                enqueue("partnerships.plan_alert_digests", key="periodic")
            run_due_jobs(alpha.id)
            if Faltering.tries == 1:
                with tenant_transaction(alpha.id):
                    assert HealthAlert.objects.get().told_at is None, "what was not sent was not told"
            clock.shift(timedelta(minutes=5))
        run_due_jobs(alpha.id)
        with tenant_transaction(alpha.id):
            assert HealthAlert.objects.get().told_at is not None
            assert Job.objects.filter(name="partnerships.mail_alert_digest").count() == 1
    assert [message.to for message in mail.outbox] == [["officer@alpha.example"]]


def test_a_job_that_runs_again_after_its_work_was_kept_sends_nothing(daily):
    alert_for(daily, "officer")
    actor, member = Actor.system(daily.id), daily.user("officer").pk
    mail.outbox.clear()
    assert mail_alert_digest(actor=actor, member_id=member, day=TUESDAY) == 1
    assert mail_alert_digest(actor=actor, member_id=member, day=TUESDAY) == 0
    assert len(mail.outbox) == 1
    identity = mail.outbox[0].message()["Message-ID"]
    HealthAlert.objects.update(told_at=None)
    mail_alert_digest(actor=actor, member_id=member, day=TUESDAY)
    assert mail.outbox[1].message()["Message-ID"] == identity, "a copy can be told from another mail"
