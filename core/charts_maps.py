"""Places on a map, drawn on the server as SVG text (see ``core.charts``): no tiles, no other site."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.charts import _cut, _geometry
from core.land import Frame, land_path

WIDTH, HEIGHT, MARGIN = 1000, 480, 24
SMALLEST, LARGEST, NAMED = 4, 22, 8
FIRST_NAMES = 3  # those that a small screen has room for


@dataclass(frozen=True, slots=True)
class Place:
    """A place in degrees, and how much there is."""

    name: str
    north: float
    east: float
    number: int


def place_map(places: Sequence[Place], label: str, *, world: bool = False) -> SafeString:
    """Circles whose area is the number, on land, parallels and meridians in plain degrees; the largest have names.

    The map shows what holds all places, or the whole ``world``. North is up, and a degree of longitude is as wide as
    one of latitude in the middle of the map.
    """
    if not places:
        return SafeString("")
    frame = Frame(-60.0, 80.0, -180.0, 180.0) if world else _extent(places)
    south, north, west, east = frame.south, frame.north, frame.west, frame.east
    most = max(place.number for place in places)

    def x(degree: float) -> float:
        return MARGIN + (degree - west) / (east - west) * (WIDTH - 2 * MARGIN)

    def y(degree: float) -> float:
        return MARGIN + (north - degree) / (north - south) * (HEIGHT - 2 * MARGIN)

    lines = [("x", x(at), at) for at in _ticks(west, east)] + [("y", y(at), at) for at in _ticks(south, north)]
    grid = format_html_join(
        "",
        '<line class="chart-rule" x1="{}" y1="{}" x2="{}" y2="{}"/><text class="chart-axis" x="{}" y="{}">{}</text>',
        (
            (_geometry(at), 0, _geometry(at), HEIGHT, _geometry(at + 3), HEIGHT - 4, _degrees(degree, "E", "W"))
            if way == "x"
            else (0, _geometry(at), WIDTH, _geometry(at), 3, _geometry(at - 3), _degrees(degree, "N", "S"))
            for way, at, degree in lines
        ),
    )
    outline = land_path(frame, x, y)
    land = format_html('<path class="map-land" fill-rule="evenodd" d="{}"/>', outline) if outline else ""
    ordered = sorted(places, key=lambda place: -place.number)
    dots = format_html_join(
        "",
        '<circle class="map-dot" cx="{}" cy="{}" r="{}"/>',
        (
            (
                _geometry(x(place.east)),
                _geometry(y(place.north)),
                _geometry(SMALLEST + (LARGEST - SMALLEST) * (place.number / most) ** 0.5),
            )
            for place in ordered
        ),
    )
    names = format_html_join(
        "",
        '<text class="chart-band{}" x="{}" y="{}" text-anchor="{}">{} {}</text>',
        (
            (
                "" if is_first else " map-more",
                _geometry(at),
                _geometry(y(place.north) + 4),
                "end" if x(place.east) > WIDTH * 0.8 else "start",
                _cut(place.name),
                place.number,
            )
            for place, at, is_first in _apart(ordered, x, y, most)
        ),
    )
    words = "; ".join(f"{place.name} {place.number}" for place in ordered[:NAMED])
    return format_html(
        '<svg class="chart map" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}{}{}</svg>',
        WIDTH, HEIGHT, label, words, land, grid, dots, names,
    )  # fmt: skip


def _apart(places: Sequence[Place], x, y, most: int) -> list[tuple[Place, float, bool]]:
    """The largest places whose names do not stand on each other, with where their names begin.

    The flag marks the first of them that are apart in letters of twice the size as well.
    """
    found: list[tuple[Place, float, bool]] = []
    taken: list[tuple[float, float]] = []
    first: list[tuple[float, float]] = []
    for place in places:
        here = (x(place.east), y(place.north))
        if len(found) < NAMED and _is_clear(here, taken, 1):
            radius = SMALLEST + (LARGEST - SMALLEST) * (place.number / most) ** 0.5 + 4
            is_first = len(first) < FIRST_NAMES and _is_clear(here, first, 2)
            found.append((place, here[0] - radius if here[0] > WIDTH * 0.8 else here[0] + radius, is_first))
            taken.append(here)
            if is_first:
                first.append(here)
    return found


def _is_clear(here: tuple[float, float], names: Sequence[tuple[float, float]], size: int) -> bool:
    """Whether a name beside a point meets none of those beside others."""
    return all(abs(here[0] - a) > 170 * size or abs(here[1] - b) > 18 * size for a, b in names)


def _extent(places: Sequence[Place]) -> Frame:
    """A frame in the map's proportions that holds all places, at least 4° high."""
    norths, easts = [place.north for place in places], [place.east for place in places]
    middle_north, middle_east = (min(norths) + max(norths)) / 2, (min(easts) + max(easts)) / 2
    high = max(4.0, (max(norths) - min(norths)) * 1.2)
    wide = max((max(easts) - min(easts)) * 1.2, 0.0)
    proportion = (WIDTH - 2 * MARGIN) / (HEIGHT - 2 * MARGIN) / max(0.3, _squeeze(middle_north))
    if wide < high * proportion:
        wide = high * proportion
    else:
        high = wide / proportion
    return Frame(middle_north - high / 2, middle_north + high / 2, middle_east - wide / 2, middle_east + wide / 2)


def _squeeze(north: float) -> float:
    return math.cos(math.radians(north))


def _ticks(low: float, high: float) -> list[float]:
    """Round degrees between two, about six of them."""
    step = next((each for each in (0.5, 1, 2, 5, 10, 15, 30, 45) if (high - low) / each <= 7), 60)
    first = -(-low // step) * step
    return [first + step * place for place in range(int((high - first) / step) + 1)]


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value > 0 else negative if value < 0 else ''}"
