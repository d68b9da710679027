"""What waits for one person: lines and figures of Today, from any app.

    register_attention(Source("reviews", "partnerships.view_reviews", overdue_review_lines, order=40))
    register_tile(TileSource("agreements", "agreements.view_agreements", ending_tile, order=30))

Each source answers at most the lines it would show if it were alone; Today merges them, leaves out what somebody put
off, and shows the first few. A source either reads for itself, in one statement, or says with ``rows`` what it needs:
the rows of all such sources come in one statement, and its ``read`` finds them in ``scope.found``.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import BigIntegerField, DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from core.actor import Actor


class Row(NamedTuple):
    """What a source reads together with others: a record's id, what it is called, a day, and what more it needs."""

    source: str
    pk: int
    subject: str
    day: date | None
    detail: str
    note: str
    number: int | None


def as_rows(
    records: QuerySet, most: int, *, day: Any, subject: Any, detail: Any = "", note: Any = "", number: Any = None
) -> QuerySet:
    """The first records by day in the shape in which they can be read with others'.

    Each is the name of a field or an expression; the texts "" and the number None for none.
    """
    columns = [
        *(Cast("pk", BigIntegerField()), _text(subject), Cast(day, DateField()), _text(detail), _text(note)),
        Cast(Value(None) if number is None else F(number), BigIntegerField()),
    ]
    names = [f"row_{name}" for name in Row._fields[1:]]
    chosen = records.select_related(None).prefetch_related(None).order_by(day, "pk")
    return chosen.annotate(**dict(zip(names, columns, strict=True))).values_list(*names)[:most]


def _text(given: Any) -> Cast:
    return Cast(F(given) if given and isinstance(given, str) else given or Value(""), TextField())


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose lines are asked for: somebody's own (``owner_id``), or the office's where nobody's portfolio is meant."""

    today: date
    owner_id: int | None
    most: int
    known: dict[str, Any] = field(default_factory=dict, compare=False)
    found: dict[str, list[Row]] = field(default_factory=dict, compare=False)

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What ``read`` answers, asked once for all sources of this page."""
        if name not in self.known:
            self.known[name] = read()
        return self.known[name]


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do about a line. ``kind``: link, dialog (opens in place) or post (done at once)."""

    label: str
    url: str
    kind: str = "link"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits, and why, in words.

    ``key``: what it is kept by when somebody puts it off, a word, a dash and a number. ``due``: the day it was or is
    due, if it has one. ``snooze_url``: where to put it off when it has its own way; else Today does it.
    """

    key: str
    subject: str
    url: str
    reason: str
    step: Step | None = None
    due: date | None = None
    icon: str = "point"
    detail: str = ""
    snooze_url: str = ""


Read = Callable[[Actor, Scope], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from, for who holds ``permission``; the lowest ``order`` stands first.

    ``rows``: what of ``as_rows`` to read for it; they come sorted by day.
    """

    name: str
    permission: str
    read: Read
    order: int
    rows: Callable[[Actor, Scope], Iterable[QuerySet]] | None = None


_sources: dict[str, Source] = {}


def register_attention(source: Source) -> None:
    """Add a source. The same name twice raises."""
    if source.name in _sources:
        raise ImproperlyConfigured(f"Two sources of attention are called {source.name}")
    _sources[source.name] = source


def lines_for(actor: Actor, scope: Scope, *, put_off: Collection[str] = ()) -> list[Line]:
    """The first lines of all sources that this actor may see, without those put off."""
    sources = [each for each in _sources.values() if actor.may(each.permission)]
    scope.found.update(_rows_of(sources, actor, scope))
    found: list[Line] = []
    for source in sorted(sources, key=lambda each: (each.order, each.name)):
        found += [line for line in source.read(actor, scope) if line.key not in put_off]
    return found[: scope.most]


def _rows_of(sources: list[Source], actor: Actor, scope: Scope) -> dict[str, list[Row]]:
    """The rows that the sources ask for, by source, in one statement."""
    found: dict[str, list[Row]] = {source.name: [] for source in sources if source.rows}
    parts = []
    for source in sources:
        for rows in source.rows(actor, scope) if source.rows else ():
            named = rows.annotate(row_source=Value(source.name, TextField()))
            parts.append(named.values_list(*(f"row_{name}" for name in Row._fields)))
    for values in parts[0].union(*parts[1:], all=True) if parts else ():
        row = Row(*values)
        found[row.source].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.day or date.max, row.pk))
    return found


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that leads to its rows. ``kind``: risk or watch, where it asks for attention."""

    label: str
    value: str
    note: str
    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TileSource:
    """Where a figure comes from; None when there is nothing to say. Today shows the first four by ``order``."""

    name: str
    permission: str
    read: Callable[[Actor, Scope], Tile | None]
    order: int


MOST_TILES = 4
_tiles: dict[str, TileSource] = {}


def register_tile(source: TileSource) -> None:
    """Add a figure. The same name twice raises."""
    if source.name in _tiles:
        raise ImproperlyConfigured(f"Two tiles are called {source.name}")
    _tiles[source.name] = source


def tiles_for(actor: Actor, scope: Scope) -> list[Tile]:
    """The first four figures that this actor may see."""
    sources = [each for each in _tiles.values() if actor.may(each.permission)]
    sources = sorted(sources, key=lambda each: (each.order, each.name))[:MOST_TILES]
    return [tile for source in sources if (tile := source.read(actor, scope)) is not None]
