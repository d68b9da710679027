"""Platform work: opening an office. Not an action of an office's member; commands call it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from core.actor import Actor
from core.tenancy.scope import tenant_scope, tenant_transaction
from tenants.choices import Role
from tenants.models.tenants import Membership, Tenant
from tenants.models.users import User
from tenants.registry import openings


def open_tenant(*, slug: str, name: str, **details: object) -> tuple[Tenant, bool]:
    """The office at this address, made when there is none; and whether it was made now. Invalid values raise.

    A new one begins with what apps registered for it (``tenants.registry.register_opening``).
    """
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is not None:
        return tenant, False
    tenant = Tenant(slug=slug, name=name, **details)
    tenant.full_clean()
    with transaction.atomic():
        tenant.save()
        with tenant_scope(tenant.pk):
            for step in openings():
                step(Actor.system(tenant.pk, request_id="open_office"))
    return tenant, True


def add_member(
    *, tenant: Tenant, email: str, name: str, role: str, password: str | None = None, **details
) -> Membership:
    """A member for a command or an import. An existing account keeps its name and password."""
    if role not in Role.values:
        raise ValidationError(f"{role} is not a role")
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    with tenant_transaction(tenant.pk):
        membership, _created = Membership.objects.update_or_create(
            tenant=tenant, user=user, defaults={"role": role, "ended_at": None, **details}
        )
    return membership
