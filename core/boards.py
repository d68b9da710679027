"""Boards: the rows of a list in columns, the first few of each."""

from typing import Any

from django.db.models import F, OrderBy, Q, QuerySet, Window
from django.db.models.functions import RowNumber


def first_of_each(
    rows: QuerySet, by: str, *, at_most: int, widened: Any = None, widest: int = 300
) -> dict[Any, list[Any]]:
    """The first ``at_most`` rows of every value of the field ``by``, in the order of ``rows``; one statement.

    The value ``widened`` has up to ``widest`` rows. A value without rows is left out.
    """
    place = Window(RowNumber(), partition_by=[F(by)], order_by=[_mirrored(term) for term in rows.query.order_by])
    within = Q(place__lte=at_most)
    if widened is not None:
        within |= Q(**{by: widened}, place__lte=widest)
    found: dict[Any, list[Any]] = {}
    for row in rows.annotate(place=place).filter(within).order_by(by, "place"):
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _mirrored(term: str | OrderBy) -> OrderBy:
    """A term of ``order_by`` as a window takes it."""
    if isinstance(term, OrderBy):
        return term
    return F(term.removeprefix("-")).desc() if term.startswith("-") else F(term).asc()
