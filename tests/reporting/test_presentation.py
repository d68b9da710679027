"""How answers read: days, degrees and counts in words, alike on pages and on paper, and as they are in files."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from core.templatetags.ui import written_date
from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from reporting import drawing
from reporting.pack import SHADES, pack_of
from reporting.queries.asking import ask
from reporting.queries.scopes import scope_of
from reporting.registry import question_of
from reporting.rules.answers import Answer, Cell, Column, Kind, Row
from reporting.templatetags.reports import reads, value_words
from tests.core.test_tokens import COLOURS, contrast
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


def answer(columns, *rows, totals=None) -> Answer:
    return Answer(
        finding="One", subject="Tier", columns=tuple(columns),
        rows=tuple(Row(label.lower(), label, tuple(map(Cell, cells))) for label, *cells in rows),
        as_of=datetime(2026, 1, 1, tzinfo=UTC), source="Records", currency="EUR", totals=totals,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (date(2027, 1, 8), Kind.DATE, "8 Jan 2027"),
        (None, Kind.DATE, "–"),
        (5.47, Kind.DEGREES, "5.470"),
        (-8.629, Kind.DEGREES, "-8.629"),
        (Decimal("12.00"), Kind.COUNT, "12"),
        (12_000, Kind.COUNT, "12,000"),
    ],
)
def test_a_value_in_words(value, kind, words):
    assert reads(Cell(value), Column("n", "N", kind)) == value_words(value, kind) == words


def test_amounts_of_a_column_have_as_many_decimals():
    columns = [Column("award", "Award", Kind.MONEY), Column("spent", "Spent", Kind.MONEY)]
    told = answer(
        columns, ("Key", Decimal("12.50"), 3), ("Prospect", Decimal(1000), None), ("Other", 0, Decimal("7.00"))
    )
    words = [[reads(cell, column) for cell, column in zip(row.cells, told.columns, strict=True)] for row in told.rows]
    assert words == [["12.50", "3"], ["1,000.00", "–"], ["0", "7"]]


def test_a_day_is_written_in_the_readers_language():
    with translation.override("de"):
        assert "Mär" in value_words(date(2027, 3, 8), Kind.DATE)


def test_the_legend_names_what_is_drawn_alone():
    columns = [Column("silent", "Silent"), Column("single", "Single"), Column("late", "Late")]
    told = answer(columns, ("Strategic", 0, 0, 0), ("Key", 9, 1, 0))
    assert [each["label"] for each in drawing.legend(told, "stacks")] == ["Silent", "Single"]
    assert "Strategic" not in drawing.drawn(told, "stacks")
    one = answer(columns, ("Key", 9, 0, 0))
    assert [each["label"] for each in drawing.legend(one, "stacks")] == ["Silent"]
    assert [each["label"] for each in drawing.legend(one, "funnel")] == ["Silent", "Single", "Late"]


@pytest.fixture
def last_day(alpha) -> date:
    """The day on which the only agreement ends."""
    with tenant_transaction(alpha.id):
        partnership = make_partnership(make_organization(name="Nordlys"))
        row = make_executed(partnership, title="Master", value=Decimal(300), renewal_intended=True,
                            expires_on=timezone.localdate() + timedelta(days=40))  # fmt: skip
        return row.expires_on


def test_days_are_words_on_the_page_and_iso_in_file_and_api(alpha, client_of, last_day):
    client = client_of(alpha, "administrator")
    page = client.get(f"{alpha.prefix}/insights/portfolio/").content.decode()
    assert f">{written_date(last_day)}</td>" in page
    assert last_day.isoformat() not in page
    file = client.get(f"{alpha.prefix}/insight-files/renewals/").content.decode("utf-8-sig")
    assert last_day.isoformat() in [cell for line in csv.reader(io.StringIO(file)) for cell in line]
    found = client.get(f"{alpha.prefix}/api/v1/analytics/renewals/").json()
    place = [column["kind"] for column in found["columns"]].index("date")
    assert found["rows"][0]["cells"][place]["value"] == last_day.isoformat()


def test_the_pack_has_days_in_words_that_do_not_break(alpha, last_day):
    with in_office("alpha"), tenant_transaction(alpha.id):
        question = question_of("renewals")
        actor = alpha.actor("administrator")
        told = ask(actor, question, scope_of(actor, {}))
        data = pack_of([("", question, told)], title="T", office="O", author="A", selection=[], period="",
                       now=timezone.now())  # fmt: skip
    [part] = data["questions"]
    assert part["rows"][0][2] == written_date(last_day).replace(" ", "\u00a0")
    assert part["text"] == [True, True, True, False, False, True, True]
    assert len(part["widths"]) == len(part["head"])
    assert part["widths"][0] == max(part["widths"])


def test_a_list_of_records_becomes_cards_on_a_phone_and_names_what_is_summed(alpha, client_of, last_day):
    page = client_of(alpha, "administrator").get(f"{alpha.prefix}/insights/portfolio/").content.decode()
    table = page[page.index('id="renewals"') : page.index('id="objectives"')]
    assert "insight-table table-cards" in table
    assert 'data-label="Ends on"' in table
    assert 'data-label="Value, EUR"' in table.partition("<tfoot>")[2]
    assert 'data-label="Partner"' not in table.partition("<tfoot>")[2]
    tiers = page[page.index('id="tiers"') : page.index('id="renewals"')]
    assert "table-cards" not in tiers
    assert "data-label" not in tiers


def test_paper_has_the_shades_of_the_light_theme_and_what_stands_on_them_can_be_read_in_gray():
    light = COLOURS["light"]
    assert [
        (light[f"heat-{step}"], light["heat-near"] if step < 5 else light["heat-far"]) for step in range(1, 8)
    ] == SHADES
    darker = [contrast(ground, "#ffffff") for ground, _text in SHADES]
    assert darker == sorted(darker), "each step is darker than the one before, whatever its color"
    assert all(contrast(text, ground) >= 4.5 for ground, text in SHADES)


def test_what_is_hidden_has_no_shade():
    columns = [Column("now", "Now"), Column("all", "All", drawn=False)]
    hidden = Row("key", "Key", (Cell(None, hidden=True), Cell(3)))
    told = replace(answer(columns, ("Strategic", 9, 9)), rows=(Row("top", "Top", (Cell(9), Cell(9))), hidden))
    assert drawing.shades(told, "heat") == [[7, None], [0, None]]
    assert drawing.shades(told, "stacks") == []


def test_the_columns_of_a_heat_table_stand_in_the_middle(alpha, client_of, last_day):
    page = client_of(alpha).get(f"{alpha.prefix}/insights/portfolio/").content.decode()
    stages = page[page.index('id="stages"') : page.index('id="tiers"')]
    head, _end, rest = stages.partition("</thead>")
    assert head.count('class="heat-col"') == 4
    assert rest.partition("<tfoot>")[2].count('class="heat-col"') == 4
    assert head.count('scope="col" class="num"') == 2


def test_who_may_set_targets_finds_the_way_where_there_is_none(alpha, client_of):
    empty = client_of(alpha, "manager").get(f"{alpha.prefix}/targets/").content.decode().partition('class="empty"')[2]
    assert f'href="{alpha.prefix}/targets/new/" data-dialog>Set a target</a>' in empty
    assert "targets/new/" not in client_of(alpha, "viewer").get(f"{alpha.prefix}/targets/").content.decode()
