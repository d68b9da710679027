"""Importing a folder of projects into five offices, against COPY of the same rows into plain tables.

The floor is PostgreSQL's COPY, as superuser, of the very rows that the import has made, into tables of the same
columns without keys, indexes, row policies and audit. It reads ready text: parsing, checking and comparing are ours.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command

from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from partnerships.models import Partnership, PartnershipHealth, Project, ProjectParticipant
from tests import databases
from tests.benchmarks.generated import generate
from tests.benchmarks.kit import Best, Figure, own_database
from tests.folders import REAL

ROUNDS = 3
TABLES = [
    model._meta.db_table
    for model in (
        *(Organization, OrganizationAlias, OrganizationIdentifier),
        *(Project, ProjectParticipant, Partnership, PartnershipHealth),
    )
]


def measure() -> Iterator[Figure]:
    """First and second import; each round in a fresh database, the floor right after it."""
    first, again, floor = Best(), Best(), Best()
    with tempfile.TemporaryDirectory() as directory:
        folder = REAL if (REAL / "organizations.csv").is_file() else generate(Path(directory) / "data")
        print(f"  folder: {folder if folder == REAL else 'generated'}")
        for _round in range(ROUNDS):
            with own_database("bench_import") as database:
                first.of(lambda: _import(folder, "--create-tenants"))
                again.of(lambda: _import(folder))
                rows = _copy(database, floor)
        with own_database("bench_import"):
            bulk = Best()
            big = generate(Path(directory) / "big", scale=10)
            bulk.of(lambda: _import(big, "--create-tenants"))
            ten_times = Best()
            many = _copy("bench_import", ten_times)
    yield Figure(f"first import, {rows:,} rows", rows / first.seconds, rows / floor.seconds, "rows/s", rate=True)
    yield Figure("second import, nothing to write", again.seconds, floor.seconds, "s")
    yield Figure(
        f"first import, generated, {many:,} rows", many / bulk.seconds, many / ten_times.seconds, "rows/s", rate=True
    )


def _import(folder: Path, *options: str) -> None:
    call_command("import_projects", str(folder), *options, stdout=io.StringIO())


def _copy(database: str, best: Best) -> int:
    """COPY what the import has made into plain tables, in one transaction; answers how many rows."""
    with databases.superuser(database) as cursor:
        cursor.execute("create schema floor")
        texts, rows = {}, 0
        for table in TABLES:
            cursor.execute(f"create table floor.{table} as select * from {table}")
            rows += cursor.rowcount
            texts[table] = io.StringIO()
            cursor.copy_expert(f"copy floor.{table} to stdout", texts[table])
            cursor.execute(f"truncate floor.{table}")

        def copy() -> None:
            cursor.execute("begin")
            for table, text in texts.items():
                text.seek(0)
                cursor.copy_expert(f"copy floor.{table} from stdin", text)
            cursor.execute("commit")

        best.of(copy)
    assert rows > 0, os.fspath(database)
    return rows
