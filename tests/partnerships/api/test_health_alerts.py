"""Alerts of health over HTTP."""

from datetime import timedelta

from django.utils import timezone

from partnerships.models import HealthAlert, Partnership
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.health import NUMBERS, make_alert
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_partnership


class TestHealthAlerts(ApiContract):
    resource = Resource(
        prefix="health-alerts",
        view="partnerships.view_health_alerts",
        make=lambda author: make_alert(routed_to=author),
        queries={"list": 2, "detail": 1},
    )


def test_every_rule_says_its_sentence_with_its_numbers(in_alpha):
    for rule in NUMBERS:
        make_alert(rule=rule)
    found = {each["rule"]: each for each in Api(in_alpha, "officer").get("health-alerts/").json()["results"]}
    assert found.keys() == NUMBERS.keys()
    assert found["A1"]["words"] == "Went from Healthy to Watch, at a score of 62.0"
    assert found["A4"]["words"] == "The main agreement ends in 120 days; its renewal has to begin 180 days ahead"
    assert found["A7"]["words"] == "No real contact for 50 days; 30 are usual"
    assert found["A7"]["numbers"] == {"days": 50.0, "usual": 30.0}
    assert found["A12"]["words"] == "Doing well, through 1.9 channels where the stage asks for 3"


def test_days_are_counted_up_to_today_and_stop_at_the_end(in_alpha):
    day = timezone.localdate() - timedelta(days=10)
    numbers = {**NUMBERS["A7"], "on": day.toordinal()}
    row = make_alert(rule="A7", raised_on=day, numbers=numbers)
    ended_at = timezone.now() - timedelta(days=8)
    make_alert(rule="A7", raised_on=day, numbers=numbers, ended_at=ended_at, end="passed")
    found = Api(in_alpha, "officer").get("health-alerts/").json()["results"]
    assert [each["numbers"]["days"] for each in found] == [60.0, 52.0]
    assert found[0]["id"] == row.pk


def test_the_champion_has_a_name_for_who_may_see_ties(in_alpha):
    partnership = make_partnership()
    person = make_contact(partnership.organization, name="Lena Brandt")
    make_alert(partnership, rule="A5", numbers={"kept": 0.25, "left": 1.0, "contact": person.pk})
    (found,) = Api(in_alpha, "officer").get("health-alerts/").json()["results"]
    assert found["words"] == "Lena Brandt, the strongest tie, does not work there any more"


def test_filters(in_alpha):
    officer, today = in_alpha.user("officer"), timezone.localdate()
    owned = make_partnership(owner=officer)
    first = make_alert(owned, rule="A2", routed_to=officer)
    second = make_alert(owned, rule="A7", quiet_until=today + timedelta(days=3))
    third = make_alert(rule="A2", ended_at=timezone.now(), end="passed", raised_on=today - timedelta(days=40))
    api = Api(in_alpha, "officer")
    for parameters, rows in (
        ({}, [first, second, third]),
        ({"state": "open"}, [first]),
        ({"state": ["open", "put_off"]}, [first, second]),
        ({"state": "ended"}, [third]),
        ({"rule": "A2"}, [first, third]),
        ({"routed_to": "me"}, [first]),
        ({"routed_to": "none"}, [second, third]),
        ({"owner": "me"}, [first, second]),
        ({"band": "insufficient", "after": today.isoformat()}, [first, second]),
        ({"band": "healthy"}, []),
        ({"partnership": owned.pk}, [first, second]),
    ):
        found = api.get("health-alerts/", parameters).json()["results"]
        assert ([each["id"] for each in found], parameters) == ([row.pk for row in rows], parameters)


def test_put_off_woken_and_dealt_with(in_alpha):
    api, row, today = Api(in_alpha, "officer"), make_alert(), timezone.localdate()
    path = f"health-alerts/{row.pk}/"
    put_off = api.post(f"{path}snooze/", {}).json()
    assert put_off["quiet_until"] == (today + timedelta(days=30)).isoformat()
    until = (today + timedelta(days=3)).isoformat()
    assert api.post(f"{path}snooze/", {"until": until}).json()["quiet_until"] == until
    assert api.post(f"{path}wake/").json()["quiet_until"] is None
    with nothing_changes():
        assert "until" in error_of(api.post(f"{path}snooze/", {"until": today.isoformat()}), 400)["fields"]
        for body in ({}, {"end_note": " "}, {"end_note": "x" * 301}):
            assert "end_note" in error_of(api.post(f"{path}settle/", body), 400)["fields"]
        for verb in ("snooze", "wake", "settle"):
            error_of(Api(in_alpha, "researcher").post(f"{path}{verb}/", {"end_note": "Done."}), 403)
            error_of(Api(in_alpha, "viewer").post(f"{path}{verb}/", {}), 403)
    done = api.post(f"{path}settle/", {"end_note": "Called them."}).json()
    assert (done["end"], done["end_note"]) == ("handled", "Called them.")
    assert done["ended_by"]["id"] == in_alpha.user("officer").pk
    with nothing_changes():
        assert error_of(api.post(f"{path}settle/", {"end_note": "Again."}), 409)["code"] == "ended_already"


def test_an_alert_goes_and_comes_with_its_partnership(in_alpha):
    row = make_alert()
    Partnership.objects.filter(pk=row.partnership_id).delete()
    assert not HealthAlert.objects.exists()
