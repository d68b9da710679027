"""Lists as files: what is written, exactly, and that no text becomes a formula."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.exports import Note, looks_like_formula, neutralize, write_csv, write_xlsx
from core.lists import Column

NOTE = Note("Partners", "Tier: Strategic", "Alpha University", "Ana Costa", datetime.datetime(2026, 11, 24, 9, 5))
ROW = ["Name", -5, Decimal("-1250000.50"), datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 14, 5), True, None]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\u00a0=1", "\u3000+1", "\ufeff=1"]
HARMLESS = ["", "Kinetik AB", "1+1", "a=1", "'=1", "3 - 2", "e@mail", "  Two", "\N{MINUS SIGN}1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(text):
    assert neutralize(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert neutralize(text) == text


@given(st.text())
def test_no_text_begins_like_a_formula_afterwards(text):
    safe = neutralize(text)
    assert safe.removeprefix("'") == text or safe == text
    assert not looks_like_formula(safe)
    assert not safe.strip("\ufeff \t\r\n\v\f").startswith(("=", "+", "-", "@"))
    assert not safe.startswith(("\t", "\r"))


@given(st.text(alphabet=" \t\r\n\u00a0\ufeff\u200b"), st.sampled_from("=+-@"), st.text())
def test_white_space_in_front_does_not_help(space, sign, rest):
    assert neutralize(space + sign + rest).startswith("'")


def test_a_csv_is_exact():
    target = io.BytesIO()
    write_csv(target, ["Partner", "=Sum"], iter([["=HYPERLINK(1)", *ROW[1:]], ['Å, "B"', "+45 1", None]]), NOTE)
    text = target.getvalue()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").split("\r\n") == [
        "Partner,'=Sum",
        "'=HYPERLINK(1),-5,-1250000.50,2026-03-01,2026-03-01 14:05,true,",
        '"Å, ""B""",\'+45 1,',
        "",
        "List,Partners",
        "Filter,Tier: Strategic",
        "Office,Alpha University",
        "As of,2026-11-24 09:05 ",
        "Taken by,Ana Costa",
        "Confidentiality,Internal. For members of the office; do not pass it on.",
        "",
    ]


def test_a_sheet_holds_values_and_never_a_formula():
    target = io.BytesIO()
    write_xlsx(target, ["Partner", "n"], iter([ROW, ["=1+1", "+45 35 32 26 26"], ["bell \x07 rings", "@x"]]), NOTE)
    book = load_workbook(io.BytesIO(target.getvalue()))
    sheet = book["Partners"]
    assert [cell.value for cell in sheet[2]] == [
        "Name",
        -5,
        -1250000.5,
        datetime.datetime(2026, 3, 1),
        datetime.datetime(2026, 3, 1, 14, 5),
        True,
    ]
    assert [cell.number_format for cell in sheet[2]][2:5] == ["#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert [(cell.value, cell.data_type, bool(cell.quotePrefix)) for cell in sheet[3]][:2] == [
        ("=1+1", "s", True),
        ("+45 35 32 26 26", "s", True),
    ]
    assert sheet["A4"].value == "bell  rings"
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d", "b"}
    assert [cell.value for cell in book["About"]["A"]] == [
        "List",
        "Filter",
        "Office",
        "As of",
        "Taken by",
        "Confidentiality",
    ]
    assert (book.properties.title, book.properties.creator) == ("Partners", "Ana Costa")
    assert "Tier: Strategic" in book.properties.description


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_a_csv_can_be_read_back(rows):
    target = io.BytesIO()
    write_csv(target, ["a", "b"], iter(rows), NOTE)
    read = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert read[1 : 1 + len(rows)] == [[neutralize(text) for text in row] for row in rows]


def test_an_amount_is_followed_by_its_currency():
    from core.exports import cells, heads

    class Row:
        award, currency, owner = Decimal("5.00"), "DKK", None

        def get_status_display(self):
            return "Active"

    columns = [
        Column("award", "Award", value="award", currency="currency"),
        Column("status", "Status", value="get_status_display"),
        Column("owner", "Owner", value="owner.name"),
    ]
    assert heads(columns) == ["Award", "Award (currency)", "Status", "Owner"]
    assert cells(columns, Row()) == [Decimal("5.00"), "DKK", "Active", None]
