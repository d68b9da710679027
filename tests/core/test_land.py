"""Outlines of land: where there is land on the map, what is left out, and what a frame costs."""

import re
from itertools import pairwise

import pytest
from django.contrib.staticfiles import finders

from core.charts_maps import Place, place_map
from core.land import Frame, land_path

WORLD = Frame(-60.0, 80.0, -180.0, 180.0)
DENMARK = Frame(54.5, 58.0, 7.0, 14.0)
STEP = 10  # pixels for a degree


@pytest.fixture(autouse=True)
def _built():
    if finders.find("land.json") is None:
        pytest.skip("the front end is not built (npm cannot be reached)")


def drawn(frame: Frame) -> str:
    return land_path(frame, lambda east: (east - frame.west) * STEP, lambda north: (frame.north - north) * STEP)


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    """The points of every ring of a path, in pixels."""
    rings = []
    for part in re.findall(r"M([^z]+)z", path):
        numbers = [int(each) for each in re.findall(r"-?\d+", part)]
        points = [(numbers[0], numbers[1])]
        for across, down in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + across, points[-1][1] + down))
        rings.append(points)
    return rings


def is_land(path: str, frame: Frame, *, north: float, east: float) -> bool:
    """By the rule evenodd: how many outlines a line to the right crosses."""
    x, y = (east - frame.west) * STEP, (frame.north - north) * STEP + 0.01
    crossed = 0
    for ring in rings_of(path):
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                crossed += 1
    return crossed % 2 == 1


@pytest.mark.parametrize(
    ("north", "east", "land"),
    [
        (40.0, -100.0, True),  # Kansas
        (-15.0, -55.0, True),  # Mato Grosso
        (50.0, 10.0, True),  # Franconia
        (5.0, 25.0, True),  # between Congo and Nile
        (-25.0, 135.0, True),  # Simpson Desert
        (60.0, 100.0, True),  # Siberia
        (30.0, -40.0, False),  # the Atlantic
        (0.0, -140.0, False),  # the Pacific
        (-20.0, 80.0, False),  # the Indian Ocean
    ],
)
def test_land_is_where_it_is(north, east, land):
    assert is_land(drawn(WORLD), WORLD, north=north, east=east) is land


@pytest.mark.parametrize(
    ("north", "east", "land"),
    [(56.3, 9.2, True), (55.4, 11.6, True), (57.5, 13.5, True), (56.6, 11.4, False), (56.0, 7.4, False)],
)
def test_a_region_is_finer_and_cut_to_its_frame(north, east, land):
    path = drawn(DENMARK)
    assert is_land(path, DENMARK, north=north, east=east) is land
    for x, y in (point for ring in rings_of(path) for point in ring):
        assert -8 <= x <= 78
        assert -5 <= y <= 40


def test_a_frame_within_a_continent_is_all_land():
    frame = Frame(47.0, 49.0, 66.0, 70.0)
    assert all(is_land(drawn(frame), frame, north=north, east=east) for north in (47.5, 48.5) for east in (67.0, 69.0))


def test_open_sea_has_no_land():
    assert drawn(Frame(28.0, 32.0, -44.0, -36.0)) == ""


def test_an_outline_is_light():
    assert len(drawn(WORLD)) < 25_000
    assert len(drawn(Frame(35.0, 70.0, -12.0, 35.0))) < 25_000


def test_the_map_lies_on_it():
    places = [Place("Aarhus", 56.16, 10.2, 3), Place("Odense", 55.4, 10.39, 1)]
    assert 'class="map-land"' in place_map(places, "Partners")
    assert 'class="map-land"' in place_map(places, "Partners", world=True)


def names_on(places: list[Place]) -> list[str]:
    return re.findall(r'<text class="chart-band[^>]*>([^<]*)</text>', place_map(places, "Partners"))


def test_names_on_the_map_stand_beside_the_dots_of_others():
    oslo, helsinki, kobe = (
        Place("Oslo", 59.91, 10.75, 6),
        Place("Helsinki", 60.17, 24.94, 3),
        Place("Kobe", 34.69, 135.2, 1),
    )
    drawn = place_map([oslo, helsinki, kobe], "Partners")
    assert {name: side for side, name in re.findall(r'text-anchor="(\w+)">(\w+) \d+</text>', drawn)} == {
        "Oslo": "end", "Helsinki": "start", "Kobe": "start",
    }  # fmt: skip


def test_the_largest_place_has_its_name_in_any_crowd():
    crowd = [Place(f"Town {number}", 55 + number / 50, 10 + number / 20, 1) for number in range(12)]
    assert names_on([*crowd, Place("Capital", 55.1, 10.2, 9)])[0] == "Capital 9"
    assert place_map([], "Partners") == ""
