"""A colleague leaves: everything goes to named successors, all or nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from organizations.models import Contact
from partnerships.actions.handovers import (
    cancel_handover,
    choose_successors,
    finish_handover,
    refresh_handover,
    start_handover,
    thing_of,
)
from partnerships.actions.partnerships import edit_partnership
from partnerships.models import FollowUp, HandoverItem, Opportunity, Partnership, TeamMember
from partnerships.queries.handovers import carried_things
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_opportunity, make_partnership, make_role

LAST_DAY = date(2026, 12, 31)


def give_everything(member, **more):
    """One of each kind, and of each something that does not count."""
    partnership = make_partnership(owner=member)
    make_partnership(owner=member, status="ended")
    make_role(partnership, member=member, role="owner")
    role = make_role(member=member, role="legal", days_per_month=Decimal("2.5"))
    make_role(member=member, role="legal", started_on=date(2020, 1, 1), ended_on=date(2020, 2, 1))
    opportunity = make_opportunity(partnership, owner=member)
    make_opportunity(partnership, owner=member, stage="Lost", closed_at=timezone.now())
    followup = FollowUp.objects.create(partnership=partnership, title="Call back", assignee=member)
    FollowUp.objects.create(partnership=partnership, title="Done", assignee=member, done_at=timezone.now())
    contact = make_contact(partnership.organization, owner=member)
    return {
        "partnership": partnership,
        "role": role,
        "opportunity": opportunity,
        "followup": followup,
        "contact": contact,
    }


def test_the_list_holds_what_is_carried_and_nothing_else(in_alpha):
    leaver = in_alpha.user("officer")
    things = give_everything(leaver)
    give_everything(in_alpha.user("researcher"))
    assert carried_things(leaver) == {kind: [row.pk] for kind, row in things.items()}
    handover = start_handover(actor=in_alpha.actor(), member=leaver, last_day=LAST_DAY)
    assert {thing_of(line) for line in HandoverItem.objects.filter(handover=handover)} == {
        (kind, row.pk) for kind, row in things.items()
    }


def test_finishing_moves_everything_at_once(in_alpha):
    actor, leaver, successor = in_alpha.actor(), in_alpha.user("officer"), in_alpha.user("manager")
    things = give_everything(leaver)
    handover = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    choose_successors(actor=actor, handover=handover, successor=successor)
    finished = finish_handover(actor=actor, handover=handover)
    assert (finished.status, finished.finished_at is not None) == ("done", True)
    assert carried_things(leaver) == {kind: [] for kind in things}
    assert Partnership.objects.get(pk=things["partnership"].pk).owner_id == successor.pk
    assert Opportunity.objects.get(pk=things["opportunity"].pk).owner_id == successor.pk
    assert FollowUp.objects.get(pk=things["followup"].pk).assignee_id == successor.pk
    assert Contact.objects.get(pk=things["contact"].pk).owner_id == successor.pk
    roles = TeamMember.objects.filter(partnership=things["role"].partnership).order_by("pk")
    assert [(role.member_id, role.ended_on, role.days_per_month) for role in roles] == [
        (leaver.pk, timezone.localdate(), Decimal("2.5")),
        (successor.pk, None, Decimal("2.5")),
    ]
    assert not HandoverItem.objects.filter(settled_at=None).exists()


def test_it_refuses_to_finish_while_a_line_lacks_a_successor(in_alpha):
    actor, leaver = in_alpha.actor(), in_alpha.user("officer")
    give_everything(leaver)
    handover = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    lines = list(HandoverItem.objects.filter(handover=handover).order_by("pk"))
    choose_successors(
        actor=actor, handover=handover, successor=in_alpha.user("manager"), items=[line.pk for line in lines[1:]]
    )
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        finish_handover(actor=actor, handover=handover)
    assert (refused.value.code, refused.value.details) == ("successor_missing", {"lacking": 1})


def test_what_was_taken_on_since_is_not_forgotten(in_alpha):
    actor, leaver, successor = in_alpha.actor(), in_alpha.user("officer"), in_alpha.user("manager")
    gone = make_partnership(owner=leaver)
    handover = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    choose_successors(actor=actor, handover=handover, successor=successor)
    late = make_partnership(owner=leaver)
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        finish_handover(actor=actor, handover=handover)
    assert refused.value.code == "handover_outdated"
    edit_partnership(actor=actor, partnership=gone, owner=in_alpha.user("administrator"))
    refresh_handover(actor=actor, handover=handover)
    assert [line.partnership_id for line in HandoverItem.objects.filter(handover=handover)] == [late.pk]
    choose_successors(actor=actor, handover=handover, successor=successor)
    finish_handover(actor=actor, handover=handover)
    assert Partnership.objects.get(pk=gone.pk).owner_id == in_alpha.user("administrator").pk
    assert Partnership.objects.get(pk=late.pk).owner_id == successor.pk


def test_a_successor_who_holds_the_role_already_keeps_it_once(in_alpha):
    actor, leaver, successor = in_alpha.actor(), in_alpha.user("officer"), in_alpha.user("manager")
    role = make_role(member=leaver, role="deputy")
    make_role(role.partnership, member=successor, role="deputy")
    handover = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    choose_successors(actor=actor, handover=handover, successor=successor)
    finish_handover(actor=actor, handover=handover)
    present = TeamMember.objects.filter(partnership=role.partnership, ended_on=None)
    assert [each.member_id for each in present] == [successor.pk]


def test_successors_work_here_and_stay(in_alpha, beta):
    actor, leaver = in_alpha.actor(), in_alpha.user("officer")
    make_partnership(owner=leaver)
    handover = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    with nothing_changes():
        for nobody in (leaver, beta.user("manager")):
            with pytest.raises(InvalidInput) as refused:
                choose_successors(actor=actor, handover=handover, successor=nobody)
            assert refused.value.field == "successor"
    choose_successors(actor=actor, handover=handover, successor=in_alpha.user("researcher"))
    in_alpha.change("researcher", ended_at=timezone.now())
    with nothing_changes(), pytest.raises(InvalidInput):
        finish_handover(actor=actor, handover=handover)


def test_one_open_handover_per_colleague(in_alpha):
    actor, leaver = in_alpha.actor(), in_alpha.user("officer")
    first = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        start_handover(actor=actor, member=leaver, last_day=LAST_DAY + timedelta(days=1))
    assert refused.value.code == "handover_open"
    cancel_handover(actor=actor, handover=first)
    second = start_handover(actor=actor, member=leaver, last_day=LAST_DAY)
    for closed in (cancel_handover, refresh_handover, finish_handover):
        with nothing_changes(), pytest.raises(ActionRefused):
            closed(actor=actor, handover=first)
    assert second.status == "open"


def test_somebody_who_has_left_already_can_be_handed_over(in_alpha, beta):
    actor, leaver = in_alpha.actor(), in_alpha.user("officer")
    in_alpha.change("officer", ended_at=timezone.now())
    assert start_handover(actor=actor, member=leaver, last_day=LAST_DAY).member_id == leaver.pk
    with nothing_changes(), pytest.raises(InvalidInput):
        start_handover(actor=actor, member=beta.user("officer"), last_day=LAST_DAY)


def test_officers_hand_nothing_over(in_alpha):
    handover = start_handover(actor=in_alpha.actor(), member=in_alpha.user("viewer"), last_day=LAST_DAY)
    with nothing_changes():
        for role in ("officer", "researcher", "viewer"):
            actor = in_alpha.actor(role)
            with pytest.raises(PermissionRefused):
                start_handover(actor=actor, member=in_alpha.user("manager"), last_day=LAST_DAY)
            for action in (refresh_handover, finish_handover, cancel_handover):
                with pytest.raises(PermissionRefused):
                    action(actor=actor, handover=handover)
            with pytest.raises(PermissionRefused):
                choose_successors(actor=actor, handover=handover, successor=None)
