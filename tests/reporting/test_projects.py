"""The project reports: through queries, commands and the API."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.tenancy.scope import tenant_transaction
from partnerships.models import Project, ProjectParticipant
from reporting.queries.projects import ProjectSummary, TopPartner, project_summary, top_partners
from tests.cast import Office
from tests.factories.organizations import make_organization
from tests.folders import printed

HEADER = (
    "tenant,n_projects,n_coordinated,n_partners,n_company,n_university,n_research_institute,n_public_body,n_other,"
    "n_unknown,n_partner_countries,tenant_ec_contribution_eur,partners_ec_contribution_eur,first_start_date,"
    "last_end_date\n"
)
SUMMARY, TOP = "/api/v1/reports/summary/", "/api/v1/reports/top-partners/"


@pytest.fixture
def portfolio(alpha, beta) -> Office:
    """Alpha: three projects, one of them in dollars, with three firms and an institute. Beta: nearly the same."""
    for office, shift in ((alpha, 0), (beta, 50)):
        with tenant_transaction(office.id):
            own = make_organization(name=office.tenant.name, kind="university", is_own=True)
            firms = [
                make_organization(name=name, kind="company", external_id=id_, country=country)
                for name, id_, country in (("Zeta", "B2", "NO"), ("Eta", "B10", ""), ("Theta", None, "NO"))
            ]
            institute = make_organization(name="Iota", kind="research_institute", external_id="R1", country="SE")
            first = Project.objects.create(
                title="First", started_on=date(2020, 1, 1), ended_on=date(2021, 1, 1), we_coordinate=True
            )
            second = Project.objects.create(title="Second", started_on=date(2019, 5, 1))
            for project, organization, award in (
                (first, own, Decimal("10.10")),
                (first, firms[0], Decimal("1.25") + shift),
                (first, firms[1], None),
                (second, own, None),
                (second, firms[2], Decimal("0.05")),
                (second, institute, None),
                *([(second, firms[0], None)] if shift else []),
            ):
                ProjectParticipant.objects.create(project=project, organization=organization, award=award)
            abroad = Project.objects.create(title="Third", currency="USD", started_on=date(2020, 6, 1))
            ProjectParticipant.objects.create(project=abroad, organization=own, award=Decimal(7000))
            make_organization(name="Not in a project", country="FI")
    return alpha


def test_the_summary(portfolio):
    with tenant_transaction(portfolio.id), CaptureQueriesContext(connection) as queries:
        summary = project_summary(portfolio.actor("viewer"))
    assert len([each for each in queries if "partnerships_project" in each["sql"]]) == 1
    assert summary == ProjectSummary(
        n_projects=3,
        n_coordinated=1,
        n_partners=4,
        n_company=3,
        n_university=0,
        n_research_institute=1,
        n_public_body=0,
        n_other=0,
        n_unknown=0,
        n_partner_countries=3,
        tenant_ec_contribution_eur=Decimal("10.10"),
        partners_ec_contribution_eur=Decimal("1.30"),
        first_start_date=date(2019, 5, 1),
        last_end_date=date(2021, 1, 1),
    )


def test_top_partners_are_ordered_by_projects_and_then_by_id_as_text(portfolio, beta):
    with tenant_transaction(portfolio.id):
        assert top_partners(portfolio.actor("viewer")) == [
            TopPartner(1, "B10", "Eta", 1),
            TopPartner(2, "B2", "Zeta", 1),
            TopPartner(3, "", "Theta", 1),
        ]
        assert [row.name for row in top_partners(portfolio.actor(), limit=1)] == ["Eta"]
        assert [row.name for row in top_partners(portfolio.actor(), kind="research_institute")] == ["Iota"]
    with tenant_transaction(beta.id):
        assert top_partners(beta.actor())[0] == TopPartner(1, "B2", "Zeta", 2)


def test_an_office_without_projects(in_alpha):
    summary = project_summary(in_alpha.actor())
    assert (summary.n_projects, summary.n_partners, summary.tenant_ec_contribution_eur) == (0, 0, 0)
    assert (summary.first_start_date, summary.last_end_date) == (None, None)
    assert top_partners(in_alpha.actor()) == []


def test_the_commands_print_csv(portfolio):
    assert printed("tenant_summary", "--tenant", "alpha") == (
        HEADER + "alpha,3,1,4,3,0,1,0,0,0,3,10.10,1.30,2019-05-01,2021-01-01\n"
    )
    assert printed("tenant_summary").splitlines()[2].startswith("beta,3,1,4,")
    assert printed("top_partners", "--limit", "1", "--kind", "research_institute") == (
        "tenant,rank,org_id,name,n_joint_projects\nalpha,1,R1,Iota,1\nbeta,1,R1,Iota,1\n"
    )


def test_the_commands_with_nothing_to_tell(alpha):
    assert printed("tenant_summary") == HEADER
    assert printed("tenant_summary", "--tenant", "alpha") == HEADER + "alpha" + ",0" * 10 + ",0.00,0.00,,\n"
    assert printed("top_partners") == "tenant,rank,org_id,name,n_joint_projects\n"


@pytest.mark.parametrize("command", ["tenant_summary", "top_partners"])
def test_an_office_that_is_none(db, command):
    with pytest.raises(CommandError, match="There is no office nowhere"):
        printed(command, "--tenant", "nowhere")


@pytest.mark.parametrize("options", [["--limit", "0"], ["--limit", "x"], ["--limit", "1001"], ["--kind", "firm"]])
def test_options_that_are_none(db, options):
    with pytest.raises(CommandError):
        printed("top_partners", *options)


@pytest.mark.parametrize("role", ["administrator", "manager", "officer", "researcher", "viewer"])
def test_the_api_answers_every_member(portfolio, client_of, role):
    client = client_of(portfolio, role)
    summary = client.get(portfolio.prefix + SUMMARY)
    assert summary.status_code == 200
    assert summary.json() == {
        "n_projects": 3,
        "n_coordinated": 1,
        "n_partners": 4,
        "n_company": 3,
        "n_university": 0,
        "n_research_institute": 1,
        "n_public_body": 0,
        "n_other": 0,
        "n_unknown": 0,
        "n_partner_countries": 3,
        "tenant_ec_contribution_eur": "10.10",
        "partners_ec_contribution_eur": "1.30",
        "first_start_date": "2019-05-01",
        "last_end_date": "2021-01-01",
    }
    top = client.get(portfolio.prefix + TOP, {"limit": "2"})
    assert top.json() == [
        {"rank": 1, "org_id": "B10", "name": "Eta", "n_joint_projects": 1},
        {"rank": 2, "org_id": "B2", "name": "Zeta", "n_joint_projects": 1},
    ]
    assert client.get(portfolio.prefix + TOP, {"kind": "university"}).json() == []


@pytest.mark.parametrize("path", [SUMMARY, TOP])
def test_the_api_answers_nobody_else(portfolio, beta, client_of, client, path):
    assert client_of(None).get(portfolio.prefix + path).status_code == 404
    assert client_of(beta).get(portfolio.prefix + path).status_code == 404
    assert client.get(portfolio.prefix + path).status_code in (401, 403, 404)


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        (TOP, {"kind": "firm"}, "kind"),
        (TOP, {"limit": "0"}, "limit"),
        (TOP, {"limit": "1001"}, "limit"),
        (TOP, {"limit": "ten"}, "limit"),
        (TOP, {"limits": "10"}, "limits"),
        (SUMMARY, {"tenant": "beta"}, "tenant"),
    ],
)
def test_inputs_that_are_none(portfolio, client_of, path, query, field):
    answer = client_of(portfolio).get(portfolio.prefix + path, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [SUMMARY, TOP])
def test_reports_are_only_read(portfolio, client_of, method, path):
    assert getattr(client_of(portfolio), method)(portfolio.prefix + path).status_code == 405
