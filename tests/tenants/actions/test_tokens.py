"""API tokens: shown once, kept as a digest, good for one member of one office."""

import pytest
from django.db import connection

from core.errors import ActionRefused, InvalidInput
from core.secrets import digest_of, looks_genuine, new_secret
from core.tenancy.scope import tenant_scope
from tenants.actions.tokens import create_token, revoke_token
from tenants.choices import Role
from tenants.models import ApiToken
from tenants.queries.tokens import access_by_token, visible_tokens
from tests.api_kit import nothing_changes


def tables_holding(secret: str) -> list[str]:
    """The tables in which the secret stands in any column, as plain text."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace "
            "and c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'select')"
        )
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) >= 20
        for name in names:
            cursor.execute(f'select exists (select from "{name}" t where strpos(t::text, %s) > 0)', [secret])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_the_secret_is_kept_nowhere(in_alpha):
    token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=30, can_write=True)
    assert looks_genuine(secret)
    assert (token.digest, token.hint) == (digest_of(secret), secret[-4:])
    assert tables_holding(secret) == []
    assert tables_holding(token.digest) == ["tenants_apitoken"]


def test_a_secret_that_is_kept_would_be_seen(in_alpha):
    token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=30, can_write=True)
    ApiToken.objects.filter(pk=token.pk).update(name=f"Sync {secret}")
    assert "tenants_apitoken" in tables_holding(secret)


def test_no_two_secrets_are_alike_and_a_mistyped_one_is_seen():
    secrets = {new_secret() for _each in range(200)}
    assert len(secrets) == 200
    for secret in secrets:
        assert looks_genuine(secret)
        assert not looks_genuine(secret[:-1] + ("0" if secret[-1] != "0" else "1"))
        assert not looks_genuine(secret[:5] + ("0" if secret[5] != "0" else "1") + secret[6:])
    for none in ("", "cw_", "cw_" + "0" * 36, "x" * 39, "cw_é"):
        assert not looks_genuine(none)


def test_a_token_gives_its_members_access_and_notes_that_it_was_used(in_alpha):
    token, secret = create_token(actor=in_alpha.actor(Role.OFFICER), name="Sync", days=1, can_write=False)
    access = access_by_token(in_alpha.tenant, secret)
    assert (access.actor.role, access.actor.read_only) == (Role.OFFICER, True)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    access_by_token(in_alpha.tenant, secret)
    token.refresh_from_db()
    assert token.last_used_at == first  # at most once a minute


def test_a_token_of_the_other_office_gives_none(in_alpha, beta):
    _token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=1, can_write=False)
    with tenant_scope(beta.id):
        assert access_by_token(beta.tenant, secret) is None


def test_a_token_of_somebody_who_may_not_sign_in_gives_none(in_alpha):
    _token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=1, can_write=False)
    user = in_alpha.user()
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert access_by_token(in_alpha.tenant, secret) is None


def test_a_revoked_token_gives_none(in_alpha):
    token, secret = create_token(actor=in_alpha.actor(), name="Sync", days=1, can_write=False)
    revoked = revoke_token(actor=in_alpha.actor(), token=token)
    assert access_by_token(in_alpha.tenant, secret) is None
    assert revoke_token(actor=in_alpha.actor(), token=token).revoked_at == revoked.revoked_at


@pytest.mark.parametrize("days", [0, -1, 366, 10**6])
def test_a_token_lives_for_a_year_at_most(in_alpha, days):
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        create_token(actor=in_alpha.actor(), name="Sync", days=days, can_write=False)
    assert refused.value.field == "days"


def test_somebody_elses_token_is_theirs(in_alpha):
    token, _secret = create_token(actor=in_alpha.actor(Role.OFFICER), name="Sync", days=1, can_write=False)
    for role in (Role.MANAGER, Role.RESEARCHER, Role.VIEWER):
        assert token not in visible_tokens(in_alpha.actor(role))
        with nothing_changes(), pytest.raises(ActionRefused) as refused:
            revoke_token(actor=in_alpha.actor(role), token=token)
        assert refused.value.code == "not_yours"
    administrator = in_alpha.actor(Role.ADMINISTRATOR)
    assert token in visible_tokens(administrator)
    assert revoke_token(actor=administrator, token=token).revoked_at is not None
