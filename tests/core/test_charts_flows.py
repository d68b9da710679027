"""Columns, funnels, stacks and flows: what they draw and leave out, and that a phone has room for their words."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from core.charts_columns import round_up
from core.charts_flows import LETTER, NARROW, Flow, Series, column_chart, flow_chart, funnel_chart, stack_chart


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


def percent(value: str) -> float:
    return float(value.removesuffix("%"))


def words_of(root: ElementTree.Element, css: str) -> list[ElementTree.Element]:
    return [each for each in root.iter("text") if each.get("class").split()[0] == css]


def span(text: ElementTree.Element) -> tuple[float, float]:
    """From where to where a word reaches on a phone, in pixels."""
    at = percent(text.get("x")) / 100 * NARROW + float(text.get("dx", "0"))
    wide = len(text.text) * LETTER
    start = {"start": at, "middle": at - wide / 2, "end": at - wide}[text.get("text-anchor", "start")]
    return start, start + wide


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5, 7, 12, 15, 30, 101, 149, 999, 10_001])
def test_the_rules_of_counts_stand_at_whole_numbers(most):
    top = round_up(most, whole=True)
    assert top >= most
    assert top % 2 == 0
    drawn = column_chart(["2025", "2026"], [Series("People", [most, 0])], "Jobs")
    said = [each.text for each in words_of(parse(drawn), "chart-axis")][:3]
    assert not any("." in each for each in said if "k" not in each)


def test_the_rules_of_amounts_may_stand_between():
    assert round_up(15) == 15
    said = [each.text for each in words_of(parse(column_chart(["a"], [Series("EUR", [14.5])], "Money")), "chart-axis")]
    assert said[:3] == ["0", "7.5", "15"]


def test_columns_stand_right_of_what_the_rules_say():
    root = parse(column_chart(["2025", "2026"], [Series("EUR", [1_250_000, 999])], "Money"))
    rules = words_of(root, "chart-axis")[:3]
    assert min(percent(bar.get("x")) for bar in root.findall("rect")) / 100 * NARROW >= max(span(r)[1] for r in rules)


def test_years_below_columns_are_thinned_and_the_last_one_stays():
    years = [str(year) for year in range(2017, 2027)]
    root = parse(column_chart(years, [Series("EUR", range(10))], "Money"))
    shown = [each for each in words_of(root, "chart-axis")[3:] if "wide-only" not in each.get("class")]
    assert shown[-1].text == "2026"
    assert len(shown) > 3
    spans = [span(each) for each in shown]
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert len(words_of(root, "chart-axis")[3:]) == 10


def test_words_below_columns_are_turned_and_none_is_left_out():
    names = ["Research and development", "Joint laboratory", "Licensing", "Philanthropy"]
    root = parse(column_chart(names, [Series("Projects", [4, 3, 2, 1])], "Projects"))
    turned = [each for each in root.iter("text") if each.get("transform")]
    assert [each.text for each in turned] == names
    assert float(root.get("height")) > 220


def test_the_numbers_of_a_funnel_stand_beyond_the_bars_and_within_the_drawing():
    left, right = Series("Pull", [22, 5, 0], "s1"), Series("Push", [16, 1, 1_200_000], "s2")
    root = parse(funnel_chart(["Lead", "Won", "Lost"], left, right, "Pipeline"))
    numbers, bars = words_of(root, "chart-number"), root.findall("rect")
    assert [each.text for each in numbers] == ["22", "16", "5", "1", "0", "1,200,000"]
    for number, bar in zip(numbers, bars, strict=True):
        start, end = span(number)
        first = percent(bar.get("x")) / 100 * NARROW
        last = first + percent(bar.get("width")) / 100 * NARROW
        assert end <= first or start >= last
        assert start >= 0
        assert end <= NARROW
    assert (
        root.get("aria-label") == "Pipeline: Lead: Pull 22, Push 16; Won: Pull 5, Push 1; Lost: Pull 0, Push 1,200,000"
    )


def test_a_stack_leaves_out_names_that_have_nothing():
    root = parse(stack_chart(["Strategic", "Key", "Prospect"], [Series("Silent", [0, 9, None])], "Tiers"))
    assert [each.text for each in root.iter("text")] == ["Key: 9"]
    assert root.get("height") == "44"
    assert "Strategic" not in root.get("aria-label")
    assert stack_chart(["Strategic", "Key"], [Series("Silent", [0, None])], "Tiers") == ""
    assert stack_chart([], [], "Tiers") == ""


CHANNELS = ["Research and development", "Internships", "Consortium or membership", "Workforce training"]


def test_the_names_of_flows_can_be_read_whole_on_a_phone():
    root = parse(flow_chart(CHANNELS, ["Open", "Lost"], [Flow(0, 0, 50), Flow(1, 1, 1), Flow(2, 0, 1)], "Flows"))
    names = words_of(root, "chart-band")
    assert " ".join(each.text for each in names) == " ".join([*CHANNELS, "Open", "Lost"])
    assert all(span(each)[0] >= 0 and span(each)[1] <= NARROW for each in names)
    for side in ("start", "end"):
        heights = [float(each.get("y")) for each in names if each.get("text-anchor") == side]
        assert all(after - before >= 14 - 0.01 for before, after in pairwise(heights))


def test_bands_of_flows_fill_the_ends_that_they_leave_and_reach():
    flows = [Flow(0, 0, 30), Flow(0, 1, 10), Flow(1, 1, 20)]
    root = parse(flow_chart(["A", "B"], ["Open", "Won"], flows, "Flows"))
    thick = [float(path.get("stroke-width")) for path in root.iter("path")]
    ends = [float(each.get("height")) for each in root.findall("rect")]
    assert ends == pytest.approx([thick[0] + thick[1], thick[2], thick[0], thick[1] + thick[2]], abs=0.05)
    drawing = root.find("svg")
    assert percent(drawing.get("x")) + percent(drawing.get("width")) < 100
    assert re.search(r"A → Open 30; A → Won 10; B → Won 20", root.get("aria-label"))


def test_flows_survive_nothing():
    parse(flow_chart([], [], [], "Flows"))
