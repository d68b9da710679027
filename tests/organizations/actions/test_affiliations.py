"""Where people work and worked, one position at a time, and that they have left; who keeps them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from organizations.actions.contacts import (
    add_affiliation,
    create_contact,
    edit_affiliation,
    edit_contact,
    mark_contact_left,
)
from organizations.models import Affiliation, Contact
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact, make_organization


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def test_somebody_may_work_at_several_but_once_at_each(in_alpha):
    actor, first, second = in_alpha.actor(), make_organization(name="First"), make_organization()
    contact = make_contact(first)
    position = add_affiliation(actor=actor, contact=contact, organization=second, title="Board", is_decision_maker=True)
    assert Contact.objects.get().version == 2
    twice = refused(lambda: add_affiliation(actor=actor, contact=contact, organization=first))
    assert (twice.code, twice.field) == ("affiliation_twice", "organization")
    assert "First" in twice.message
    past = add_affiliation(
        actor=actor, contact=contact, organization=first, started_on=date(2010, 1, 1), ended_on=date(2012, 1, 1)
    )
    assert refused(lambda: edit_affiliation(actor=actor, affiliation=past, ended_on=None)).code == "affiliation_twice"
    moved = refused(lambda: edit_affiliation(actor=actor, affiliation=position, organization=first))
    assert moved.field == "organization"
    edit_affiliation(actor=actor, affiliation=position, ended_on=timezone.localdate())
    assert contact.affiliations.filter(ended_on=None).count() == 1


def test_an_end_before_the_start_is_refused(in_alpha):
    contact, organization = make_contact(), make_organization()
    days = {"started_on": date(2020, 1, 2), "ended_on": date(2020, 1, 1)}
    attempt = lambda: add_affiliation(actor=in_alpha.actor(), contact=contact, organization=organization, **days)  # noqa: E731
    assert refused(attempt, InvalidInput).field == "ended_on"


def test_whoever_leaves_ends_every_present_position(in_alpha):
    actor, today = in_alpha.actor(), timezone.localdate()
    contact = make_contact(make_organization())
    add_affiliation(actor=actor, contact=contact, organization=make_organization(), started_on=date(2020, 1, 1))
    old = add_affiliation(actor=actor, contact=contact, organization=make_organization(), ended_on=date(2019, 1, 1))
    row = mark_contact_left(actor=actor, contact=contact, left_on=today - timedelta(days=3))
    assert row.left_on == today - timedelta(days=3)
    ends = set(contact.affiliations.exclude(pk=old.pk).values_list("ended_on", flat=True))
    assert ends == {today - timedelta(days=3)}
    assert Affiliation.objects.get(pk=old.pk).ended_on == date(2019, 1, 1)
    assert refused(lambda: mark_contact_left(actor=actor, contact=contact)).code == "left_already"
    add_affiliation(actor=actor, contact=contact, organization=make_organization())
    assert Contact.objects.get(pk=contact.pk).left_on is None, "a new position makes them present again"
    mark_contact_left(actor=actor, contact=contact)
    edit_contact(actor=actor, contact=contact, affiliations=[{"organization": make_organization()}])
    assert Contact.objects.get(pk=contact.pk).left_on is None, "and so does one in a list that replaces them"


def test_a_day_of_leaving_that_cannot_be_is_refused(in_alpha):
    actor, today = in_alpha.actor(), timezone.localdate()
    contact = make_contact()
    add_affiliation(actor=actor, contact=contact, organization=make_organization(), started_on=today)
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        attempt = lambda day=day: mark_contact_left(actor=actor, contact=contact, left_on=day)  # noqa: E731
        assert refused(attempt, InvalidInput).field == "left_on"


def test_a_guarded_person_has_a_keeper_who_works_here(in_alpha):
    actor, keeper = in_alpha.actor(), in_alpha.user(Role.OFFICER)
    for permission in ("ask_first", "tell_owner"):
        attempt = lambda permission=permission: create_contact(actor=actor, name="A", permission=permission)  # noqa: E731
        assert refused(attempt, InvalidInput).field == "owner"
    row = create_contact(actor=actor, name="A", permission="ask_first", owner=keeper)
    assert refused(lambda: edit_contact(actor=actor, contact=row, owner=None), InvalidInput).field == "owner"
    in_alpha.change(Role.OFFICER, ended_at=timezone.now())
    assert edit_contact(actor=actor, contact=row, owner=keeper, phone="1").phone == "1", "whoever keeps them stays"
    gone = refused(lambda: create_contact(actor=actor, name="B", owner=keeper), InvalidInput)
    assert (gone.code, gone.field) == ("not_a_member", "owner")


@pytest.mark.parametrize("field", ["collected_on", "reviewed_on"])
def test_privacy_days_lie_in_the_past(in_alpha, field):
    tomorrow = timezone.localdate() + timedelta(days=1)
    attempt = lambda: create_contact(actor=in_alpha.actor(), name="A", **{field: tomorrow})  # noqa: E731
    assert refused(attempt, InvalidInput).field == field


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.VIEWER])
def test_whoever_only_reads_changes_nothing(in_alpha, role):
    actor, organization = in_alpha.actor(role), make_organization()
    contact = make_contact(organization)
    position = contact.affiliations.get()
    for attempt in (
        lambda: add_affiliation(actor=actor, contact=contact, organization=make_organization()),
        lambda: edit_affiliation(actor=actor, affiliation=position, title="CEO"),
        lambda: mark_contact_left(actor=actor, contact=contact),
    ):
        with pytest.raises(PermissionRefused):
            attempt()
    assert contact.affiliations.get().title == ""
