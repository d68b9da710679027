"""Obligations: nothing done without evidence, series that go on, reminders once per step, waiving."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from agreements.actions.obligations import (
    add_obligation,
    complete_obligation,
    delete_obligation,
    edit_obligation,
    waive_obligation,
)
from agreements.actions.reminders import mail_ending, mail_obligations, plan_reminders
from agreements.models import Agreement, Obligation
from agreements.queries.obligations import read_delivery
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.jobs import get_task
from partnerships.registry import HealthScope, signals
from partnerships.rules.health import DEFAULT_CONFIG
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_obligation
from tests.factories.agreements import make_agreement, make_executed

DAY = timedelta(days=1)


def completed(office, row: Obligation, **more) -> Obligation:
    return complete_obligation(actor=office.actor("officer"), obligation=row, **{"evidence": "Mail", **more})


def refused(code: str, write, **arguments) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        write(**arguments)
    assert refusal.value.code == code
    return refusal.value


# Doing


def test_nothing_is_done_without_evidence(in_alpha):
    row, actor, today = make_obligation(), in_alpha.actor("officer"), timezone.localdate()
    refused("no_evidence", complete_obligation, actor=actor, obligation=row, evidence="  ")
    future = {"evidence": "Mail", "done_on": today + DAY}
    assert refused("in_the_future", complete_obligation, actor=actor, obligation=row, **future).field == "done_on"
    long_ago = {"evidence": "Mail", "done_on": date(1899, 12, 31)}
    refused("out_of_range", complete_obligation, actor=actor, obligation=row, **long_ago)
    done = completed(in_alpha, row, done_on=today - 3 * DAY)
    assert (done.done_on, done.done_by_id) == (today - 3 * DAY, actor.user_id)
    for write, more in (
        (complete_obligation, {"evidence": "Again"}),
        (waive_obligation, {"why": "No need."}),
        (edit_obligation, {"title": "Another"}),
    ):
        role = "manager" if write is waive_obligation else "officer"
        refused("done_already", write, actor=in_alpha.actor(role), obligation=row, **more)
    assert refused("done", delete_obligation, actor=actor, obligation=row)


def test_waiving_takes_a_manager_and_a_reason_and_ends_it(in_alpha):
    row = make_obligation()
    with nothing_changes(), pytest.raises(PermissionRefused):
        waive_obligation(actor=in_alpha.actor("officer"), obligation=row, why="No need.")
    manager = in_alpha.actor("manager")
    assert refused("no_reason", waive_obligation, actor=manager, obligation=row, why=" ").field == "why"
    assert waive_obligation(actor=manager, obligation=row, why="The project ended.").done_on is None
    refused("waived", complete_obligation, actor=manager, obligation=row, evidence="Mail")


def test_what_an_obligation_may_not_say(in_alpha):
    agreement, today = make_executed(), timezone.localdate()
    sound = {"side": "ours", "kind": "report", "title": "Report", "due_on": today}
    for changes, field in (
        ({"title": " "}, "title"),
        ({"due_on": date(1899, 12, 31)}, "due_on"),
        ({"due_on": today + timedelta(days=101 * 366)}, "due_on"),
        ({"repeats_until": today - DAY}, "repeats_until"),
        ({"weight": 0}, "weight"),
    ):
        with nothing_changes(), pytest.raises(InvalidInput) as refusal:
            add_obligation(actor=in_alpha.actor("officer"), agreement=agreement, **{**sound, **changes})
        assert refusal.value.field == field


# Series


@pytest.mark.parametrize(
    ("recurrence", "first", "following"),
    [
        ("monthly", date(2027, 1, 31), [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        ("quarterly", date(2027, 11, 30), [date(2028, 2, 29), date(2028, 5, 30)]),
        ("half_yearly", date(2027, 8, 31), [date(2028, 2, 29), date(2028, 8, 31)]),
        ("yearly", date(2028, 2, 29), [date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)]),
        ("once", date(2027, 1, 31), []),
    ],
)
def test_a_series_keeps_the_day_it_began_with(in_alpha, recurrence, first, following):
    row = make_obligation(make_executed(), recurrence=recurrence, owner=in_alpha.user("officer"), weight=2)
    Obligation.objects.filter(pk=row.pk).update(due_on=first)
    for due_on in following:
        completed(in_alpha, row)
        row = Obligation.objects.exclude(pk=row.pk).get(done_on=None)
        assert (row.due_on, row.title, row.weight, row.evidence) == (due_on, "Progress report", 2, "")
        assert (row.owner_id, row.last_reminder) == (in_alpha.user("officer").pk, None)
        assert row.series.due_on == first
    if not following:
        completed(in_alpha, row)
        assert Obligation.objects.count() == 1


def test_a_series_ends_on_its_last_day_and_goes_on_when_one_is_waived(in_alpha):
    row = make_obligation(make_executed(), recurrence="monthly")
    day = date(2027, 1, 15)
    Obligation.objects.filter(pk=row.pk).update(due_on=day, repeats_until=date(2027, 3, 14))
    waive_obligation(actor=in_alpha.actor("manager"), obligation=row, why="A holiday.")
    second = Obligation.objects.get(waived_reason="")
    assert second.due_on == date(2027, 2, 15)
    completed(in_alpha, second)
    assert not Obligation.objects.filter(done_on=None, waived_reason="").exists()


# Reminders


def night(office) -> int:
    return plan_reminders(actor=Actor.system(office.id))


def send_all() -> None:
    for job in Job.objects.filter(state="queued", name__startswith="agreements.mail_").order_by("pk"):
        get_task(job.name).run(actor=Actor.system(job.tenant_id), **job.payload)
        job.delete()


def test_each_step_of_the_ladder_is_told_once(in_alpha):
    officer, agreement = in_alpha.user("officer"), make_executed(expires_on=None)
    row = make_obligation(agreement, owner=officer, due_in=91)
    today, told = timezone.localdate(), []
    for left in (91, 90, 89, 60, 59, 31, 30, 14, 13, 7, 2, 1, 0, -1, -2, -30):
        Obligation.objects.filter(pk=row.pk).update(due_on=today + left * DAY)
        if night(in_alpha):
            told.append(left)
        assert night(in_alpha) == 0  # a second night on the same day tells nobody
        send_all()
    assert told == [90, 60, 30, 14, 7, 1, -1]
    assert len(mail.outbox) == 7
    assert {tuple(each.to) for each in mail.outbox} == {(officer.email,)}
    assert "Progress report" in mail.outbox[0].body
    assert "overdue by 1 day" in mail.outbox[-1].body
    assert "/t/" not in mail.outbox[0].body


def test_one_mail_tells_of_everything_and_nothing_of_what_may_not_be_told(in_alpha):
    officer = in_alpha.user("officer")
    agreement = make_executed(expires_on=None)
    late, soon = (make_obligation(agreement, owner=officer, due_in=days) for days in (-3, 14))
    make_obligation(agreement, owner=officer, due_in=14, waived_reason="No need")
    make_obligation(agreement, owner=officer, due_in=-1, done_on=timezone.localdate(), evidence="Sent")
    make_obligation(make_agreement(), owner=officer)  # a draft owes nothing yet
    make_obligation(make_executed(status="terminated", ended_on=timezone.localdate()), owner=officer)
    make_obligation(agreement, owner=None)
    hidden = make_obligation(make_executed(level="restricted", expires_on=None), owner=officer, title="Secret")
    assert night(in_alpha) == 1
    [job] = Job.objects.filter(name="agreements.mail_obligations")
    assert {pk for pk, _step in job.payload["steps"]} == {late.pk, soon.pk, hidden.pk}
    send_all()
    [sent] = mail.outbox
    assert "2 obligations" in sent.subject
    assert "Secret" not in sent.body


def test_what_was_done_or_given_away_since_is_not_told(in_alpha):
    officer, today = in_alpha.user("officer"), timezone.localdate()
    row = make_obligation(make_executed(expires_on=None), owner=officer, due_in=7)
    night(in_alpha)
    steps = [(row.pk, 7)]
    told = {"actor": Actor.system(in_alpha.id), "member_id": officer.pk, "steps": steps}
    edit_obligation(actor=in_alpha.actor("officer"), obligation=row, due_on=today + 40 * DAY)
    assert mail_obligations(**told) == 0
    Obligation.objects.filter(pk=row.pk).update(last_reminder=7, owner=in_alpha.user("manager"))
    assert mail_obligations(**told) == 0
    Obligation.objects.filter(pk=row.pk).update(owner=officer)
    assert mail_obligations(**told) == 1
    in_alpha.change("officer", ended_at=timezone.now())
    assert mail_obligations(**told) == 0


def test_an_agreement_that_ends_is_told_of_once_per_step(in_alpha):
    manager, today = in_alpha.user("manager"), timezone.localdate()
    row = make_executed(kind="nda", owner=manager, expires_on=today + 60 * DAY)
    make_executed(kind="nda", owner=manager, expires_on=today + 60 * DAY, amends=row)
    make_executed(kind="nda", owner=manager, expires_on=today + 60 * DAY, renewal_intended=False)
    make_executed(kind="nda", owner=None, expires_on=today + 60 * DAY)
    make_executed(kind="nda", owner=manager, expires_on=today + 100 * DAY)
    assert night(in_alpha) == 1
    assert night(in_alpha) == 0
    send_all()
    [sent] = mail.outbox
    assert row.reference in sent.subject
    assert sent.to == [manager.email]
    Agreement.objects.filter(pk=row.pk).update(status="terminated", ended_on=today)
    assert not mail_ending(actor=Actor.system(in_alpha.id), agreement_id=row.pk)
    assert len(mail.outbox) == 1


def test_the_night_is_wanted_for_every_office(in_alpha):
    from config.celery import app

    nightly = [each["args"] for each in app.conf.beat_schedule.values() if "args" in each]
    assert ["agreements.plan_reminders"] in nightly
    assert get_task("agreements.plan_reminders")


# Health


def test_delivery_follows_from_what_fell_due(in_alpha):
    """Done in time counts in full, open a month late little; what was waived or is not due yet not at all."""
    agreement, today = make_executed(days_ago=300), timezone.localdate()
    make_obligation(agreement, due_in=-10, done_on=today - 10 * DAY, evidence="Sent")
    make_obligation(agreement, due_in=-30, weight=2)
    make_obligation(agreement, due_in=-30, waived_reason="No need")
    make_obligation(agreement, due_in=1)
    make_obligation(agreement, due_in=-366)
    scope = HealthScope(in_alpha.id, (agreement.partnership_id,), today, "UTC", DEFAULT_CONFIG)
    section = read_delivery(scope)[agreement.partnership_id]
    assert section.weight == 3.0
    assert 1.0 < section.credit < 2.0
    assert "delivery" in signals()
    early = replace(DEFAULT_CONFIG, half_lives=replace(DEFAULT_CONFIG.half_lives, delay=1))
    assert read_delivery(replace(scope, config=early))[agreement.partnership_id].credit == pytest.approx(1.0)
    before = replace(scope, known_at=timezone.now() - DAY)  # all of it was entered since
    assert read_delivery(before) == {}


def test_what_was_ticked_off_since_was_open_then(in_alpha):
    agreement, today = make_executed(days_ago=300), timezone.localdate()
    done, waived = (make_obligation(agreement, due_in=-1) for _ in range(2))
    moment = timezone.now()
    completed(in_alpha, done, done_on=today - DAY)
    waive_obligation(actor=in_alpha.actor("manager"), obligation=waived, why="No need.")
    scope = HealthScope(in_alpha.id, (agreement.partnership_id,), today, "UTC", DEFAULT_CONFIG)
    now = read_delivery(scope)[agreement.partnership_id]
    then = read_delivery(replace(scope, known_at=moment))[agreement.partnership_id]
    assert (now.weight, now.credit) == (1.0, 1.0)
    assert then.weight == 2.0
    assert then.credit < 2.0
