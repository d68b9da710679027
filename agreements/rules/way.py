"""The way of an agreement through its work: where it stood, for how many working days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from agreements.rules.clock import Moved, working_days
from agreements.rules.workflow import INTAKE


def days_in_states(requested_on: date, moves: Sequence[Moved], end: date) -> dict[str, int]:
    """Working days in each state of the work, up to ``end``; a state in which it never stood is left out.

    It stands at intake from the request to the first move. ``moves`` are in the order they happened.
    """
    spent: defaultdict[str, int] = defaultdict(int)
    state, since = INTAKE, requested_on
    for move in moves:
        spent[state] += working_days(since, min(move.on, end))
        state, since = move.workflow, max(since, move.on)
    spent[state] += working_days(since, end)
    return dict(spent)


def days_of_each(moves: Sequence[Moved], end: date) -> list[int]:
    """Working days from each move to the next one, the last up to ``end``."""
    stops = [*(move.on for move in moves[1:]), end]
    return [working_days(move.on, max(move.on, stop)) for move, stop in zip(moves, stops, strict=True)]
