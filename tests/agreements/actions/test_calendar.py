"""Calendar feeds by their secret address: who reads what, and what a withdrawn or foreign address gives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agreements.actions.calendar import MOST_FEEDS, create_calendar_feed, revoke_calendar_feed
from agreements.models import CalendarFeed
from core.actor import Actor
from core.errors import ActionRefused
from core.secrets import digest_of, new_secret
from core.tenancy.scope import tenant_scope
from tenants.actions.tokens import create_token, revoke_token
from tenants.models import ApiToken
from tests.api_kit import nothing_changes
from tests.cast import Office
from tests.factories.agreement_parts import make_obligation
from tests.factories.agreements import make_executed

DAY = timedelta(days=1)


def read(office: Office, secret: str):
    return Client().get(f"{office.prefix}/calendar/{secret}.ics")


def unfolded(answer) -> list[str]:
    text = answer.content.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_the_feed_is_calendar_text_of_what_one_looks_after(in_alpha):
    officer, today = in_alpha.user("officer"), timezone.localdate()
    agreement = make_executed(title="Joint; laboratory, with a\nlong name " + "é" * 80, owner=officer)
    make_executed(amends=agreement, owner=officer, title="An amendment")
    row = make_obligation(agreement, owner=officer, title="Report: a,b;c\\d", consequence="Payment stops")
    make_obligation(agreement, title="Somebody else's")
    make_obligation(agreement, owner=officer, title="Done", done_on=today, evidence="Sent")
    _feed, secret = create_calendar_feed(actor=in_alpha.actor("officer"))
    answer = read(in_alpha, secret)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    lines = unfolded(answer)
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert [line for line in lines if line.startswith("SUMMARY:")] == [
        r"SUMMARY:Report: a\,b\;c\\d",
        f"SUMMARY:{agreement.reference} ends",
    ]
    assert f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}" in lines
    assert f"DTEND;VALUE=DATE:{row.due_on + DAY:%Y%m%d}" in lines
    [description] = [line for line in lines if "Payment stops" in line]
    assert r"Joint\; laboratory\, with a\nlong name" in description
    before = [line for line in lines if line.startswith(("UID:", "SEQUENCE:"))]
    row.version += 1
    row.save()
    after = [line for line in unfolded(read(in_alpha, secret)) if line.startswith(("UID:", "SEQUENCE:"))]
    assert after[0] == before[0]  # the same entry, of which a program sees that it changed
    assert after[1] != before[1]


def test_everything_is_what_its_member_may_see(in_alpha):
    rows = {level: make_obligation(make_executed(level=level), title=f"Report {level}") for level in LEVELS}
    make_obligation(rows["internal"].agreement, title="Far off", due_in=1200)
    for role, seen in (("officer", LEVELS[:1]), ("manager", LEVELS[:2]), ("administrator", LEVELS)):
        _feed, secret = create_calendar_feed(actor=in_alpha.actor(role), everything=True)
        text = read(in_alpha, secret).content.decode()
        assert {level for level in LEVELS if f"Report {level}" in text} == set(seen)
        assert "Far off" not in text
        _feed, secret = create_calendar_feed(actor=in_alpha.actor(role))
        assert "Report" not in read(in_alpha, secret).content.decode()


LEVELS = ["internal", "confidential", "restricted"]


def test_a_secret_is_kept_as_a_digest_alone(in_alpha):
    feed, secret = create_calendar_feed(actor=in_alpha.actor("viewer"))
    assert feed.digest == digest_of(secret)
    assert secret not in str(CalendarFeed.objects.values().get())


def test_whatever_is_wrong_with_an_address_the_answer_is_404(alpha, beta):
    with tenant_scope(alpha.id):
        make_obligation(make_executed(owner=alpha.user("officer")), owner=alpha.user("officer"))
        feed, secret = create_calendar_feed(actor=alpha.actor("officer"))
        gone, withdrawn = create_calendar_feed(actor=alpha.actor("officer"))
        revoke_calendar_feed(actor=alpha.actor("officer"), feed=gone)
    assert read(alpha, secret).status_code == 200
    with tenant_scope(alpha.id):
        feed.refresh_from_db()
        assert feed.last_read_at is not None
    with nothing_changes():
        answers = [
            read(alpha, withdrawn),
            read(alpha, new_secret()),
            read(alpha, secret[:-1]),
            read(alpha, "x" * 3000),
            read(beta, secret),  # the other office's address of the same member
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert read(alpha, secret).status_code == 200  # read within a minute: not written down again
    assert Client().post(f"{alpha.prefix}/calendar/{secret}.ics").status_code == 405
    alpha.change("officer", ended_at=timezone.now())
    assert read(alpha, secret).status_code == 404


def test_a_member_who_sees_less_reads_less(alpha):
    with tenant_scope(alpha.id):
        make_obligation(make_executed(level="confidential"), title="Secret report")
        _feed, secret = create_calendar_feed(actor=alpha.actor("manager"), everything=True)
    assert b"Secret report" in read(alpha, secret).content
    alpha.change("manager", role="officer")
    assert b"Secret report" not in read(alpha, secret).content


def test_a_feed_is_withdrawn_by_its_member_or_an_administrator(in_alpha):
    feed, _secret = create_calendar_feed(actor=in_alpha.actor("officer"))
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        revoke_calendar_feed(actor=in_alpha.actor("manager"), feed=feed)
    assert refusal.value.code == "not_yours"
    row = revoke_calendar_feed(actor=in_alpha.actor("administrator"), feed=feed)
    assert row.revoked_at is not None
    with nothing_changes():
        revoke_calendar_feed(actor=in_alpha.actor("officer"), feed=feed)


def test_nobody_has_more_than_ten(in_alpha):
    actor = in_alpha.actor("viewer")
    feeds = [create_calendar_feed(actor=actor)[0] for _ in range(MOST_FEEDS)]
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        create_calendar_feed(actor=actor)
    assert refusal.value.code == "too_many_feeds"
    revoke_calendar_feed(actor=actor, feed=feeds[0])
    assert create_calendar_feed(actor=actor)
    with nothing_changes(), pytest.raises(ActionRefused):
        create_calendar_feed(actor=Actor.system(in_alpha.id))


def made_with_a_token(office: Office) -> tuple[ApiToken, CalendarFeed, str]:
    token, _secret = create_token(actor=office.actor("officer"), name="Sync", days=30, can_write=True)
    feed, secret = create_calendar_feed(actor=replace(office.actor("officer"), token_id=token.pk))
    return token, feed, secret


def test_a_feed_that_was_made_with_a_token_ends_with_it(in_alpha, client_of):
    own, address = create_calendar_feed(actor=in_alpha.actor("officer"))
    token, feed, secret = made_with_a_token(in_alpha)
    assert (own.made_with_id, feed.made_with_id) == (None, token.pk)
    assert [read(in_alpha, each).status_code for each in (address, secret)] == [200, 200]
    assert feed.is_in_use
    revoke_token(actor=in_alpha.actor("officer"), token=token)
    assert [read(in_alpha, each).status_code for each in (address, secret)] == [200, 404]
    assert not CalendarFeed.objects.get(pk=feed.pk).is_in_use
    page = client_of(in_alpha, "officer").get(f"{in_alpha.prefix}/calendar-feeds/").content.decode()
    assert f"made with Sync …{token.hint}" in page
    assert page.count("ended with its token") == 1


def test_a_feed_lives_no_longer_than_the_token_that_made_it(in_alpha):
    token, feed, secret = made_with_a_token(in_alpha)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert read(in_alpha, secret).status_code == 404
    assert not CalendarFeed.objects.get(pk=feed.pk).is_in_use
    for _number in range(MOST_FEEDS):  # and takes nobody's place
        create_calendar_feed(actor=in_alpha.actor("officer"))
