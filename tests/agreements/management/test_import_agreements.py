"""Importing agreements from a table: every row imported or named with why, and nothing written twice."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from agreements.actions.amendments import amend_agreement
from agreements.actions.moves import move_agreement
from agreements.models import Agreement, Party
from core.tenancy.scope import tenant_scope
from organizations.models import Organization, OrganizationAlias
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership
from tests.folders import REAL, needs_real, printed, realdata

TABLE = REAL / "agreements.csv"
ROW = {
    "agreement_id": "A-1",
    "document_name": "A LICENSE",
    "agreement_type": "licence",
    "parties": 'Cog Works Inc. ("Licensor"); Dredge Ltd ("Licensee")',
    "agreement_date": "2020-01-01",
    "effective_date": "2020-02-01",
    "expiration_date": "2030-01-31",
    "renewal_term": "successive 2 years",
    "notice_period": "90 days",
    "governing_law": "Denmark",
    "cap_on_liability": "Yes",
    "value": "1000.50",
    "currency": "DKK",
}


def table(folder: Path, *rows: dict, columns=None) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or list(ROW), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ROW, "agreement_id": f"A-{number}", **row} for number, row in enumerate(rows, 1))
    path = folder / "table.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def imported(path: Path, *options: str) -> str:
    return printed("import_agreements", path, "--tenant", "alpha", *options)


@realdata
@needs_real
def test_the_real_table(alpha, beta):
    said = imported(TABLE)
    assert "120 created, 0 updated, 0 unchanged, 30 rejected" in said
    rejected = [line for line in said.splitlines() if ": rejected: " in line]
    assert len(rejected) == 30
    assert all(line.rsplit(": rejected: ", 1)[1] for line in rejected)
    with tenant_scope(alpha.id):
        rows = list(Agreement.objects.all())
        assert len(rows) == 120
        assert {(row.status, row.workflow, row.court, row.currency) for row in rows} == {
            ("executed", "closed", "nobody", "EUR")
        }
        assert all(row.effective_on and row.clarity is not None for row in rows)
        assert all(row.expires_on is None or row.expires_on >= row.effective_on for row in rows)
        assert Party.objects.filter(is_primary=True).count() == 120
        names = list(Organization.objects.values_list("name", flat=True))
        assert not [name for name in names if '"' in name or "collectively" in name.lower() or "arties" in name]
    with tenant_scope(beta.id):
        assert not Agreement.objects.exists()
    with nothing_changes():
        again = imported(TABLE)
    assert "0 created, 0 updated, 120 unchanged, 30 rejected" in again
    assert [line for line in again.splitlines() if ": rejected: " in line] == rejected


def test_a_row_becomes_an_executed_agreement(alpha, tmp_path):
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Cog Works Inc"))
        known = make_organization(name="Dredge Limited")
        OrganizationAlias.objects.create(organization=known, name="DREDGE LTD")
    said = imported(table(tmp_path, {}))
    assert "1 created" in said
    assert "organizations" not in said
    with tenant_scope(alpha.id):
        row = Agreement.objects.get()
        assert (row.reference, row.external_id, row.kind, row.title) == ("AGR-2020-0001", "A-1", "license", "A LICENSE")
        assert (row.executed_on.isoformat(), row.effective_on.isoformat()) == ("2020-01-01", "2020-02-01")
        assert (row.notice_days, row.renews_automatically, row.governing_law) == (90, True, "Denmark")
        assert (str(row.value), row.currency, row.partnership_id) == ("1000.50", "DKK", partner.pk)
        parties = row.parties.order_by("-is_primary").values_list("organization_id", "role", "is_primary")
        assert list(parties) == [(partner.organization_id, "partner", True), (known.pk, "partner", False)]
        assert dict(row.answers.values_list("code", "value")) == {"liability_capped": True}
        assert Job.objects.filter(name="partnerships.recompute_health", key=f"partnership-{partner.pk}").exists()


def test_what_a_row_cannot_be_is_said_by_line(alpha, tmp_path):
    tomorrow = (timezone.localdate() + timezone.timedelta(days=1)).isoformat()
    with tenant_scope(alpha.id):
        Organization.objects.create(name="Alpha University", is_own=True)
    faults = [
        ({"agreement_id": ""}, "agreement_id is empty"),
        ({"document_name": ""}, "document_name is empty"),
        ({"agreement_type": "treaty"}, "agreement_type has the unknown code treaty"),
        ({"parties": ""}, "parties is empty"),
        ({"parties": "[ * * * ]; (the “Parties”)"}, "parties is empty"),
        ({"parties": "Alpha University"}, "nobody but the institution itself"),
        ({"agreement_date": "", "effective_date": ""}, "agreement_date is empty"),
        ({"agreement_date": "01/02/2020"}, "agreement_date is no date"),
        ({"expiration_date": "2019-12-31"}, "expiration_date lies before the start"),
        ({"agreement_date": tomorrow, "effective_date": "", "expiration_date": ""}, "lies in the future"),
        ({"value": "-1"}, "value"),
        ({"currency": "XXQ"}, "currency"),
        ({"governing_law": "x" * 121, "agreement_id": "LONG"}, ""),
    ]
    said = imported(table(tmp_path, *(row for row, _words in faults)))
    for line, (_row, words) in enumerate(faults, 2):
        found = [each for each in said.splitlines() if f"line {line}: " in each]
        assert found, line
        assert words in found[0], (line, found)
    assert "0 updated" in said
    with tenant_scope(alpha.id):
        assert set(Agreement.objects.values_list("external_id", flat=True)) <= {"LONG"}


def test_an_id_that_stands_twice_is_read_once(alpha, tmp_path):
    said = imported(table(tmp_path, {}, {"agreement_id": "A-1", "document_name": "ANOTHER"}))
    assert "1 created, 0 updated, 0 unchanged, 1 rejected" in said
    assert "line 3: rejected: agreement_id A-1 stands in the file before" in said


def test_a_changed_row_is_brought_up_and_an_empty_value_stays(alpha, tmp_path):
    imported(table(tmp_path, {}))
    said = imported(
        table(tmp_path, {"document_name": "A LICENSE, RESTATED", "notice_period": "", "parties": "X Corp."})
    )
    assert "1 updated" in said
    with tenant_scope(alpha.id):
        row = Agreement.objects.get()
        assert (row.title, row.notice_days, row.version) == ("A LICENSE, RESTATED", 90, 2)
        assert row.parties.count() == 2
        assert not Organization.objects.filter(name="X Corp.").exists()


def test_what_was_amended_or_ended_here_is_left(alpha, tmp_path):
    path = table(tmp_path, {"agreement_type": "nda"}, {"agreement_type": "nda"})
    imported(path)
    with tenant_scope(alpha.id):
        amended, ended = Agreement.objects.order_by("external_id")
        row = amend_agreement(actor=alpha.actor(), agreement=amended)
        for code in ("complete_request", "start_drafting", "request_approval", "route_for_signature", "execute"):
            row = move_agreement(actor=alpha.actor(), agreement=row, code=code)
        move_agreement(actor=alpha.actor(), agreement=ended, code="terminate", why="It ended.")
    with nothing_changes():
        assert "2 unchanged" in imported(path)
        later = {"agreement_type": "nda", "expiration_date": "2031-01-31"}
        said = imported(table(tmp_path, later, later))
    assert said.count("was amended or ended here since") == 2


def test_a_dry_run_writes_nothing_and_says_the_same(alpha, tmp_path):
    path = table(tmp_path, {}, {"agreement_type": "treaty"})
    with nothing_changes():
        said = imported(path, "--dry-run")
    assert "dry run, nothing written" in said
    assert said.splitlines()[1:] == imported(path).splitlines()[1:]


def test_what_is_no_table_or_no_office(alpha, tmp_path):
    with nothing_changes():
        for path, office in (
            (tmp_path / "nowhere.csv", "alpha"),
            (tmp_path, "alpha"),
            (table(tmp_path, {}, columns=list(ROW)), "nowhere"),
        ):
            with pytest.raises(CommandError):
                printed("import_agreements", path, "--tenant", office)
        narrow = tmp_path / "narrow.csv"
        narrow.write_text("agreement_id,document_name\nA-1,A LICENSE\n", encoding="utf-8")
        with pytest.raises(CommandError, match="has no columns"):
            printed("import_agreements", narrow, "--tenant", "alpha")
        broken = tmp_path / "latin.csv"
        broken.write_bytes(",".join(ROW).encode() + b"\nA-1,\xe9\n")
        with pytest.raises(CommandError, match="not UTF-8"):
            printed("import_agreements", broken, "--tenant", "alpha")
