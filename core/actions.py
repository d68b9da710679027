"""The one way in for writes, and the mark that the one way in for reads carries."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.db import transaction

from core.actor import Actor
from core.tenancy.scope import AuditContext, audit_context, current_tenant_id

ACTIONS: dict[str, Callable] = {}
READS: dict[str, list[Callable]] = {}

Result = TypeVar("Result")


def action(code: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function the action ``code``: permission, transaction and audit context come with it.

    The function is keyword-only and takes ``actor`` first. Callers may add ``reason``, a sentence that is
    stored with every change the action makes. Raises PermissionRefused, ActionRefused; then nothing was written.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        if code in ACTIONS:
            raise RuntimeError(f"Two actions are called {code}")

        @wraps(function)
        def run(*, actor: Actor, reason: str = "", **kwargs) -> Result:
            actor.require(code)
            if actor.tenant_id != current_tenant_id():
                raise RuntimeError("The actor belongs to another tenant than the one in scope")
            context = AuditContext(actor.user_id, actor.request_id, code, reason)
            with audit_context(context), transaction.atomic():  # the savepoint first rolls back, then the context ends
                return function(actor=actor, **kwargs)

        run.code = code
        ACTIONS[code] = run
        return run

    return decorate


def visible(code: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function the way to read: it needs the permission ``code`` and takes the actor first."""

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(function)
        def read(actor: Actor, *args, **kwargs) -> Result:
            actor.require(code)
            return function(actor, *args, **kwargs)

        read.code = code
        READS.setdefault(code, []).append(read)
        return read

    return decorate
