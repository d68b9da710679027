"""Asking to contact a person whom a colleague keeps: who asks, who answers, how long it holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from organizations.actions.clearances import (
    grant_clearance,
    refuse_clearance,
    request_clearance,
    withdraw_clearance,
)
from organizations.models import Clearance, Contact
from organizations.queries.clearances import contact_notice, contact_notices, open_clearances_for
from organizations.rules.contacting import Standing
from tenants.choices import Role
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_clearance, make_contact, make_guarded_contact


@pytest.fixture
def guarded(in_alpha) -> Contact:
    """Kept by the officer."""
    return make_guarded_contact(in_alpha.user(Role.OFFICER))


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def ask(office, contact, role=Role.RESEARCHER, purpose="Invite to the workshop") -> Clearance:
    return request_clearance(actor=office.actor(role), contact=contact, purpose=purpose)


def standing(office, contact, role=Role.RESEARCHER) -> Standing:
    return contact_notice(office.actor(role), Contact.objects.select_related("owner").get(pk=contact.pk)).standing


@pytest.mark.parametrize("days", [30, 90])
def test_the_keeper_grants_it_for_a_time(in_alpha, guarded, days):
    row = ask(in_alpha, guarded)
    notice = contact_notice(in_alpha.actor(Role.RESEARCHER), guarded)
    assert (notice.standing, notice.asked, notice.is_warning) == (Standing.ASK_FIRST, True, True)
    assert notice.words == "Ask Alpha Officer first."
    keeper = in_alpha.actor(Role.OFFICER)
    assert list(open_clearances_for(keeper)) == [row]
    row = grant_clearance(actor=keeper, clearance=row, days=days)
    assert (row.state, row.decided_by_id) == ("granted", keeper.user_id)
    assert row.valid_until == timezone.localdate() + timedelta(days=days)
    assert standing(in_alpha, guarded) is Standing.CLEARED
    assert standing(in_alpha, guarded, Role.MANAGER) is Standing.ASK_FIRST, "it holds for who asked alone"
    assert list(open_clearances_for(keeper)) == []


def test_what_was_granted_ends(in_alpha, guarded):
    asker, keeper, today = in_alpha.user(Role.RESEARCHER), in_alpha.user(Role.OFFICER), timezone.localdate()
    row = make_clearance(guarded, asker, state="granted", decided_by=keeper, valid_until=today)
    assert standing(in_alpha, guarded) is Standing.CLEARED, "the last day counts"
    Clearance.objects.filter(pk=row.pk).update(valid_until=today - timedelta(days=1))
    assert standing(in_alpha, guarded) is Standing.ASK_FIRST
    assert ask(in_alpha, guarded).state == "requested", "one may ask again"


def test_a_manager_answers_for_everybody_but_themselves(in_alpha, guarded):
    manager = in_alpha.actor(Role.MANAGER)
    refuse_clearance(actor=manager, clearance=ask(in_alpha, guarded))
    own = ask(in_alpha, guarded, Role.MANAGER)
    assert list(open_clearances_for(manager)) == []
    assert refused(lambda: grant_clearance(actor=manager, clearance=own)).code == "not_yours"
    assert list(open_clearances_for(in_alpha.actor(Role.ADMINISTRATOR))) == [own]


def test_nobody_else_answers(in_alpha, guarded):
    row = ask(in_alpha, guarded, Role.MANAGER)
    for answer in (grant_clearance, refuse_clearance):
        attempt = lambda answer=answer: answer(actor=in_alpha.actor(Role.RESEARCHER), clearance=row)  # noqa: E731
        assert refused(attempt).code == "not_yours"
    refused(lambda: grant_clearance(actor=in_alpha.actor(Role.VIEWER), clearance=row), PermissionRefused)


def test_an_answer_is_given_once(in_alpha, guarded):
    keeper, row = in_alpha.actor(Role.OFFICER), ask(in_alpha, guarded)
    refuse_clearance(actor=keeper, clearance=row)
    for attempt in (
        lambda: grant_clearance(actor=keeper, clearance=row),
        lambda: refuse_clearance(actor=keeper, clearance=row),
        lambda: withdraw_clearance(actor=in_alpha.actor(Role.RESEARCHER), clearance=row),
    ):
        assert refused(attempt).code == "answered_already"


def test_only_whoever_asked_takes_it_back(in_alpha, guarded):
    row = ask(in_alpha, guarded)
    taken = refused(lambda: withdraw_clearance(actor=in_alpha.actor(Role.OFFICER), clearance=row))
    assert taken.code == "not_yours"
    assert withdraw_clearance(actor=in_alpha.actor(Role.RESEARCHER), clearance=row).state == "withdrawn"
    assert ask(in_alpha, guarded).pk != row.pk


def test_a_request_needs_a_purpose_and_a_person_who_is_guarded(in_alpha, guarded):
    free = make_contact()
    assert refused(lambda: ask(in_alpha, guarded, purpose=" "), InvalidInput).field == "purpose"
    assert refused(lambda: ask(in_alpha, guarded, Role.OFFICER)).code == "not_needed", "one's own"
    assert refused(lambda: ask(in_alpha, free)).code == "not_needed"
    ask(in_alpha, guarded)
    assert refused(lambda: ask(in_alpha, guarded)).code == "asked_already"
    wrong = make_clearance(guarded, in_alpha.user(Role.MANAGER))
    attempt = lambda: grant_clearance(actor=in_alpha.actor(Role.OFFICER), clearance=wrong, days=31)  # noqa: E731
    assert refused(attempt, InvalidInput).field == "days"


def test_the_three_permissions_say_different_things(in_alpha):
    officer = in_alpha.user(Role.OFFICER)
    told = make_contact(owner=officer, permission="tell_owner")
    free, guarded = make_contact(owner=officer), make_guarded_contact(officer)
    rows = list(Contact.objects.select_related("owner").filter(pk__in=[told.pk, free.pk, guarded.pk]))
    notices = contact_notices(in_alpha.actor(Role.RESEARCHER), rows)
    assert {pk: notice.words for pk, notice in notices.items()} == {
        told.pk: "Tell Alpha Officer before you contact them.",
        free.pk: "",
        guarded.pk: "Ask Alpha Officer first.",
    }
    kept = contact_notices(in_alpha.actor(Role.OFFICER), rows)
    assert {notice.standing for notice in kept.values()} == {Standing.FREE, Standing.KEPT_BY_YOU}


def test_notices_cost_one_statement_for_any_number(in_alpha):
    actor, officer = in_alpha.actor(Role.RESEARCHER), in_alpha.user(Role.OFFICER)
    for many in (1, 5):
        for _each in range(many):
            make_guarded_contact(officer)
        rows = list(Contact.objects.select_related("owner"))
        with counted() as statements:
            contact_notices(actor, rows)
        assert len(statements) == 1
    with counted() as statements:
        contact_notices(actor, [make_contact()])
    assert sum("clearance" in sql for sql in statements) == 0
