"""Undo over the real records: what comes back, what is refused, and that nothing else changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, PermissionRefused
from core.tenancy.scope import tenant_scope
from organizations.actions.contacts import create_contact, edit_contact
from organizations.actions.organizations import create_organization, edit_organization
from organizations.models import Organization, OrganizationAlias
from partnerships.actions.interactions import edit_interaction, log_interaction
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.actions.projects import create_project, edit_project
from partnerships.models import Interaction, Participant, Partnership, PartnershipHealth, Project
from tenants.actions.history import undo_changes
from tenants.choices import Role
from tenants.models import Change, Job
from tests.api_kit import nothing_changes
from tests.cast import Office
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership, make_project


def by(office: Office, role: str = Role.MANAGER, *, request: str) -> Actor:
    return replace(office.actor(role), request_id=request)


def refused(actor: Actor, request_id: str) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as caught:
        undo_changes(actor=actor, request_id=request_id)
    return caught.value


def test_an_update_is_put_back_and_counts_as_an_edit(in_alpha):
    row = make_organization(name="Aarhus Pumps", city="Aarhus")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, name="Pumps of Aarhus", city="Viby")
    undone = undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    row.refresh_from_db()
    assert (row.name, row.city, row.version) == ("Aarhus Pumps", "Aarhus", 3)
    assert [str(each) for each in undone.present] == ["Aarhus Pumps"]


def test_the_undoing_is_recorded_under_its_own_action_with_what_it_undoes(in_alpha):
    row = make_organization(city="Aarhus")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, city="Viby")
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    change = Change.objects.get(request_id="set-two2")
    assert (change.action, change.reason, change.user_id) == (
        "tenants.undo_changes",
        "set-one1",
        in_alpha.user().pk,
    )


def test_an_undo_can_be_undone(in_alpha):
    row = make_organization(city="Aarhus")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, city="Viby")
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    undo_changes(actor=by(in_alpha, request="set-3333"), request_id="set-two2")
    row.refresh_from_db()
    assert row.city == "Viby"


def test_other_names_come_and_go_with_the_undo(in_alpha):
    row = make_organization(name="Aarhus Pumps")
    OrganizationAlias.objects.create(organization=row, name="AP")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, aliases=["Pumpe"])
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    row.refresh_from_db()
    assert [alias.name for alias in row.aliases.all()] == ["AP"]
    assert row.version == 3


def test_a_creation_is_undone_with_its_parts(in_alpha):
    actor = by(in_alpha, request="set-one1")
    row = create_organization(actor=actor, name="New Co", aliases=["NC"])
    undone = undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    assert not Organization.objects.filter(pk=row.pk).exists()
    assert not OrganizationAlias.objects.filter(organization_id=row.pk).exists()
    assert [(each.name, each.row.pk) for each in undone.gone] == [("New Co", row.pk)]


def test_a_creation_undone_and_done_again_keeps_its_id(in_alpha):
    row = create_organization(actor=by(in_alpha, request="set-one1"), name="New Co", aliases=["NC"])
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    undo_changes(actor=by(in_alpha, request="set-3333"), request_id="set-two2")
    again = Organization.objects.get(pk=row.pk)
    assert (again.name, [alias.name for alias in again.aliases.all()]) == ("New Co", ["NC"])


def test_a_creation_that_something_refers_to_stays(in_alpha):
    row = create_organization(actor=by(in_alpha, request="set-one1"), name="New Co")
    make_contact(row, name="Ida Holm")
    problem = refused(by(in_alpha, request="set-two2"), "set-one1")
    assert problem.code == "undo_referred"
    assert "Ida Holm" in problem.message


def test_a_creation_that_was_edited_since_stays(in_alpha):
    row = create_organization(actor=by(in_alpha, request="set-one1"), name="New Co")
    edit_organization(actor=by(in_alpha, Role.OFFICER, request="set-two2"), organization=row, city="Viby")
    problem = refused(by(in_alpha, request="set-3333"), "set-one1")
    assert (problem.code, problem.details) == (
        "changed_since",
        {"record": "New Co", "field": "city", "who": "Alpha Officer"},
    )
    undo_changes(actor=by(in_alpha, request="set-4444"), request_id="set-two2")
    undo_changes(actor=by(in_alpha, request="set-5555"), request_id="set-one1")
    assert not Organization.objects.filter(pk=row.pk).exists()


def test_a_value_changed_since_is_named_with_who_did_it(in_alpha):
    row = make_organization(name="Aarhus Pumps", city="Aarhus")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, city="Viby", region="Jutland")
    edit_organization(actor=by(in_alpha, Role.OFFICER, request="set-two2"), organization=row, city="Risskov")
    problem = refused(by(in_alpha, request="set-3333"), "set-one1")
    assert (problem.code, problem.details["field"], problem.details["who"]) == (
        "changed_since",
        "city",
        "Alpha Officer",
    )
    assert "Aarhus Pumps" in problem.message


def test_a_later_change_of_another_field_is_kept(in_alpha):
    row = make_organization(city="Aarhus", website="")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, city="Viby")
    edit_organization(actor=by(in_alpha, request="set-two2"), organization=row, website="https://x.example/")
    undo_changes(actor=by(in_alpha, request="set-3333"), request_id="set-one1")
    row.refresh_from_db()
    assert (row.city, row.website) == ("Aarhus", "https://x.example/")


def test_one_undo_covers_many_records(in_alpha):
    rows = [make_organization(city="Aarhus") for _ in range(5)]
    for row in rows:
        edit_organization(actor=by(in_alpha, request="set-bulk"), organization=row, city="Viby")
    undone = undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-bulk")
    assert set(Organization.objects.values_list("city", flat=True)) == {"Aarhus"}
    assert len(undone.present) == 5


def test_one_conflict_keeps_the_whole_set(in_alpha):
    rows = [make_organization(city="Aarhus") for _ in range(3)]
    for row in rows:
        edit_organization(actor=by(in_alpha, request="set-bulk"), organization=row, city="Viby")
    edit_organization(actor=by(in_alpha, request="set-two2"), organization=rows[1], city="Risskov")
    assert refused(by(in_alpha, request="set-3333"), "set-bulk").code == "changed_since"


def test_amounts_come_back_to_the_last_digit(in_alpha):
    from decimal import Decimal

    project = make_project(award=Decimal("123456789012.34"), total_cost=Decimal("0.10"))
    edit_project(actor=by(in_alpha, request="set-one1"), project=project, award=None, total_cost=Decimal("7"))
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    project.refresh_from_db()
    assert (project.award, project.total_cost) == (Decimal("123456789012.34"), Decimal("0.10"))


def test_positions_and_participants_come_back(in_alpha):
    one, two = make_organization(), make_organization()
    contact = make_contact(one)
    position = contact.affiliations.get()
    edit_contact(actor=by(in_alpha, request="set-one1"), contact=contact, affiliations=[{"organization": two}])
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    assert [(each.pk, each.organization_id) for each in contact.affiliations.all()] == [(position.pk, one.pk)]


def test_a_logged_interaction_is_undone_and_health_computed_anew(in_alpha):
    partnership = make_partnership()
    log_interaction(actor=by(in_alpha, request="set-one1"), partnership=partnership, note="Talked.")
    Job.objects.all().delete()
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    assert not Interaction.objects.exists()
    assert not Participant.objects.exists()
    assert [job.key for job in Job.objects.all()] == [f"partnership-{partnership.pk}"]


def test_a_partnership_undone_and_done_again_has_a_place_for_its_health(in_alpha):
    organization = make_organization()
    row = create_partnership(actor=by(in_alpha, request="set-one1"), organization=organization)
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    assert not Partnership.objects.filter(pk=row.pk).exists()
    undo_changes(actor=by(in_alpha, request="set-3333"), request_id="set-two2")
    assert PartnershipHealth.objects.filter(partnership_id=row.pk).count() == 1


def test_a_project_and_its_participants_are_undone(in_alpha):
    partnership = make_partnership()
    participants = [{"organization": partnership.organization}]
    row = create_project(actor=by(in_alpha, request="set-one1"), title="Wind", participants=participants)
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    assert not Project.objects.filter(pk=row.pk).exists()


# Who may


@pytest.fixture
def changed(in_alpha) -> Organization:
    row = make_organization(city="Aarhus")
    edit_organization(actor=by(in_alpha, Role.OFFICER, request="set-one1"), organization=row, city="Viby")
    return row


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR])
def test_its_author_a_manager_and_an_administrator_may(in_alpha, changed, role):
    undo_changes(actor=by(in_alpha, role, request="set-two2"), request_id="set-one1")
    changed.refresh_from_db()
    assert changed.city == "Aarhus"


def test_a_colleague_may_not(in_alpha, changed):
    assert refused(by(in_alpha, Role.RESEARCHER, request="set-two2"), "set-one1").code == "not_yours"


def test_an_officer_may_not_undo_a_managers_change(in_alpha):
    row = make_organization(city="Aarhus")
    edit_organization(actor=by(in_alpha, request="set-one1"), organization=row, city="Viby")
    assert refused(by(in_alpha, Role.OFFICER, request="set-two2"), "set-one1").code == "not_yours"


def test_a_viewer_and_a_reading_token_lack_the_permission(in_alpha, changed):
    for actor in (
        by(in_alpha, Role.VIEWER, request="set-two2"),
        replace(by(in_alpha, Role.OFFICER, request="set-two2"), read_only=True),
    ):
        with nothing_changes(), pytest.raises(PermissionRefused):
            undo_changes(actor=actor, request_id="set-one1")


def test_the_author_needs_the_permission_of_the_action_still(in_alpha, changed):
    """An officer who became a researcher cannot edit organizations any more, nor take an edit back."""
    actor = replace(by(in_alpha, Role.OFFICER, request="set-two2"), role=Role.RESEARCHER)
    assert refused(actor, "set-one1").code == "not_yours"


def test_another_office_has_nothing_to_undo(alpha, beta):
    with tenant_scope(alpha.id):
        row = make_organization(city="Aarhus")
        edit_organization(actor=by(alpha, request="set-one1"), organization=row, city="Viby")
    with tenant_scope(beta.id):
        foreign = refused(by(beta, request="set-two2"), "set-one1")
        missing = refused(by(beta, request="set-two2"), "set-none")
    assert (foreign.code, foreign.message) == (missing.code, missing.message) == ("nothing_to_undo", missing.message)


def test_after_thirty_days_it_stays(in_alpha, changed):
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert refused(by(in_alpha, request="set-two2"), "set-one1").code == "too_late"


def test_changes_without_a_request_are_nobodys_to_undo(in_alpha):
    make_organization()
    assert refused(by(in_alpha, request="set-two2"), "").code == "nothing_to_undo"


def test_what_has_no_history_for_people_is_not_undone(in_alpha):
    from tenants.actions.tokens import create_token

    create_token(actor=by(in_alpha, request="set-one1"), name="Script", days=30, can_write=False)
    assert refused(by(in_alpha, Role.ADMINISTRATOR, request="set-two2"), "set-one1").code == "nothing_to_undo"


# Confidential notes


def test_a_note_that_was_above_ones_level_does_not_come_back(in_alpha):
    partnership, admin = make_partnership(), Role.ADMINISTRATOR
    row = make_interaction(
        partnership, note="The secret offer.", confidentiality="restricted", logged_by=in_alpha.user(admin)
    )
    edit_interaction(actor=by(in_alpha, admin, request="set-one1"), interaction=row, note="Nothing.")
    edit_interaction(actor=by(in_alpha, admin, request="set-two2"), interaction=row, confidentiality="internal")
    assert refused(by(in_alpha, Role.MANAGER, request="set-3333"), "set-one1").code == "nothing_to_undo"
    assert refused(by(in_alpha, Role.MANAGER, request="set-4444"), "set-two2").code == "nothing_to_undo"


def test_what_one_may_not_see_and_what_is_absent_are_answered_alike(in_alpha):
    row = make_interaction(make_partnership(), confidentiality="restricted", logged_by=in_alpha.user("administrator"))
    edit_interaction(actor=by(in_alpha, Role.ADMINISTRATOR, request="set-one1"), interaction=row, note="Other.")
    hidden = refused(by(in_alpha, Role.MANAGER, request="set-two2"), "set-one1")
    absent = refused(by(in_alpha, Role.MANAGER, request="set-two2"), "set-none")
    assert (hidden.code, hidden.message) == (absent.code, absent.message)


def test_ones_own_contact_is_undone_by_a_researcher(in_alpha):
    row = create_contact(actor=by(in_alpha, Role.RESEARCHER, request="set-one1"), name="Ida Holm")
    undo_changes(actor=by(in_alpha, Role.RESEARCHER, request="set-two2"), request_id="set-one1")
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_an_owner_and_a_stage_are_put_back(in_alpha):
    row = make_partnership(owner=in_alpha.user(Role.OFFICER), tier="key")
    actor = by(in_alpha, request="set-one1")
    edit_partnership(actor=actor, partnership=row, owner=in_alpha.user(Role.MANAGER), tier="strategic")
    undo_changes(actor=by(in_alpha, request="set-two2"), request_id="set-one1")
    row.refresh_from_db()
    assert (row.owner_id, row.tier) == (in_alpha.user(Role.OFFICER).pk, "key")
