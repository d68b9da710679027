"""Test databases: one migrated template with the cast in it, cloned for each pytest process and each committed test.

The tests themselves connect as the application's role. Databases are made by the superuser of the embedded cluster,
which only tests ever see (DATABASE_SUPERUSER_URL).
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
LOCK = 7203431


def url_for(variable: str, database: str) -> str:
    """The connection address in an environment variable, with another database name."""
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{database}"))


@contextmanager
def superuser(database: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
    """A cursor of the superuser in autocommit mode."""
    connection = psycopg2.connect(url_for("DATABASE_SUPERUSER_URL", database))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def use_database(name: str) -> None:
    """Point Django's connections at another database of the cluster."""
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name


def fingerprint() -> str:
    """Changes whenever the schema or the cast may have changed."""
    digest = hashlib.sha256()
    sources = [
        *ROOT.glob("*/migrations/*.py"),
        ROOT / "core/tenancy/constraints.py",
        ROOT / "config/database_roles.sql",
        ROOT / "partnerships/rules/opportunities.py",
        ROOT / "partnerships/actions/stages.py",
    ]
    for source in sorted([*sources, ROOT / "tests/cast.py", Path(__file__)]):
        digest.update(source.read_bytes())
    digest.update(settings.SECRET_KEY.encode())  # the sessions of the cast are signed with it
    return digest.hexdigest()[:12]


def clone(source: str, name: str) -> None:
    """A copy of a database, with the rights that a copy does not inherit."""
    with superuser() as cursor:
        cursor.execute(f'drop database if exists "{name}" with (force)')
        cursor.execute(f'create database "{name}" template "{source}" owner causeway_owner')
        cursor.execute(f'revoke all on database "{name}" from public')
        cursor.execute(f'grant connect on database "{name}" to causeway_app, causeway_migrate, causeway_backup')


def drop(name: str) -> None:
    with superuser() as cursor:
        cursor.execute(f'drop database if exists "{name}" with (force)')


def template() -> str:
    """The name of the migrated template, built by whichever process comes first."""
    from tests.cast import build_cast

    name = f"template_{fingerprint()}"
    with superuser() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        cursor.execute("select datname from pg_database where datname like 'template\\_%%'")
        present = {row[0] for row in cursor.fetchall()}
        for old in present - {name}:
            drop(old)
        if name not in present:
            cursor.execute("select datname from pg_database where datname = 'causeway'")
            clone("causeway", f"{name}_new")
            use_database(f"{name}_new")
            call_command("migrate", verbosity=0)
            build_cast()
            for connection in connections.all():
                connection.close()
            cursor.execute(f'alter database "{name}_new" rename to "{name}"')
        cursor.execute("select pg_advisory_unlock(%s)", [LOCK])
    return name


def settings_for_process(worker: str) -> None:
    """Caches and broker of this pytest process in Redis databases of its own, so that processes do not meet."""
    number = int(worker.removeprefix("gw") or 0) if worker != "master" else 0
    base = settings.REDIS_URL.rsplit("/", 1)[0]
    settings.CACHES["default"]["LOCATION"] = f"{base}/{2 + number}"
    caches["default"].close()
    del caches["default"]  # it may have been made already, with the other address
    settings.CELERY_BROKER_URL = f"{base}/{8 + number}"
