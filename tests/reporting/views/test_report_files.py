"""A built report as a file: each cell is that of the page, formulas are harmless, and the office has a record."""

import csv
import io
from datetime import datetime

import openpyxl
import pytest
from django.http import HttpResponse

from core.tenancy.scope import tenant_scope, tenant_transaction
from reporting import files
from reporting.pack import report_of
from tenants.models import Export
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership
from tests.factories.reports import make_report
from tests.reporting.generated import fill
from tests.reporting.views.test_board_pack import PageNumbers, exports, inside, set_of, words_of

QUERIES = [
    "subject=projects&rows=channel&columns=year&measure=award&chart=stacks&country=DK",
    "subject=placements&rows=program_kind&columns=tier",
    "subject=partners&rows=country&chart=columns",
]


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def take(client, office, file_format: str, query: str, **more) -> HttpResponse:
    return client.post(f"{office.prefix}/reports/new/file/", {"query": query, "format": file_format, **more})


def page_lines(client, office, query: str) -> list[list[str]]:
    """The table of the builder's page as its reader sees it, without the head."""
    return PageNumbers(client.get(f"{office.prefix}/reports/new/?{query}").content.decode()).tables[0]


def as_shown(value: object) -> str:
    """A value of a file in the words of the page."""
    if isinstance(value, str) and not value.replace("-", "", 1).replace(".", "", 1).isdigit():
        return value
    if value in (None, ""):
        return ""
    number = float(value)
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


def bare(lines: list[list[str]]) -> list[list[str]]:
    return [["" if cell == "–" else cell for cell in line] for line in lines]


@pytest.mark.parametrize("query", QUERIES)
def test_each_cell_of_the_csv_and_the_sheet_is_that_of_the_page(generated, client_of, query):
    client = client_of(generated, "administrator")
    shown = bare(page_lines(client, generated, query))
    lines = list(csv.reader(io.StringIO(take(client, generated, "csv", query).content.decode("utf-8-sig"))))
    table = lines[: lines.index([])]
    assert table[0] == shown[0]
    assert [[line[0], *map(as_shown, line[1:])] for line in table[1:]] == shown[1:]
    book = openpyxl.load_workbook(io.BytesIO(take(client, generated, "xlsx", query).content))
    sheet = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert sheet[0] == shown[0]
    assert [[line[0], *map(as_shown, line[1:])] for line in sheet[1:]] == shown[1:]
    assert len(shown) > 2


@pytest.mark.parametrize("query", QUERIES)
def test_each_cell_of_the_pdf_is_that_of_the_page(generated, client_of, query, monkeypatch):
    made = []
    monkeypatch.setattr(files, "report_of", lambda *args, **kwargs: made.append(report_of(*args, **kwargs)) or made[-1])
    client = client_of(generated, "administrator")
    shown = page_lines(client, generated, query)
    content = take(client, generated, "pdf", query, report="").content
    [part] = made[0]["questions"]
    assert [part["head"], *part["rows"], part["totals"]] == shown
    data = inside(content)
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in data
    assert bool(part["drawing"]) == ("chart=" in query)
    [heading] = set_of(made[0], "heading")
    assert words_of(heading["body"]) == part["finding"]
    facts = dict(made[0]["facts"])
    assert ("Denmark" in facts["Selection"]) == ("country=DK" in query)
    assert facts["As of"]


def test_the_file_says_what_it_counts_of_when_and_for_whom(generated, client_of):
    content = take(client_of(generated, "officer"), generated, "xlsx", QUERIES[0] + "&first_year=2024").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert about["Report"] == "Projects: Channel × Fiscal year of the start"
    assert about["Filter"] == "Country: Denmark; Fiscal year from: 2024"
    assert about["Taken by"] == "Alpha Officer"
    assert about["Office"] == "Alpha University"
    assert about["Fiscal years"].startswith("2024")
    assert datetime.strptime(about["As of"][:16], "%Y-%m-%d %H:%M")
    assert about["Finding"]
    assert about["What it counts"]


def test_a_name_that_looks_like_a_formula_stays_text(alpha, client_of):
    evil = '=HYPERLINK("http://evil.example","x")'
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        make_partnership(make_organization(name="Brandt AG"), owner=alpha.user("manager"))
        user = alpha.user("manager")
        type(user).objects.filter(pk=user.pk).update(name=evil)
    client, query = client_of(alpha), "subject=partners&rows=partner_owner"
    lines = take(client, alpha, "csv", query).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in lines
    assert "\n=HYPERLINK" not in lines
    book = openpyxl.load_workbook(io.BytesIO(take(client, alpha, "xlsx", query).content))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", evil, True)


def test_a_saved_report_gives_its_file_its_name_and_is_on_the_record(alpha, client_of):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        row = make_report(alpha.user("manager"), name="Tiers: who is what?")
    client = client_of(alpha, "viewer")
    for file_format in ("csv", "xlsx", "pdf"):
        answer = take(client, alpha, file_format, row.query, report=row.pk)
        assert answer["Content-Disposition"].startswith('attachment; filename="tiers-who-is-what-alpha-')
        assert answer["Content-Disposition"].endswith(f'.{file_format}"')
    assert [(each.member.email, each.list_code, each.query, each.file_format) for each in exports(alpha)] == [
        ("viewer@alpha.example", "built-report", row.query, each) for each in ("csv", "xlsx", "pdf")
    ]


@pytest.mark.parametrize("sent", [
    {"query": "subject=partners&rows=tier", "format": "docx"},
    {"query": "subject=partners&rows=nothing", "format": "csv"},
    {"query": "subject=partners&rows=tier&colour=red", "format": "csv"},
    {"query": "subject=placements&rows=program_kind", "format": "csv"},
    {"query": "", "format": "csv"},
])  # fmt: skip
def test_what_cannot_be_written_is_said_and_nothing_is_recorded(alpha, client_of, sent):
    with nothing_changes():
        answer = client_of(alpha, "viewer").post(f"{alpha.prefix}/reports/new/file/", sent, follow=True)
    assert "alert" in answer.content.decode()
    assert exports(alpha) == []


def test_nobody_else_takes_one(alpha, beta, client_of):
    assert take(client_of(beta), alpha, "csv", QUERIES[2]).status_code in (403, 404)
    assert exports(alpha) == []
    with tenant_transaction(beta.id):
        assert not Export.objects.exists()
