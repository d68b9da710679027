"""Columns over time, funnels and flows, drawn on the server as SVG text (see ``core.charts``)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Number, _cut, _geometry, _kind, _words, share
from core.charts_columns import round_up

SERIES = ("s1", "s2", "s3", "s4", "s5", "s6")
HEIGHT, TOP, FOOT = 220, 12, 24


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its name, and a value for each place; None is a gap."""

    label: str
    values: Sequence[Number | None]
    kind: str = "s1"


def column_chart(names: Sequence[str], series: Sequence[Series], label: str) -> SafeString:
    """Stacked columns, one for each name. Words and rules are in pixels, so that any width keeps them readable."""
    if any(len(each.values) != len(names) for each in series):
        raise ValueError("every column needs a value of each series")
    totals = [sum(float(each.values[place] or 0) for each in series) for place in range(len(names))]
    top, plot = round_up(max(totals, default=0)), HEIGHT - FOOT
    step = 100 / max(1, len(names))
    bars = []
    for place in range(len(names)):
        base = 0.0
        for each in series:
            value = float(each.values[place] or 0)
            if value > 0:
                high, low = _y(base + value, top, plot), _y(base, top, plot)
                bars.append((_kind(each.kind), _geometry(place * step + step * 0.15), _geometry(step * 0.7),
                             _geometry(high), _geometry(max(low - high, 0.5))))  # fmt: skip
            base += max(value, 0)
    rules = format_html_join(
        "",
        '<line class="chart-rule" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="chart-axis" x="0" dx="2" y="{}">{}</text>',
        ((_geometry(_y(at, top, plot)), _geometry(_y(at, top, plot)), _geometry(_y(at, top, plot) - 3), compact(at))
         for at in (0, top / 2, top)),
    )  # fmt: skip
    shown = range(0, len(names), max(1, -(-len(names) // 6)))
    axis = format_html_join(
        "",
        '<text class="chart-axis" x="{}%" y="{}" text-anchor="middle">{}</text>',
        ((_geometry(place * step + step / 2), HEIGHT - 6, names[place]) for place in shown),
    )
    words = "; ".join(f"{name} {_words(total)}" for name, total in zip(names, totals, strict=True))
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}{}</svg>',
        HEIGHT, label, words, rules,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="{}"/>', bars), axis,
    )  # fmt: skip


def _y(value: float, top: float, plot: int) -> float:
    return plot - value / top * (plot - TOP)


def compact(value: float) -> str:
    """A value on an axis, as short as it can be told."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{_words(value / size)}\u00a0{sign}"
    return _words(value)


def funnel_chart(names: Sequence[str], left: Series, right: Series, label: str) -> SafeString:
    """Two sides that grow from the middle, one line for each name; the name stands above its line."""
    row, most = 44, max([*map(float, left.values), *map(float, right.values)], default=0)
    height = row * len(names) or row
    bars = []
    for place in range(len(names)):
        y = place * row + 20
        for side, series in (("left", left), ("right", right)):
            size = share(series.values[place], most) * 44
            x = 50 - size - 0.2 if side == "left" else 50.2
            bars.append((_kind(series.kind), _geometry(x), _geometry(size), y))
    texts = [(50, place * row + 14, "middle", name) for place, name in enumerate(names)]
    for place in range(len(names)):
        y = place * row + 33
        texts += [
            (49, y, "end", _words(left.values[place])),
            (51, y, "start", _words(right.values[place])),
        ]
    words = "; ".join(
        _("%(name)s: %(left)s %(one)s, %(right)s %(other)s")
        % {
            "name": name,
            "left": left.label,
            "one": _words(left.values[place]),
            "right": right.label,
            "other": _words(right.values[place]),
        }
        for place, name in enumerate(names)
    )
    return format_html(
        '<svg class="chart funnel" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}</svg>',
        height, label, words,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="18" rx="2"/>', bars),
        format_html_join("", '<text class="chart-band" x="{}%" y="{}" text-anchor="{}">{}</text>', texts),
    )  # fmt: skip


def stack_chart(names: Sequence[str], series: Sequence[Series], label: str) -> SafeString:
    """Bars of stacked series, one for each name, all on one scale; the name and the sum stand above the bar."""
    row = 44
    totals = [sum(max(float(each.values[place] or 0), 0) for each in series) for place in range(len(names))]
    most, height = max(totals, default=0), row * len(names) or row
    bars = []
    for place in range(len(names)):
        start = 0.0
        for each in series:
            size = share(max(float(each.values[place] or 0), 0), most) * 100
            if size:
                bars.append((_kind(each.kind), _geometry(start), _geometry(size), place * row + 20))
            start += size
    texts = [
        (f"{_cut(name, 60)}: {_words(total)}", place * row + 14)
        for place, (name, total) in enumerate(zip(names, totals, strict=True))
    ]
    words = "; ".join(
        f"{name}: " + ", ".join(f"{each.label} {_words(each.values[place] or 0)}" for each in series)
        for place, name in enumerate(names)
    )
    return format_html(
        '<svg class="chart stacks" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}</svg>',
        height, label, words,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="18"/>', bars),
        format_html_join("", '<text class="chart-band" x="0" y="{1}">{0}</text>', texts),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """So much from the place on the left to the place on the right."""

    left: int
    right: int
    value: Number


def flow_chart(left: Sequence[str], right: Sequence[str], flows: Sequence[Flow], label: str) -> SafeString:
    """Where what is on the left goes to: bands as thick as their value, in columns that keep the sums (a sankey)."""
    gap, total = 10, sum(float(flow.value) for flow in flows) or 1.0
    height = max(160, 34 * max(len(left), len(right)))
    room = height - gap * (max(len(left), len(right)) - 1)
    sizes = {
        side: [
            sum(float(flow.value) for flow in flows if getattr(flow, side) == place) / total * room
            for place in range(len(names))
        ]
        for side, names in (("left", left), ("right", right))
    }
    starts = {side: _starts(each, gap) for side, each in sizes.items()}
    used = {side: list(each) for side, each in starts.items()}
    bands = []
    for flow in sorted(flows, key=lambda each: (each.left, each.right)):
        thick = float(flow.value) / total * room
        if thick <= 0:
            continue
        y1, y2 = used["left"][flow.left] + thick / 2, used["right"][flow.right] + thick / 2
        used["left"][flow.left] += thick
        used["right"][flow.right] += thick
        path = f"M0 {_geometry(y1)}C500 {_geometry(y1)} 500 {_geometry(y2)} 1000 {_geometry(y2)}"
        bands.append((_series(flow.left), path, _geometry(max(thick, 1))))
    nodes = [
        (_series(place) if side == "left" else "muted", x, _geometry(start), _geometry(max(size, 1)))
        for side, x in (("left", "30"), ("right", "69"))
        for place, (start, size) in enumerate(zip(starts[side], sizes[side], strict=True))
    ]
    names = [
        (x, dx, _geometry(start + size / 2 + 4), anchor, _cut(name, 26))
        for side, x, dx, anchor, words in (("left", "30", -6, "end", left), ("right", "70", 6, "start", right))
        for name, start, size in zip(words, starts[side], sizes[side], strict=True)
    ]
    told = "; ".join(f"{left[flow.left]} → {right[flow.right]} {_words(flow.value)}" for flow in flows)
    return format_html(
        '<svg class="chart flow" width="100%" height="{}" role="img" aria-label="{}: {}">'
        '<svg x="31%" y="0" width="38%" height="{}" viewBox="0 0 1000 {}" preserveAspectRatio="none">{}</svg>'
        "{}{}</svg>",
        height, label, told, height, height,
        format_html_join("", '<path class="flow-{}" d="{}" stroke-width="{}"/>', bands),
        format_html_join("", '<rect class="fill-{}" x="{}%" width="1%" y="{}" height="{}"/>', nodes),
        format_html_join("", '<text class="chart-band" x="{}%" dx="{}" y="{}" text-anchor="{}">{}</text>', names),
    )  # fmt: skip


def _series(place: int) -> str:
    return SERIES[place % len(SERIES)]


def _starts(sizes: Sequence[float], gap: int) -> list[float]:
    found, at = [], 0.0
    for size in sizes:
        found.append(at)
        at += size + gap
    return found
