"""Reading CSV files that somebody else wrote: their dialects, their encodings and their faults."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.tables import Table, Unreadable


@pytest.fixture
def table(tmp_path):
    """``table(content)``: a table with the columns a and b, scanned: rows as (line, a, b), broken as (line, reason)."""

    def read(content: str | bytes) -> tuple[list, list]:
        path = tmp_path / "t.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with Table(path, ["a", "b"]) as opened:
            rows = [(row.line, row.values["a"], row.values["b"]) for row in opened.scan()]
            again = [(row.line, row.values["a"], row.values["b"]) for row in opened.rows(range(len(opened)))]
            assert again == rows
            return rows, [(broken.line, broken.reason) for broken in opened.broken]

    return read


def refusal(table, content: str | bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        table(content)
    return str(refused.value)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_the_files_own(table, end, mark):
    lines = ["a,b,c", "1,2,3", '"x', 'y",2,3', "", "5,6,7", '"say ""hi""",",",\u00e9']
    rows, broken = table(mark + end.join(lines))
    assert rows == [(2, "1", "2"), (3, f"x{end}y", "2"), (6, "5", "6"), (7, 'say "hi"', ",")]
    assert broken == []


def test_columns_may_come_in_any_order_and_number(table):
    assert table("z,b,a\n1,2,3\n")[0] == [(2, "3", "2")]
    assert table("a,b\n") == ([], [])


def test_a_broken_row_costs_only_itself(table):
    rows, broken = table('a,b\n1\n2,3\n4,5,6\n"7"x,8\n9,10\n1\0,2\n11,12\n')
    assert rows == [(3, "2", "3"), (6, "9", "10"), (8, "11", "12")]
    assert [line for line, _reason in broken] == [2, 4, 5, 7]
    reasons = " | ".join(reason for _line, reason in broken)
    for words in ("1 field where the header has 2", "3 fields where", "quotation marks", "a NUL byte in line 7"):
        assert words in reasons


def test_a_row_that_swallows_others_says_how_far(table):
    rows, broken = table('a,b\n"1,2\n3,4\n5"6,7\n8,9\n')
    assert rows == [(5, "8", "9")]
    assert broken[0][0] == 2
    assert "reaches to line 4" in broken[0][1]


def test_a_field_of_a_megabyte_is_a_field(table):
    flat, tall = "x" * 2**20, "y\n" * 2**19
    rows, broken = table(f'a,b\n{flat},1\n"{tall}",2\n3,4\n')
    assert [len(a) for _line, a, _b in rows] == [2**20, 2**20, 1]
    assert [line for line, _a, _b in rows] == [2, 3, 4 + 2**19]
    assert broken == []


def test_a_quotation_mark_that_is_never_closed_stops(table):
    assert "the row of line 3 is never closed" in refusal(table, 'a,b\n1,2\n"3,4\n5,6\n')


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b",\n"])
def test_an_empty_file_stops(table, content):
    assert "t.csv is empty" in refusal(table, content)


def test_a_missing_column_is_named_and_the_present_ones_are_listed(table):
    assert "no column b. It has: a, c." in refusal(table, "a,c\n1,2\n")
    assert "no columns a, b" in refusal(table, "x\n1\n")
    assert "separated by commas" in refusal(table, "a;b\n1;2\n")
    assert "the column a twice" in refusal(table, "a,b,a\n1,2,3\n")


def test_line_ends_of_old_kind_stop(table):
    assert "LF or CRLF" in refusal(table, "a,b\r1,2\r")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_other_unicode_encodings_stop(table, encoding):
    message = refusal(table, "a,b\n1,\u00e9\n".encode(encoding))
    assert "UTF-16" in message or "UTF-32" in message
    assert "in UTF-8" in message


def test_latin_1_stops_with_byte_and_line(table):
    message = refusal(table, "a,b\n1,2\n3,\u00d8rsted\n".encode("latin-1"))
    assert "byte 0xD8 at position 10, line 3" in message
    assert "iconv -f latin1" in message
    assert "position 11" in refusal(table, b"\xef\xbb\xbfa,b\n1,2\n\xe6")


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path):
    with pytest.raises(Unreadable, match=r"t\.csv is missing"):
        Table(tmp_path / "t.csv", ["a"])
    with pytest.raises(Unreadable, match="cannot be opened"):
        Table(tmp_path, ["a"])


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path_factory, rows, end):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["a", "b"])
    lines = []
    for row in rows:
        lines.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    path: Path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    with Table(path, ["a", "b"]) as opened:
        assert [(row.line, *row.values.values()) for row in opened.scan()] == [
            (line, *row) for line, row in zip(lines, rows, strict=True)
        ]
        assert not opened.broken
        numbers = list(reversed(range(len(opened))))
        assert [tuple(row.values.values()) for row in opened.rows(numbers)] == list(reversed(rows))


@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_refusal(tmp_path_factory, content):
    path: Path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"a,b\n" + content)
    with Table(path, ["a", "b"]) as opened:
        try:
            rows = list(opened.scan())
        except Unreadable:
            return
        assert list(opened.rows(range(len(rows)))) == rows
