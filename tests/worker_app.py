"""The Celery application with a few tasks that only tests want: ``celery -A tests.worker_app worker``."""

import os
import signal
import time
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from config.celery import app  # noqa: E402
from core.jobs import tenant_task  # noqa: E402
from organizations.models import Organization  # noqa: E402
from partnerships.actions.health import recompute_health  # noqa: E402

__all__ = ["app"]


@tenant_task("tests.add_organization", attempts=50)
def add_organization(*, actor, name: str, seconds: float = 0.0) -> None:
    """An effect that can be counted, and that takes long enough to be killed in."""
    Organization.objects.create(name=name)
    time.sleep(seconds)


@tenant_task("tests.add_organizations", attempts=3, together="names")
def add_organizations(*, actor, names: list[str], city: str = "") -> None:
    """All in one run, which fails where one of them is bad."""
    if "bad" in names:
        raise ValueError("bad")
    Organization.objects.bulk_create(Organization(name=f"{name} of {len(names)}", city=city) for name in names)


@tenant_task("tests.note_server")
def note_server(*, actor, name: str) -> None:
    """Which process of the database serves this worker."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        Organization.objects.create(name=f"{name} {cursor.fetchone()[0]}")


@tenant_task("tests.kill_worker", attempts=3)
def kill_worker(*, actor) -> None:
    """The poison: takes its process along, each time."""
    Organization.objects.create(name="never committed")
    os.kill(os.getpid(), signal.SIGKILL)


@tenant_task("tests.fail", attempts=3)
def fail(*, actor, until_attempt: int = 99) -> None:
    from tenants.models import Job

    if Job.objects.get(name="tests.fail").attempts < until_attempt:
        raise ValueError("not yet")


@tenant_task("tests.health_of_a_day")
def health_of_a_day(*, actor, partnership_ids: list[int], day: str) -> None:
    """One batch of a past day, from all touches."""
    recompute_health(actor=actor, partnership_ids=partnership_ids, named=False, as_of=date.fromisoformat(day))
