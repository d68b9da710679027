"""Charts are pure: the same numbers give the same drawing, with the right geometry and nothing unescaped."""

import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest

from core import charts
from core.charts_flows import Series, stack_chart

HOSTILE = '"><script>alert(1)</script>'


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def widths(svg: str) -> list[float]:
    return [float(each.get("width", "0").rstrip("%")) for each in parse(svg).findall("rect")[1:]]


@pytest.mark.parametrize(
    ("value", "maximum", "part"),
    [(0, 10, 0), (5, 10, 0.5), (12, 10, 1), (-3, 10, 0), (5, 0, 0), (Decimal("1.6"), 16, 0.1)],
)
def test_share(value, maximum, part):
    assert charts.share(value, maximum) == pytest.approx(part)


def test_bar_geometry_and_words():
    svg = charts.bar(Decimal("4.8"), 12, "Delivery", kind="risk")
    assert widths(svg) == [40]
    assert 'class="fill-risk"' in svg
    assert parse(svg).get("aria-label") == "Delivery: 4.8 of 12"


def test_bar_without_a_value_is_empty_and_says_so():
    svg = charts.bar(None, 10, "Agreements")
    assert widths(svg) == []
    assert "track-empty" in svg
    assert parse(svg).get("aria-label") == "Agreements: no value"


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="unknown chart kind"):
        charts.bar(1, 2, kind="red")


def test_stacked_bar_fills_the_whole():
    parts = [charts.Part("Healthy", 22, "healthy"), charts.Part("None", 0), charts.Part("At risk", 11, "risk")]
    svg = charts.stacked_bar(parts, "Portfolio")
    assert sum(widths(svg)) == pytest.approx(100, abs=0.05)
    assert parse(svg).get("aria-label") == "Portfolio: Healthy 22, None 0, At risk 11"


def test_stacked_bar_of_nothing_and_of_negative_parts():
    assert widths(charts.stacked_bar([], "Portfolio")) == []
    with pytest.raises(ValueError, match="negative"):
        charts.stacked_bar([charts.Part("Wrong", -1)], "Portfolio")


def test_sparkline_names_its_values_and_stays_inside():
    svg = charts.sparkline([3, 9, 1, 6], "Touches")
    root = parse(svg)
    assert root.get("aria-label") == "Touches: from 3 to 6, lowest 1, highest 9"
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", root.find("path").get("d"))]
    assert all(0 <= x <= 96 for x in numbers[::2])
    assert all(0 <= y <= 24 for y in numbers[1::2])


def test_a_missing_value_leaves_a_gap():
    assert parse(charts.sparkline([1, 2, None, 4, 5], "Touches")).find("path").get("d").count("M") == 2
    assert "no values" in charts.sparkline([None, None], "Touches")
    assert charts.sparkline([], "Touches")


def test_a_flat_line_lies_in_the_middle():
    assert parse(charts.sparkline([5, 5, 5], "Touches")).find("circle").get("cy") == "12"


@pytest.mark.parametrize(("value", "level"), [(None, 0), (0, 0), (-2, 0), (1, 1), (50, 4), (99, 7), (100, 7), (250, 7)])
def test_heat_levels(value, level):
    assert charts.heat_level(value, 100) == level


def test_heat_without_a_maximum_is_empty():
    assert charts.heat_level(5, 0) == 0


def test_line_chart_draws_bands_markers_and_gaps():
    svg = charts.line_chart(
        [48, None, 31], ["Sep", "Oct", "Nov"], "Health", high=100,
        bands=[charts.BandArea("At risk", 0, 45, "risk")], markers=[charts.Marker(2, "v7", "published")],
    )  # fmt: skip
    root = parse(svg)
    assert root.get("aria-label") == "Health: from 48 to 31, lowest 31, highest 48. Nov: published"
    assert root.find("svg/path").get("d").count("M") == 2
    assert len(root.findall("circle")) == 2
    assert root.find("rect").get("class") == "area-risk"
    assert {text.text for text in root.findall("text")} >= {"At risk", "v7", "Sep", "Nov", "0", "100"}


def test_line_chart_wants_a_name_for_every_value():
    with pytest.raises(ValueError, match="needs a name"):
        charts.line_chart([1, 2], ["Sep"], "Health")


@pytest.mark.parametrize("values", [[], [5], [0, 0], [None]])
def test_line_chart_survives_little_data(values):
    parse(charts.line_chart(values, ["Sep", "Oct"][: len(values)], "Health"))


@pytest.mark.parametrize(
    "svg",
    [
        charts.bar(1, 2, HOSTILE),
        charts.sparkline([1, 2], HOSTILE),
        charts.stacked_bar([charts.Part(HOSTILE, 1)], HOSTILE),
        charts.line_chart(
            [1, 2], [HOSTILE, HOSTILE], HOSTILE,
            bands=[charts.BandArea(HOSTILE, 0, 1, "risk")], markers=[charts.Marker(0, HOSTILE, HOSTILE)],
        ),
    ],
)  # fmt: skip
def test_words_are_escaped_and_nothing_is_inline(svg: str):
    root = parse(svg)
    assert "<script" not in svg
    assert root.get("role") == "img"
    assert not any("style" in each.attrib for each in root.iter())


def test_ties_are_lines_between_two_columns_the_wider_the_stronger():
    lines = [charts.TieLine(0, 1, 1.0), charts.TieLine(1, 0, 0.25)]
    drawing = charts.tie_chart(["Ana", "Priya"], ["Lena <b>", "Victor"], lines, "Ties")
    assert 'aria-label="Ties: Ana and Victor 100 %; Priya and Lena &lt;b&gt; 25 %"' in drawing
    assert drawing.count('class="tie-line"') == 2
    assert 'stroke-width="8"' in drawing
    assert 'stroke-width="2.75"' in drawing
    assert "style=" not in drawing


def test_line_chart_places_points_and_markers_in_time():
    svg = charts.line_chart(
        [48, 40, 31], ["1 Sep", "8 Sep", "1 Dec"], "Health", at=[0, 0.08, 1],
        markers=[charts.Marker(0, "●", "merger", at=0.5, name="15 Oct")],
    )  # fmt: skip
    root = parse(svg)
    assert [each.get("cx") for each in root.findall("circle")] == ["1%", "8.84%", "99%"]
    assert root.find("line[@class='chart-marker']").get("x1") == "50%"
    assert root.get("aria-label").endswith("15 Oct: merger")
    assert {each.text for each in root.findall("text")}.isdisjoint({"8 Sep"})  # it would run into the first


def test_line_chart_wants_a_place_for_every_value():
    with pytest.raises(ValueError, match="needs a place"):
        charts.line_chart([1, 2], ["Sep", "Oct"], "Health", at=[0])


def test_large_numbers_are_written_with_their_thousands_apart():
    drawn = stack_chart(["Research"], [Series("Executed", [1_300_000]), Series("Draft", [0.5])], "Value")
    assert "Research: 1,300,000.5</text>" in drawn
    assert "Executed 1,300,000, Draft 0.5" in drawn
