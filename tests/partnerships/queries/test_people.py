"""What the office did with a person: as far as the reader may read it."""

import pytest
from django.utils import timezone

from organizations.models import Contact
from organizations.queries.contacts import contacts_with_last_touch
from organizations.queries.personal_data import personal_data_of
from partnerships.models import Partnership
from partnerships.queries.people import activity_section, who_knows, who_knows_section
from tenants.choices import Role
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.fixture
def partnership(in_alpha) -> Partnership:
    return make_partnership()


@pytest.fixture
def contact(partnership) -> Contact:
    return make_contact(partnership.organization, name="Ada")


def touches(office, role) -> dict[str, int | None]:
    rows = contacts_with_last_touch(office.actor(role))
    now = timezone.now()
    return {row.name: row.last_touch_at and (now - row.last_touch_at).days for row in rows}


def test_the_last_touch_is_the_latest_that_one_may_read(in_alpha, partnership, contact):
    make_contact(name="Bob")
    make_interaction(partnership, days_ago=30, contacts=(contact,))
    make_interaction(partnership, days_ago=9, contacts=(contact,), confidentiality="confidential")
    make_interaction(partnership, days_ago=2, contacts=(contact,), confidentiality="restricted")
    assert touches(in_alpha, Role.ADMINISTRATOR) == {"Ada": 2, "Bob": None}
    assert touches(in_alpha, Role.MANAGER) == {"Ada": 9, "Bob": None}
    assert touches(in_alpha, Role.OFFICER) == {"Ada": 30, "Bob": None}


def test_who_took_part_reads_and_knows(in_alpha, partnership, contact):
    officer, researcher = in_alpha.user(Role.OFFICER), in_alpha.user(Role.RESEARCHER)
    make_interaction(partnership, days_ago=180, contacts=(contact,), members=(officer, researcher))
    make_interaction(partnership, contacts=(contact,), members=(researcher,), confidentiality="restricted")
    ties = who_knows(in_alpha.actor(Role.RESEARCHER), contact)
    assert [(tie.person, round(tie.mass, 6)) for tie in ties] == [(researcher, 1.5), (officer, 0.5)]
    assert [round(tie.share, 6) for tie in ties] == [0.75, 0.25]
    ties = who_knows(in_alpha.actor(Role.OFFICER), contact)
    assert {tie.person: round(tie.mass, 6) for tie in ties} == {officer: 0.5, researcher: 0.5}


def test_old_and_weightless_touches_make_no_tie(in_alpha, partnership, contact):
    officer = in_alpha.user(Role.OFFICER)
    make_interaction(partnership, days_ago=3000, contacts=(contact,), members=(officer,))
    make_interaction(partnership, contacts=(contact,), members=(officer,), kind="note")
    assert who_knows(in_alpha.actor(), contact) == []


def test_whoever_objects_to_scoring_has_no_ties(in_alpha, partnership, contact):
    make_interaction(partnership, contacts=(contact,), members=(in_alpha.user(Role.OFFICER),))
    Contact.objects.update(objects_to_scoring=True)
    contact.refresh_from_db()
    assert who_knows_section(in_alpha.actor(), contact) == {"ties": [], "objects": True}


def test_viewers_are_shown_neither(in_alpha, contact):
    viewer = in_alpha.actor(Role.VIEWER)
    assert who_knows_section(viewer, contact) is None
    assert activity_section(viewer, contact) is None


def test_what_is_held_on_a_person_holds_the_interactions_that_one_may_read(in_alpha, partnership, contact):
    make_interaction(partnership, contacts=(contact,), note="In the open")
    make_interaction(partnership, contacts=(contact,), note="Between us", confidentiality="restricted")
    make_interaction(partnership, note="Without her")

    def notes(role):
        held = {each.label: each.rows for each in personal_data_of(in_alpha.actor(role), contact)}
        return sorted(row["what happened"] for row in held["Interactions"])

    assert notes(Role.OFFICER) == ["In the open"]
    assert notes(Role.ADMINISTRATOR) == ["Between us", "In the open"]
