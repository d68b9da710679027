"""Today's lines, and the activity of a partner: what waits, what is put off, what is pinned, what is hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import AttentionSnooze, Interaction, PartnershipHealth
from tenants.models import Unit, UnitMember
from tests.api_kit import Api, nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership


@pytest.fixture
def partner(alpha):
    with tenant_scope(alpha.id):
        row = make_partnership(
            make_organization(name="Quiet GmbH"),
            owner=alpha.user("manager"),
            started_on=timezone.localdate() - timedelta(days=500),
        )
        PartnershipHealth.objects.filter(partnership=row).update(
            band="at_risk", score=20.0, last_contact_at=timezone.now() - timedelta(days=120)
        )
        return row


def get(client_of, alpha, address="/", role="manager") -> str:
    answer = client_of(alpha, role).get(f"{alpha.prefix}{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_partner_at_risk_waits_with_its_reason(alpha, client_of, partner):
    page = get(client_of, alpha)
    assert "Needs you (1)" in page
    assert "At risk. No real contact for 120 days" in page


def test_what_is_put_off_is_hidden_from_that_person_alone(alpha, client_of, partner):
    body = {"key": f"partner-{partner.pk}", "for_time": "1d"}
    answer = client_of(alpha, "manager").post(f"{alpha.prefix}/today/snooze/", body)
    assert answer.status_code == 302
    page = get(client_of, alpha)
    assert "Nothing needs you today." in page
    assert "Put off until" in page or "Last checked" in page
    assert "Needs you (1)" in get(client_of, alpha, role="administrator")
    with tenant_scope(alpha.id):
        AttentionSnooze.objects.update(until=timezone.localdate())
    assert "Needs you (1)" in get(client_of, alpha)


@pytest.mark.parametrize(
    "body",
    [
        {"key": "x"},
        {"key": "partner-1"},
        {"key": "partner-1", "until": "2001-01-01"},
        {"key": "a" * 90, "for_time": "1d"},
    ],
)
def test_a_wrong_key_or_day_puts_nothing_off(alpha, client_of, partner, body):
    with nothing_changes():
        client_of(alpha, "manager").post(f"{alpha.prefix}/today/snooze/", body)


def test_an_aged_opportunity_waits_for_its_owner(alpha, client_of, partner):
    with tenant_scope(alpha.id):
        make_opportunity(partner, title="Joint lab", owner=alpha.user("manager"), days_in_stage=90)
    assert "Longer in Lead than expected" in get(client_of, alpha)


def test_an_empty_office_is_told_its_first_steps(alpha, client_of):
    page = get(client_of, alpha, role="administrator")
    for words in ("Add a partner, or import your list", "Log what happened with it", "Invite a colleague"):
        assert words in page
    assert "First steps" not in get(client_of, alpha, role="viewer")


def test_a_pinned_note_stands_on_top_whatever_its_age(alpha, client_of, partner):
    with tenant_scope(alpha.id):
        old = make_interaction(partner, days_ago=400, note="The founding story")
        for days in range(1, 25):
            make_interaction(partner, days_ago=days, note=f"Day {days}.")
    address = f"/partners/{partner.pk}/?tab=activity"
    assert "The founding story" not in get(client_of, alpha, address)
    answer = client_of(alpha, "manager").post(f"{alpha.prefix}/interactions/{old.pk}/pin/")
    assert answer.status_code == 302
    page = get(client_of, alpha, address)
    assert page.index("The founding story") < page.index("Day 1.")
    assert "Show 20 more" in page
    assert "Day 24." in get(client_of, alpha, f"{address}&show=40")


def test_the_activity_is_filtered_by_type_and_words(alpha, client_of, partner):
    with tenant_scope(alpha.id):
        make_interaction(partner, kind="call", note="About enzymes")
        make_interaction(partner, kind="meeting", note="About enzymes too")
        make_interaction(partner, kind="call", note="About money")
    page = get(client_of, alpha, f"/partners/{partner.pk}/?tab=activity&kind=call&words=ENZ")
    assert "About enzymes" in page
    assert "enzymes too" not in page
    assert "About money" not in page


def test_that_something_is_hidden_is_said_to_those_who_may_know(alpha, client_of, partner):
    with tenant_scope(alpha.id):
        make_interaction(partner, note="Sealed words", confidentiality="confidential")
        make_interaction(partner, note="Sealed twice", confidentiality="restricted")
    address = f"/partners/{partner.pk}/?tab=activity"
    counts = {"officer": "1 hidden item", "manager": "1 hidden item"}
    for role in ("officer", "researcher", "manager", "administrator", "viewer"):
        page = get(client_of, alpha, address, role=role)
        assert ("hidden item" in page) == (role in counts), role
        assert ("Sealed words" in page) == (role in ("manager", "administrator"))
        assert ("Sealed twice" in page) == (role == "administrator")


def test_collisions_name_the_unit_and_leave_out_one_s_own(alpha, partner):
    with tenant_scope(alpha.id):
        officer, manager = alpha.user("officer"), alpha.user("manager")
        unit = Unit.objects.create(name="Engineering")
        UnitMember.objects.create(unit=unit, member=officer)
        make_interaction(partner, days_ago=3, logged_by=officer, members=(officer,))
        make_interaction(partner, days_ago=5, logged_by=officer, members=(officer,))
        make_interaction(partner, days_ago=2, logged_by=officer, members=(officer, manager))
        make_interaction(partner, days_ago=1, logged_by=officer, members=(officer,), kind="note")
        make_interaction(partner, days_ago=40, logged_by=alpha.user("researcher"))
        make_interaction(partner, days_ago=4, logged_by=officer, confidentiality="restricted")
    shown = Api(alpha, "manager").get(f"partnerships/{partner.pk}/collisions/").json()
    assert [each["who"] for each in shown["others"]] == ["Engineering"]
    assert shown["hidden"] == 1
    with tenant_scope(alpha.id):
        latest = Interaction.objects.filter(logged_by=officer, confidentiality="internal").exclude(kind="note")
        assert (
            shown["others"][0]["at"][:10]
            == min(row.occurred_at for row in latest if (timezone.now() - row.occurred_at).days == 3).date().isoformat()
        )
    assert Api(alpha, "researcher").get(f"partnerships/{partner.pk}/collisions/").json()["hidden"] == 0
    assert Api(alpha, "officer").get(f"partnerships/{partner.pk}/collisions/").json()["others"] == []
    with tenant_scope(alpha.id):
        UnitMember.objects.create(unit=unit, member=manager)
    shown = Api(alpha, "manager").get(f"partnerships/{partner.pk}/collisions/").json()
    assert [each["who"] for each in shown["others"]] == [officer.name], "of one's own unit by name"
