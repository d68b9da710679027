"""Drawings of answers: from the numbers of the answer alone, so that no drawing can say something else."""

from collections.abc import Callable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Part, heat_level, stacked_bar
from core.charts_flows import SERIES, Flow, Series, column_chart, flow_chart, funnel_chart, stack_chart
from core.charts_maps import Place, place_map
from core.templatetags.ui import health_kind
from partnerships.choices import Band
from reporting.rules.answers import Answer, Column, Row

MOST_SERIES = 6
MOST_NODES = 7
SHADED = ("heat", "bands")


def drawn(answer: Answer, chart: str) -> SafeString:
    """The drawing of an answer; empty for none, and where there is nothing to draw."""
    if not chart or answer.is_empty:
        return SafeString("")
    return DRAWINGS[chart](answer)


def legend(answer: Answer, chart: str) -> list[dict[str, object]]:
    """What the colors stand for, with the sums of the series where adding makes sense; empty for a lone series.

    Series that have nothing are not drawn and not named; the table has them.
    """
    if chart == "bands":
        return [{"label": part.label, "value": part.value, "kind": part.kind} for part in _band_parts(answer)]
    if chart not in ("columns", "turned", "stacks", "funnel"):
        return []
    parts = _turned_series(answer) if chart == "turned" else _series(answer)
    if len(parts) < 2:
        return []
    return [
        {"label": each.label, "value": "", "kind": each.kind}
        for each in parts
        if chart == "funnel" or any(value and value > 0 for value in each.values)
    ]


def is_shaded(chart: str) -> bool:
    """Whether the table itself is the drawing, by the shade of its cells."""
    return chart in SHADED


def darkest(answer: Answer, chart: str) -> float:
    """The largest value of a shaded table's body, which has the darkest shade; 0 for a table that is not shaded."""
    if not is_shaded(chart):
        return 0
    counts = [row.cells[place].value or 0 for row in answer.rows for place, _column in _drawn_columns(answer)]
    return max(counts, default=0)


def shades(answer: Answer, chart: str) -> list[list[int | None]]:
    """The step of the scale for each cell of the body, None in columns without shades; empty for another table."""
    if not is_shaded(chart):
        return []
    most, drawn_places = darkest(answer, chart), {place for place, _column in _drawn_columns(answer)}
    return [
        [heat_level(cell.value, most) if place in drawn_places else None for place, cell in enumerate(row.cells)]
        for row in answer.rows
    ]


def _drawn_columns(answer: Answer) -> list[tuple[int, Column]]:
    return [(place, column) for place, column in enumerate(answer.columns) if column.drawn]


def _series(answer: Answer) -> list[Series]:
    """The drawn columns as series over the rows; the smallest beyond the sixth as one."""
    found = [
        Series(column.label, [row.cells[place].value for row in answer.rows])
        for place, column in _drawn_columns(answer)
    ]
    if len(found) > MOST_SERIES:
        found.sort(key=lambda each: -sum(float(value or 0) for value in each.values))
        rest = found[MOST_SERIES - 1 :]
        added = [
            sum(float(value or 0) for value in values) for values in zip(*(each.values for each in rest), strict=True)
        ]
        found = [*found[: MOST_SERIES - 1], Series(_("Others"), added)]
    return [Series(each.label, each.values, SERIES[place]) for place, each in enumerate(found)]


def _columns(answer: Answer) -> SafeString:
    return column_chart([row.label for row in answer.rows], _series(answer), answer.finding)


def _turned(answer: Answer) -> SafeString:
    """Columns of the table as places, rows as series: for tables whose columns are years."""
    names = [column.label for _place, column in _drawn_columns(answer)]
    return column_chart(names, _turned_series(answer), answer.finding)


def _turned_series(answer: Answer) -> list[Series]:
    places = _drawn_columns(answer)
    rows = sorted(answer.rows, key=lambda row: -_sum(row, places))
    kept, rest = (rows, []) if len(rows) <= MOST_SERIES else (rows[: MOST_SERIES - 1], rows[MOST_SERIES - 1 :])
    series = [
        Series(row.label, [row.cells[place].value or 0 for place, _column in places], SERIES[number])
        for number, row in enumerate(kept)
    ]
    if rest:
        added = [sum(row.cells[place].value or 0 for row in rest) for place, _column in places]
        series.append(Series(_("Others"), added, SERIES[MOST_SERIES - 1]))
    return series


def _sum(row: Row, places: Sequence[tuple[int, Column]]) -> float:
    return sum(float(row.cells[place].value or 0) for place, _column in places)


def _band_parts(answer: Answer) -> list[Part]:
    labels = dict(Band.choices)
    return [
        Part(str(labels[column.code]), answer.totals.cells[place].value, health_kind(column.code))
        for place, column in _drawn_columns(answer)
    ]


def _bands(answer: Answer) -> SafeString:
    return stacked_bar(_band_parts(answer), answer.finding, height=24)


def _stacks(answer: Answer) -> SafeString:
    return stack_chart([row.label for row in answer.rows], _series(answer), answer.finding)


def _funnel(answer: Answer) -> SafeString:
    left, right = _series(answer)[:2]
    return funnel_chart([row.label for row in answer.rows], left, right, answer.finding)


def _flows(answer: Answer) -> SafeString:
    """Rows flow into columns; the rows beyond the first few as one."""
    places = _drawn_columns(answer)
    kept, rest = answer.rows[:MOST_NODES], answer.rows[MOST_NODES:]
    left = [row.label for row in kept] + ([_("Others")] if rest else [])
    flows = [
        Flow(number, target, row.cells[place].value or 0)
        for number, row in enumerate(kept)
        for target, (place, _column) in enumerate(places)
    ]
    flows += [
        Flow(len(kept), target, sum(row.cells[place].value or 0 for row in rest))
        for target, (place, _column) in enumerate(places)
        if rest
    ]
    return flow_chart(
        left, [column.label for _place, column in places], [each for each in flows if each.value], answer.finding
    )


def _map(answer: Answer) -> SafeString:
    found = []
    for row in answer.rows:
        number, north, east = (cell.value for cell in row.cells)
        if north is not None and east is not None:
            found.append(Place(row.label.partition(",")[0], float(north), float(east), int(number or 0)))
    return place_map(found, answer.finding)


DRAWINGS: dict[str, Callable[[Answer], SafeString]] = {
    "columns": _columns,
    "turned": _turned,
    "bands": _bands,
    "stacks": _stacks,
    "funnel": _funnel,
    "flows": _flows,
    "map": _map,
}
