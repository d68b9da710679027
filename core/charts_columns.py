"""Columns over time, each stacked from its parts, drawn on the server as SVG text (see ``core.charts``)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.charts import KINDS, Number, Part

HEIGHT, PLOT, TOP = 240, 214, 12
WIDTH = 0.68  # of the place that a column has


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands below it, and its parts from the bottom up. Parts of nothing or less are not drawn."""

    name: str
    parts: Sequence[Part]

    @property
    def height(self) -> float:
        return sum(max(0.0, float(part.value)) for part in self.parts)


def column_chart(columns: Sequence[Column], label: str, *, write: Callable[[Decimal], str] = str) -> SafeString:
    """Stacked columns with three rules; ``write`` says a value as the reader writes it.

    The label lists every column with its sum. The page prints the same numbers as a table.
    """
    top = round_up(max((column.height for column in columns), default=0.0))
    room = 100 / max(1, len(columns))
    marks = [(_y(value, top), write(Decimal(str(value)))) for value in (0, top / 2, top)]
    rules = format_html_join(
        "", '<line class="chart-rule" x1="0" x2="100%" y1="{}" y2="{}"/>', ((height, height) for height, _said in marks)
    )
    # Where the columns begin needs no word; the first of them would stand behind it.
    said = format_html_join(
        "", '<text class="chart-axis" x="0" dx="2" y="{}">{}</text>', ((height - 3, said) for height, said in marks[1:])
    )
    bars = format_html_join(
        "", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="{}"/>', _bars(columns, top, room)
    )
    every = 2 if len(columns) > 6 else 1
    names = format_html_join(
        "",
        '<text class="chart-axis{}" x="{}%" y="{}" text-anchor="middle">{}</text>',
        (
            (
                "" if (len(columns) - 1 - place) % every == 0 else " wide-only",
                _geometry(room * (place + 0.5)),
                HEIGHT - 6,
                column.name,
            )
            for place, column in enumerate(columns)
        ),
    )
    words = "; ".join(f"{column.name} {write(Decimal(str(column.height)))}" for column in columns)
    return format_html(
        '<svg class="chart chart-columns" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}{}{}</svg>',
        HEIGHT, label, words, rules, bars, said, names,
    )  # fmt: skip


def _bars(columns: Sequence[Column], top: float, room: float) -> Iterator[tuple]:
    for place, column in enumerate(columns):
        base = 0.0
        for part in column.parts:
            if part.kind not in KINDS:
                raise ValueError(f"unknown chart kind {part.kind!r}")
            size = max(0.0, float(part.value))
            if not size:
                continue
            upper = _y(base + size, top)
            left = _geometry(room * (place + (1 - WIDTH) / 2))
            yield part.kind, left, _geometry(room * WIDTH), upper, _geometry(_y(base, top) - upper)
            base += size


def round_up(value: Number, *, whole: bool = False) -> float:
    """The next number of one or one and a half digits, so that the rules stand at numbers that are easily read.

    ``whole``: half of it is a whole number as well, for what is counted.
    """
    if value <= 0:
        return 2.0 if whole else 1.0
    step = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 1.0
    tops = (step * factor for factor in (1, 1.5, 2, 3, 4, 5, 6, 8, 10))
    return next(top for top in tops if top >= value and not (whole and top % 2))


def _y(value: float, top: float) -> float:
    return round(PLOT - value / top * (PLOT - TOP), 2)


def _geometry(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
