"""The real folder, imported, gives the figures that were computed from it by other means."""

import csv
import io

import pytest

from tenants.choices import Role
from tenants.models import Membership, Tenant, User
from tests.folders import REAL, needs_real, printed, realdata, table_counts

pytestmark = [realdata, needs_real]
OFFICES = ["ntnu", "uio", "uib", "durham", "newcastle"]


def expected(name: str) -> str:
    return (REAL / name).read_text(encoding="utf-8")


@pytest.fixture
def imported(committed) -> str:
    """What the import said."""
    return printed("import_projects", REAL, "--create-tenants")


def test_the_oracles_and_a_second_run(imported, client):
    """In one test, because the import is its costly part."""
    assert "rejected:" not in imported
    assert printed("tenant_summary") == expected("expected_tenant_summary.csv")
    assert printed("top_partners") == expected("expected_top_companies.csv")
    over_the_api(client)

    before = table_counts()
    assert min(before["tenants.Change"][2:7]) > 1000
    second = printed("import_projects", REAL)
    assert table_counts() == before
    counted = [line for line in second.splitlines() if " unchanged, " in line]
    assert len(counted) == 5 * len(OFFICES) + 1
    assert all("0 created, 0 updated, " in line and line.endswith(" 0 rejected") for line in counted)
    assert printed("tenant_summary") == expected("expected_tenant_summary.csv")


def over_the_api(client) -> None:
    user = User.objects.create_user("reader@example.org", "correct-horse-battery-staple", name="Robin Reader")
    for slug in OFFICES:
        Membership.objects.create(tenant=Tenant.objects.get(slug=slug), user=user, role=Role.VIEWER)
    client.force_login(user)
    summaries = list(csv.DictReader(io.StringIO(expected("expected_tenant_summary.csv"))))
    assert [row["tenant"] for row in summaries] == OFFICES
    for row in summaries:
        answer = client.get(f"/t/{row.pop('tenant')}/api/v1/reports/summary/")
        assert answer.status_code == 200, answer.content
        assert {name: str(value) for name, value in answer.json().items()} == row
    rows = list(csv.DictReader(io.StringIO(expected("expected_top_companies.csv"))))
    for slug in OFFICES:
        answer = client.get(f"/t/{slug}/api/v1/reports/top-partners/?kind=company&limit=10")
        found = [{name: str(value) for name, value in each.items()} for each in answer.json()]
        assert [{"tenant": slug, **each} for each in found] == [row for row in rows if row["tenant"] == slug]
