"""What an answer promises, and that small counts cannot be found by subtraction."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules.answers import SMALLEST, Answer, Cell, Column, Figure, Row, hide_small


def answer(**fields) -> Answer:
    values = {
        "finding": "One of two",
        "subject": "Stage",
        "columns": (Column("n", "Number"), Column("all", "All")),
        "rows": (Row("a", "A", (Cell(1), Cell(2))),),
        "as_of": datetime(2026, 1, 1, tzinfo=UTC),
        "source": "Records",
        "currency": "EUR",
    }
    return Answer(**{**values, **fields})


def test_a_line_has_a_cell_for_each_column():
    assert answer().cell("a", "all").value == 2
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        answer(rows=(Row("a", "A", (Cell(1),)),))
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        answer(totals=Row("", "All", (Cell(1),)))


def test_an_answer_of_nothing_is_empty_and_one_that_hides_is_not():
    assert answer(rows=()).is_empty
    assert answer(rows=(Row("a", "A", (Cell(0), Cell(None))),)).is_empty
    assert not answer(rows=(Row("a", "A", (Cell(None, hidden=True), Cell(0))),)).is_empty


def test_targets_go_to_the_figures_that_they_name():
    told = answer(figures=(Figure("n", "Number", 1), Figure("m", "More", 2))).with_targets({"n": Decimal(5)})
    assert [figure.target for figure in told.figures] == [Decimal(5), None]


def test_a_lone_small_count_takes_another_one_along():
    table = [[3, 20, 23], [9, 30, 39], [12, 50, 62]]
    assert hide_small(table) == [[True, True, False], [True, True, False], [False, False, False]]


def test_a_count_that_is_alone_is_hidden_with_its_totals():
    assert hide_small([[2, 2], [2, 2]]) == [[True, True], [True, True]]
    assert hide_small([[0, 0], [0, 0]]) == [[False, False], [False, False]]


counts = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(counts)
def test_no_small_count_is_told_or_given_away_by_its_line_or_column(body):
    table = [[*line, sum(line)] for line in body]
    table.append([sum(column) for column in zip(*table, strict=True)])
    hidden = hide_small(table)
    for line, marks in zip(table, hidden, strict=True):
        assert all(mark for count, mark in zip(line, marks, strict=True) if 0 < count < SMALLEST)
    width = len(table[0])
    places = [[(row, column) for column in range(width)] for row in range(len(table))]
    places += [[(row, column) for row in range(len(table))] for column in range(width)]
    for line in places:
        marked = [place for place in line if hidden[place[0]][place[1]]]
        assert len(marked) != 1, "the only hidden number of a line follows from the others"
