"""Totals by year, source and channel of real rows are those that csv and Decimal make of the files."""

import csv
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import FundingEntry, FundingScheme, Partnership
from partnerships.queries.funding_totals import funding_totals
from tenants.actions.tenants import open_tenant
from tenants.choices import Role
from tenants.models import Membership, Tenant, User
from tenants.queries.tenants import actor_of
from tests.folders import REAL, needs_real, printed, realdata

pytestmark = [realdata, needs_real]
ALL_YEARS = {"first_year": 1990, "last_year": 2050}
Sums = dict[tuple[str, int], Decimal]


def rows_of(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def office(slug: str, **fields) -> Tenant:
    tenant, _made = open_tenant(slug=slug, name=slug.title(), time_zone="UTC", **fields)
    return tenant


def totals_of(tenant: Tenant, by: str, **more) -> Sums:
    user = User.objects.filter(email="reader@example.org").first() or User.objects.create_user(
        "reader@example.org", "correct-horse-battery-staple", name="Robin Reader"
    )
    membership, _made = Membership.objects.get_or_create(tenant=tenant, user=user, defaults={"role": Role.OFFICER})
    with tenant_transaction(tenant.pk):
        found = funding_totals(actor_of(membership), by=by, **{**ALL_YEARS, **more})
    assert {total.measure for total in found} <= {"committed"}
    return {(total.key, total.fiscal_year): total.amount for total in found}


def summed(amounts: list[tuple[str, int, Decimal]]) -> Sums:
    sums: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for key, year, amount in amounts:
        sums[key, year] += amount
    return dict(sums)


@pytest.mark.parametrize(("start_month", "rate"), [(1, None), (7, Decimal("0.9173"))])
def test_contracts_of_section_117(committed, start_month, rate):
    """In an office that counts in dollars by calendar years, and in one in euros whose year begins in July."""
    tenant = office("umich", currency="EUR" if rate else "USD", fiscal_year_start=start_month)
    contracts, given = rows_of("foreign_contracts.csv"), ["--tenant", "umich", "--add-partners"]
    given += ["--rate", f"USD={rate}@2016-12-30"] if rate else []
    words = printed("import_funding", REAL / "foreign_contracts.csv", *given)
    assert f"{len(contracts)} created, 0 updated, 0 unchanged, 0 rejected" in words

    def year_of(text: str) -> int:
        day = date.fromisoformat(text)
        return day.year + (1 if start_month > 1 and day.month >= start_month else 0)

    def base_of(text: str) -> Decimal:
        return (Decimal(text) * (rate or 1)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)

    amounts = [(year_of(row["date"]), base_of(row["amount_usd"])) for row in contracts]
    assert totals_of(tenant, "source") == summed([("international", *each) for each in amounts])
    assert totals_of(tenant, "channel") == summed([("RES", *each) for each in amounts])
    by_name = summed([(row["counterparty"].lower(), *each) for row, each in zip(contracts, amounts, strict=True)])
    with tenant_transaction(tenant.pk):
        names = dict(Partnership.objects.values_list("pk", "organization__name_key"))
    assert {(names[int(pk)], year): sum_ for (pk, year), sum_ in totals_of(tenant, "partner").items()} == by_name
    again = printed("import_funding", REAL / "foreign_contracts.csv", *given)
    assert f"0 created, 0 updated, {len(contracts)} unchanged, 0 rejected" in again


def test_awards_of_cordis(committed):
    """Of two offices: the institution's own share, and in one of them that of the whole consortium."""
    slugs = ["uib", "newcastle"]
    printed("import_projects", REAL, "--create-tenants", *(f"--tenant={slug}" for slug in slugs))
    own = {row["tenant"]: row["org_id"] for row in rows_of("tenants.csv")}
    starts = {row["project_id"]: row["start_date"] for row in rows_of("projects.csv")}
    owned = defaultdict(set)
    for row in rows_of("tenant_projects.csv"):
        owned[row["tenant"]].add(row["project_id"])
    shares = rows_of("participations.csv")
    for slug in slugs:
        mine = [row for row in shares if row["org_id"] == own[slug] and row["project_id"] in owned[slug]]
        told = [row for row in mine if row["ec_contribution_eur"] and starts[row["project_id"]]]
        words = printed("import_funding", "--awards", "--tenant", slug)
        assert f"{len(told)} created, 0 updated, 0 unchanged, {len(owned[slug]) - len(told)} rejected" in words
        assert words.count("rejected: ") == len(owned[slug]) - len(told)
        amounts = [(int(starts[row["project_id"]][:4]), Decimal(row["ec_contribution_eur"])) for row in told]
        tenant = Tenant.objects.get(slug=slug)
        assert totals_of(tenant, "source") == summed([("international", *each) for each in amounts])
        assert totals_of(tenant, "channel") == summed([("RES", *each) for each in amounts])
    everybody = [
        row
        for row in shares
        if row["project_id"] in owned["uib"] and row["ec_contribution_eur"] and starts[row["project_id"]]
    ]
    printed("import_funding", "--awards", "--whole-consortium", "--tenant", "uib")
    amounts = [(int(starts[row["project_id"]][:4]), Decimal(row["ec_contribution_eur"])) for row in everybody]
    assert totals_of(Tenant.objects.get(slug="uib"), "source") == summed([("international", *each) for each in amounts])


def test_the_catalog_of_calls(committed):
    tenant = office("umich", currency="USD")
    calls = rows_of("funding_calls.csv")
    words = printed("import_schemes", REAL / "funding_calls.csv", "--tenant", "umich")
    assert f"{len(calls)} created, 0 updated, 0 unchanged, 0 rejected" in words
    with tenant_transaction(tenant.pk):
        assert FundingScheme.objects.filter(closed_on__isnull=False).count() == sum(
            row["status"] == "closed" for row in calls
        )
        assert not FundingEntry.objects.exists()
        deadlines = dict(FundingScheme.objects.values_list("external_id", "deadline_on"))
    assert {key: day.isoformat() for key, day in deadlines.items()} == {
        row["topic_id"]: row["deadline"] for row in calls
    }
    again = printed("import_schemes", REAL / "funding_calls.csv", "--tenant", "umich")
    assert f"0 created, 0 updated, {len(calls)} unchanged" in again
