"""Outlines of land for maps, from Natural Earth by way of the front end's build (static/dist/land.json)."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.contrib.staticfiles import finders

FINE_UNTIL = 90.0  # degrees of longitude
BESIDE = 0.1  # of a frame, on each side: lines along its edges are not seen


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map shows, in degrees."""

    south: float
    north: float
    west: float
    east: float

    def around(self) -> "Frame":
        high, wide = (self.north - self.south) * BESIDE, (self.east - self.west) * BESIDE
        return Frame(self.south - high, self.north + high, self.west - wide, self.east + wide)

    def meets(self, other: "Frame", *, moved: int = 0) -> bool:
        """Whether they have anything in common once this one is moved so many degrees to the east."""
        beside = self.west + moved > other.east or self.east + moved < other.west
        return not (beside or self.south > other.north or self.north < other.south)

    def beyond(self, east: float, north: float) -> tuple[int, int]:
        """On which side of the frame a point lies: (0, 0) within."""
        return (east > self.east) - (east < self.west), (north > self.north) - (north < self.south)

    def clamped(self, east: float, north: float) -> tuple[float, float]:
        return min(max(east, self.west), self.east), min(max(north, self.south), self.north)


@dataclass(frozen=True, slots=True)
class Ring:
    """One closed outline of [east, north], and the frame that holds it."""

    frame: Frame
    points: Sequence[tuple[float, float]]

    def moved(self, by: int) -> "Ring":
        """The same, so many degrees to the east."""
        if not by:
            return self
        frame = Frame(self.frame.south, self.frame.north, self.frame.west + by, self.frame.east + by)
        return Ring(frame, [(east + by, north) for east, north in self.points])


@cache
def _rings() -> dict[str, list[Ring]]:
    found = finders.find("land.json")
    if found is None:  # the front end was not built
        return {}
    return {
        name: [Ring(_frame_of(ring), [(east, north) for east, north in ring]) for ring in rings]
        for name, rings in json.loads(Path(found).read_text()).items()
    }


def _frame_of(ring: Sequence[Sequence[float]]) -> Frame:
    easts, norths = [point[0] for point in ring], [point[1] for point in ring]
    return Frame(min(norths), max(norths), min(easts), max(easts))


def land_path(frame: Frame, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    """The land that a frame shows as the ``d`` of an SVG path in whole pixels, fill rule evenodd; empty for none.

    ``x`` and ``y`` are the map's: degrees east and north to pixels.
    """
    wider = frame.around()
    rings = _rings().get("fine" if frame.east - frame.west <= FINE_UNTIL else "rough", [])
    around = [ring.moved(by) for by in (-360, 0, 360) for ring in rings if ring.frame.meets(wider, moved=by)]
    return "".join(_drawn(_pixels(ring, wider, x, y)) for ring in around)


def _pixels(ring: Ring, frame: Frame, x, y) -> list[tuple[int, int]]:
    """The points without those that a pixel swallows; of a run on one side outside the first and last are enough."""
    found: list[tuple[int, int]] = []
    for east, north in _within(ring.points, frame):
        point = round(x(east)), round(y(north))
        if not found or found[-1] != point:
            found.append(point)
    return found


def _within(points: Sequence[tuple[float, float]], frame: Frame) -> Iterator[tuple[float, float]]:
    sides = [frame.beyond(*point) for point in points]
    for place, (point, side) in enumerate(zip(points, sides, strict=True)):
        inside_a_run = side != (0, 0) and 0 < place < len(points) - 1 and sides[place - 1] == side == sides[place + 1]
        if not inside_a_run:
            yield frame.clamped(*point)


def _area(points: Sequence[tuple[int, int]]) -> int:
    """Twice the area within, by the shoelace formula; its sign is the way round."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*points, points[0]]))


def _drawn(points: Sequence[tuple[int, int]]) -> str:
    if not points or not _area(points):
        return ""  # a line, or nothing but the frame's edges
    (left, top), *rest = points
    steps = []
    for across, down in rest:
        steps.append(f"{across - left} {down - top}")
        left, top = across, down
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"
