"""Tokens that are made with a token: never more than the one that made them, and never longer."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.tenancy.scope import tenant_scope, tenant_transaction
from tenants.actions.tokens import create_token, revoke_token
from tenants.choices import Role
from tenants.models import ApiToken, Change
from tenants.queries.tokens import access_by_token
from tests.api_kit import nothing_changes
from tests.cast import Office


def token_of(actor: Actor, *, days: int = 10, name: str = "Sync") -> tuple[ApiToken, Actor]:
    """A writing token, and its member signed in with it."""
    token, _secret = create_token(actor=actor, name=name, days=days, can_write=True)
    return token, replace(actor, token_id=token.pk)


def family(office: Office) -> dict[str, tuple[ApiToken, Actor]]:
    """A root with two children, one of them with a child of its own, and a token that stands alone."""
    session = office.actor(Role.OFFICER)
    found = {"root": token_of(session, days=30), "alone": token_of(session)}
    found["first"] = token_of(found["root"][1], days=20)
    found["second"] = token_of(found["root"][1], days=20)
    found["grandchild"] = token_of(found["first"][1], days=10)
    return found


def revoked(tokens: dict[str, tuple[ApiToken, Actor]]) -> set[str]:
    at = dict(ApiToken.objects.values_list("pk", "revoked_at"))
    return {name for name, (token, _actor) in tokens.items() if at[token.pk] is not None}


def test_the_actor_of_a_token_knows_which_one_it_is(in_alpha):
    token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=1, can_write=True)
    assert access_by_token(in_alpha.tenant, secret).actor.token_id == token.pk
    assert in_alpha.actor().token_id is None


def test_a_token_remembers_the_one_that_made_it(in_alpha):
    tokens = family(in_alpha)
    made_with = {name: token.made_with_id for name, (token, _actor) in tokens.items()}
    root, first = tokens["root"][0].pk, tokens["first"][0].pk
    assert made_with == {"root": None, "alone": None, "first": root, "second": root, "grandchild": first}


def test_a_session_makes_tokens_of_any_length(in_alpha):
    for days in (1, 30, 365):
        token, _actor = token_of(in_alpha.actor(), days=days)
        assert token.made_with_id is None
        assert timedelta(days=days) - timedelta(minutes=1) < token.expires_at - timezone.now() <= timedelta(days=days)


def test_a_token_makes_none_that_outlives_it(in_alpha):
    maker, actor = token_of(in_alpha.actor(), days=10)
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        create_token(actor=actor, name="Longer", days=10, can_write=True)  # by a moment: the maker is older
    assert (refused.value.code, refused.value.field) == ("outlives_maker", "days")
    assert refused.value.details == {"until": maker.expires_at.isoformat(), "days": 9}
    assert f"{maker.expires_at.year}" in refused.value.message
    assert "at most 9 days" in refused.value.message
    made, _secret = create_token(actor=actor, name="Shorter", days=9, can_write=True)
    assert made.expires_at <= maker.expires_at


def test_a_token_makes_one_that_ends_with_it_to_the_moment(in_alpha):
    maker, actor = token_of(in_alpha.actor(), days=10)
    later = timezone.now() + timedelta(days=10, minutes=1)
    ApiToken.objects.filter(pk=maker.pk).update(expires_at=later)
    made, _secret = create_token(actor=actor, name="As long", days=10, can_write=True)
    assert made.expires_at <= later


@pytest.mark.parametrize(("hours", "words"), [(25, "Choose 1 day."), (23, "less than a day")])
def test_a_token_near_its_end_says_what_is_left(in_alpha, hours, words):
    maker, actor = token_of(in_alpha.actor())
    ApiToken.objects.filter(pk=maker.pk).update(expires_at=timezone.now() + timedelta(hours=hours))
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        create_token(actor=actor, name="Longer", days=2, can_write=True)
    assert words in refused.value.message


def test_each_of_a_chain_is_bound_by_the_one_before(in_alpha):
    tokens = family(in_alpha)
    for name, days in (("first", 20), ("grandchild", 10)):
        with nothing_changes(), pytest.raises(InvalidInput):
            create_token(actor=tokens[name][1], name="Longer", days=days, can_write=True)


def test_a_reading_token_makes_none(in_alpha):
    _token, actor = token_of(in_alpha.actor())
    with nothing_changes(), pytest.raises(PermissionRefused):
        create_token(actor=replace(actor, read_only=True), name="More", days=1, can_write=True)


def test_revoking_a_token_ends_the_whole_chain_and_nothing_else(in_alpha):
    tokens = family(in_alpha)
    assert revoke_token(actor=in_alpha.actor(Role.OFFICER), token=tokens["root"][0]).revoked_at is not None
    assert revoked(tokens) == {"root", "first", "second", "grandchild"}


def test_revoking_in_the_middle_leaves_what_is_above_and_beside(in_alpha):
    tokens = family(in_alpha)
    revoke_token(actor=in_alpha.actor(Role.ADMINISTRATOR), token=tokens["first"][0])
    assert revoked(tokens) == {"first", "grandchild"}


def test_each_token_of_the_chain_is_in_the_history_as_the_one_is(in_alpha):
    tokens = family(in_alpha)
    revoke_token(actor=in_alpha.actor(Role.OFFICER), token=tokens["root"][0], reason="It was on a lost laptop")
    changes = Change.objects.filter(table_name="tenants_apitoken", action="tenants.revoke_token", kind="U")
    assert {(each.row_id, each.user_id, each.request_id, each.reason) for each in changes} == {
        (tokens[name][0].pk, in_alpha.user(Role.OFFICER).pk, "test-request", "It was on a lost laptop")
        for name in ("root", "first", "second", "grandchild")
    }
    assert all(each.before == {"revoked_at": None} for each in changes)


def test_a_time_of_revocation_that_stands_is_kept(in_alpha):
    tokens = family(in_alpha)
    revoke_token(actor=in_alpha.actor(Role.OFFICER), token=tokens["first"][0])
    before = dict(ApiToken.objects.exclude(revoked_at=None).values_list("pk", "revoked_at"))
    revoke_token(actor=in_alpha.actor(Role.OFFICER), token=tokens["root"][0])
    assert before.items() <= dict(ApiToken.objects.values_list("pk", "revoked_at")).items()
    with nothing_changes():
        revoke_token(actor=in_alpha.actor(Role.OFFICER), token=tokens["root"][0])


def test_somebody_elses_chain_is_not_ended(in_alpha):
    tokens = family(in_alpha)
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        revoke_token(actor=in_alpha.actor(Role.MANAGER), token=tokens["root"][0])
    assert refused.value.code == "not_yours"


def test_a_revoked_token_makes_none(in_alpha):
    """Its request was let in before it was revoked; the action looks again."""
    maker, actor = token_of(in_alpha.actor())
    revoke_token(actor=in_alpha.actor(), token=maker)
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        create_token(actor=actor, name="After all", days=1, can_write=False)
    assert refused.value.code == "token_revoked"


def test_none_escapes_that_is_made_while_its_maker_is_revoked(committed, alpha):
    barrier, outcomes = threading.Barrier(2), []

    def run(work) -> None:
        try:
            with tenant_scope(alpha.id):
                barrier.wait(10)
                with tenant_transaction(alpha.id):
                    work()
            outcomes.append("done")
        except ActionRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    for _round in range(5):
        with tenant_transaction(alpha.id):
            maker, actor = token_of(alpha.actor())
        works = [
            lambda maker=maker: revoke_token(actor=alpha.actor(), token=maker),
            lambda actor=actor: create_token(actor=actor, name="Heir", days=1, can_write=True),
        ]
        outcomes.clear()
        threads = [threading.Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) in (["done", "done"], ["done", "token_revoked"])
        with tenant_transaction(alpha.id):
            assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_the_database_refuses_a_maker_of_the_other_office(in_alpha, beta):
    with tenant_scope(beta.id):
        foreign, _actor = token_of(beta.actor())
    mine, _actor = token_of(in_alpha.actor())
    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=mine.pk).update(made_with_id=foreign.pk)
