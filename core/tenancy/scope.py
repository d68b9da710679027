"""Which tenant the running code works for.

One ContextVar holds the answer. It follows threads started with a copied context and asyncio tasks, never a
plain new thread: work handed to a thread must open its own scope. The database backend copies it into
the transaction (see ``core.tenancy.backend``), so a scope without a transaction can read nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction


class NoTenantScope(RuntimeError):
    """A tenant's data was asked for while no tenant was set."""


@dataclass(frozen=True, slots=True)
class AuditContext:
    """Who is writing, in which request and why; stored with every recorded change."""

    user_id: int | None = None
    request_id: str = ""
    action: str = ""
    reason: str = ""


_tenant: ContextVar[int | None] = ContextVar("causeway_tenant", default=None)
_audit: ContextVar[AuditContext | None] = ContextVar("causeway_audit", default=None)
NOBODY = AuditContext()


def current_tenant_id() -> int:
    """The id of the tenant in scope; raises NoTenantScope when there is none."""
    tenant_id = _tenant.get()
    if tenant_id is None:
        raise NoTenantScope("No tenant is in scope. Open one with tenant_transaction(tenant_id).")
    return tenant_id


def tenant_id_or_none() -> int | None:
    return _tenant.get()


def current_audit() -> AuditContext:
    return _audit.get() or NOBODY


@contextmanager
def tenant_scope(tenant_id: int, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Work for one tenant; inside a running transaction the database learns of it at once, and of its end.

    The scope alone opens no transaction: a statement in autocommit mode is refused by the row policies.
    """
    token = _tenant.set(int(tenant_id))
    connection = connections[using]
    try:
        if connection.in_atomic_block:
            connection.apply_scope()
        yield
    finally:
        _tenant.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.apply_scope()


@contextmanager
def tenant_transaction(tenant_id: int, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A scope and a transaction in it: the ordinary way for commands, tasks and streaming answers."""
    with tenant_scope(tenant_id, using=using), transaction.atomic(using=using):
        yield


@contextmanager
def audit_context(context: AuditContext, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Record the changes made inside under this context (see ``tenants.models.changes``)."""
    token = _audit.set(context)
    connection = connections[using]
    try:
        if connection.in_atomic_block and _tenant.get() is not None:
            connection.apply_scope()
        yield
    finally:
        _audit.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback and _tenant.get() is not None:
            connection.apply_scope()
