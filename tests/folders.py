"""Folders of CSV files for imports: the real one, and small ones made by a test."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from core.tenancy.models import TenantModel
from core.tenancy.scope import tenant_transaction
from partnerships.imports.folder import COLUMNS
from tenants.models import Tenant

REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "partnerships-small"

realdata = pytest.mark.realdata
needs_real = pytest.mark.skipif(
    not (REAL / "organizations.csv").is_file(), reason=f"the real data folder is not here: {REAL}"
)

TENANTS = [
    {"tenant": "alpha", "org_id": "O1", "name": "Alpha University", "country": "DK"},
    {"tenant": "beta", "org_id": "O2", "name": "Beta University", "country": "US"},
]
ORGANIZATIONS = [
    {"org_id": "O1", "display_name": "Alpha University", "type_code": "HES", "country": "DK"},
    {"org_id": "O2", "display_name": "Beta University", "type_code": "HES", "country": "US"},
    {"org_id": "O3", "display_name": "Cog Works", "short_name": "CW", "type_code": "PRC", "country": "DE", "sme": "Y"},
    {"org_id": "O4", "display_name": "Dredge Institute", "type_code": "REC", "country": "NL"},
]
PROJECTS = [
    {
        "project_id": "P1",
        "display_title": "One",
        "start_date": "2020-01-01",
        "end_date": "2022-12-31",
        "total_cost_eur": "1000",
        "ec_contribution_eur": "900.50",
        "currency": "EUR",
    },
    {"project_id": "P2", "display_title": "Two", "start_date": "2021-01-01", "end_date": "2023-12-31"},
]
LINKS = [
    {"tenant": "alpha", "project_id": "P1", "tenant_role": "coordinator", "tenant_ec_contribution_eur": "400"},
    {"tenant": "alpha", "project_id": "P2", "tenant_role": "participant"},
    {"tenant": "beta", "project_id": "P2", "tenant_role": "coordinator"},
]
PARTICIPATIONS = [
    {"project_id": "P1", "org_id": "O1", "role": "coordinator", "ec_contribution_eur": "400"},
    {"project_id": "P1", "org_id": "O3", "role": "participant", "ec_contribution_eur": "500.50"},
    {"project_id": "P2", "org_id": "O1", "role": "participant"},
    {"project_id": "P2", "org_id": "O2", "role": "coordinator"},
    {"project_id": "P2", "org_id": "O3", "role": "participant"},
    {"project_id": "P2", "org_id": "O4", "role": "partner"},
]
ROWS = {
    "tenants.csv": TENANTS,
    "tenant_projects.csv": LINKS,
    "projects.csv": PROJECTS,
    "participations.csv": PARTICIPATIONS,
    "organizations.csv": ORGANIZATIONS,
}


def as_csv(name: str, rows: Iterable[Mapping[str, str]], columns: Iterable[str] | None = None) -> str:
    """The rows under the columns that an import reads from this file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns or COLUMNS[name]), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_folder(path: Path, **files: Iterable[Mapping[str, str]] | str | bytes | None) -> Path:
    """A folder of two offices, three links, two projects and four organizations.

    Name a file without its ending to put other rows, text or bytes into it, or None to leave it out.
    """
    path.mkdir(exist_ok=True)
    for name, rows in ROWS.items():
        content = files.get(name.removesuffix(".csv"), rows)
        if content is None:
            (path / name).unlink(missing_ok=True)
        elif isinstance(content, bytes):
            (path / name).write_bytes(content)
        else:
            text = content if isinstance(content, str) else as_csv(name, content)
            (path / name).write_text(text, encoding="utf-8", newline="")
    return path


def printed(command: str, *arguments: object) -> str:
    """What a management command prints."""
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def table_counts() -> dict[str, list[int]]:
    """How many rows each table of ours has: of a tenant's table one figure per office."""
    counts = {}
    offices = list(Tenant.objects.order_by("pk"))
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            counts[model._meta.label] = []
            for office in offices:
                with tenant_transaction(office.pk):
                    counts[model._meta.label].append(model.objects.count())
        elif model._meta.app_label == "tenants":
            counts[model._meta.label] = [model._base_manager.count()]
    return counts
