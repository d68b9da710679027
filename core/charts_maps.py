"""Places on a map, drawn on the server as SVG text (see ``core.charts``): no tiles, no other site."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.charts import _cut, _geometry
from core.land import Frame, land_path

WIDTH, HEIGHT, MARGIN = 1000, 480, 24
SMALLEST, LARGEST, NAMED = 4, 22, 12
SIDES = ("start", "end")
LETTER = 10  # the width of one in letters of the usual size
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
                _geometry(_radius(place, most)),
            )
            for place in ordered
        ),
    )
    names = format_html_join(
        "",
        '<text class="chart-band{}" x="{}" y="{}" text-anchor="{}">{} {}</text>',
        (
            (
                "" if name.is_first else " map-more",
                _geometry(name.at),
                _geometry(y(name.place.north) + 4),
                name.anchor,
                _cut(name.place.name),
                name.place.number,
            )
            for name in _apart(ordered, x, y, most)
        ),
    )
    words = "; ".join(f"{place.name} {place.number}" for place in ordered[:NAMED])
    return format_html(
        '<svg class="chart map" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}{}{}{}</svg>',
        WIDTH, HEIGHT, label, words, land, grid, dots, names,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Name:
    """A name beside its place: where it begins, which way it runs, and whether a small screen has room for it."""

    place: Place
    at: float
    anchor: str
    is_first: bool


def _radius(place: Place, most: int) -> float:
    return SMALLEST + (LARGEST - SMALLEST) * (place.number / most) ** 0.5


def _apart(places: Sequence[Place], x, y, most: int) -> list[_Name]:
    """The largest places whose names stand neither on each other nor on dots apart from their own.

    Right of the dot where that is free, else left of it; the largest has its name in any case. The first are apart in
    letters of twice the size as well.
    """
    dots = [(x(place.east), y(place.north), _radius(place, most)) for place in places]
    found: list[_Name] = []
    taken: dict[int, list[tuple[float, float, float, float]]] = {1: [], 2: []}
    for place, dot in zip(places, dots, strict=True):
        if len(found) == NAMED:
            break
        others = [each for each in dots if not _touch(each, dot)]
        sides = [side for side in SIDES if _is_free(_box(place, dot, side, 1), taken[1], others)]
        if not sides and place is places[0]:
            sides = ["end" if dot[0] > WIDTH * 0.8 else "start"]
        if not sides:
            continue
        side = sides[0]
        large = _box(place, dot, side, 2)
        is_first = place is places[0] or (len(taken[2]) < FIRST_NAMES and _is_free(large, taken[2], others))
        start = dot[0] + dot[2] + 4 if side == "start" else dot[0] - dot[2] - 4
        found.append(_Name(place, start, side, is_first))
        taken[1].append(_box(place, dot, side, 1))
        if is_first:
            taken[2].append(large)
    return found


def _box(place: Place, dot: tuple[float, float, float], side: str, size: int) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a name."""
    wide = (len(_cut(place.name)) + len(str(place.number)) + 1) * LETTER * size
    near = dot[2] + 4
    left = dot[0] + near if side == "start" else dot[0] - near - wide
    return left, left + wide, dot[1] - 9 * size, dot[1] + 7 * size


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two dots are one cluster, so that a name beside either may stand on the other."""
    return math.dist(one[:2], other[:2]) <= one[2] + other[2]


def _is_free(box: tuple[float, float, float, float], names: Sequence[tuple], dots: Sequence[tuple]) -> bool:
    left, right, top, bottom = box
    return (
        left >= 0
        and right <= WIDTH
        and all(right < a or left > b or bottom < c or top > d for a, b, c, d in names)
        and all(right < at - r or left > at + r or bottom < down - r or top > down + r for at, down, r in dots)
    )


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
