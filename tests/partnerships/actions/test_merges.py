"""Merging: everything moves, what both have becomes one, and undoing it restores every row."""

from dataclasses import replace

import pytest
from django.apps import apps

from core.errors import ActionRefused, PermissionRefused, StaleEdit
from core.tenancy.models import TenantModel
from core.tenancy.scope import tenant_scope
from organizations.actions.merges import merge_contacts, merge_organizations
from organizations.models import Contact, MergedRecord, Organization, OrganizationAlias
from partnerships.actions.health import recompute_health
from partnerships.actions.partnerships import delete_partnership
from partnerships.models import Interaction, Participant, Partnership, Project, ProjectParticipant
from tenants.actions.history import undo_changes
from tenants.actions.merging import choosable_fields
from tenants.choices import Role
from tests.api_kit import Api, error_of, nothing_changes
from tests.cast import Office
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership, make_project

BOOKKEEPING = {"version", "updated_at"}


def by(office: Office, role: str = Role.MANAGER, *, request: str):
    return replace(office.actor(role), request_id=request)


def everything() -> dict[str, list[dict]]:
    """Every recorded row of the office, without what counts up."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in BOOKKEEPING}
            for row in model.objects.order_by("pk").values()
        ]
        for model in apps.get_models()
        if issubclass(model, TenantModel) and not model.unaudited_because and not model.append_only_because
    }


@pytest.fixture
def two(in_alpha) -> tuple[Organization, Organization]:
    """Two records of one company, each with a partner's whole life."""
    kept = make_organization(name="Siemens Energy", website="", city="Munich")
    merged = make_organization(name="Siemens Energy AG", website="https://siemens.example/", city="Berlin")
    OrganizationAlias.objects.create(organization=kept, name="SE")
    OrganizationAlias.objects.create(organization=merged, name="SE")
    OrganizationAlias.objects.create(organization=merged, name="Energy")
    make_organization(name="Daughter", parent=merged)
    contact = make_contact(merged, name="Ida Holm")
    one, other = make_partnership(kept, summary=""), make_partnership(merged, summary="From the other.")
    make_interaction(one, note="First.")
    make_interaction(other, note="Second.", contacts=(contact,))
    make_project(one, other, title="Both take part")
    make_project(other, title="Only the other")
    recompute_health(actor=in_alpha.actor())
    return kept, merged


def test_everything_moves_and_the_pairs_become_one(in_alpha, two):
    kept, merged = two
    merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged, take=["website"])
    kept.refresh_from_db()
    assert (kept.name, kept.city, kept.website) == ("Siemens Energy", "Munich", "https://siemens.example/")
    assert not Organization.objects.filter(pk=merged.pk).exists()
    assert sorted(kept.aliases.values_list("name", flat=True)) == ["Energy", "SE", "Siemens Energy AG"]
    assert Organization.objects.get(name="Daughter").parent_id == kept.pk
    assert Contact.objects.get().affiliations.get().organization_id == kept.pk
    partnership = Partnership.objects.get()
    assert (partnership.organization_id, partnership.summary) == (kept.pk, "From the other.")
    assert set(Interaction.objects.values_list("partnership_id", flat=True)) == {partnership.pk}
    assert ProjectParticipant.objects.filter(organization=kept).count() == Project.objects.count() == 2


def test_undoing_a_merge_restores_every_row(in_alpha, two):
    kept, merged = two
    before = everything()
    merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged, take=["website", "name"])
    assert everything() != before
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-merge")
    after = everything()
    assert {label for label in after if after[label] != before[label]} == set()


def test_a_merge_undone_can_be_done_again(in_alpha, two):
    kept, merged = two
    merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged)
    once = everything()
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-merge")
    undo_changes(actor=by(in_alpha, request="set-3333"), request_id="set-two2")
    assert everything() == once
    assert MergedRecord.objects.get().old_id == merged.pk


def test_the_kept_one_below_the_other_stands_alone_afterwards(in_alpha):
    merged = make_organization(name="Holding")
    kept = make_organization(name="Company", parent=merged)
    merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged)
    kept.refresh_from_db()
    assert kept.parent is None


def test_a_subsidiary_merged_into_its_parent_makes_no_circle(in_alpha):
    kept = make_organization(name="Holding")
    merged = make_organization(name="Company", parent=kept)
    assert "parent" not in choosable_fields(kept, merged)
    merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged, take=["parent"])
    kept.refresh_from_db()
    assert kept.parent is None


def test_a_merge_across_generations_is_refused(in_alpha):
    merged = make_organization(name="Holding")
    middle = make_organization(name="Middle", parent=merged)
    kept = make_organization(name="Company", parent=middle)
    with nothing_changes(), pytest.raises(ActionRefused):
        merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged)


def test_people_merge_with_positions_and_participation(in_alpha):
    organization = make_organization()
    kept, merged = (
        make_contact(organization, name="Ida Holm", phone=""),
        make_contact(organization, name="I. Holm", phone="+45 1"),
    )
    partnership = make_partnership(organization)
    both = make_interaction(partnership, contacts=(kept, merged))
    only = make_interaction(partnership, contacts=(merged,))
    before = everything()
    merge_contacts(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged, take=["phone"])
    assert list(Contact.objects.values_list("name", "phone")) == [("Ida Holm", "+45 1")]
    assert list(Participant.objects.order_by("interaction_id").values_list("interaction_id", "contact_id")) == [
        (both.pk, kept.pk),
        (only.pk, kept.pk),
    ]
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-merge")
    assert everything() == before


def test_an_opt_out_of_either_stays(in_alpha):
    from django.utils import timezone

    kept, merged = make_contact(name="Ida Holm"), make_contact(name="I. Holm", opted_out_at=timezone.now())
    merge_contacts(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged)
    kept.refresh_from_db()
    assert kept.opted_out_at == merged.opted_out_at


def test_an_officer_undoes_their_own_merge_that_moved_what_they_may_not_read(in_alpha):
    organization = make_organization()
    kept, merged = make_contact(organization), make_contact(organization)
    make_interaction(
        make_partnership(organization),
        contacts=(merged,),
        confidentiality="restricted",
        logged_by=in_alpha.user("administrator"),
    )
    before = everything()
    merge_contacts(actor=by(in_alpha, Role.OFFICER, request="set-merge"), kept=kept, merged=merged)
    assert Participant.objects.get().contact_id == kept.pk
    undo_changes(actor=by(in_alpha, Role.OFFICER, request="set-two2"), request_id="set-merge")
    assert everything() == before


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.VIEWER])
def test_who_may_not_edit_may_not_merge(in_alpha, two, role):
    kept, merged = two
    with nothing_changes(), pytest.raises(PermissionRefused):
        merge_organizations(actor=by(in_alpha, role, request="set-merge"), kept=kept, merged=merged)


def test_partners_merge_only_for_those_who_may_edit_partners(in_alpha, two, monkeypatch):
    from core.permissions import Permission, registry

    narrowed = Permission("partnerships.edit_partnership", "", frozenset({"administrator"}))
    monkeypatch.setitem(registry._permissions, narrowed.code, narrowed)
    kept, merged = two
    with nothing_changes(), pytest.raises(PermissionRefused):
        merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged)


def test_a_preview_that_is_out_of_date_is_refused(in_alpha, two):
    kept, merged = two
    with nothing_changes(), pytest.raises(StaleEdit):
        merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=merged, seen=(1, 7))


def test_the_institution_and_oneself_are_refused(in_alpha, two):
    kept, _merged = two
    own = make_organization(name="Alpha University", is_own=True)
    for other in (kept, own):
        with nothing_changes(), pytest.raises(ActionRefused):
            merge_organizations(actor=by(in_alpha, request="set-merge"), kept=kept, merged=other)


def test_another_offices_record_cannot_be_merged(alpha, beta):
    with tenant_scope(beta.id):
        foreign = make_organization()
    with tenant_scope(alpha.id):
        kept = make_organization()
        with nothing_changes(), pytest.raises(ActionRefused):
            merge_organizations(actor=by(alpha, request="set-merge"), kept=kept, merged=foreign)


# Addresses


def test_the_pages_merge_and_old_addresses_lead_on(alpha, client_of):
    with tenant_scope(alpha.id):
        kept, merged = (
            make_organization(name="Siemens", city=""),
            make_organization(name="Siemens AG", city="Munich", sme=False),
        )
        oldest = make_organization(name="Siemens & Halske")
        merge_organizations(actor=by(alpha, request="set-first"), kept=merged, merged=oldest)
        merged.refresh_from_db()
    client = client_of(alpha, Role.OFFICER)
    preview = client.get(f"{alpha.prefix}/organizations/{kept.pk}/merge/?other={merged.pk}")
    assert b"Munich" in preview.content
    assert ">SME<" in preview.content.decode()
    data = {"other": merged.pk, "version_kept": kept.version, "version_merged": merged.version, "take_city": "merged"}
    done = client.post(f"{alpha.prefix}/organizations/{kept.pk}/merge/", data, follow=True)
    assert "Siemens AG was merged into Siemens." in done.content.decode()
    assert b"Undo" in done.content
    for old in (merged.pk, oldest.pk):
        answer = client.get(f"{alpha.prefix}/organizations/{old}/")
        assert (answer.status_code, answer["Location"]) == (302, f"{alpha.prefix}/organizations/{kept.pk}/")
        gone = error_of(Api(alpha, Role.OFFICER).get(f"organizations/{old}/"), 410)
        assert (gone["code"], gone["details"]) == ("merged", {"id": kept.pk})
    with tenant_scope(alpha.id):
        assert Organization.objects.get(pk=kept.pk).city == "Munich"


def test_old_addresses_of_a_partner_lead_to_the_partner_that_took_it_in(alpha, client_of):
    with tenant_scope(alpha.id):
        last, kept, merged = (make_partnership(make_organization(name=name)) for name in ("Siemens", "S. AG", "S&H"))
        gone = make_partnership(make_organization(name="S. SE"))
        delete_partnership(actor=by(alpha, request="set-gone"), partnership=gone)
        for number, (one, other) in enumerate([(kept, merged), (last, kept), (last, gone)]):
            actor = by(alpha, request=f"set-merge{number}")
            merge_organizations(actor=actor, kept=one.organization, merged=other.organization)
    client, address = client_of(alpha, Role.VIEWER), f"{alpha.prefix}/partners/%s/%s"
    for old in (kept, merged):
        for page in ("", "brief/", "health/", "?tab=people"):
            answer = client.get(address % (old.pk, page))
            assert (answer.status_code, answer["Location"]) == (302, address % (last.pk, page))
        error = error_of(Api(alpha, Role.VIEWER).get(f"partnerships/{old.pk}/"), 410)
        assert (error["code"], error["details"]) == ("merged", {"id": last.pk})
    assert client.get(address % (gone.pk, "")).status_code == 404  # deleted, and not by the merge


def test_old_addresses_of_a_partner_are_its_own_again_once_the_merge_is_undone(alpha, client_of):
    with tenant_scope(alpha.id):
        kept, merged = (make_partnership(make_organization(name=name)) for name in ("Siemens", "Siemens AG"))
        merge_organizations(actor=by(alpha, request="set-merge"), kept=kept.organization, merged=merged.organization)
    history = client_of(alpha).get(f"{alpha.prefix}/partners/{kept.pk}/history/").content.decode()
    assert "Merge two organizations" in history
    assert (
        "Undo" in client_of(alpha).get(f"{alpha.prefix}/organizations/{kept.organization_id}/history/").content.decode()
    )
    bin_ = client_of(alpha).get(f"{alpha.prefix}/recycle-bin/").content.decode()
    assert bin_.count("Siemens AG") == 4  # organization and partner, each with its button
    client, address = client_of(alpha, Role.VIEWER), f"{alpha.prefix}/partners/{merged.pk}/"
    assert client.get(address).status_code == 302
    with tenant_scope(alpha.id):
        undo_changes(actor=by(alpha, request="set-two2"), request_id="set-merge")
    assert client.get(address).status_code == 200
    with tenant_scope(alpha.id):
        undo_changes(actor=by(alpha, request="set-three"), request_id="set-two2")
    assert client.get(address).status_code == 302


def test_a_merged_record_of_another_office_is_absent(alpha, beta, client_of):
    with tenant_scope(alpha.id):
        kept, merged = make_organization(), make_organization()
        merge_organizations(actor=by(alpha, request="set-merge"), kept=kept, merged=merged)
    assert client_of(beta).get(f"{beta.prefix}/organizations/{merged.pk}/").status_code == 404
    error_of(Api(beta, Role.MANAGER).get(f"organizations/{merged.pk}/"), 404)


def test_a_viewer_is_not_led_to_people_they_may_not_see(alpha, client_of):
    with tenant_scope(alpha.id):
        kept, merged = make_contact(), make_contact()
        merge_contacts(actor=by(alpha, request="set-merge"), kept=kept, merged=merged)
    assert client_of(alpha, Role.VIEWER).get(f"{alpha.prefix}/people/{merged.pk}/").status_code == 403


def test_a_preview_counts_only_what_one_may_see(alpha, client_of):
    with tenant_scope(alpha.id):
        kept, merged = make_contact(), make_contact()
        make_interaction(
            make_partnership(), contacts=(merged,), confidentiality="restricted", logged_by=alpha.user("administrator")
        )
    address = f"{alpha.prefix}/people/{kept.pk}/merge/?other={merged.pk}"
    assert b"Participant" not in client_of(alpha, Role.OFFICER).get(address).content
    assert b"Participant" in client_of(alpha, Role.ADMINISTRATOR).get(address).content
