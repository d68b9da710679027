"""What waits for one person: lines and figures of Today, from any app.

    register_attention(Source("reviews", "partnerships.view_reviews", overdue_review_lines, order=40))
    register_tile(TileSource("agreements", "agreements.view_agreements", ending_tile, order=30))

Each source answers at most the lines it would show if it were alone, in one statement; Today merges them, leaves out
what somebody put off, and shows the first few.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose lines are asked for: somebody's own (``owner_id``), or the office's where nobody's portfolio is meant."""

    today: date
    owner_id: int | None
    most: int
    known: dict[str, Any] = field(default_factory=dict, compare=False)

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
    """Where lines come from, for who holds ``permission``; the lowest ``order`` stands first."""

    name: str
    permission: str
    read: Read
    order: int


_sources: dict[str, Source] = {}


def register_attention(source: Source) -> None:
    """Add a source. The same name twice raises."""
    if source.name in _sources:
        raise ImproperlyConfigured(f"Two sources of attention are called {source.name}")
    _sources[source.name] = source


def lines_for(actor: Actor, scope: Scope, *, put_off: Collection[str] = ()) -> list[Line]:
    """The first lines of all sources that this actor may see, without those put off."""
    found: list[Line] = []
    for source in sorted(_sources.values(), key=lambda each: (each.order, each.name)):
        if actor.may(source.permission):
            found += [line for line in source.read(actor, scope) if line.key not in put_off]
    return found[: scope.most]


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
