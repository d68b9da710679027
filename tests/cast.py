"""The cast of all tests: two offices with one member per role each, and a stranger who belongs to neither.

It is committed into the template database, so no test pays for it, nor for signing in. Every password is PASSWORD.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from tenants.actions.tenants import open_tenant
from tenants.choices import Role
from tenants.models import Membership, Tenant, User
from tenants.queries.tenants import actor_of

PASSWORD = "correct-horse-battery-staple"
ALPHA, BETA = "alpha", "beta"
STRANGER = "stranger@example.org"
CAST = {STRANGER, *(f"{role}@{slug}.example" for slug in (ALPHA, BETA) for role in Role)}


def build_cast() -> None:
    """Make the cast in the current database; called once, when the template is made."""
    from django.contrib.auth.hashers import make_password

    password = make_password(PASSWORD)
    for slug, zone, currency in ((ALPHA, "Europe/Copenhagen", "EUR"), (BETA, "America/New_York", "USD")):
        name = f"{slug.title()} University"
        tenant, _made = open_tenant(slug=slug, name=name, time_zone=zone, currency=currency)
        for role in Role:
            user = User.objects.create(
                email=f"{role}@{slug}.example", name=f"{slug.title()} {role.label}", password=password
            )
            Membership.objects.create(tenant=tenant, user=user, role=role)
            _open_session(user)
    _open_session(User.objects.create(email=STRANGER, name="Sam Stranger", password=password))


def _open_session(user: User) -> None:
    held = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    expires = timezone.now() + timedelta(days=3650)
    Session.objects.create(
        session_key=session_key(user.email), session_data=SessionStore().encode(held), expire_date=expires
    )


def session_key(email: str) -> str:
    """The key of the session that the template database has for one of the cast."""
    return f"cast-{email}"


def sign_in(client: Client, user: User) -> None:
    """Let the client be a user. All clients of one of the cast share the session that the template database has."""
    if user.email in CAST:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_key(user.email)
    else:
        client.force_login(user)


@dataclass(frozen=True)
class Office:
    """One office of the cast, with its people by role."""

    tenant: Tenant
    memberships: dict[str, Membership]

    @classmethod
    def load(cls, slug: str) -> "Office":
        tenant = Tenant.objects.get(slug=slug)
        rows = Membership.objects.filter(tenant=tenant).select_related("user", "tenant")
        return cls(tenant, {membership.role: membership for membership in rows})

    @property
    def id(self) -> int:
        return self.tenant.pk

    @property
    def prefix(self) -> str:
        return f"/t/{self.tenant.slug}"

    def change(self, role: str, /, **fields) -> None:
        """Change the membership of the person with this role, in the office's scope as its history needs."""
        with tenant_transaction(self.id):
            Membership.objects.filter(pk=self.memberships[role].pk).update(**fields)

    def actor(self, role: str = Role.MANAGER) -> Actor:
        return actor_of(self.memberships[role], request_id="test-request")

    def user(self, role: str = Role.MANAGER) -> User:
        return self.memberships[role].user
