"""Two people edit one record in two browsers: nothing of either is lost, whatever order they save in."""

import pytest

from core.tenancy.scope import tenant_scope
from organizations.actions.organizations import edit_organization
from organizations.models import Contact, Organization
from partnerships.models import Interaction, Partnership
from tenants.choices import Role
from tests.cast import Office
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.fixture
def organization(alpha) -> Organization:
    with tenant_scope(alpha.id):
        return make_organization(name="Aarhus Pumps", city="Aarhus", kind="company", country="DK")


def form_of(client, address: str) -> dict:
    """What a browser would send back unchanged."""
    form = client.get(address).context["form"]
    from core.merging import posted

    return {name: posted(field, form.initial.get(name, field.initial)) for name, field in form.fields.items()}


class Pair:
    """A manager and an officer who both opened the same page."""

    def __init__(self, office: Office, client_of, path: str):
        self.office, self.address = office, office.prefix + path
        self.ana, self.ben = client_of(office, Role.MANAGER), client_of(office, Role.OFFICER)
        self.first, self.second = form_of(self.ana, self.address), form_of(self.ben, self.address)

    def ana_saves(self, **values):
        answer = self.ana.post(self.address, {**self.first, **values})
        assert answer.status_code == 302, answer.context["form"].errors
        return answer

    def ben_saves(self, **values):
        return self.ben.post(self.address, {**self.second, **values}, follow=True)


def fresh(office: Office, row):
    with tenant_scope(office.id):
        row.refresh_from_db()
        return row


@pytest.fixture
def pair(alpha, client_of, organization) -> Pair:
    return Pair(alpha, client_of, f"/organizations/{organization.pk}/edit/")


def test_different_fields_merge_and_the_page_says_so(alpha, pair, organization):
    pair.ana_saves(city="Viby", kind="university")
    answer = pair.ben_saves(website="https://ap.example/", legal_name="Aarhus Pumps A/S")
    assert answer.status_code == 200
    assert b"Kept what somebody else changed meanwhile" in answer.content
    row = fresh(alpha, organization)
    assert (row.city, row.kind, row.website) == ("Viby", "university", "https://ap.example/")
    assert row.legal_name == "Aarhus Pumps A/S"


def test_the_same_field_asks_and_writes_nothing(alpha, pair, organization):
    pair.ana_saves(city="Viby")
    answer = pair.ben_saves(city="Risskov", region="Jutland")
    assert answer.status_code == 409
    (conflict,) = answer.context["form"].conflicts
    assert (conflict.name, conflict.yours, conflict.theirs, conflict.original) == ("city", "Risskov", "Viby", "Aarhus")
    assert b'name="keep_city"' in answer.content
    assert b'value="Jutland"' in answer.content
    row = fresh(alpha, organization)
    assert (row.city, row.region) == ("Viby", "")


@pytest.mark.parametrize(("keep", "city"), [("yours", "Risskov"), ("theirs", "Viby")])
def test_the_choice_is_saved_with_all_else(alpha, pair, organization, keep, city):
    pair.ana_saves(city="Viby", website="https://ana.example/")
    answer = pair.ben_saves(city="Risskov", region="Jutland")
    again = {name: answer.context["form"].data.getlist(name) for name in pair.second}
    saved = pair.ben.post(pair.address, {**again, "keep_city": keep})
    assert saved.status_code == 302
    row = fresh(alpha, organization)
    assert (row.city, row.region, row.website) == (city, "Jutland", "https://ana.example/")


def test_the_same_change_by_both_is_no_conflict(alpha, pair, organization):
    pair.ana_saves(city="Viby")
    assert pair.ben_saves(city="Viby", region="Jutland").status_code == 200
    assert fresh(alpha, organization).region == "Jutland"


def test_choices_in_conflict_are_shown_by_their_labels(alpha, pair):
    pair.ana_saves(kind="university")
    answer = pair.ben_saves(kind="other")
    (conflict,) = answer.context["form"].conflicts
    assert (conflict.yours, conflict.theirs, conflict.original) == ("Other organization", "University", "Company")


def test_a_third_save_in_between_asks_again(alpha, pair, organization):
    pair.ana_saves(city="Viby")
    answer = pair.ben_saves(city="Risskov")
    again = {name: answer.context["form"].data.getlist(name) for name in pair.second}
    with tenant_scope(alpha.id):
        edit_organization(actor=alpha.actor(), organization=organization, city="Skanderborg")
    third = pair.ben.post(pair.address, {**again, "keep_city": "yours"})
    assert third.status_code == 409
    assert third.context["form"].conflicts[0].theirs == "Skanderborg"


def test_many_saves_in_between_are_seen_through(alpha, pair, organization):
    from dataclasses import replace

    with tenant_scope(alpha.id):
        for number in range(4):
            actor = replace(alpha.actor(), request_id=f"set-0000{number}")
            edit_organization(actor=actor, organization=organization, region=f"Region {number}")
    assert pair.ben_saves(city="Viby").status_code == 200
    row = fresh(alpha, organization)
    assert (row.city, row.region) == ("Viby", "Region 3")


def test_a_partnership_merges_owner_and_summary(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_partnership(owner=alpha.user(Role.MANAGER), tier="key")
    pair = Pair(alpha, client_of, f"/partners/{row.pk}/edit/")
    pair.ana_saves(owner=alpha.user(Role.OFFICER).pk)
    assert pair.ben_saves(summary="Two lines\r\nof text").status_code == 200
    row = fresh(alpha, Partnership(pk=row.pk, tenant_id=alpha.id))
    assert (row.owner_id, row.summary.split()) == (alpha.user(Role.OFFICER).pk, ["Two", "lines", "of", "text"])


def test_an_owner_in_conflict_is_shown_by_name(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_partnership(owner=alpha.user(Role.MANAGER), tier="key")
    pair = Pair(alpha, client_of, f"/partners/{row.pk}/edit/")
    pair.ana_saves(owner=alpha.user(Role.OFFICER).pk, tier="strategic")
    answer = pair.ben_saves(owner=alpha.user(Role.ADMINISTRATOR).pk)
    (conflict,) = answer.context["form"].conflicts
    assert (conflict.yours, conflict.theirs, conflict.original) == (
        "Alpha Administrator",
        "Alpha Officer",
        "Alpha Manager",
    )


def test_an_interaction_merges_note_and_participants(alpha, client_of):
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        contact = make_contact(partnership.organization)
        row = make_interaction(
            partnership, note="Talked.", logged_by=alpha.user(Role.OFFICER), members=(alpha.user(Role.OFFICER),)
        )
    pair = Pair(alpha, client_of, f"/interactions/{row.pk}/edit/")
    pair.ana_saves(contacts=[contact.pk])
    assert pair.ben_saves(note="Talked long.").status_code == 200
    row = fresh(alpha, Interaction(pk=row.pk, tenant_id=alpha.id))
    with tenant_scope(alpha.id):
        assert row.note == "Talked long."
        assert {each.contact_id for each in row.participants.all()} == {None, contact.pk}


def positions(*rows: dict) -> dict:
    known = sum("id" in row for row in rows)
    data = {"positions-TOTAL_FORMS": len(rows), "positions-INITIAL_FORMS": known}
    for number, row in enumerate(rows):
        data |= {f"positions-{number}-{name}": value for name, value in row.items()}
    return data


def test_positions_of_one_side_merge_and_of_both_ask(alpha, client_of):
    with tenant_scope(alpha.id):
        one, two = make_organization(name="One"), make_organization(name="Two")
        contact = make_contact(one, name="Ida Holm")
        position = contact.affiliations.get()
    here = {"id": position.pk, "organization": one.pk}
    pair = Pair(alpha, client_of, f"/people/{contact.pk}/edit/")
    pair.ana_saves(**positions(here, {"organization": two.pk, "title": "CTO"}))
    assert pair.ben_saves(phone="+45 1234", **positions(here)).status_code == 200
    with tenant_scope(alpha.id):
        assert Contact.objects.get().phone == "+45 1234"
        assert contact.affiliations.count() == 2
    stale = pair.ben_saves(**positions({**here, "title": "CEO"}))
    assert stale.status_code == 409
    assert [conflict.name for conflict in stale.context["form"].conflicts] == ["positions"]
