"""Memberships as a test wants them: written in the scope of their office, as the history wants it."""

from core.tenancy.scope import tenant_transaction
from tenants.models import Membership, User
from tests.cast import Office


def change(membership: Membership, **values: object) -> None:
    with tenant_transaction(membership.tenant_id):
        Membership.objects.filter(pk=membership.pk).update(**values)


def join(office: Office, user: User, role: str) -> Membership:
    with tenant_transaction(office.id):
        return Membership.objects.create(tenant=office.tenant, user=user, role=role)
