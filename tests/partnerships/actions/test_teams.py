"""Roles on both sides; the owner of the team and the owner of the partnership are one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.tenancy.scope import tenant_scope
from organizations.models import Contact
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.actions.teams import add_team_member, edit_team_member, set_capacity
from partnerships.models import Capacity, Partnership, TeamMember
from partnerships.queries.teams import gone_from_team
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership, make_role


def owners(partnership) -> tuple[int | None, list[int], list[int]]:
    """The partnership's owner, and who holds and who held the role."""
    roles = TeamMember.objects.filter(partnership=partnership, role="owner", member__isnull=False).order_by("pk")
    present = [role.member_id for role in roles if role.ended_on is None]
    past = [role.member_id for role in roles if role.ended_on is not None]
    return Partnership.objects.get(pk=partnership.pk).owner_id, present, past


def test_whoever_way_the_owner_changes_the_team_agrees(in_alpha):
    actor, (officer, manager) = in_alpha.actor(), (in_alpha.user("officer"), in_alpha.user("manager"))
    partnership = create_partnership(actor=actor, organization=make_organization(), owner=officer)
    assert owners(partnership) == (officer.pk, [officer.pk], [])
    edit_partnership(actor=actor, partnership=partnership, owner=manager)
    assert owners(partnership) == (manager.pk, [manager.pk], [officer.pk])
    row = add_team_member(actor=actor, partnership=partnership, role="owner", member=officer, days_per_month=2)
    assert owners(partnership) == (officer.pk, [officer.pk], [officer.pk, manager.pk])
    assert row.days_per_month == 2
    edit_team_member(actor=actor, team_member=row, ended_on=timezone.localdate())
    assert owners(partnership) == (None, [], [officer.pk, manager.pk, officer.pk])
    deputy = add_team_member(actor=actor, partnership=partnership, role="deputy", member=manager)
    edit_team_member(actor=actor, team_member=deputy, role="owner")
    assert owners(partnership)[:2] == (manager.pk, [manager.pk])
    edit_team_member(actor=actor, team_member=deputy, role="deputy")
    assert owners(partnership)[:2] == (None, [])
    edit_partnership(actor=actor, partnership=partnership, owner=officer)
    edit_partnership(actor=actor, partnership=partnership, owner=None)
    assert owners(partnership)[:2] == (None, [])


def test_an_owner_without_a_role_gets_one_with_the_next_change(in_alpha):
    """Imported partnerships have an owner and no team."""
    officer = in_alpha.user("officer")
    partnership = make_partnership(owner=officer)
    add_team_member(actor=in_alpha.actor(), partnership=partnership, role="owner", member=officer)
    assert owners(partnership) == (officer.pk, [officer.pk], [])


def test_contacts_of_the_whole_group_may_have_a_role(in_alpha):
    parent = make_organization()
    organization = make_organization(parent=parent)
    sister = make_organization(parent=parent)
    partnership, actor = make_partnership(organization), in_alpha.actor()
    for place in (parent, organization, sister):
        contact = make_contact(place)
        row = add_team_member(actor=actor, partnership=partnership, role="champion", contact=contact)
        assert row.contact_id == contact.pk
    stranger = make_contact(make_organization())
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        add_team_member(actor=actor, partnership=partnership, role="champion", contact=stranger)
    assert (refused.value.code, refused.value.field) == ("works_elsewhere", "contact")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"days_per_month": Decimal("31.5")}, "out_of_range", "days_per_month"),
        ({"days_per_month": Decimal("-1")}, "out_of_range", "days_per_month"),
        ({"ended_on": timezone.localdate() - timedelta(days=1)}, "dates_reversed", "ended_on"),
        ({"role": "owner", "ended_on": timezone.localdate() + timedelta(days=9)}, "ends_later", "ended_on"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(in_alpha, fields, code, field):
    partnership, member = make_partnership(), in_alpha.user("officer")
    given = {"role": "legal", "member": member, **fields}
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        add_team_member(actor=in_alpha.actor(), partnership=partnership, **given)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_role_is_held_once(in_alpha):
    actor, member = in_alpha.actor(), in_alpha.user("officer")
    row = make_role(member=member, role="legal")
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        add_team_member(actor=actor, partnership=row.partnership, role="legal", member=member)
    assert refused.value.code == "role_held"
    edit_team_member(actor=actor, team_member=row, ended_on=timezone.localdate())
    again = add_team_member(actor=actor, partnership=row.partnership, role="legal", member=member)
    with nothing_changes(), pytest.raises(ActionRefused):
        edit_team_member(actor=actor, team_member=row, ended_on=None)
    assert again.ended_on is None


def test_partner_and_person_of_a_role_stay(in_alpha):
    row = make_role(member=in_alpha.user("officer"))
    for changes in ({"partnership": make_partnership()}, {"member": in_alpha.user("manager")}):
        with nothing_changes(), pytest.raises(ActionRefused) as refused:
            edit_team_member(actor=in_alpha.actor(), team_member=row, **changes)
        assert refused.value.code == "role_fixed"


def test_people_who_left_are_told_of(in_alpha):
    partnership, today = make_partnership(), timezone.localdate()
    contact = make_contact(partnership.organization)
    champion = make_role(partnership, contact=contact, role="champion")
    colleague = make_role(partnership, member=in_alpha.user("officer"))
    make_role(partnership, member=in_alpha.user("researcher"))
    assert gone_from_team(in_alpha.actor(), partnership, today=today) == []
    Contact.objects.filter(pk=contact.pk).update(left_on=today)
    in_alpha.change("officer", ended_at=timezone.now())
    gone = gone_from_team(in_alpha.actor(), partnership, today=today)
    assert {row.pk for row in gone} == {champion.pk, colleague.pk}
    edit_team_member(actor=in_alpha.actor(), team_member=champion, ended_on=today)
    assert [row.pk for row in gone_from_team(in_alpha.actor(), partnership, today=today)] == [colleague.pk]


def test_capacity_is_said_changed_and_taken_back(in_alpha):
    actor, member = in_alpha.actor(), in_alpha.user("officer")
    set_capacity(actor=actor, member=member, days_per_month=Decimal("12.5"))
    set_capacity(actor=actor, member=member, days_per_month=Decimal(10))
    row = Capacity.objects.get()
    assert (row.member_id, row.days_per_month, row.version) == (member.pk, Decimal(10), 2)
    with nothing_changes(), pytest.raises(InvalidInput):
        set_capacity(actor=actor, member=member, days_per_month=Decimal(32))
    set_capacity(actor=actor, member=member, days_per_month=None)
    assert not Capacity.objects.exists()


def test_denials_change_nothing(in_alpha, beta):
    partnership, officer = make_partnership(), in_alpha.user("officer")
    row = make_role(partnership, member=officer)
    with nothing_changes():
        for role in ("researcher", "viewer"):
            with pytest.raises(PermissionRefused):
                add_team_member(actor=in_alpha.actor(role), partnership=partnership, role="legal", member=officer)
            with pytest.raises(PermissionRefused):
                edit_team_member(actor=in_alpha.actor(role), team_member=row, role="legal")
        with pytest.raises(PermissionRefused):
            set_capacity(actor=in_alpha.actor("officer"), member=officer, days_per_month=Decimal(1))
        with pytest.raises(InvalidInput):
            add_team_member(actor=in_alpha.actor(), partnership=partnership, role="legal", member=beta.user("officer"))


def test_a_contact_of_the_other_office_is_refused(alpha, beta):
    with tenant_scope(beta.id):
        foreign = make_contact(make_organization())
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        with nothing_changes(), pytest.raises(InvalidInput):
            add_team_member(actor=alpha.actor(), partnership=partnership, role="champion", contact=foreign)
