"""Boards: the rows of a list in columns, the first few of each."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, OrderBy, Q, QuerySet, Window
from django.db.models.functions import RowNumber


def first_of_each(
    rows: QuerySet, by: str, *, at_most: int, widened: Any = None, widest: int = 300
) -> dict[Any, list[Any]]:
    """The first ``at_most`` rows of every value of the field ``by``, in the order of ``rows``; one statement.

    The value ``widened`` has up to ``widest`` rows. A value without rows is left out. Each row knows
    ``number_in_column``, how many rows have its value.
    """
    place = Window(RowNumber(), partition_by=[F(by)], order_by=[_mirrored(term) for term in rows.query.order_by])
    within = Q(place_in_column__lte=at_most)
    if widened is not None:
        within |= Q(**{by: widened}, place_in_column__lte=widest)
    found: dict[Any, list[Any]] = {}
    number = Window(Count("*"), partition_by=[F(by)])
    rows = rows.annotate(place_in_column=place, number_in_column=number)
    for row in rows.filter(within).order_by(by, "place_in_column"):
        found.setdefault(getattr(row, by), []).append(row)
    return found


def number_in(cards: Sequence[Any]) -> int:
    """How many rows the column has of which these are the first."""
    return cards[0].number_in_column if cards else 0


def _mirrored(term: str | OrderBy) -> OrderBy:
    """A term of ``order_by`` as a window takes it."""
    if isinstance(term, OrderBy):
        return term
    return F(term.removeprefix("-")).desc() if term.startswith("-") else F(term).asc()
