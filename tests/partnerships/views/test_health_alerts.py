"""Alerts of health on pages: the list, one, Today, and beside the score."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.alert_wording import BEHIND
from partnerships.choices import DIMENSION_LABELS
from partnerships.models import FollowUp, HealthAlert
from tests.api_kit import counted, nothing_changes
from tests.factories.health import NUMBERS, make_alert
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


def partner(name: str, **fields):
    return make_partnership(make_organization(name=name), **fields)


def test_the_list_says_why_with_the_numbers(in_alpha, client_of):
    for rule in NUMBERS:
        make_alert(partner(f"Partner {rule}"), rule=rule)
    text = client_of(in_alpha, "officer").get(f"{in_alpha.prefix}/health-alerts/").content.decode()
    for words in (
        "Fell by 12.0 points within 30 days, to 51.0",
        "Declining for 4 weeks on end",
        "Only one person of theirs is still in touch; 3 were",
        "An obligation is overdue by 20 days",
        "Something new holds the score down: no real contact for a long time, only one person",
        "Rated at 25 % of the scale",
        "12 alerts",
    ):
        assert words in text


def test_the_list_has_open_ones_first_and_costs_the_same_for_many(in_alpha, client_of):
    member, costs = client_of(in_alpha, "officer"), []
    for times in (1, 4):
        for number in range(times):
            make_alert(rule="A7", ended_at=timezone.now(), end="passed", raised_on=timezone.localdate())
            make_alert(partner(f"Open {times} {number}"), rule="A5")
        address = f"{in_alpha.prefix}/health-alerts/"
        member.get(address)
        with counted() as statements:
            answer = member.get(address)
        costs.append(len(statements))
        ended = [row.ended_at is not None for row in answer.context["rows"]]
        assert ended == sorted(ended)
    assert costs[0] == costs[1] <= 12


def test_many_are_put_off_at_once(in_alpha, client_of):
    rows = [make_alert() for _each in range(3)]
    member, address = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/lists/health-alerts/bulk/"
    until = timezone.localdate() + timedelta(days=9)
    body = {"operation": "snooze", "rows": [row.pk for row in rows[:2]], "until": until.isoformat()}
    assert member.post(address, {**body, "step": "perform"}).status_code in (200, 302)
    found = list(HealthAlert.objects.order_by("pk").values_list("quiet_until", flat=True))
    assert found == [until, until, None]


def test_today_says_why_and_plans_in_one_step(in_alpha, client_of):
    officer, today = in_alpha.user("officer"), timezone.localdate()
    mine = partner("Brandt AG", owner=officer)
    alert = make_alert(mine, rule="A7", routed_to=officer)
    make_alert(partner("Elsewhere"), rule="A10", routed_to=in_alpha.user("manager"))
    make_alert(partner("Later", owner=officer), rule="A10", routed_to=officer, quiet_until=today + timedelta(days=2))
    member = client_of(in_alpha, "officer")
    answer = member.get(f"{in_alpha.prefix}/")
    lines = {line.key: line for line in answer.context["lines"]}
    line = lines[f"alert-{alert.pk}"]
    assert (line.subject, line.reason) == ("Brandt AG", "No real contact for 50 days; 30 are usual")
    assert [key for key in lines if key.startswith("alert-")] == [line.key]
    assert f"partner-{mine.pk}" not in lines, "it is named once"
    form = member.get(line.step.url)
    assert form.context["form"].initial["title"] == "Get in touch"
    sent = {"title": "Get in touch", "partnership": mine.pk, "due_on": today.isoformat(), "assignee": officer.pk}
    assert member.post(line.step.url, sent).status_code == 302
    assert FollowUp.objects.get().partnership == mine
    assert member.post(line.snooze_url, {"for_time": "30d", "next": f"{in_alpha.prefix}/"}).status_code == 302
    alert.refresh_from_db()
    assert alert.quiet_until == today + timedelta(days=30)
    assert not any(line.key == f"alert-{alert.pk}" for line in member.get(f"{in_alpha.prefix}/").context["lines"])


def test_several_alerts_about_a_partner_are_one_line(in_alpha, client_of):
    officer = in_alpha.user("officer")
    mine = partner("Brandt AG", owner=officer)
    for rule in ("A7", "A10", "A2", "A3", "A12"):
        make_alert(mine, rule=rule, routed_to=officer)
    member, home = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/"
    lines = {line.key: line for line in member.get(home).context["lines"]}
    assert [key for key in lines if key.startswith("alert")] == [f"alerts-{mine.pk}"]
    line = lines[f"alerts-{mine.pk}"]
    assert line.reason.startswith(
        "No real contact for 50 days; 30 are usual. An obligation is overdue by 20 days. Fell"
    )
    assert line.reason.endswith(". 2 more alerts")
    assert line.url.endswith(f"/partners/{mine.pk}/health/#alerts")
    member.post(f"{home}today/snooze/", {"key": line.key, "for_time": "1w", "next": home})
    assert line.key not in {each.key for each in member.get(home).context["lines"]}
    assert not HealthAlert.objects.exclude(quiet_until=None).exists()


def test_one_alert_is_dealt_with_on_its_page(in_alpha, client_of):
    alert, member = make_alert(partner("Brandt AG"), rule="A4"), client_of(in_alpha, "officer")
    address = f"{in_alpha.prefix}/health-alerts/{alert.pk}/"
    text = member.get(address).content.decode()
    for words in ("Main agreement ends", "The main agreement ends in 120 days", "Begin the renewal", "30 days"):
        assert words in text
    settle = f"{address}settle/"
    with nothing_changes():
        refused = member.post(settle, {"version": 1, "end_note": " "})
        assert refused.status_code == 422
    assert member.post(settle, {"version": 1, "end_note": "Draft sent."}).status_code == 302
    text = member.get(address).content.decode()
    for words in ("Draft sent.", "Dealt with", "not told again"):
        assert words in text
    with nothing_changes():
        assert member.post(settle, {"version": 2, "end_note": "Again."}).status_code in (409, 422)
        member.post(f"{address}snooze/", {"for_time": "1w"})
        member.post(f"{address}wake/")


@pytest.mark.parametrize("rule", list(NUMBERS))
def test_an_alert_about_records_leads_to_them(in_alpha, client_of, rule):
    alert, member = make_alert(partner("Brandt AG"), rule=rule), client_of(in_alpha, "officer")
    text = member.get(f"{in_alpha.prefix}/health-alerts/{alert.pk}/").content.decode()
    health = f"{in_alpha.prefix}/partners/{alert.partnership_id}/health/"
    assert f'href="{health}"' in text
    dimension = BEHIND.get(rule)
    assert ("The records it is about" in text) is (dimension is not None)
    if dimension:
        assert f'href="{health}?dimension={dimension}#part-{dimension}"' in text
        assert dimension in DIMENSION_LABELS


def test_it_is_woken_on_its_page(in_alpha, client_of):
    alert = make_alert(quiet_until=timezone.localdate() + timedelta(days=5))
    member = client_of(in_alpha, "officer")
    address = f"{in_alpha.prefix}/health-alerts/{alert.pk}/"
    assert "Open again" in member.get(address).content.decode()
    assert member.post(f"{address}wake/").status_code == 302
    alert.refresh_from_db()
    assert alert.quiet_until is None


@pytest.mark.parametrize("where", ["?tab=health", "health/"])
def test_open_alerts_stand_beside_the_score(in_alpha, client_of, where):
    row = partner("Brandt AG")
    make_alert(row, rule="A12")
    make_alert(row, rule="A7", ended_at=timezone.now(), end="passed")
    address = f"{in_alpha.prefix}/partners/{row.pk}/{where}"
    text = client_of(in_alpha, "officer").get(address).content.decode()
    assert "Alerts (1)" in text
    assert "Room to grow" in text
    assert "Alerts (" not in client_of(in_alpha, "viewer").get(address).content.decode()


def test_who_may_not_sees_no_alert_and_changes_none(in_alpha, client_of):
    alert = make_alert()
    address = f"{in_alpha.prefix}/health-alerts/{alert.pk}/"
    viewer, researcher = client_of(in_alpha, "viewer"), client_of(in_alpha, "researcher")
    with nothing_changes():
        assert viewer.get(f"{in_alpha.prefix}/health-alerts/").status_code == 403
        assert viewer.get(address).status_code == 403
        assert researcher.get(address).status_code == 200
        for verb in ("snooze", "wake", "settle"):
            for member in (viewer, researcher):
                assert member.post(f"{address}{verb}/", {"end_note": "Done."}).status_code == 403
    assert not any(line.key.startswith("alert-") for line in viewer.get(f"{in_alpha.prefix}/").context["lines"])


def test_another_offices_alert_is_absent(alpha, beta, client_of):
    from core.tenancy.scope import tenant_scope

    with tenant_scope(beta.id):
        alert = make_alert()
    member = client_of(alpha, "administrator")
    for method, path in (("get", ""), ("get", "settle/"), ("post", "snooze/"), ("post", "wake/"), ("post", "settle/")):
        answer = getattr(member, method)(f"{alpha.prefix}/health-alerts/{alert.pk}/{path}")
        assert answer.status_code == 404
