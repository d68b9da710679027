"""The pages of a handover, the warning before a membership ends, and the workload."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from partnerships.actions.handovers import start_handover
from partnerships.models import Capacity, FollowUp, Handover, HandoverItem, Partnership
from partnerships.queries.workload import workload
from tests.api_kit import counted, nothing_changes
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership, make_role


def test_from_the_list_to_the_last_successor(in_alpha, client_of):
    leaver, successor, member = in_alpha.user("officer"), in_alpha.user("manager"), client_of(in_alpha, "manager")
    first, second = make_partnership(owner=leaver), make_partnership(owner=leaver)
    started = member.post(f"{in_alpha.prefix}/handovers/new/", {"member": leaver.pk, "last_day": "2026-12-31"})
    page = started["Location"]
    lines = list(HandoverItem.objects.order_by("pk"))
    assert [line.partnership_id for line in lines] == [first.pk, second.pk]
    with nothing_changes():
        refused = member.post(f"{page}finish/", follow=True)
    assert "2 lines have no successor yet." in refused.content.decode()
    chosen = {f"line-{lines[0].pk}": in_alpha.user("administrator").pk, "for_all": successor.pk}
    member.post(f"{page}successors/", chosen)
    assert "2 of 2" in member.get(page).content.decode()
    member.post(f"{page}finish/")
    owners = dict(Partnership.objects.values_list("pk", "owner_id"))
    assert owners == {first.pk: in_alpha.user("administrator").pk, second.pk: successor.pk}
    assert Handover.objects.get().status == "done"
    assert "finish/" not in member.get(page).content.decode()


def test_a_successor_from_nowhere_is_refused(in_alpha, beta, client_of):
    leaver = in_alpha.user("officer")
    make_partnership(owner=leaver)
    row = start_handover(actor=in_alpha.actor(), member=leaver, last_day=timezone.localdate())
    page = f"{in_alpha.prefix}/handovers/{row.pk}/successors/"
    with nothing_changes():
        for foreign in (beta.user("manager").pk, leaver.pk, "x"):
            answer = client_of(in_alpha, "manager").post(page, {"for_all": foreign})
            assert answer.status_code == 422
        assert client_of(in_alpha, "officer").post(page, {}).status_code == 403


def test_ties_that_no_line_hands_over_are_shown(in_alpha, client_of):
    leaver, partnership = in_alpha.user("officer"), make_partnership()
    make_interaction(partnership, days_ago=3, members=(leaver,))
    row = start_handover(actor=in_alpha.actor(), member=leaver, last_day=timezone.localdate())
    text = client_of(in_alpha, "manager").get(f"{in_alpha.prefix}/handovers/{row.pk}/").content.decode()
    assert partnership.organization.name in text
    assert "100 %" in text


def test_a_handover_costs_the_same_for_any_number_of_lines(in_alpha, client_of):
    member, costs = client_of(in_alpha, "manager"), []
    for role, number in (("officer", 1), ("researcher", 4)):
        leaver = in_alpha.user(role)
        for _ in range(number):
            partnership = make_partnership(owner=leaver)
            make_role(partnership, member=leaver, role="legal")
            make_opportunity(partnership, owner=leaver)
            FollowUp.objects.create(partnership=partnership, title="Call", assignee=leaver)
        row = start_handover(actor=in_alpha.actor(), member=leaver, last_day=timezone.localdate())
        member.get(f"{in_alpha.prefix}/handovers/{row.pk}/")
        with counted() as statements:
            member.get(f"{in_alpha.prefix}/handovers/{row.pk}/")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


def test_ending_a_membership_warns_of_what_they_carry(in_alpha, client_of):
    member, leaver = client_of(in_alpha, "administrator"), in_alpha.memberships["officer"]
    page = f"{in_alpha.prefix}/members/{leaver.pk}/end/"
    make_partnership(owner=leaver.user)
    with nothing_changes():
        warned = member.post(page)
    assert warned.status_code == 409
    text = warned.content.decode()
    assert "still carries 1 thing" in text
    assert f"handovers/new/?member={leaver.user_id}" in text
    assert member.post(page, {"anyway": "1"}).status_code == 302
    leaver.refresh_from_db()
    assert leaver.ended_at is not None


def test_who_carries_nothing_leaves_without_a_question(in_alpha, client_of):
    leaver = in_alpha.memberships["officer"]
    client_of(in_alpha, "administrator").post(f"{in_alpha.prefix}/members/{leaver.pk}/end/")
    leaver.refresh_from_db()
    assert leaver.ended_at is not None


def test_the_workload_adds_up(in_alpha):
    officer, manager, today = in_alpha.user("officer"), in_alpha.user("manager"), timezone.localdate()
    first = make_partnership(owner=officer, tier="strategic", next_review_on=today - timedelta(days=1))
    make_partnership(owner=officer, tier="key", next_review_on=today)
    make_partnership(owner=officer, tier="strategic", status="ended")
    make_role(first, member=officer, role="legal", days_per_month=Decimal("2.5"))
    make_role(first, member=officer, role="deputy", days_per_month=Decimal(1), ended_on=today)
    make_opportunity(first, owner=officer)
    make_opportunity(first, owner=officer, closed_at=timezone.now())
    for days in (-1, 0, 1):
        FollowUp.objects.create(partnership=first, title="Call", assignee=officer, due_on=today + timedelta(days=days))
    FollowUp.objects.create(partnership=first, title="Done", assignee=officer, done_at=timezone.now())
    make_interaction(first, days_ago=3, members=(officer, manager))
    make_interaction(first, days_ago=40, members=(officer,))
    Capacity.objects.create(member=officer, days_per_month=Decimal(2))
    loads = {load.member.pk: load for load in workload(in_alpha.actor())}
    row = loads[officer.pk]
    assert (row.tiers, row.partners, row.load) == ({"strategic": 1, "key": 1}, 2, Decimal(6))
    assert (row.followups, row.overdue, row.opportunities, row.reviews, row.activity) == (3, 1, 1, 1, 1)
    assert (row.days, row.capacity, row.is_over) == (Decimal("2.5"), Decimal(2), True)
    assert next(iter(loads)) == officer.pk
    assert loads[manager.pk].activity == 1
    assert in_alpha.user("viewer").pk not in loads


def test_capacity_is_set_by_managers(in_alpha, client_of):
    membership = in_alpha.memberships["officer"]
    page = f"{in_alpha.prefix}/workload/{membership.pk}/capacity/"
    with nothing_changes():
        assert client_of(in_alpha, "officer").post(page, {"days_per_month": "5"}).status_code == 403
        assert client_of(in_alpha, "manager").post(page, {"days_per_month": "40"}).status_code == 422
    assert client_of(in_alpha, "manager").post(page, {"days_per_month": "7.5"}).status_code == 302
    assert Capacity.objects.get().days_per_month == Decimal("7.5")
