"""Follow-ups over HTTP; and what a confidential talk's follow-up tells whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import FollowUp
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.logging import make_followup
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership
from tests.partnerships.api.test_partnerships import somebody


class TestFollowUps(ApiContract):
    resource = Resource(
        prefix="follow-ups",
        view="partnerships.view_followups",
        create="partnerships.add_followup",
        edit="partnerships.edit_followup",
        make=lambda author: make_followup(assignee=author, added_by=author, due_on=timezone.localdate()),
        payload=lambda: {"partnership": make_partnership().pk, "title": "Send the template", "due_on": "2030-01-02"},
        patch={"title": "Send both templates", "due_on": None},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "origin": (lambda: make_interaction(make_partnership()), lambda pk: {"origin": pk}),
            "opportunity": (make_opportunity, lambda pk: {"opportunity": pk}),
            "assignee": (somebody, lambda pk: {"assignee": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


def test_done_and_open_again(in_alpha):
    api, row = Api(in_alpha, "officer"), make_followup()
    done = api.post(f"follow-ups/{row.pk}/complete/").json()
    assert done["done_at"] is not None
    assert api.post(f"follow-ups/{row.pk}/complete/").json() == done, "twice is once"
    assert api.get("follow-ups/", {"state": "open"}).json()["count"] == 0
    assert api.get("follow-ups/", {"state": "done"}).json()["count"] == 1
    row.refresh_from_db()
    assert row.done_by == in_alpha.user("officer")
    with nothing_changes():
        error_of(api.post(f"follow-ups/{row.pk}/snooze/", {"until": "2030-01-01"}), 409)
    assert api.post(f"follow-ups/{row.pk}/reopen/").json()["done_at"] is None


def test_putting_off_needs_a_day_to_come(in_alpha):
    api, row, today = Api(in_alpha, "officer"), make_followup(), timezone.localdate()
    for until in (today, today - timedelta(days=1), today + timedelta(days=400), "x", None):
        with nothing_changes():
            given = until.isoformat() if hasattr(until, "isoformat") else until
            assert "until" in error_of(api.post(f"follow-ups/{row.pk}/snooze/", {"until": given}), 400)["fields"]
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert api.post(f"follow-ups/{row.pk}/snooze/", {"until": tomorrow}).json()["snoozed_until"] == tomorrow


def test_only_a_present_colleague_can_be_asked(in_alpha):
    api, officer = Api(in_alpha, "manager"), in_alpha.user("officer")
    row = make_followup()
    in_alpha.change("officer", ended_at=timezone.now())
    with nothing_changes():
        error_of(api.patch(f"follow-ups/{row.pk}/", {"assignee": officer.pk}), 400)
        body = {"partnership": row.partnership_id, "title": "x", "assignee": officer.pk}
        error_of(api.post("follow-ups/", body), 400)


def test_origin_and_opportunity_belong_to_the_partner(in_alpha):
    api, partnership = Api(in_alpha, "manager"), make_partnership()
    body = {"partnership": partnership.pk, "title": "x"}
    elsewhere, opportunity = make_interaction(make_partnership()), make_opportunity()
    with nothing_changes():
        assert error_of(api.post("follow-ups/", {**body, "origin": elsewhere.pk}), 400)["fields"].keys() == {"origin"}
        error_of(api.post("follow-ups/", {**body, "opportunity": opportunity.pk}), 400)
        for title in ("", "   ", "\t"):
            error_of(api.post("follow-ups/", {**body, "title": title}), 400)


class TestOfAConfidentialTalk:
    """Its title may say what the talk was about: it is there for those who read the talk, do it or promised it."""

    @pytest.fixture
    def secret(self, in_alpha) -> FollowUp:
        interaction = make_interaction(make_partnership(), confidentiality="restricted")
        return make_followup(
            interaction.partnership,
            title="A secret word",
            interaction=interaction,
            assignee=in_alpha.user("researcher"),
            due_on=timezone.localdate() - timedelta(days=1),
        )

    def test_others_find_no_trace(self, alpha, secret, client_of):
        api = Api(alpha, "officer")
        assert api.get("follow-ups/").json()["count"] == 0
        error_of(api.get(f"follow-ups/{secret.pk}/"), 404)
        with nothing_changes():
            for verb in ("complete", "reopen"):
                error_of(api.post(f"follow-ups/{secret.pk}/{verb}/"), 404)
        member = client_of(alpha, "officer")
        for address in ("/", "/follow-ups/", f"/partners/{secret.partnership_id}/?tab=activity"):
            assert b"secret word" not in member.get(f"{alpha.prefix}{address}").content
        assert member.get(f"{alpha.prefix}/follow-ups/{secret.pk}/").status_code == 404

    def test_who_has_to_do_it_sees_it_and_not_where_it_comes_from(self, alpha, secret, client_of):
        shown = Api(alpha, "researcher").get(f"follow-ups/{secret.pk}/").json()
        assert (shown["title"], shown["origin"]) == ("A secret word", None)
        page = client_of(alpha, "researcher").get(f"{alpha.prefix}/").content.decode()
        assert "A secret word" in page
        assert f"/interactions/{secret.interaction_id}/" not in page

    def test_who_reads_the_talk_sees_where_it_comes_from(self, alpha, secret):
        shown = Api(alpha, "administrator").get(f"follow-ups/{secret.pk}/").json()
        assert shown["origin"]["id"] == secret.interaction_id


def test_a_follow_up_put_off_leaves_today_and_comes_back(alpha, client_of):
    member, today = client_of(alpha, "manager"), timezone.localdate()
    with tenant_scope(alpha.id):
        row = make_followup(assignee=alpha.user("manager"), title="Call them", due_on=today - timedelta(days=2))
    address = f"{alpha.prefix}/"
    assert "Overdue by 2 days" in member.get(address).content.decode()
    member.post(f"{alpha.prefix}/follow-ups/{row.pk}/snooze/", {"for_time": "1w"})
    assert "Overdue by 2 days" not in member.get(address).content.decode()
    with tenant_scope(alpha.id):
        FollowUp.objects.filter(pk=row.pk).update(snoozed_until=today)
    assert "Overdue by 2 days" in member.get(address).content.decode()
