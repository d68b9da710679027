"""Undo from the status bar, the history of records, deleting and the recycle bin, as people meet them."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from core.tenancy.scope import tenant_scope
from organizations.actions.contacts import edit_contact
from organizations.actions.organizations import edit_organization
from organizations.actions.profiles import tag_organization
from organizations.models import Organization
from partnerships.actions.health import recompute_health
from partnerships.actions.interactions import edit_interaction
from partnerships.actions.partnerships import edit_partnership
from partnerships.models import HealthSnapshot, Interaction, Partnership
from tenants.choices import Role
from tests.api_kit import counted
from tests.cast import Office
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import (
    make_evaluation,
    make_interaction,
    make_ledger_entry,
    make_objective,
    make_partner_event,
    make_partnership,
    make_project,
    make_review,
)
from tests.factories.units import make_unit

UNDO = re.compile(r'action="([^"]*/changes/[^"]+/undo/)"')


def undo_in(answer) -> list[str]:
    return UNDO.findall(answer.content.decode())


def post(client: Client, office: Office, path: str, data: dict | None = None, **headers):
    return client.post(office.prefix + path, data or {}, follow=True, headers=headers)


@pytest.fixture
def organization(alpha) -> Organization:
    with tenant_scope(alpha.id):
        return make_organization(name="Aarhus Pumps", city="Aarhus")


def edit(client: Client, office: Office, row: Organization, **values):
    with tenant_scope(office.id):
        row.refresh_from_db()
    given = {"name": row.name, "kind": row.kind, "country": row.country, "city": row.city, "version": row.version}
    return post(client, office, f"/organizations/{row.pk}/edit/", {**given, **values})


def test_a_save_shows_its_undo_until_the_next_page(alpha, client_of, organization):
    client = client_of(alpha)
    shown = edit(client, alpha, organization, city="Viby")
    assert len(undo_in(shown)) == 1
    assert b"Undo" in shown.content
    assert undo_in(client.get(f"{alpha.prefix}/organizations/{organization.pk}/")) == []


def test_the_undo_puts_back_says_what_and_offers_to_do_it_again(alpha, client_of, organization):
    client = client_of(alpha)
    (address,) = undo_in(edit(client, alpha, organization, city="Viby"))
    page = f"{alpha.prefix}/organizations/{organization.pk}/"
    answer = client.post(address, follow=True, headers={"Referer": f"http://testserver{page}"})
    assert answer.redirect_chain == [(f"http://testserver{page}", 302)]
    assert b"Undone: Aarhus Pumps is as it was before." in answer.content
    assert b"Redo" in answer.content
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert organization.city == "Aarhus"
    client.post(undo_in(answer)[0])
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert organization.city == "Viby"


def test_undoing_a_creation_leads_to_the_list(alpha, client_of):
    client = client_of(alpha)
    data = {"name": "Ida Holm", "permission": "free", "basis": "unknown", "data_source": "unknown"}
    added = post(client, alpha, "/people/new/", {**data, "positions-TOTAL_FORMS": 0, "positions-INITIAL_FORMS": 0})
    page = added.redirect_chain[-1][0]
    answer = client.post(undo_in(added)[0], follow=True, headers={"Referer": f"http://testserver{page}"})
    assert answer.redirect_chain == [(f"{alpha.prefix}/people/", 302)]
    assert b"Undone: Ida Holm is gone again." in answer.content


def test_a_refused_undo_says_why_and_changes_nothing(alpha, client_of, organization):
    client = client_of(alpha)
    (address,) = undo_in(edit(client, alpha, organization, city="Viby"))
    edit(client_of(alpha, Role.OFFICER), alpha, organization, city="Risskov")
    answer = client.post(address, follow=True)
    assert "Alpha Officer changed “city” since".encode() in answer.content
    with tenant_scope(alpha.id):
        organization.refresh_from_db()
    assert organization.city == "Risskov"


def test_a_foreign_referer_is_not_followed(alpha, client_of, organization):
    client = client_of(alpha)
    (address,) = undo_in(edit(client, alpha, organization, city="Viby"))
    answer = client.post(address, headers={"Referer": "https://evil.example/"})
    assert answer["Location"] == f"{alpha.prefix}/"


def test_a_page_that_saved_nothing_to_undo_offers_none(alpha, client_of):
    shown = post(client_of(alpha), alpha, "/preferences/", {"theme": "dark", "density": "default"})
    assert undo_in(shown) == []


# History


def test_the_history_says_who_changed_what_in_words(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        actor = replace(alpha.actor(Role.OFFICER), request_id="set-one1")
        edit_organization(
            actor=actor, organization=organization, city="Viby", kind="university", aliases=["AP"], reason="They moved."
        )
    text = client_of(alpha).get(f"{alpha.prefix}/organizations/{organization.pk}/history/").content.decode()
    expected = ("Alpha Officer", "Change an organization", "They moved.", "City", "Aarhus", "Viby", "University")
    for words in (*expected, "Other name", "AP"):
        assert words in text
    assert "version" not in text.split("<main")[1].lower()


def test_the_partners_tab_has_the_history_of_partner_and_organization(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        partnership = make_partnership(organization)
    edit(client_of(alpha), alpha, organization, city="Viby")
    client = client_of(alpha)
    with counted() as statements:
        answer = client.get(f"{alpha.prefix}/partners/{partnership.pk}/?tab=history")
    assert b"Viby" in answer.content
    assert len(statements) <= 18


def test_the_history_of_a_positions_change_names_the_organization(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        contact = make_contact(name="Ida Holm")
        actor = replace(alpha.actor(), request_id="set-one1")
        edit_contact(actor=actor, contact=contact, affiliations=[{"organization": organization, "title": "CTO"}])
        edit_contact(actor=replace(actor, request_id="set-two2"), contact=contact, affiliations=[])
    text = client_of(alpha).get(f"{alpha.prefix}/people/{contact.pk}/history/").content.decode()
    assert text.count("<ins>Aarhus Pumps</ins>") == text.count("<del>Aarhus Pumps</del>") == 1
    assert text.count("<ins>CTO</ins>") == 1


def test_the_history_names_units_and_tags(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        actor, unit = replace(alpha.actor(), request_id="set-one1"), make_unit(name="Department of Pumps")
        tag_organization(actor=actor, organization=organization, name="Advisory board")
        partnership = make_partnership(organization)
        edit_partnership(actor=replace(actor, request_id="set-two2"), partnership=partnership, unit=unit)
    text = client_of(alpha).get(f"{alpha.prefix}/partners/{partnership.pk}/history/").content.decode()
    assert "<ins>Department of Pumps</ins>" in text
    assert "<ins>Advisory board</ins>" in text
    assert "not yours to see" not in text


def test_the_history_is_paged_and_costs_the_same_for_many(alpha, client_of, organization):
    def change(numbers):
        with tenant_scope(alpha.id):
            for number in numbers:
                actor = replace(alpha.actor(), request_id=f"set-{number:05}")
                edit_organization(actor=actor, organization=organization, city=f"City {number}", aliases=[f"A{number}"])

    client, address = client_of(alpha), f"{alpha.prefix}/organizations/{organization.pk}/history/"
    client.get(address)
    change(range(2))
    with counted() as few:
        client.get(address)
    change(range(2, 40))
    with counted() as many:
        first = client.get(address)
    assert len(few) == len(many) <= 18
    assert b"City 39" in first.content
    assert b"City 3<" not in first.content
    second = client.get(f"{address}?page=2")
    assert b"City 3<" in second.content
    assert b"A3<" in second.content


def test_a_note_from_above_ones_level_is_not_in_the_history(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_interaction(
            make_partnership(),
            note="The secret offer.",
            confidentiality="restricted",
            logged_by=alpha.user("administrator"),
        )
        for number, change in enumerate(
            ({"note": "Half secret."}, {"note": "Fine.", "confidentiality": "internal"}), 1
        ):
            actor = replace(alpha.actor(Role.ADMINISTRATOR), request_id=f"set-0000{number}")
            edit_interaction(actor=actor, interaction=row, **change)
    address = f"{alpha.prefix}/interactions/{row.pk}/history/"
    hidden = client_of(alpha, Role.MANAGER).get(address).content.decode()
    assert "ecret" not in hidden
    assert "not yours to see" in hidden
    assert "The secret offer." in client_of(alpha, Role.ADMINISTRATOR).get(address).content.decode()


def test_the_history_of_what_one_may_not_see_is_absent(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_interaction(make_partnership(), confidentiality="restricted", logged_by=alpha.user("administrator"))
    assert client_of(alpha, Role.OFFICER).get(f"{alpha.prefix}/interactions/{row.pk}/history/").status_code == 404


def test_an_undone_change_is_marked_and_offers_no_second_undo(alpha, client_of, organization):
    client = client_of(alpha)
    (address,) = undo_in(edit(client, alpha, organization, city="Viby"))
    client.post(address)
    text = client.get(f"{alpha.prefix}/organizations/{organization.pk}/history/").content.decode()
    assert "undone" in text
    assert address not in text


# Deleting and restoring


def test_a_deleted_organization_lies_in_the_bin_and_comes_back(alpha, client_of, organization):
    client = client_of(alpha, Role.OFFICER)
    with tenant_scope(alpha.id):
        edit_organization(actor=alpha.actor(), organization=organization, aliases=["AP"])
    answer = post(client, alpha, f"/organizations/{organization.pk}/delete/")
    assert b"Aarhus Pumps deleted." in answer.content
    assert len(undo_in(answer)) == 1
    assert client.get(f"{alpha.prefix}/organizations/{organization.pk}/").status_code == 404
    shelf = client.get(f"{alpha.prefix}/recycle-bin/")
    assert b"Aarhus Pumps" in shelf.content
    (address,) = undo_in(shelf)
    back = client.post(address, follow=True, headers={"Referer": f"http://testserver{alpha.prefix}/recycle-bin/"})
    assert back.redirect_chain == [(f"{alpha.prefix}/organizations/{organization.pk}/", 302)]
    assert b"AP" in back.content
    assert b"Aarhus Pumps" not in client.get(f"{alpha.prefix}/recycle-bin/").content.split(b"<main")[1]


def test_what_is_still_used_is_not_deleted_and_the_users_are_named(alpha, client_of, organization):
    with tenant_scope(alpha.id):
        make_contact(organization, name="Ida Holm")
        make_partnership(organization)
    answer = post(client_of(alpha), alpha, f"/organizations/{organization.pk}/delete/")
    assert b"is still used" in answer.content
    assert b"Partner: Aarhus Pumps" in answer.content
    with tenant_scope(alpha.id):
        assert Organization.objects.filter(pk=organization.pk).exists()


def test_hidden_users_are_not_named(alpha, client_of):
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        make_interaction(
            partnership, note="x", confidentiality="restricted", kind="executive_visit",
            logged_by=alpha.user("administrator"),
        )  # fmt: skip
    answer = post(client_of(alpha, Role.OFFICER), alpha, f"/partners/{partnership.pk}/delete/")
    assert b"something that you may not see" in answer.content
    assert b"Executive visit" not in answer.content


def test_a_partner_is_deleted_with_its_scores_and_restored_with_them(alpha, client_of, organization):
    client = client_of(alpha)
    with tenant_scope(alpha.id):
        partnership = make_partnership(organization)
        recompute_health(actor=alpha.actor())
        before = list(HealthSnapshot.objects.values())
    assert len(before) == 1
    answer = post(client, alpha, f"/partners/{partnership.pk}/delete/")
    with tenant_scope(alpha.id):
        assert not Partnership.objects.exists()
        assert not HealthSnapshot.objects.exists()
    client.post(undo_in(answer)[0])
    with tenant_scope(alpha.id):
        assert Partnership.objects.get().pk == partnership.pk
        assert list(HealthSnapshot.objects.values()) == before
    assert client.get(f"{alpha.prefix}/partners/{partnership.pk}/").status_code == 200


@pytest.mark.parametrize("what", ["people", "projects", "interactions"])
def test_each_kind_is_deleted_and_restored(alpha, client_of, what):
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        contact = make_contact(partnership.organization)
        row = {
            "people": lambda: contact,
            "projects": lambda: make_project(partnership),
            "interactions": lambda: make_interaction(partnership, contacts=(contact,)),
        }[what]()
    client = client_of(alpha)
    answer = post(client, alpha, f"/{what}/{row.pk}/delete/")
    assert client.get(f"{alpha.prefix}/{what}/{row.pk}/").status_code == 404
    client.post(undo_in(answer)[0])
    assert client.get(f"{alpha.prefix}/{what}/{row.pk}/").status_code == 200


def test_a_researcher_deletes_only_their_own_interactions(alpha, client_of):
    with tenant_scope(alpha.id):
        theirs = make_interaction(make_partnership(), logged_by=alpha.user(Role.MANAGER))
        mine = make_interaction(make_partnership(), logged_by=alpha.user(Role.RESEARCHER))
    client = client_of(alpha, Role.RESEARCHER)
    for row in (theirs, mine):
        post(client, alpha, f"/interactions/{row.pk}/delete/")
    with tenant_scope(alpha.id):
        assert set(Interaction.objects.values_list("pk", flat=True)) == {theirs.pk}


def test_the_bin_shows_only_what_one_could_have_seen(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_interaction(
            make_partnership(make_organization(name="Secret partner")), kind="executive_visit",
            confidentiality="restricted", logged_by=alpha.user("administrator"),
        )  # fmt: skip
    post(client_of(alpha, Role.ADMINISTRATOR), alpha, f"/interactions/{row.pk}/delete/")
    assert b"Executive visit" in client_of(alpha, Role.ADMINISTRATOR).get(f"{alpha.prefix}/recycle-bin/").content
    assert b"Executive visit" not in client_of(alpha, Role.OFFICER).get(f"{alpha.prefix}/recycle-bin/").content


def test_another_offices_bin_is_its_own(alpha, beta, client_of, organization):
    answer = post(client_of(alpha), alpha, f"/organizations/{organization.pk}/delete/")
    address = undo_in(answer)[0].replace("/t/alpha/", "/t/beta/")
    assert b"Aarhus Pumps" not in client_of(beta).get(f"{beta.prefix}/recycle-bin/").content
    assert client_of(beta).post(address).status_code == 404


@pytest.mark.parametrize(
    ("stem", "make", "tab"),
    [
        ("objectives", make_objective, "governance"),
        ("ledger", make_ledger_entry, "value"),
        ("reviews", make_review, "governance"),
        ("partner-events", make_partner_event, "governance"),
        ("evaluations", make_evaluation, "value"),
    ],
)
def test_a_record_of_a_partner_has_a_history_and_goes_with_a_way_back(alpha, client_of, stem, make, tab):
    with tenant_scope(alpha.id):
        row = make()
    client, address = client_of(alpha, Role.OFFICER), f"{alpha.prefix}/{stem}/{row.pk}"
    form = client.get(f"{address}/edit/").content.decode()
    assert f'href="{address}/history/"' in form
    assert f'action="{address}/delete/"' in form
    assert client.get(f"{address}/history/").status_code == 200
    shown = client.post(f"{address}/delete/", follow=True)
    assert shown.redirect_chain == [(f"{alpha.prefix}/partners/{row.partnership_id}/?tab={tab}", 302)]
    (undo,) = undo_in(shown)
    assert client.get(f"{address}/history/").status_code == 404
    client.post(undo)
    assert client.get(f"{address}/history/").status_code == 200


def test_who_may_not_delete_a_record_is_offered_no_button(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_ledger_entry()
    assert client_of(alpha, Role.RESEARCHER).post(f"{alpha.prefix}/ledger/{row.pk}/delete/").status_code == 403
    with tenant_scope(alpha.id):
        assert type(row).objects.filter(pk=row.pk).exists()
