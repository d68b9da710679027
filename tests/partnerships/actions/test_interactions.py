"""Logging interactions and correcting them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from core.tenancy.scope import tenant_scope
from partnerships.actions.interactions import edit_interaction, log_interaction
from partnerships.models import Interaction, Participant
from partnerships.queries.interactions import visible_interaction_count, visible_interactions
from tenants.models import Change, Job
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership


def nothing_written() -> bool:
    return not (Interaction.objects.exists() or Participant.objects.exists() or Job.objects.exists())


def test_logging_names_the_author_and_wants_new_health(in_alpha):
    actor, partnership = in_alpha.actor("officer"), make_partnership()
    contact = make_contact(partnership.organization)
    row = log_interaction(actor=actor, partnership=partnership, note="Met.", contacts=[contact])
    assert row.logged_by_id == actor.user_id
    assert {(each.contact_id, each.member_id) for each in row.participants.all()} == {
        (contact.pk, None),
        (None, actor.user_id),
    }
    job = Job.objects.get()
    assert (job.name, job.payload) == ("partnerships.recompute_health", {"partnership_ids": [partnership.pk]})
    change = Change.objects.get(table_name="partnerships_interaction")
    assert (change.kind, change.user_id, change.action, change.request_id) == (
        "I",
        actor.user_id,
        "partnerships.log_interaction",
        "test-request",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"note": "   "}, "note"),
        ({"note": "x", "occurred_at": timezone.now() + timedelta(days=1)}, "occurred_at"),
        ({"note": "x", "occurred_at": timezone.now().replace(year=1800)}, "occurred_at"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(in_alpha, fields, field):
    partnership = make_partnership()
    with pytest.raises(InvalidInput) as refused:
        log_interaction(actor=in_alpha.actor(), partnership=partnership, **fields)
    assert refused.value.field == field
    assert nothing_written()


def test_a_viewer_cannot_log(in_alpha):
    with pytest.raises(PermissionRefused):
        log_interaction(actor=in_alpha.actor("viewer"), partnership=make_partnership(), note="x")
    assert nothing_written()


def test_a_colleague_of_another_office_cannot_take_part(in_alpha, beta):
    with pytest.raises(InvalidInput):
        log_interaction(actor=in_alpha.actor(), partnership=make_partnership(), note="x", members=[beta.user()])
    assert nothing_written()


def test_a_confidential_note_is_for_its_author_participants_and_managers(in_alpha):
    partnership = make_partnership()
    officer, researcher = in_alpha.actor("officer"), in_alpha.actor("researcher")
    row = log_interaction(actor=officer, partnership=partnership, note="Secret.", confidentiality="confidential")
    assert visible_interactions(officer).get() == row
    assert visible_interactions(in_alpha.actor("manager")).get() == row
    assert not visible_interactions(researcher).exists()
    assert visible_interaction_count(researcher, partnership_id=partnership.pk) == 0
    edit_interaction(actor=officer, interaction=row, members=[in_alpha.user("officer"), in_alpha.user("researcher")])
    assert visible_interactions(researcher).get() == row


def test_only_the_author_or_a_manager_corrects(in_alpha):
    row = make_interaction(make_partnership(), logged_by=in_alpha.user("officer"))
    with pytest.raises(ActionRefused):
        edit_interaction(actor=in_alpha.actor("researcher"), interaction=row, note="Mine now.")
    assert Interaction.objects.get().note == "Talked."
    edit_interaction(actor=in_alpha.actor("manager"), interaction=row, note="Corrected.")
    assert Interaction.objects.get().note == "Corrected."


def test_a_stale_edit_is_told_and_writes_nothing(in_alpha):
    row = make_interaction(make_partnership())
    edit_interaction(actor=in_alpha.actor(), interaction=row, seen=1, note="First.")
    with pytest.raises(StaleEdit) as stale:
        edit_interaction(actor=in_alpha.actor(), interaction=row, seen=1, note="Second.")
    assert stale.value.details == {"version": 2, "current": {"note": "First."}}
    assert Interaction.objects.get().note == "First."


def test_moving_an_interaction_computes_both_partners_anew(in_alpha):
    row, other = make_interaction(make_partnership()), make_partnership()
    edit_interaction(actor=in_alpha.actor(), interaction=row, partnership=other)
    wanted = {tuple(job.payload["partnership_ids"]) for job in Job.objects.all()}
    assert wanted == {(row.partnership_id,), (other.pk,)}


def test_the_action_refuses_an_actor_of_another_office(alpha, beta):
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        with pytest.raises(RuntimeError, match="another tenant"):
            log_interaction(actor=beta.actor(), partnership=partnership, note="x")
        assert nothing_written()
