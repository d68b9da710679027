"""Alerts of health through the database: each is raised and is quiet, once, for the right person, until it is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from organizations.models import Affiliation, Contact
from partnerships.actions.health import recompute_health
from partnerships.actions.health_alerts import settle_health_alert, snooze_health_alert, wake_health_alert
from partnerships.models import HealthAlert, HealthSnapshot, Partnership, PartnershipHealth
from partnerships.queries.health_alerts import open_alerts, visible_alerts
from partnerships.rules.health.alerts import ALERTS
from tenants.models import Change
from tests.api_kit import counted
from tests.factories.organizations import make_contact
from tests.factories.partnerships import (
    make_evaluation,
    make_interaction,
    make_partnership,
    make_project,
    make_role,
)


def make_lively(*, people: int = 3, stage: str = "support", **fields) -> Partnership:
    """A healthy partnership: steady contact with several people, one of whom decides, in three channels."""
    fields = {"started_on": timezone.localdate() - timedelta(days=900), "stage_declared": stage, **fields}
    partnership = make_partnership(**fields)
    contacts = [make_contact(partnership.organization, decides=number == 0) for number in range(people)]
    for days in range(4, 720, 12):
        person = contacts[(days // 12) % people]
        make_interaction(partnership, days_ago=days, contacts=(person,), direction="IO"[(days // 12) % 2])
    return partnership


def add_channels(partnership: Partnership, *channels: str) -> None:
    for channel in channels:
        make_project(
            partnership, channel=channel, status="active", started_on=timezone.localdate() - timedelta(days=50)
        )


def compute(*partnerships: Partnership) -> None:
    actor = Actor.system(partnerships[0].tenant_id)
    recompute_health(actor=actor, partnership_ids=[each.pk for each in partnerships])


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        yield


def codes(partnership: Partnership) -> set[str]:
    return set(HealthAlert.objects.filter(partnership=partnership, ended_at=None).values_list("rule", flat=True))


def stood_at(partnership: Partnership, **values) -> None:
    """What the latest computation left, as if it had been this."""
    PartnershipHealth.objects.filter(partnership=partnership).update(**values)


def add_snapshot(partnership: Partnership, *, days_ago: int, score: float, **fields) -> HealthSnapshot:
    """A stored score of some days ago, under the settings in force."""
    values = {
        "as_of": timezone.localdate() - timedelta(days=days_ago),
        "computed_at": timezone.now() - timedelta(days=days_ago),
        "config_version": 1,
        "raw": score,
        "score": score,
        "confidence": 0.9,
        "band": "watch",
        "dimensions": {},
        "caps": [],
        "inputs": {},
        "inputs_hash": f"{days_ago}-{score}",
    }
    return HealthSnapshot.objects.create(partnership=partnership, **{**values, **fields})


# Each rule, raised and quiet


def test_a_calm_healthy_partnership_has_no_alert(in_alpha):
    partnership = make_lively()
    add_channels(partnership, "RES", "REC", "LIC")
    compute(partnership)
    compute(partnership)
    assert codes(partnership) == set()


def test_a1_a_band_worsened_until_it_recovers(in_alpha):
    partnership = make_lively(people=1)  # one thread alone, so at most 64
    add_channels(partnership, "RES", "REC", "LIC")
    compute(partnership)
    assert codes(partnership) & {"A1"} == set(), "there was no band before"
    stood_at(partnership, band="healthy", score=75.0)
    compute(partnership)
    alert = HealthAlert.objects.get(partnership=partnership, rule="A1")
    assert (alert.numbers["before"], alert.numbers["after"]) == (2.0, 1.0)
    compute(partnership)
    assert "A1" in codes(partnership), "nothing changed since, and it is still worse"
    other = make_contact(partnership.organization)
    for days in range(1, 200, 10):
        make_interaction(partnership, days_ago=days, contacts=(other,), direction="I")
    compute(partnership)
    assert PartnershipHealth.objects.get(partnership=partnership).band == "healthy"
    assert "A1" not in codes(partnership)
    alert.refresh_from_db()
    assert (alert.end, alert.ended_by) == ("passed", None)


def test_a2_a_drop_within_30_days(in_alpha):
    partnership, other = make_lively(), make_lively()
    compute(partnership, other)
    score = PartnershipHealth.objects.get(partnership=partnership).score
    add_snapshot(partnership, days_ago=31, score=score + 10.5)
    add_snapshot(other, days_ago=31, score=score + 9.5)
    add_snapshot(other, days_ago=40, score=score + 30)
    compute(partnership, other)
    assert "A2" in codes(partnership)
    assert "A2" not in codes(other)
    add_snapshot(partnership, days_ago=30, score=score)
    compute(partnership)
    assert "A2" not in codes(partnership), "30 days ago it was no higher"


def test_a3_a_decline_in_four_runs_on_end(in_alpha):
    falling, short, steady = (make_lively() for _each in range(3))
    compute(falling, short, steady)
    score = PartnershipHealth.objects.get(partnership=falling).score
    for week in range(1, 14):
        add_snapshot(falling, days_ago=7 * week, score=score + 1.5 * week)
        add_snapshot(steady, days_ago=7 * week, score=score)
    for week in range(1, 4):
        add_snapshot(short, days_ago=7 * week, score=score + 1.5 * week)
    compute(falling, short, steady)
    assert "A3" in codes(falling)
    assert "A3" not in codes(short) | codes(steady)


def test_a5_the_strongest_tie_left_or_faded(in_alpha):
    partnership = make_lively(people=1)
    champion = Contact.objects.get(affiliations__organization=partnership.organization)
    compute(partnership)
    assert "A5" not in codes(partnership)
    Affiliation.objects.filter(contact=champion).update(ended_on=timezone.localdate())
    compute(partnership)
    alert = HealthAlert.objects.get(partnership=partnership, rule="A5", ended_at=None)
    assert alert.numbers["contact"] == champion.pk
    assert alert.numbers["left"] == 1.0
    Affiliation.objects.filter(contact=champion).update(ended_on=None)
    compute(partnership)
    assert "A5" not in codes(partnership)


def test_a5_a_tie_that_is_kept_is_no_news_and_one_that_fades_is(in_alpha):
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=900), stage_declared="support")
    champion, other = (make_contact(partnership.organization) for _each in range(2))
    for days in (100, 120, 140, 160):
        make_interaction(partnership, days_ago=days, contacts=(champion,))
    for days in (5, 30, 130):
        make_interaction(partnership, days_ago=days, contacts=(other,))
    compute(partnership)
    assert "A5" in codes(partnership), "four meetings with them before, and none since"
    for days in (10, 50):
        make_interaction(partnership, days_ago=days, contacts=(champion,))
    compute(partnership)
    assert "A5" not in codes(partnership), "half of it was kept"
    Contact.objects.filter(pk=champion.pk).update(left_on=timezone.localdate())
    compute(partnership)
    assert "A5" in codes(partnership)


def test_a6_the_second_tie_is_gone(in_alpha):
    partnership = make_lively(people=1)
    other = make_contact(partnership.organization)
    make_interaction(partnership, days_ago=5, contacts=(other,))
    compute(partnership)
    assert "A6" not in codes(partnership)
    Contact.objects.filter(pk=other.pk).update(objects_to_scoring=True)
    compute(partnership)
    assert "A6" in codes(partnership)
    compute(partnership)
    assert "A6" in codes(partnership)
    Contact.objects.filter(pk=other.pk).update(objects_to_scoring=False)
    compute(partnership)
    assert "A6" not in codes(partnership)


def test_a7_silence_unlike_its_own_rhythm(in_alpha):
    monthly, quarterly = (make_partnership(started_on=timezone.localdate() - timedelta(days=900)) for _each in range(2))
    for days in (50, 80, 110, 140):
        make_interaction(monthly, days_ago=days)
    make_interaction(monthly, days_ago=20, kind="email_one_way", direction="O")  # no real contact
    for days in (50, 140, 230, 320):
        make_interaction(quarterly, days_ago=days)
    compute(monthly, quarterly)
    assert "A7" in codes(monthly)
    assert "A7" not in codes(quarterly)
    assert HealthAlert.objects.get(partnership=monthly, rule="A7").numbers["days"] == 50.0
    make_interaction(monthly, days_ago=0)
    compute(monthly)
    assert "A7" not in codes(monthly)


def test_a8_data_ran_out_until_there_is_enough(in_alpha):
    partnership = make_lively()
    compute(partnership)
    assert "A8" not in codes(partnership)
    PartnershipHealth.objects.filter(partnership=partnership).update(band="watch", confidence=0.8)
    Contact.objects.update(objects_to_scoring=True)  # who took part is not known any more
    Partnership.objects.filter(pk=partnership.pk).update(started_on=timezone.localdate())
    partnership.interactions.all().delete()
    compute(partnership)
    assert PartnershipHealth.objects.get(partnership=partnership).band == "insufficient"
    assert "A8" in codes(partnership)
    compute(partnership)
    assert "A8" in codes(partnership)
    person = make_contact(partnership.organization)
    Partnership.objects.filter(pk=partnership.pk).update(started_on=timezone.localdate() - timedelta(days=400))
    for days in range(1, 100, 9):
        make_interaction(partnership, days_ago=days, contacts=(person,))
    compute(partnership)
    assert "A8" not in codes(partnership)


def test_a9_a_cap_that_is_new(in_alpha):
    partnership = make_lively(people=1, stage="involvement")
    add_channels(partnership, "RES", "REC")
    compute(partnership)
    assert HealthSnapshot.objects.get(partnership=partnership).caps == []
    Partnership.objects.filter(pk=partnership.pk).update(stage_declared="support")
    compute(partnership)
    alert = HealthAlert.objects.get(partnership=partnership, rule="A9")
    assert set(alert.numbers) - {"on"} == {"K2"}
    compute(partnership)
    assert "A9" in codes(partnership)
    Partnership.objects.filter(pk=partnership.pk).update(stage_declared="involvement")
    compute(partnership)
    assert "A9" not in codes(partnership)


def test_a11_a_poor_rating_until_a_better_one(in_alpha):
    partnership, other = make_lively(), make_lively()
    compute(partnership, other)
    make_evaluation(partnership, score=2)
    make_evaluation(other, score=1, rater_side="office")  # our own does not count
    make_evaluation(other, score=1, rated_on=timezone.localdate() - timedelta(days=91))
    compute(partnership, other)
    assert "A11" in codes(partnership)
    assert "A11" not in codes(other)
    make_evaluation(partnership, score=5)
    compute(partnership)
    assert "A11" not in codes(partnership)
    compute(partnership)
    assert "A11" not in codes(partnership), "the old one has been told"


def test_a12_room_to_grow(in_alpha):
    strong, broad = make_lively(stage="involvement"), make_lively(stage="involvement")
    add_channels(strong, "RES")
    add_channels(broad, "RES", "REC")
    for each in (strong, broad):
        person = Contact.objects.filter(affiliations__organization=each.organization).earliest("pk")
        for days in range(2, 90, 6):
            make_interaction(
                each,
                days_ago=days,
                contacts=(person,),
                members=(in_alpha.user("officer"),),
                direction="IO"[days // 6 % 2],
            )
    compute(strong, broad)
    assert PartnershipHealth.objects.get(partnership=strong).score >= 80
    assert codes(strong) == {"A12"}
    assert codes(broad) == set()
    add_channels(strong, "REC")
    compute(strong)
    assert codes(strong) == set()


# A4 and A10, which agreements bring, stand in tests/agreements/queries/test_alert_facts.py.
HERE = set(ALERTS) - {"A4", "A10"}


def test_every_rule_has_a_test_here():
    named = {name.split("_")[1].upper() for name in globals() if name.startswith("test_a")}
    assert named >= HERE


# Once, and not for ever


@pytest.fixture
def silent(in_alpha) -> Partnership:
    """A partnership that A7 alone speaks of."""
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=900))
    person = make_contact(partnership.organization)
    for days in (50, 80, 110, 140):
        make_interaction(partnership, days_ago=days, contacts=(person,))
    Partnership.objects.filter(pk=partnership.pk).update(owner=in_alpha.user("officer"))
    compute(partnership)
    assert codes(partnership) == {"A7"}
    return partnership


def test_one_alert_however_often_it_is_computed_and_no_change_without_news(in_alpha, silent):
    before = HealthAlert.objects.values().get()
    changes = Change.objects.filter(table_name="partnerships_healthalert").count()
    for days in (0, 1, 5):
        with days_later(days):
            compute(silent)
            recompute_health(actor=Actor.system(in_alpha.id), ageing=True)
    assert HealthAlert.objects.values().get() == before
    assert Change.objects.filter(table_name="partnerships_healthalert").count() == changes


def test_nothing_is_raised_about_a_past_day(in_alpha, silent):
    HealthAlert.objects.all().delete()
    recompute_health(actor=Actor.system(in_alpha.id), as_of=timezone.localdate())
    assert not HealthAlert.objects.exists()


def test_a_night_raises_what_a_week_brings(in_alpha):
    """At night the past is read when the partnership's day of the week has come, so within a week."""
    partnership = make_partnership(started_on=timezone.localdate() - timedelta(days=900))
    for days in (28, 58, 88, 118):
        make_interaction(partnership, days_ago=days)
    compute(partnership)
    assert codes(partnership) == set()
    raised = []
    for day in range(15, 29):
        with days_later(day):
            recompute_health(actor=Actor.system(in_alpha.id), ageing=True)
            raised.append("A7" in codes(partnership))
    assert any(raised[:10])
    assert raised == sorted(raised)


def test_an_ended_partnership_is_watched_no_more(in_alpha, silent):
    Partnership.objects.update(status="dormant")
    compute(silent)
    assert codes(silent) == set()


def test_put_off_is_put_off_and_comes_back(in_alpha, silent):
    actor, alert = in_alpha.actor("officer"), HealthAlert.objects.get()
    row = snooze_health_alert(actor=actor, alert=alert)
    today = timezone.localdate()
    assert row.quiet_until == today + timedelta(days=30)
    assert not open_alerts(actor, today=today).exists()
    assert open_alerts(actor, today=today + timedelta(days=30)).get() == row
    compute(silent)
    assert HealthAlert.objects.count() == 1
    assert wake_health_alert(actor=actor, alert=row).quiet_until is None
    assert open_alerts(actor, today=today).get() == row


def test_put_off_ends_by_itself_and_stays_quiet_until_its_day(in_alpha, silent):
    snooze_health_alert(actor=in_alpha.actor("officer"), alert=HealthAlert.objects.get())
    talk = make_interaction(silent, days_ago=0)
    compute(silent)
    assert codes(silent) == set()
    talk.delete()
    compute(silent)
    assert codes(silent) == set()
    with days_later(30):
        compute(silent)
        assert "A7" in codes(silent)


def test_dealt_with_keeps_the_rule_quiet_for_30_days(in_alpha, silent):
    actor, alert = in_alpha.actor("officer"), HealthAlert.objects.get()
    row = settle_health_alert(actor=actor, alert=alert, end_note="  Called  them. ")
    assert (row.end, row.end_note, row.ended_by) == ("handled", "Called them.", in_alpha.user("officer"))
    for days in (0, 10, 29):
        with days_later(days):
            compute(silent)
            assert "A7" not in codes(silent)
    with days_later(30):
        compute(silent)
        assert "A7" in codes(silent)
    change = Change.objects.filter(table_name="partnerships_healthalert", row_id=row.pk).latest("pk")
    assert (change.action, change.user_id) == ("partnerships.settle_health_alert", actor.user_id)


def test_what_passed_may_come_back_but_is_not_told_again_within_30_days(in_alpha, silent):
    told = timezone.now()
    HealthAlert.objects.update(told_at=told)
    talk = make_interaction(silent, days_ago=0)
    compute(silent)
    talk.delete()
    with days_later(3):
        compute(silent)
    again = HealthAlert.objects.get(rule="A7", ended_at=None)
    assert again.told_at == told
    again.delete()
    with days_later(31):
        compute(silent)
    assert HealthAlert.objects.get(rule="A7", ended_at=None).told_at is None


# For whom


def test_it_goes_to_the_owner_and_without_one_to_the_deputy(in_alpha):
    owned, carried, bare = (make_lively(people=1, stage="involvement") for _each in range(3))
    Partnership.objects.filter(pk=owned.pk).update(owner=in_alpha.user("manager"))
    Partnership.objects.filter(pk=carried.pk).update(owner=in_alpha.user("researcher"))
    for each in (owned, carried):
        make_role(each, role="deputy", member=in_alpha.user("officer"))
    make_role(bare, role="champion", member=in_alpha.user("officer"))
    make_role(bare, role="deputy", member=in_alpha.user("officer"), ended_on=timezone.localdate())
    in_alpha.change("researcher", ended_at=timezone.now())
    compute(owned, carried, bare)
    Partnership.objects.update(stage_declared="support")
    compute(owned, carried, bare)
    routed = dict(HealthAlert.objects.filter(rule="A9").values_list("partnership_id", "routed_to"))
    officer, manager = in_alpha.user("officer").pk, in_alpha.user("manager").pk
    assert routed == {owned.pk: manager, carried.pk: officer, bare.pk: None}


def test_a_new_owner_gets_what_is_open(in_alpha, silent):
    Partnership.objects.update(owner=in_alpha.user("manager"))
    recompute_health(actor=Actor.system(in_alpha.id), ageing=True)
    alert = HealthAlert.objects.get()
    assert (alert.routed_to, alert.rule, alert.ended_at) == (in_alpha.user("manager"), "A7", None)


# Who may


@pytest.mark.parametrize("role", ["viewer", "researcher"])
def test_who_may_not_changes_nothing(in_alpha, silent, role):
    actor, alert = in_alpha.actor(role), HealthAlert.objects.get()
    before = HealthAlert.objects.values().get()
    for refused in (
        lambda: snooze_health_alert(actor=actor, alert=alert),
        lambda: wake_health_alert(actor=actor, alert=alert),
        lambda: settle_health_alert(actor=actor, alert=alert, end_note="Done."),
    ):
        with pytest.raises(PermissionRefused):
            refused()
    assert HealthAlert.objects.values().get() == before
    if role == "viewer":
        with pytest.raises(PermissionRefused):
            visible_alerts(actor)


def test_refusals_say_what_to_do_and_change_nothing(in_alpha, silent):
    actor, alert, today = in_alpha.actor("officer"), HealthAlert.objects.get(), timezone.localdate()
    before = HealthAlert.objects.values().get()
    for until in (today, today - timedelta(days=1), today + timedelta(days=400)):
        with pytest.raises(InvalidInput) as refused:
            snooze_health_alert(actor=actor, alert=alert, until=until)
        assert refused.value.field == "until"
    for note in ("", "  ", "x" * 301):
        with pytest.raises(InvalidInput) as refused:
            settle_health_alert(actor=actor, alert=alert, end_note=note)
        assert refused.value.field == "end_note"
    with pytest.raises(StaleEdit):
        settle_health_alert(actor=actor, alert=alert, end_note="Done.", seen=7)
    assert HealthAlert.objects.values().get() == before
    settle_health_alert(actor=actor, alert=alert, end_note="Done.")
    before = HealthAlert.objects.values().get()
    for again in (
        lambda: settle_health_alert(actor=actor, alert=alert, end_note="Again."),
        lambda: snooze_health_alert(actor=actor, alert=alert),
        lambda: wake_health_alert(actor=actor, alert=alert),
    ):
        with pytest.raises(ActionRefused):
            again()
    assert HealthAlert.objects.values().get() == before


def test_a_batch_asks_three_times_more_at_most_and_writes_only_news(in_alpha, monkeypatch):
    monkeypatch.setattr("partnerships.actions.health.FEW", 0)  # many: their statements stand in the log as written
    partnerships = [make_lively(people=1, stage="involvement") for _each in range(3)]
    compute(*partnerships)
    Partnership.objects.update(stage_declared="support")
    for want in (3, 2):
        with counted() as statements:
            compute(*partnerships)
        mine = ("partnerships_healthalert", "heaviest as (")
        asked = [sql for sql in statements if any(word in sql for word in mine)]
        assert len(asked) == want, "facts, agreements, and what changed"
    assert HealthAlert.objects.filter(rule="A9").count() == 3
