"""What an import writes, updates, leaves alone and refuses, seen through the command."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rich.console import Console

from core.tenancy.scope import tenant_transaction
from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from partnerships.actions.imports import rows as writing
from partnerships.management.commands import import_projects
from partnerships.models import Partnership, PartnershipHealth, Project, ProjectParticipant
from tenants.models import Change, Job, Tenant
from tests.factories.organizations import make_organization
from tests.folders import LINKS, ORGANIZATIONS, PARTICIPATIONS, PROJECTS, TENANTS, printed, table_counts, write_folder

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def run(tmp_path):
    """``run(*options, **files)`` writes the folder anew and imports it; what was printed."""

    def run(*options: object, **files: object) -> str:
        return printed("import_projects", write_folder(tmp_path / "data", **files), *options)

    return run


def counts(printed: str, office: str = "alpha") -> dict[str, tuple[int, int, int, int]]:
    """The numbers of one office by file: created, updated, unchanged, rejected."""
    section = printed.split(f"{office}: ", 1)[1]
    found = {}
    for line in section.splitlines()[1:]:
        if not line.startswith("  "):
            break
        words = line.split()
        if words[0].endswith(".csv"):
            found[words[0]] = tuple(int(word) for word in words[1::2])
    return found


def changed(rows: list[dict], key: str, id_: str, **values: str) -> list[dict]:
    return [row | values if row[key] == id_ else row for row in rows]


def test_everything_arrives(run, alpha, beta):
    out = run()
    assert counts(out) == {
        "organizations.csv": (4, 0, 0, 0),
        "tenants.csv": (1, 0, 0, 0),
        "projects.csv": (2, 0, 0, 0),
        "tenant_projects.csv": (2, 0, 0, 0),
        "participations.csv": (6, 0, 0, 0),
    }
    assert "partnerships         3 created" in out
    with tenant_transaction(alpha.id):
        assert Organization.objects.get(is_own=True).external_id == "O1"
        cog = Organization.objects.get(external_id="O3")
        assert (cog.name, cog.kind, cog.country, cog.sme, cog.version) == ("Cog Works", "company", "DE", True, 1)
        assert [alias.name for alias in cog.aliases.all()] == ["CW"]
        one = Project.objects.get(external_id="P1")
        assert (one.title, one.channel, one.status, one.we_coordinate) == ("One", "RES", "completed", True)
        assert (one.started_on, one.ended_on) == (date(2020, 1, 1), date(2022, 12, 31))
        assert (one.total_cost, one.award, one.currency) == (Decimal(1000), Decimal("900.50"), "EUR")
        assert not Project.objects.get(external_id="P2").we_coordinate
        parts = one.participants.order_by("organization__external_id").values_list(
            "organization__external_id", "role", "award"
        )
        assert list(parts) == [("O1", "coordinator", Decimal(400)), ("O3", "participant", Decimal("500.50"))]
        partners = Partnership.objects.order_by("organization__external_id")
        assert list(partners.values_list("organization__external_id", "started_on", "stage_declared", "tier")) == [
            ("O2", date(2021, 1, 1), "awareness", "prospect"),
            ("O3", date(2020, 1, 1), "awareness", "prospect"),
            ("O4", date(2021, 1, 1), "awareness", "prospect"),
        ]
        assert PartnershipHealth.objects.count() == 3
        assert Job.objects.filter(name="partnerships.recompute_all_health", key="import").count() == 1
        actions = Change.objects.exclude(request_id="open_office").values_list("action", "request_id").distinct()
        assert set(actions) == {("partnerships.import_projects", "import")}


def test_a_second_run_writes_nothing(run, alpha, beta):
    run()
    before = table_counts()
    out = run()
    assert table_counts() == before
    for office in ("alpha", "beta"):
        for created, updated, unchanged, rejected in counts(out, office).values():
            assert (created, updated, rejected) == (0, 0, 0)
            assert unchanged
    with tenant_transaction(alpha.id):
        assert set(Organization.objects.values_list("version", flat=True)) == {1}


def test_offices_share_no_row(run, alpha, beta):
    """The project P2 and its partners belong to both: each has its own rows, and all references stay at home."""
    run()
    keys: dict[int, set[int]] = {}
    for office in (alpha, beta):
        with tenant_transaction(office.id):
            project = Project.objects.get(external_id="P2")
            rows = [project, *Organization.objects.all(), *ProjectParticipant.objects.all()]
            assert {row.tenant_id for row in rows} == {office.id}
            assert project.participants.count() == 4
            mine = set(Organization.objects.values_list("pk", flat=True))
            assert set(ProjectParticipant.objects.values_list("organization_id", flat=True)) <= mine
            assert set(Partnership.objects.values_list("organization_id", flat=True)) <= mine
            keys[office.id] = mine | {-project.pk}
    assert not keys[alpha.id] & keys[beta.id]
    with tenant_transaction(beta.id):
        assert not Project.objects.filter(external_id="P1").exists()
        assert Organization.objects.get(is_own=True).external_id == "O2"
        assert Partnership.objects.get(organization__external_id="O1").organization.is_own is False


def test_what_differs_is_updated_and_nothing_else(run, alpha):
    run()
    with tenant_transaction(alpha.id):
        before = Change.objects.count()
    out = run(
        organizations=changed(ORGANIZATIONS, "org_id", "O3", display_name="Cog Works GmbH", city="Ulm"),
        projects=changed(PROJECTS, "project_id", "P1", ec_contribution_eur="901"),
        participations=[PARTICIPATIONS[0], PARTICIPATIONS[1] | {"role": "partner"}, *PARTICIPATIONS[2:]],
    )
    assert counts(out)["organizations.csv"] == (0, 1, 3, 0)
    assert counts(out)["projects.csv"] == (0, 1, 1, 0)
    assert counts(out)["participations.csv"] == (0, 1, 5, 0)
    with tenant_transaction(alpha.id):
        cog = Organization.objects.get(external_id="O3")
        assert (cog.name, cog.city, cog.version) == ("Cog Works GmbH", "Ulm", 2)
        assert Project.objects.get(external_id="P1").award == Decimal(901)
        part = ProjectParticipant.objects.get(project__external_id="P1", organization=cog)
        assert (part.role, part.award) == ("partner", Decimal("500.50"))
        assert Change.objects.count() == before + 3


def test_what_the_folder_does_not_know_stays(run, alpha):
    run()
    with tenant_transaction(alpha.id):
        Organization.objects.filter(external_id="O4").update(city="Delft", website="https://dredge.example")
        Project.objects.filter(external_id="P2").update(award=5, status="ended_early")
    out = run(organizations=changed(ORGANIZATIONS, "org_id", "O4", type_code=""))
    assert counts(out)["organizations.csv"] == (0, 0, 4, 0)
    assert counts(out)["projects.csv"] == (0, 0, 2, 0)
    with tenant_transaction(alpha.id):
        dredge = Organization.objects.get(external_id="O4")
        assert (dredge.city, dredge.kind) == ("Delft", "research_institute")
        assert Project.objects.get(external_id="P2").status == "ended_early"


def test_what_is_gone_from_the_folder_stays(run, alpha):
    run()
    out = run(tenant_projects=LINKS[:1], participations=PARTICIPATIONS[:1])
    assert counts(out)["projects.csv"] == (0, 0, 1, 0)
    with tenant_transaction(alpha.id):
        assert (Project.objects.count(), ProjectParticipant.objects.count()) == (2, 6)


def test_a_partnership_belongs_to_its_keepers(run, alpha):
    run()
    with tenant_transaction(alpha.id):
        Partnership.objects.filter(organization__external_id="O3").update(
            started_on=date(1999, 1, 1), stage_declared="support"
        )
    run(projects=changed(PROJECTS, "project_id", "P1", start_date="2019-01-01"))
    with tenant_transaction(alpha.id):
        partnership = Partnership.objects.get(organization__external_id="O3")
        assert (partnership.started_on, partnership.stage_declared) == (date(1999, 1, 1), "support")


def test_only_the_offices_asked_for(run, alpha, beta):
    out = run("--tenant", "beta")
    assert "alpha" not in out
    with tenant_transaction(alpha.id):
        assert not Organization.objects.exists()
    with tenant_transaction(beta.id):
        assert set(Organization.objects.values_list("external_id", flat=True)) == {"O1", "O2", "O3", "O4"}


def test_organizations_that_no_project_needs_stay_out(run, alpha):
    run(tenant_projects=LINKS[:1])
    with tenant_transaction(alpha.id):
        assert set(Organization.objects.values_list("external_id", flat=True)) == {"O1", "O3"}


def test_an_office_that_is_not_here(run, db):
    ghost = {"tenant": "ghost", "org_id": "O4", "name": "Ghost Institute", "country": "NO"}
    before = table_counts()
    with pytest.raises(CommandError, match=r"no office ghost here.*--create-tenants"):
        run(tenants=[*TENANTS, ghost])
    assert table_counts() == before
    out = run("--create-tenants", tenants=[*TENANTS, ghost])
    assert counts(out, "ghost") == {"organizations.csv": (1, 0, 0, 0), "tenants.csv": (1, 0, 0, 0)}
    tenant = Tenant.objects.get(slug="ghost")
    assert (tenant.name, tenant.country, tenant.time_zone) == ("Ghost Institute", "NO", "Europe/Oslo")
    assert tenant.external_id == "O4"
    with tenant_transaction(tenant.pk):
        assert Organization.objects.get().is_own
    again = run("--create-tenants", tenants=[*TENANTS, ghost])
    assert counts(again, "ghost") == {"organizations.csv": (0, 0, 1, 0), "tenants.csv": (0, 0, 1, 0)}


def test_an_address_that_cannot_be_one_fails_alone(run, alpha):
    bad = {"tenant": "No Address!", "name": "Bad", "country": "NO"}
    with pytest.raises(CommandError, match="1 of 3 offices failed: No Address!"):
        run("--create-tenants", tenants=[bad, *TENANTS])
    with tenant_transaction(alpha.id):
        assert Project.objects.count() == 2


def test_an_office_that_tenants_csv_does_not_have(run):
    with pytest.raises(CommandError, match=r"no gamma\. It has: alpha, beta"):
        run("--tenant", "gamma")


def test_a_dry_run_reports_the_same_and_writes_nothing(run, alpha):
    before = table_counts()
    dry = run("--dry-run", "--health", "--create-tenants", tenants=[*TENANTS, {"tenant": "ghost", "name": "Ghost"}])
    assert table_counts() == before
    assert "alpha: dry run, nothing written" in dry
    real = run("--create-tenants", tenants=[*TENANTS, {"tenant": "ghost", "name": "Ghost"}])
    assert dry.replace("dry run, nothing written", "imported") == real


def test_health_at_once(run, alpha):
    run("--health", "--tenant", "alpha")
    with tenant_transaction(alpha.id):
        assert PartnershipHealth.objects.filter(score=None).count() == 0
        assert PartnershipHealth.objects.count() == 3


def test_a_bar_on_a_terminal_and_silence_elsewhere(run, alpha, monkeypatch, capfd):
    run("--tenant", "alpha")
    assert capfd.readouterr() == ("", "")
    screen = io.StringIO()
    monkeypatch.setenv("TERM", "xterm-256color")  # a dumb terminal gets no bar
    terminal = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr(import_projects, "Console", lambda stderr: terminal)
    out = run("--tenant", "alpha")
    assert "alpha" in screen.getvalue()
    assert "14/14" in screen.getvalue()
    assert "\x1b" not in out


def test_batches_meet(run, alpha, monkeypatch):
    monkeypatch.setattr(writing.batches, "__defaults__", (1,))
    out = run()
    assert counts(out)["participations.csv"] == (6, 0, 0, 0)
    with tenant_transaction(alpha.id):
        cog = Partnership.objects.get(organization__external_id="O3")
        assert cog.started_on == date(2020, 1, 1)
    assert counts(run())["participations.csv"] == (0, 0, 6, 0)


def test_statements_do_not_grow_with_rows(run, alpha):
    seen = []
    for number in (10, 300):
        organizations = [
            {"org_id": f"N{number}-{each}", "display_name": f"Firm {each}", "short_name": f"F{each}", "country": "NO"}
            for each in range(number)
        ]
        parts = [{"project_id": "P1", "org_id": each["org_id"]} for each in organizations]
        files = {"organizations": [*ORGANIZATIONS, *organizations], "participations": [*PARTICIPATIONS, *parts]}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run("--tenant", "alpha", **files)
        seen.append(len(queries))
        renamed = [each | {"display_name": each["display_name"] + " AS"} for each in organizations[:150]]
        files["organizations"] = [*ORGANIZATIONS, *renamed, *organizations[150:]]
        with CaptureQueriesContext(connection) as queries:
            run("--tenant", "alpha", **files)
        seen.append(len(queries))
    assert seen[2] <= seen[0]
    assert seen[3] <= seen[1]
    assert max(seen) < 60


def test_identifiers(run, alpha):
    ror, other = "https://ror.org/05xg72x27", "https://ror.org/01xtthb56"
    files = {
        "organizations": [
            ORGANIZATIONS[0] | {"ror_id": other, "pic": "999977851"},
            ORGANIZATIONS[1],
            ORGANIZATIONS[2] | {"ror_id": ror},
            ORGANIZATIONS[3] | {"ror_id": ror, "isni": "0000 0001 1516 2394"},
        ]
    }
    for _round in range(2):
        out = run("--tenant", "alpha", **files)
        assert "organizations.csv, line 5: noted: Cog Works has ROR 05xg72x27 already, left out here" in out
        assert "organizations.csv, line 5: noted: isni has a wrong checksum and is left out" in out
        with tenant_transaction(alpha.id):
            found = OrganizationIdentifier.objects.order_by("value")
            assert list(found.values_list("organization__external_id", "scheme", "value")) == [
                ("O1", "ror", "01xtthb56"),
                ("O3", "ror", "05xg72x27"),
                ("O1", "pic", "999977851"),
            ]
    out = run("--tenant", "alpha", organizations=[*ORGANIZATIONS[:3], ORGANIZATIONS[3] | {"grid_id": "grid.5947.f"}])
    assert counts(out)["organizations.csv"] == (0, 1, 3, 0)


def test_aliases(run, alpha):
    short = {"O1": "ALPHA UNIVERSITY", "O3": "\u0130CW", "O4": "DI"}
    files = {"organizations": [row | {"short_name": short.get(row["org_id"], "")} for row in ORGANIZATIONS]}
    run("--tenant", "alpha", **files)
    assert counts(run("--tenant", "alpha", **files))["organizations.csv"] == (0, 0, 4, 0)
    with tenant_transaction(alpha.id):
        assert set(OrganizationAlias.objects.values_list("name", flat=True)) == {"\u0130CW", "DI"}


def test_the_own_institution_without_a_row_of_its_own(run, alpha):
    files = {
        "organizations": ORGANIZATIONS[1:],
        "participations": PARTICIPATIONS[1:2],
        "tenants": [TENANTS[0] | {"website": "www.alpha.example", "ror_id": "https://ror.org/05xg72x27"}],
        "tenant_projects": LINKS[:1],
    }
    assert counts(run(**files))["tenants.csv"] == (1, 0, 0, 0)
    with tenant_transaction(alpha.id):
        own = Organization.objects.get(is_own=True)
        assert (own.name, own.kind, own.external_id) == ("Alpha University", "university", "O1")
        assert own.website == "https://www.alpha.example"
        part = ProjectParticipant.objects.get(organization=own)
        assert (part.role, part.award) == ("coordinator", Decimal(400))
        assert Partnership.objects.count() == 1
    assert counts(run(**files))["tenants.csv"] == (0, 0, 1, 0)


def test_an_own_institution_entered_by_hand_is_taken_over(run, alpha):
    with tenant_transaction(alpha.id):
        own = make_organization(name="Alpha", is_own=True)
    run("--tenant", "alpha")
    with tenant_transaction(alpha.id):
        own.refresh_from_db()
        assert (own.external_id, own.name, own.is_own) == ("O1", "Alpha University", True)
        assert Organization.objects.count() == 4


@pytest.mark.parametrize(
    ("present", "words"),
    [
        ([{"name": "Omega", "is_own": True, "external_id": "O9"}], "works for Omega .O9."),
        ([{"name": "Alpha", "external_id": "O1"}], "but not as the institution itself"),
        ([{"name": "A", "is_own": True}, {"name": "B", "external_id": "O1"}], "they are one institution"),
    ],
)
def test_an_office_of_another_institution_is_left_alone(run, alpha, beta, present, words):
    with tenant_transaction(alpha.id):
        for fields in present:
            make_organization(**fields)
    with pytest.raises(CommandError, match="1 of 2 offices failed: alpha"):
        run()
    with tenant_transaction(alpha.id):
        assert not Project.objects.exists()
        assert Organization.objects.count() == len(present)
    with tenant_transaction(beta.id):
        assert Project.objects.count() == 1
