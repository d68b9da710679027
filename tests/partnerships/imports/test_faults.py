"""Bad input: each fault is named with its file and line, costs what it must, and leaves nothing half-written."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from core.tenancy.scope import tenant_transaction
from organizations.models import Organization
from partnerships.models import Partnership, Project, ProjectParticipant
from tests import databases
from tests.folders import (
    LINKS,
    ORGANIZATIONS,
    PARTICIPATIONS,
    PROJECTS,
    ROWS,
    TENANTS,
    as_csv,
    printed,
    table_counts,
    write_folder,
)

FILES = sorted(ROWS)


@pytest.fixture
def run(db, tmp_path):
    def run(*options: object, **files: object) -> str:
        return printed("import_projects", write_folder(tmp_path / "data", **files), *options)

    return run


def stem(name: str) -> str:
    return name.removesuffix(".csv")


def test_a_folder_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match=r"There is no folder .*nowhere"):
        call_command("import_projects", tmp_path / "nowhere")


def broken_contents(name: str) -> dict[str, tuple[object, str]]:
    text = as_csv(name, ROWS[name])
    header, _newline, rest = text.partition("\n")
    first = header.split(",")[0]
    return {
        "missing": (None, f"{name} is missing"),
        "empty": ("", f"{name} is empty"),
        "no such column": (f"{header.replace(first, 'x', 1)}\n{rest}", f"{name} has no column {first}. It has: x,"),
        "semicolons": (text.replace(",", ";"), "separated by commas"),
        "utf-16": (text.encode("utf-16"), f"{name} is encoded in UTF-16"),
        "latin-1": (text.encode() + b"\xd8\n", f"{name} is not UTF-8: byte 0xD8 at position {len(text)}"),
        "open quotation mark": (text + '"open,', "is never closed"),
    }


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("fault", broken_contents("projects.csv"))
def test_a_file_that_cannot_be_read_stops_all(run, name, fault):
    content, words = broken_contents(name)[fault]
    before = table_counts()
    with pytest.raises(CommandError) as refused:
        run(**{stem(name): content})
    assert "Nothing was imported" in str(refused.value)
    assert words in str(refused.value)
    assert table_counts() == before


def test_all_unreadable_files_are_named_at_once(run):
    with pytest.raises(CommandError) as refused:
        run(projects="", organizations=None)
    assert "projects.csv is empty" in str(refused.value)
    assert "organizations.csv is missing" in str(refused.value)


def test_a_byte_order_mark_and_crlf_are_fine(run, alpha):
    run(
        **{
            stem(name): b"\xef\xbb\xbf" + as_csv(name, rows).replace("\n", "\r\n").encode()
            for name, rows in ROWS.items()
        }
    )
    with tenant_transaction(alpha.id):
        assert Project.objects.count() == 2


def row(rows: list[dict], index: int, **values: str) -> list[dict]:
    """The rows with one changed."""
    return [each | values if place == index else each for place, each in enumerate(rows)]


REJECTIONS = {
    "unknown country": (
        {"organizations": row(ORGANIZATIONS, 2, country="QQ")},
        "organizations.csv, line 4: rejected: country is no country of ISO 3166: QQ",
    ),
    "no name": (
        {"organizations": row(ORGANIZATIONS, 2, display_name="")},
        "organizations.csv, line 4: rejected: display_name is empty",
    ),
    "a name of 1 MB": (
        {"organizations": row(ORGANIZATIONS, 2, display_name="x" * 2**20)},
        "organizations.csv, line 4: rejected: display_name has more than 300 characters: xxx",
    ),
    "no id": (
        {"organizations": row(ORGANIZATIONS, 2, org_id=" ")},
        "organizations.csv, line 4: rejected: org_id is empty",
    ),
    "year 0202": (
        {"projects": row(PROJECTS, 0, start_date="0202-01-01")},
        "projects.csv, line 2: rejected: start_date lies outside the years 1900–2200: 0202-01-01",
    ),
    "no date": (
        {"projects": row(PROJECTS, 0, end_date="soon")},
        "projects.csv, line 2: rejected: end_date is no date in the form YYYY-MM-DD: soon",
    ),
    "end before start": (
        {"projects": row(PROJECTS, 0, end_date="2019-01-01")},
        "projects.csv, line 2: rejected: end_date lies before the start, 2020-01-01: 2019-01-01",
    ),
    "negative money": (
        {"projects": row(PROJECTS, 0, total_cost_eur="-5")},
        "projects.csv, line 2: rejected: total_cost_eur is negative: -5",
    ),
    "money in words": (
        {"projects": row(PROJECTS, 0, total_cost_eur="1.000,00 EUR")},
        "projects.csv, line 2: rejected: total_cost_eur is no amount in plain digits",
    ),
    "a title of 1 MB": (
        {"projects": row(PROJECTS, 0, display_title="x" * 2**20)},
        "projects.csv, line 2: rejected: display_title has more than 500 characters",
    ),
    "a share in words": (
        {"participations": row(PARTICIPATIONS, 1, ec_contribution_eur="lots")},
        "participations.csv, line 3: rejected: ec_contribution_eur is no amount",
    ),
    "an unknown project": (
        {"participations": row(PARTICIPATIONS, 1, project_id="P9")},
        "participations.csv, line 3: rejected: projects.csv has no project P9",
    ),
    "an unknown organization": (
        {"participations": row(PARTICIPATIONS, 1, org_id="O9")},
        "participations.csv, line 3: rejected: organizations.csv has no organization O9",
    ),
    "an office's part in words": (
        {"tenant_projects": row(LINKS, 0, tenant_ec_contribution_eur="lots")},
        "tenant_projects.csv, line 2: rejected: tenant_ec_contribution_eur is no amount",
    ),
    "a link to no project": (
        {"tenant_projects": row(LINKS, 0, project_id="P9")},
        "tenant_projects.csv, line 2: rejected: projects.csv has no project P9",
    ),
    "a link to no tenant": (
        {"tenant_projects": row(LINKS, 0, tenant="gamma")},
        "tenant_projects.csv, line 2: rejected: tenants.csv has no tenant gamma",
    ),
    "a tenant without name": (
        {"tenants": [*TENANTS, {"tenant": "gamma"}]},
        "tenants.csv, line 4: rejected: name is empty",
    ),
    "too few fields": (
        {"projects": as_csv("projects.csv", PROJECTS) + "P3,x\n"},
        "projects.csv, line 4: rejected: 2 fields where the header has 11",
    ),
    "too many fields": (
        {"participations": as_csv("participations.csv", PARTICIPATIONS) + "P1,O4,,,,\n"},
        "participations.csv, line 8: rejected: 6 fields where the header has 4",
    ),
    "a NUL byte": (
        {"participations": as_csv("participations.csv", PARTICIPATIONS) + "P1,O4\0,,\n"},
        "participations.csv, line 8: rejected: a NUL byte in line 8",
    ),
    "another project of that id": (
        {"projects": [*PROJECTS, PROJECTS[0] | {"display_title": "Other"}]},
        "projects.csv, line 4: rejected: project_id P1 is already in line 2",
    ),
    "another organization of that id": (
        {"organizations": [*ORGANIZATIONS, ORGANIZATIONS[2] | {"country": "FR"}]},
        "organizations.csv, line 6: rejected: org_id O3 is already in line 4",
    ),
    "another share of that partner": (
        {"participations": [*PARTICIPATIONS, PARTICIPATIONS[1] | {"role": "partner"}]},
        "participations.csv, line 8: rejected: org_id O3 is already in line 3",
    ),
    "another tenant of that address": (
        {"tenants": [*TENANTS, TENANTS[0] | {"name": "Other"}]},
        "tenants.csv, line 4: rejected: tenant alpha is already in line 2",
    ),
}


@pytest.mark.parametrize("fault", REJECTIONS)
def test_a_bad_row_is_named_and_costs_itself_alone(run, alpha, beta, fault):
    files, words = REJECTIONS[fault]
    out = run(**files)
    assert words in out
    assert "Traceback" not in out
    with tenant_transaction(alpha.id):
        assert Project.objects.filter(external_id="P2").count() == 1
        assert ProjectParticipant.objects.filter(project__external_id="P2").count() >= 3
    with tenant_transaction(beta.id):
        assert Project.objects.get().title == "Two"
    assert words in run(**files), "a second run says the same"


def test_a_rejected_organization_takes_its_participations_along_and_not_the_project(run, alpha):
    out = run("--tenant", "alpha", organizations=row(ORGANIZATIONS, 2, country="QQ"))
    for line in (3, 6):
        assert f"participations.csv, line {line}: rejected: organizations.csv rejects O3 in line 4" in out
    with tenant_transaction(alpha.id):
        assert set(Project.objects.values_list("external_id", flat=True)) == {"P1", "P2"}
        assert set(Partnership.objects.values_list("organization__external_id", flat=True)) == {"O2", "O4"}


def test_a_rejected_project_takes_its_participations_along(run, alpha):
    out = run("--tenant", "alpha", projects=row(PROJECTS, 0, end_date="soon"))
    for line in (2, 3):
        assert f"participations.csv, line {line}: rejected: projects.csv rejects P1 in line 2" in out
    with tenant_transaction(alpha.id):
        assert ProjectParticipant.objects.count() == 4
    out = run("--tenant", "alpha", tenant_projects=row(LINKS, 0, tenant_ec_contribution_eur="-1"))
    assert "projects.csv, line 2: rejected: tenant_projects.csv rejects it in line 2" in out
    assert "participations.csv, line 2: rejected: tenant_projects.csv rejects P1 in line 2" in out


def test_a_repeated_row_is_noted(run, alpha):
    out = run(organizations=[*ORGANIZATIONS, ORGANIZATIONS[2]], participations=[*PARTICIPATIONS, PARTICIPATIONS[0]])
    assert "organizations.csv, line 6: noted: the same as line 4" in out
    assert "participations.csv, line 8: noted: the same as line 2" in out
    assert "rejected:" not in out


def test_lines_are_counted_after_quoted_line_breaks(run, alpha):
    organizations = row(row(ORGANIZATIONS, 1, display_name="Beta\nUniversity\nof\nBeta"), 2, country="QQ")
    out = run("--tenant", "alpha", organizations=organizations)
    assert "organizations.csv, line 7: rejected: country" in out
    with tenant_transaction(alpha.id):
        assert Organization.objects.get(external_id="O2").name == "Beta University of Beta"


def test_notes_are_shortened_unless_asked_for(run, alpha):
    firms = [{"org_id": f"N{each}", "display_name": f"F{each}", "website": "brochure"} for each in range(9)]
    files = {
        "organizations": [*ORGANIZATIONS, *firms],
        "participations": [*PARTICIPATIONS, *({"project_id": "P1", "org_id": firm["org_id"]} for firm in firms)],
    }
    out = run("--tenant", "alpha", **files)
    assert out.count("website is no web address") == 5
    assert "organizations.csv: 4 more notes; --verbosity 2 shows them" in out
    assert run("--tenant", "alpha", "--verbosity", "2", **files).count("website is no web address") == 9


def test_a_failure_at_the_very_end_leaves_nothing_and_stops_nobody_else(committed, alpha, beta, tmp_path):
    """The last table that an import fills refuses alpha's rows; everything before it is there by then."""
    with databases.superuser(committed) as cursor:
        cursor.execute(
            "alter table partnerships_partnershiphealth add constraint planted "
            f"check (tenant_id <> {alpha.id}) not valid"
        )
    before = table_counts()
    with pytest.raises(CommandError, match=r"1 of 2 offices failed: alpha\. Nothing was written"):
        printed("import_projects", write_folder(tmp_path / "data"))
    after = table_counts()
    for table, figures in after.items():
        assert figures[0] == before[table][0], table
    with tenant_transaction(beta.id):
        assert Project.objects.count() == 1
        assert Partnership.objects.count() == 3
    with databases.superuser(committed) as cursor:
        cursor.execute("alter table partnerships_partnershiphealth drop constraint planted")
    printed("import_projects", write_folder(tmp_path / "data"))
    with tenant_transaction(alpha.id):
        assert Partnership.objects.count() == 3


def test_two_imports_into_one_office_follow_one_another(committed, alpha, tmp_path):
    folder = write_folder(tmp_path / "data")
    said: list[str] = []

    def work() -> None:
        try:
            said.append(printed("import_projects", folder, "--tenant", "alpha"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 3
    assert sorted("organizations.csv    4 created" in out for out in said) == [False, False, True]
    with tenant_transaction(alpha.id):
        assert Partnership.objects.count() == 3
