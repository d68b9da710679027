"""Moves, conversion, and counts that give nobody away."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.choices_talent import CandidateStatus, PlacementStatus, PositionStatus, ProgramKind
from partnerships.rules.health import TALENT_WEIGHTS
from partnerships.rules.talent import (
    CANDIDACY_MOVES,
    COUNTS_AS,
    PLACEMENT_MOVES,
    POSITION_MOVES,
    SMALLEST_CELL,
    Cell,
    Conversion,
    may_move,
    suppress,
)

COLUMNS = st.lists(st.integers(0, 30) | st.integers(0, 6), max_size=12)


@pytest.mark.parametrize(
    ("moves", "states"),
    [(POSITION_MOVES, PositionStatus), (CANDIDACY_MOVES, CandidateStatus), (PLACEMENT_MOVES, PlacementStatus)],
)
def test_the_tables_know_every_state_and_no_other(moves, states):
    assert moves.keys() == set(states.values)
    assert {to for wanted in moves.values() for to in wanted} <= set(states.values)
    assert not any(state in wanted for state, wanted in moves.items())


def test_what_is_not_listed_is_no_move():
    assert may_move(POSITION_MOVES, "pending", "posted")
    assert not may_move(POSITION_MOVES, "draft", "posted")
    assert not may_move(CANDIDACY_MOVES, "applied", "accepted")
    assert not may_move(PLACEMENT_MOVES, "completed", "in_progress")
    assert not may_move(PLACEMENT_MOVES, "nowhere", "in_progress")


def test_what_placements_count_as_has_a_weight():
    assert set(COUNTS_AS) < set(ProgramKind.values)
    assert set(COUNTS_AS.values()) <= TALENT_WEIGHTS.keys()


# Conversion


def test_conversion_is_offer_rate_times_acceptance_rate():
    given_numbers = Conversion(eligible=40, offered=20, answered=16, accepted=12)
    assert (given_numbers.offer_rate, given_numbers.acceptance_rate) == (0.5, 0.75)
    assert given_numbers.rate == 0.375
    assert Conversion(0, 0, 0, 0).rate is None
    assert Conversion(9, 0, 0, 0).rate == 0.0
    assert Conversion(9, 3, 0, 0).rate is None
    assert Conversion(1, 1, 1, 1) + Conversion(2, 1, 0, 0) == Conversion(3, 2, 1, 1)
    with pytest.raises(ValueError, match="contain"):
        Conversion(1, 2, 0, 0)


@pytest.mark.parametrize(
    ("numbers", "shown"), [((40, 20, 16, 12), True), ((9, 0, 0, 0), True), ((4, 4, 4, 4), False), ((9, 6, 5, 4), False)]
)
def test_a_percentage_in_which_few_would_hide_is_not_shown(numbers, shown):
    assert Conversion(*numbers).may_be_shown(SMALLEST_CELL) is shown


# Small counts

SMALL, HIDDEN = Cell(None, is_small=True), Cell(None)


def test_small_counts_are_hidden_and_so_is_what_would_give_them_away():
    assert suppress([12, 7, 0]) == ([Cell(12), Cell(7), Cell(0)], Cell(19))
    assert suppress([12, 3, 7]) == ([HIDDEN, SMALL, Cell(7)], Cell(22))
    assert suppress([3, 4, 9]) == ([SMALL, SMALL, Cell(9)], Cell(16))
    assert suppress([3, 4]) == ([SMALL, SMALL], Cell(7))
    assert suppress([2, 0]) == ([SMALL, Cell(0)], HIDDEN)
    assert suppress([4, 4]) == ([SMALL, SMALL], HIDDEN)  # a total of 8 would say 4 and 4
    assert suppress([1, 5, 9]) == ([SMALL, HIDDEN, Cell(9)], HIDDEN)  # 6 for both would say 1 and 5
    assert suppress([]) == ([], Cell(0))
    with pytest.raises(ValueError, match="negative"):
        suppress([-1])
    with pytest.raises(ValueError, match="below 4"):
        suppress([9], smallest=3)


@given(values=COLUMNS)
def test_no_small_count_is_ever_shown(values):
    cells, total = suppress(values)
    assert len(cells) == len(values)
    for cell, value in zip(cells, values, strict=True):
        assert cell.value in (None, value)
        assert cell.is_small is (0 < value < SMALLEST_CELL)
        assert not cell.is_small or cell.value is None
        assert value != 0 or cell.value == 0
    assert total.value in (None, sum(values))
    assert total.value is None or not 0 < total.value < SMALLEST_CELL


@pytest.mark.parametrize(("length", "most", "smallest"), [(1, 20, 5), (2, 40, 5), (3, 24, 5), (4, 13, 4), (5, 6, 4)])
def test_whoever_knows_the_rule_and_tries_every_column_still_cannot_tell(length, most, smallest):
    looks: dict[tuple, list[tuple[int, ...]]] = {}
    for values in product(range(most + 1), repeat=length):
        cells, total = suppress(values, smallest)
        looks.setdefault((tuple(cells), total), []).append(values)
    seen = 0
    for (cells, total), columns in looks.items():
        if total.value is None or total.value <= most:  # else some that look alike were not tried
            for place, cell in enumerate(cells):
                if cell.is_small:
                    seen += 1
                    assert len({values[place] for values in columns}) >= 2, (cells, total, columns)
    assert seen > 0


@given(values=COLUMNS)
def test_the_sum_of_what_is_hidden_is_never_small(values):
    cells, total = suppress(values)
    hidden = [value for cell, value in zip(cells, values, strict=True) if cell.value is None]
    assert not hidden or total.value is None or sum(hidden) >= SMALLEST_CELL


@given(values=COLUMNS)
def test_without_small_counts_nothing_is_hidden(values):
    values = [value if value == 0 or value >= SMALLEST_CELL else value + SMALLEST_CELL for value in values]
    cells, total = suppress(values)
    assert [cell.value for cell in cells] == values
    assert total == Cell(sum(values))
