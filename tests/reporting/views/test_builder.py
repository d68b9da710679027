"""The page of the report builder: the address is the report, and page, file and API say the same."""

import csv
import io

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import Project
from reporting.queries.subjects import SUBJECTS, subjects_of
from tests.api_kit import Api, counted, error_of
from tests.contracts.markup import document_problems
from tests.reporting.generated import fill

RECIPE = {"subject": "projects", "rows": "channel", "columns": "year", "measure": "award", "chart": "stacks"}


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def test_page_file_and_api_say_the_same(generated, client_of):
    client = client_of(generated)
    given = RECIPE | {"country": "DK"}
    page = client.get(f"{generated.prefix}/reports/new/", given)
    assert page.status_code == 200
    panel, text = page.context["panel"], page.content.decode()
    assert panel.answer.finding in text
    assert panel.chart
    file = client.post(f"{generated.prefix}/reports/new/file/", {"query": page.context["query"], "format": "csv"})
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    table = lines[: lines.index([])]
    told = [[str(cell.value) for cell in row.cells] for row in [*panel.answer.rows, panel.answer.totals]]
    assert [line[1:] for line in table[1:]] == told
    assert ["Finding", panel.answer.finding] in lines
    api = Api(generated, "manager").get("analytics/built/", given).json()
    assert [[cell["value"] for cell in row["cells"]] for row in [*api["rows"], api["totals"]]] == told
    assert (api["finding"], api["subject"]) == (panel.answer.finding, "Channel")
    assert "api/v1/analytics/built/?subject=projects&amp;rows=channel" in text
    assert [chip["value"] for chip in page.context["chips"]] == ["Denmark"]


def test_without_choices_it_counts_partners_and_costs_little(generated, client_of):
    client = client_of(generated)
    client.get(f"{generated.prefix}/reports/new/")
    with counted() as statements:
        page = client.get(f"{generated.prefix}/reports/new/")
    assert page.context["form"].cleaned_data["subject"] == "partners"
    assert len(statements) <= 12
    assert document_problems(page.content.decode()) == []


def test_codes_of_another_subject_fall_back_to_what_goes_together(generated, client_of):
    page = client_of(generated).get(f"{generated.prefix}/reports/new/", RECIPE | {"subject": "interactions"})
    chosen = page.context["form"].cleaned_data
    assert chosen == {"subject": "interactions", "rows": "channel", "columns": "year", "measure": "count",
                      "chart": "stacks"}  # fmt: skip


def test_a_drawing_that_there_is_not_falls_back_to_the_table(generated, client_of):
    page = client_of(generated).get(f"{generated.prefix}/reports/new/", RECIPE | {"chart": "pie"})
    assert page.context["form"].cleaned_data["chart"] == ""
    assert page.context["panel"].answer.rows


def test_a_filter_that_does_not_hold_is_said(generated, client_of):
    page = client_of(generated).get(f"{generated.prefix}/reports/new/", {"tier": "gold"})
    assert page.context["problems"]


def test_beyond_fifty_lines_the_file_has_all_of_them(alpha, client_of):
    with tenant_transaction(alpha.id):
        Project.objects.bulk_create(
            Project(title=f"P {year}", started_on=f"{year}-06-01") for year in range(1960, 2020)
        )
    given = {"subject": "projects", "rows": "year"}
    page = client_of(alpha).get(f"{alpha.prefix}/reports/new/", given)
    assert (page.context["lines"], len(page.context["panel"].answer.rows)) == (60, 50)
    assert "The first 50 of 60 lines" in page.content.decode()
    assert len(Api(alpha, "manager").get("analytics/built/", given).json()["rows"]) == 60


def test_a_subject_that_the_role_may_not_count_is_not_offered_and_refused_by_the_api(generated, client_of):
    role = next(each for each in ("viewer", "researcher") if set(subjects_of(generated.actor(each))) != set(SUBJECTS))
    shut = next(code for code in SUBJECTS if code not in subjects_of(generated.actor(role)))
    given = {"subject": shut, "rows": next(iter(SUBJECTS[shut].dimensions))}
    page = client_of(generated, role).get(f"{generated.prefix}/reports/new/", given)
    assert page.status_code == 200
    assert page.context["form"].cleaned_data["subject"] != shut
    assert shut not in dict(page.context["form"].fields["subject"].choices)
    error_of(Api(generated, role).get("analytics/built/", given), 403)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"rows": "tier"}, "subject"), ({"subject": "partners", "rows": "x"}, "rows"),
     ({"subject": "partners", "rows": "tier", "columns": "country"}, "columns")],
)  # fmt: skip
def test_the_api_names_what_does_not_hold(alpha, given, field):
    assert field in error_of(Api(alpha, "manager").get("analytics/built/", given), 400)["fields"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_records_behind_a_number_are_a_page(generated, client_of, subject):
    client, dimension = client_of(generated, "administrator"), next(iter(SUBJECTS[subject].dimensions))
    page = client.get(f"{generated.prefix}/insights/records/built_{subject}/", {"row_by": dimension, "row_is": "-"})
    with counted() as statements:
        page = client.get(f"{generated.prefix}/insights/records/built_{subject}/")
    assert page.status_code == 200
    assert len(statements) <= 12
    assert document_problems(page.content.decode()) == []
