"""Writing people: positions that begin and end, ORCIDs, two editors at once."""

from datetime import date

import pytest

from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from organizations.actions.contacts import create_contact, edit_contact
from organizations.models import Affiliation, Contact
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact, make_organization


def create(office, role=Role.MANAGER, **fields) -> Contact:
    return create_contact(actor=office.actor(role), **{"name": "Lena Brandt", **fields})


def edit(office, row, role=Role.MANAGER, **changes) -> Contact:
    return edit_contact(actor=office.actor(role), contact=row, **changes)


def refused(error, attempt) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def positions(row) -> list[tuple]:
    return list(row.affiliations.order_by("pk").values_list("organization_id", "title", "ended_on"))


def test_a_person_with_positions(in_alpha):
    first, second = make_organization(), make_organization()
    row = create(
        in_alpha,
        name=" Lena Brandt ",
        orcid="https://orcid.org/0000-0002-1825-0097",
        affiliations=[
            {"organization": first, "title": "Head", "is_decision_maker": True},
            {"organization": second, "started_on": date(2020, 1, 1), "ended_on": date(2021, 1, 1)},
        ],
    )
    assert (row.name, row.orcid) == ("Lena Brandt", "0000-0002-1825-0097")
    assert positions(row) == [(first.pk, "Head", None), (second.pk, "", date(2021, 1, 1))]


def test_researchers_add_people_and_do_not_change_them(in_alpha):
    row = create(in_alpha, Role.RESEARCHER)
    refused(PermissionRefused, lambda: edit(in_alpha, row, Role.RESEARCHER, name="Taken"))
    refused(PermissionRefused, lambda: create(in_alpha, Role.VIEWER))
    refused(PermissionRefused, lambda: edit(in_alpha, row, Role.VIEWER, name="Taken"))


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0098", "x", "0000-0002-1825"])
def test_an_orcid_that_is_none(in_alpha, orcid):
    row = create(in_alpha)
    for attempt in (lambda: create(in_alpha, orcid=orcid), lambda: edit(in_alpha, row, orcid=orcid)):
        problem = refused(InvalidInput, attempt)
        assert (problem.code, problem.field) == ("invalid_identifier", "orcid")


def test_an_orcid_may_be_taken_away(in_alpha):
    row = create(in_alpha, orcid="0000-0002-1825-0097")
    assert edit(in_alpha, row, orcid="").orcid == ""


def test_a_position_is_changed_kept_added_and_removed(in_alpha):
    first, second = make_organization(), make_organization()
    row = create(in_alpha, affiliations=[{"organization": first, "title": "Head"}])
    held = row.affiliations.get()
    given = [{"id": held.pk, "organization": first, "ended_on": date(2026, 1, 1)}, {"organization": second}]
    assert edit(in_alpha, row, affiliations=given).version == 2
    assert positions(row) == [(first.pk, "Head", date(2026, 1, 1)), (second.pk, "", None)]
    assert edit(in_alpha, row, phone="+45 1").version == 3
    assert len(positions(row)) == 2
    assert edit(in_alpha, row, affiliations=[{"id": held.pk}]).version == 4
    assert positions(row) == [(first.pk, "Head", date(2026, 1, 1))]
    assert edit(in_alpha, row, affiliations=[]).version == 5
    assert positions(row) == []


def test_the_same_positions_are_no_edit(in_alpha):
    row = create(in_alpha, affiliations=[{"organization": make_organization(), "title": "Head"}])
    held = row.affiliations.get()
    with nothing_changes():
        edit(in_alpha, row, seen=1, affiliations=[{"id": held.pk, "title": "Head"}])


def test_dates_in_order(in_alpha):
    given = {"organization": make_organization(), "started_on": date(2021, 1, 2), "ended_on": date(2021, 1, 1)}
    assert refused(InvalidInput, lambda: create(in_alpha, affiliations=[given])).code == "dates_reversed"
    one_day = {**given, "ended_on": given["started_on"]}
    assert len(positions(create(in_alpha, affiliations=[one_day]))) == 1


def test_one_present_position_per_organization(in_alpha):
    organization = make_organization()
    twice = [{"organization": organization}, {"organization": organization, "title": "Again"}]
    assert refused(ActionRefused, lambda: create(in_alpha, affiliations=twice)).code == "affiliation_twice"
    past = [{"organization": organization, "ended_on": date(2020, 1, 1)}, {"organization": organization}]
    assert len(positions(create(in_alpha, affiliations=past))) == 2


def test_somebody_elses_position_is_theirs(in_alpha):
    organization = make_organization()
    other = make_contact(organization)
    theirs = other.affiliations.get()
    row = create(in_alpha, affiliations=[{"organization": organization}])
    mine = row.affiliations.get()
    for given in ([{"id": theirs.pk, "title": "Taken"}], [{"id": mine.pk}, {"id": mine.pk}], [{"id": 10**12}]):
        problem = refused(InvalidInput, lambda given=given: edit(in_alpha, row, affiliations=given))
        assert (problem.code, problem.field) == ("unknown_affiliation", "affiliations")
    assert Affiliation.objects.get(pk=theirs.pk).contact_id == other.pk


def test_a_new_person_takes_over_nobodys_position(in_alpha):
    theirs = make_contact(make_organization()).affiliations.get()
    refused(InvalidInput, lambda: create(in_alpha, affiliations=[{"id": theirs.pk}]))


def test_the_second_editor_is_told_and_overwrites_nothing(in_alpha):
    row = create(in_alpha)
    edit(in_alpha, row, seen=1, phone="+45 1")
    organization = make_organization()
    problem = refused(
        StaleEdit,
        lambda: edit(in_alpha, row, seen=1, phone="+45 2", affiliations=[{"organization": organization}]),
    )
    assert problem.details == {"version": 2, "current": {"phone": "+45 1"}}
