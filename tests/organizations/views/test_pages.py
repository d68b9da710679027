"""The pages about organizations and people: what a refusal shows, and what each role is shown."""

import pytest

from core.tenancy.scope import tenant_scope
from organizations.models import Clearance, OrganizationTag
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import (
    make_clearance,
    make_contact,
    make_guarded_contact,
    make_need,
    make_organization,
    make_risk_flag,
)

STAFF = (Role.ADMINISTRATOR, Role.MANAGER, Role.OFFICER)


@pytest.fixture
def works(alpha):
    with tenant_scope(alpha.id):
        return make_organization(name="Cog Works")


def test_a_refused_identifier_comes_back_with_its_field_and_what_was_typed(alpha, works, client_of):
    client, address = client_of(alpha), f"{alpha.prefix}/organizations/{works.pk}/"
    with nothing_changes():
        answer = client.post(f"{address}identifiers/", {"scheme": "lei", "value": "NOT-AN-LEI"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not a valid identifier of this scheme." in page
    assert 'value="NOT-AN-LEI"' in page
    assert 'href="#id_identifier_value"' in page, "the summary leads to the field"
    assert page.count("There is a problem") == 1


def test_a_tag_is_made_while_typing_and_filters_the_list(alpha, works, client_of):
    client, address = client_of(alpha), f"{alpha.prefix}/organizations/{works.pk}/"
    assert client.post(f"{address}tags/", {"name": "Battery valley"}).status_code == 302
    with tenant_scope(alpha.id):
        tagged = OrganizationTag.objects.get()
        make_organization(name="Untagged")
    page = client.get(f"{alpha.prefix}/organizations/", {"tag": tagged.tag_id}).content.decode()
    assert "Cog Works" in page
    assert "Untagged" not in page
    assert client.post(f"{alpha.prefix}/tagged/{tagged.pk}/remove/").status_code == 302


@pytest.mark.parametrize("role", Role.values)
def test_a_risk_shows_in_the_header_to_who_may_see_risks(alpha, works, client_of, role):
    with tenant_scope(alpha.id):
        make_risk_flag(works, note="Seen in the register")
    page = client_of(alpha, role).get(f"{alpha.prefix}/organizations/{works.pk}/").content.decode()
    shown = role != Role.VIEWER
    assert ('<a class="badge badge-danger" href="#risks-title">' in page) is shown
    assert ("Seen in the register" in page) is shown
    listed = client_of(alpha, role).get(f"{alpha.prefix}/organizations/").content.decode()
    assert ("id_at_risk" in listed) is shown


@pytest.mark.parametrize("role", Role.values)
def test_the_text_of_a_need_is_for_staff(alpha, works, client_of, role):
    with tenant_scope(alpha.id):
        need = make_need(works, text="Secret plan", public_summary="Open words", budget=4711, contact=make_contact())
    page = client_of(alpha, role).get(f"{alpha.prefix}/needs/{need.pk}/").content.decode()
    assert "Open words" in page
    assert ("Secret plan" in page) is ("4,711.00" in page) is (role in STAFF)


def test_asking_and_granting_take_one_click_each(alpha, client_of):
    with tenant_scope(alpha.id):
        contact = make_guarded_contact(alpha.user(Role.OFFICER), name="Ada")
    asker, keeper = client_of(alpha, Role.RESEARCHER), client_of(alpha, Role.OFFICER)
    person = f"{alpha.prefix}/people/{contact.pk}/"
    assert "Ask Alpha Officer first." in asker.get(person).content.decode()
    with nothing_changes():
        assert asker.post(f"{person}clearance/", {"purpose": ""}).status_code == 422
    asker.post(f"{person}clearance/", {"purpose": "A workshop"})
    assert "A workshop" in keeper.get(f"{alpha.prefix}/clearances/").content.decode()
    with tenant_scope(alpha.id):
        request = Clearance.objects.get()
    assert "Colleagues ask to contact them" in keeper.get(person).content.decode()
    assert "Colleagues ask to contact them" not in asker.get(person).content.decode()
    back = keeper.post(f"{alpha.prefix}/clearances/{request.pk}/grant/", {"days": "90", "next": person})
    assert back["Location"] == person
    assert "You are cleared to contact them." in asker.get(person).content.decode()


def test_an_answer_that_is_not_ones_own_is_refused_in_words(alpha, client_of):
    with tenant_scope(alpha.id):
        contact = make_guarded_contact(alpha.user(Role.OFFICER))
        request = make_clearance(contact, alpha.user(Role.MANAGER))
    with nothing_changes():
        answer = client_of(alpha, Role.RESEARCHER).post(
            f"{alpha.prefix}/clearances/{request.pk}/grant/", {"days": "30"}, follow=True
        )
    assert "Only who keeps the person, or a manager, can answer this." in answer.content.decode()


def test_the_lookup_of_people_says_whom_to_ask(alpha, client_of):
    with tenant_scope(alpha.id):
        make_guarded_contact(alpha.user(Role.OFFICER), make_organization(name="Cog Works"), name="Ada")
    page = client_of(alpha).get(f"{alpha.prefix}/ui/lookup/people/", {"q": "ada"}).content.decode()
    assert "Cog Works · Ask Alpha Officer first." in page


def test_a_guarded_person_without_keeper_is_named_at_the_field(alpha, client_of):
    positions = {"positions-TOTAL_FORMS": "0", "positions-INITIAL_FORMS": "0"}
    fields = {"name": "Ada", "permission": "ask_first", "basis": "unknown", "data_source": "unknown"}
    with nothing_changes():
        answer = client_of(alpha).post(f"{alpha.prefix}/people/new/", {**positions, **fields})
    assert answer.status_code == 422
    assert 'href="#id_owner"' in answer.content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_all_that_is_held_on_a_person_is_for_staff(alpha, client_of, role):
    with tenant_scope(alpha.id):
        contact = make_contact(make_organization(name="Cog Works"), notes="Likes tea")
    answer = client_of(alpha, role).get(f"{alpha.prefix}/people/{contact.pk}/personal-data/")
    assert answer.status_code == (200 if role in STAFF else 403)
    assert (b"Likes tea" in answer.content and b"Cog Works" in answer.content) is (role in STAFF)
