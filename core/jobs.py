"""Background work by name. A job is a row in PostgreSQL (``tenants.models.jobs``); this is the table of what to run.

    @tenant_task("partnerships.recompute_health")
    def recompute_health(*, actor, partnership_ids): …

runs inside the scope and one transaction of its tenant, with the system actor, and must be safe to run twice.
Actions enqueue by name, so tasks may import actions and not the other way round; a misspelt name raises.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Task:
    """``attempts``: after so many failed or killed runs the job is set aside as failed, and shown as such.

    ``given_up`` takes what the task takes and is told then, in the same transaction. ``together`` names a list in the
    payload: due jobs that differ in it alone may be done in one run with all of it. If that fails, each is tried
    alone.
    """

    name: str
    run: Callable[..., object]
    attempts: int
    given_up: Callable[..., object] | None = None
    together: str = ""


TASKS: dict[str, Task] = {}
# For whatever sends mail: the waits between the tries double, so a mail server may be away for an hour.
MAIL_ATTEMPTS = 12


def tenant_task(
    name: str, *, attempts: int = 6, given_up: Callable[..., object] | None = None, together: str = ""
) -> Callable[[Callable], Callable]:
    def decorate(function: Callable) -> Callable:
        if name in TASKS:
            raise ImproperlyConfigured(f"Two tasks are called {name}")
        TASKS[name] = Task(name, function, attempts, given_up, together)
        return function

    return decorate


def get_task(name: str) -> Task:
    try:
        return TASKS[name]
    except KeyError:
        raise ImproperlyConfigured(f"There is no task called {name}") from None
