"""The institution's tree: names, codes, closing, members."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from tenants.actions.units import add_unit_member, close_unit, create_unit, edit_unit, remove_unit_member
from tenants.choices import Role
from tenants.models import Unit
from tenants.queries.units import unit_tree
from tests.api_kit import nothing_changes
from tests.factories.units import make_unit


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def outline(nodes) -> list:
    return [(node.unit.name, node.level, outline(node.children)) for node in nodes]


def test_the_tree_is_read_by_name_at_each_level(in_alpha):
    science = make_unit(name="Science")
    physics = make_unit(name="Physics", parent=science)
    make_unit(name="Chemistry", parent=science)
    make_unit(name="Arts")
    closed = make_unit(name="Old", parent=science, closed_on=timezone.localdate())
    expected = [("Arts", 1, []), ("Science", 1, [("Chemistry", 2, []), ("Physics", 2, [])])]
    assert outline(unit_tree(in_alpha.actor())) == expected
    assert outline(unit_tree(in_alpha.actor(), with_closed=True))[1][2][1] == ("Old", 2, [])
    make_unit(name="Still open", parent=closed)
    assert outline(unit_tree(in_alpha.actor()))[1][2][1] == ("Old", 2, [("Still open", 3, [])])
    assert physics.parent == science


def test_a_code_is_given_once(in_alpha):
    actor = in_alpha.actor()
    create_unit(actor=actor, name="Physics", code=" PHY ")
    other = create_unit(actor=actor, name="Chemistry")
    for attempt in (
        lambda: create_unit(actor=actor, name="Other", code="PHY"),
        lambda: edit_unit(actor=actor, unit=other, code="PHY"),
    ):
        problem = refused(attempt)
        assert (problem.code, problem.field) == ("code_taken", "code")
        assert "Physics" in problem.message
    assert create_unit(actor=actor, name="Without", code="").pk


def test_closing_goes_from_below_and_opens_again(in_alpha):
    actor = in_alpha.actor()
    faculty = make_unit(name="Faculty")
    unit = make_unit(name="Laboratory", parent=faculty)
    problem = refused(lambda: close_unit(actor=actor, unit=faculty))
    assert (problem.code, "Laboratory" in problem.message) == ("open_below", True)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused(lambda: close_unit(actor=actor, unit=unit, closed_on=tomorrow), InvalidInput).field == "closed_on"
    close_unit(actor=actor, unit=unit)
    assert refused(lambda: close_unit(actor=actor, unit=unit)).code == "closed_already"
    close_unit(actor=actor, unit=faculty)
    below = refused(lambda: create_unit(actor=actor, name="New", parent=Unit.objects.get(pk=faculty.pk)))
    assert (below.code, below.field) == ("unit_closed", "parent")
    assert edit_unit(actor=actor, unit=faculty, closed_on=None).closed_on is None


def test_members_come_once_and_go(in_alpha):
    actor, unit, member = in_alpha.actor(), make_unit(), in_alpha.user(Role.RESEARCHER)
    link = add_unit_member(actor=actor, unit=unit, member=member)
    assert Unit.objects.get().version == 2
    twice = refused(lambda: add_unit_member(actor=actor, unit=unit, member=member))
    assert (twice.code, twice.field) == ("member_twice", "member")
    in_alpha.change(Role.VIEWER, ended_at=timezone.now())
    gone = refused(lambda: add_unit_member(actor=actor, unit=unit, member=in_alpha.user(Role.VIEWER)), InvalidInput)
    assert (gone.code, gone.field) == ("not_a_member", "member")
    remove_unit_member(actor=actor, unit_member=link)
    assert unit.members.count() == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RESEARCHER, Role.VIEWER])
def test_only_managers_and_administrators_write(in_alpha, role):
    actor, unit, member = in_alpha.actor(role), make_unit(), in_alpha.user(Role.VIEWER)
    for attempt in (
        lambda: create_unit(actor=actor, name="New"),
        lambda: edit_unit(actor=actor, unit=unit, name="New"),
        lambda: close_unit(actor=actor, unit=unit),
        lambda: add_unit_member(actor=actor, unit=unit, member=member),
    ):
        refused(attempt, PermissionRefused)
    assert len(unit_tree(actor)) == 1, "and everybody sees them"
