"""Columns over time, funnels and flows, drawn on the server as SVG text (see ``core.charts``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Number, _cut, _geometry, _kind, _words, share
from core.charts_columns import round_up

SERIES = ("s1", "s2", "s3", "s4", "s5", "s6")
HEIGHT, TOP, FOOT = 220, 12, 24
GAP, LINE = 10, 14  # between the ends of flows, and from one line of a name to the next
NARROW, LETTER = 320, 7  # the width of a drawing on a phone, and of a letter, both rather too little and too much


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its name, and a value for each place; None is a gap."""

    label: str
    values: Sequence[Number | None]
    kind: str = "s1"


def column_chart(names: Sequence[str], series: Sequence[Series], label: str) -> SafeString:
    """Stacked columns, one for each name. Words and rules are in pixels, so that any width keeps them readable.

    Where all values are whole the rules stand at whole numbers. Their words stand left of the columns. Of numbers below
    the columns those are left out that would run into each other; words are turned.
    """
    if any(len(each.values) != len(names) for each in series):
        raise ValueError("every column needs a value of each series")
    totals = [sum(float(each.values[place] or 0) for each in series) for place in range(len(names))]
    top, plot = round_up(max(totals, default=0), whole=are_whole(series)), HEIGHT - FOOT
    marks = [(_y(at, top, plot), compact(at)) for at in (0, top / 2, top)]
    room = min(20.0, _percent(max(len(said) for _at, said in marks)))
    step = (100 - room) / max(1, len(names))
    bars = []
    for place in range(len(names)):
        base = 0.0
        for each in series:
            value = float(each.values[place] or 0)
            if value > 0:
                high, low = _y(base + value, top, plot), _y(base, top, plot)
                bars.append((_kind(each.kind), _geometry(room + place * step + step * 0.15), _geometry(step * 0.7),
                             _geometry(high), _geometry(max(low - high, 0.5))))  # fmt: skip
            base += max(value, 0)
    rules = format_html_join(
        "",
        '<line class="chart-rule" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="chart-axis" x="0" dx="2" y="{}">{}</text>',
        ((_geometry(at), _geometry(at), _geometry(at - 3), said) for at, said in marks),
    )
    axis, foot = _names(names, room, step)
    words = "; ".join(f"{name} {_words(total)}" for name, total in zip(names, totals, strict=True))
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}{}</svg>',
        HEIGHT - FOOT + foot, label, words, rules,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="{}"/>', bars), axis,
    )  # fmt: skip


def are_whole(series: Sequence[Series]) -> bool:
    """Whether no value of any series has a part of one."""
    return all(not value or value == int(value) for each in series for value in each.values)


def _percent(letters: int) -> float:
    """The part of a phone's width that so many letters and the space beside them take."""
    return (letters * LETTER + 8) / NARROW * 100


def _names(names: Sequence[str], room: float, step: float) -> tuple[SafeString, int]:
    """What stands below columns, and how high that is."""
    words = [_cut(name) for name in names]
    longest = max(map(len, words), default=0) * LETTER + 8
    fitting = max(1, int(NARROW * 0.9 // longest))
    middles = [_geometry(room + place * step + step / 2) for place in range(len(words))]
    if len(words) > fitting and not all(word[:1].isdigit() for word in words):
        turned = format_html_join(
            "",
            '<svg x="{}%" y="{}" overflow="visible"><text class="chart-axis" y="4" transform="rotate(-90)" '
            'text-anchor="end">{}</text></svg>',
            ((middle, HEIGHT - FOOT + 6, word) for middle, word in zip(middles, words, strict=True)),
        )
        return turned, longest
    # On a wide screen twice as many fit; the last one is always among them.
    every = -(-len(words) // fitting)
    wide = -(-len(words) // (2 * fitting)) if every % -(-len(words) // (2 * fitting) or 1) == 0 else every
    shown = [
        ("" if (len(words) - 1 - place) % every == 0 else " wide-only", middles[place], HEIGHT - 6, words[place])
        for place in range(len(words))
        if (len(words) - 1 - place) % wide == 0
    ]
    return format_html_join("", '<text class="chart-axis{}" x="{}%" y="{}" text-anchor="middle">{}</text>', shown), FOOT


def _y(value: float, top: float, plot: int) -> float:
    return plot - value / top * (plot - TOP)


def compact(value: float) -> str:
    """A value on an axis, as short as it can be told."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{_words(value / size)}\u00a0{sign}"
    return _words(value)


def funnel_chart(names: Sequence[str], left: Series, right: Series, label: str) -> SafeString:
    """Two sides that grow from the middle, one line for each name, which stands above it.

    Each number stands beyond the outer end of its bar; the bars leave room for it on a phone.
    """
    row, most = 44, max([*map(float, left.values), *map(float, right.values)], default=0)
    height = row * len(names) or row
    said = [(_words(one), _words(other)) for one, other in zip(left.values, right.values, strict=True)]
    longest = max((len(words) for pair in said for words in pair), default=1)
    reach = max(20.0, 49.6 - _percent(longest))
    bars, numbers = [], []
    for place, pair in enumerate(said):
        sizes = [share(series.values[place], most) * reach for series in (left, right)]
        y = place * row + 20
        bars += [
            (_kind(left.kind), _geometry(49.8 - sizes[0]), _geometry(sizes[0]), y),
            (_kind(right.kind), "50.2", _geometry(sizes[1]), y),
        ]
        numbers += [
            (_geometry(49.8 - sizes[0]), -5, y + 13, "end", pair[0]),
            (_geometry(50.2 + sizes[1]), 5, y + 13, "start", pair[1]),
        ]
    words = "; ".join(
        _("%(name)s: %(left)s %(one)s, %(right)s %(other)s")
        % {"name": name, "left": left.label, "one": pair[0], "right": right.label, "other": pair[1]}
        for name, pair in zip(names, said, strict=True)
    )
    return format_html(
        '<svg class="chart funnel" width="100%" height="{}" role="img" aria-label="{}: {}">{}{}{}</svg>',
        height, label, words,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="18" rx="2"/>', bars),
        format_html_join("", '<text class="chart-band" x="50%" y="{}" text-anchor="middle">{}</text>',
                         ((place * row + 14, name) for place, name in enumerate(names))),
        format_html_join("", '<text class="chart-number" x="{}%" dx="{}" y="{}" text-anchor="{}">{}</text>', numbers),
    )  # fmt: skip


def stack_chart(names: Sequence[str], series: Sequence[Series], label: str) -> SafeString:
    """Bars of stacked series, one for each name, all on one scale; the name and the sum stand above the bar.

    Names that have nothing are left out; where all have nothing there is no drawing.
    """
    row = 44
    totals = [sum(max(float(each.values[place] or 0), 0) for each in series) for place in range(len(names))]
    places = [place for place, total in enumerate(totals) if total]
    if not places:
        return SafeString("")
    most, height = max(totals), row * len(places)
    bars = []
    for line, place in enumerate(places):
        start = 0.0
        for each in series:
            size = share(max(float(each.values[place] or 0), 0), most) * 100
            if size:
                bars.append((_kind(each.kind), _geometry(start), _geometry(size), line * row + 20))
            start += size
    texts = [
        (f"{_cut(names[place], 60)}: {_words(totals[place])}", line * row + 14) for line, place in enumerate(places)
    ]
    words = "; ".join(
        f"{names[place]}: " + ", ".join(f"{each.label} {_words(each.values[place] or 0)}" for each in series)
        for place in places
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
    """Where what is on the left goes to: bands as thick as their value, in columns that keep the sums (a sankey).

    Names stand outside the columns, in two lines where one is too long for a phone, and never in each other's way.
    """
    total = sum(float(flow.value) for flow in flows) or 1.0
    sides = {
        side: [_Node(_lines(name), sum(float(flow.value) for flow in flows if getattr(flow, side) == place) / total)
               for place, name in enumerate(names)]
        for side, names in (("left", left), ("right", right))
    }  # fmt: skip
    thickest = max(120, 24 * max(len(left), len(right)))
    slots = {side: [max(node.part * thickest, LINE * len(node.lines)) for node in each] for side, each in sides.items()}
    heights = {side: sum(each) + GAP * (len(each) - 1) for side, each in slots.items()}
    height = max(heights.values())
    starts = {
        side: [
            start + (slot - node.part * thickest) / 2
            for start, slot, node in zip(
                _starts(slots[side], (height - heights[side]) / 2), slots[side], each, strict=True
            )
        ]
        for side, each in sides.items()
    }
    edges = {"left": _edge(sides["left"]), "right": 100 - _edge(sides["right"])}
    used = {side: list(each) for side, each in starts.items()}
    bands = []
    for flow in sorted(flows, key=lambda each: (each.left, each.right)):
        thick = float(flow.value) / total * thickest
        if thick <= 0:
            continue
        y1, y2 = used["left"][flow.left] + thick / 2, used["right"][flow.right] + thick / 2
        used["left"][flow.left] += thick
        used["right"][flow.right] += thick
        path = f"M0 {_geometry(y1)}C500 {_geometry(y1)} 500 {_geometry(y2)} 1000 {_geometry(y2)}"
        bands.append((_series(flow.left), path, _geometry(max(thick, 1))))
    nodes, names = [], []
    for side, at, dx, anchor in (("left", edges["left"], -6, "end"), ("right", edges["right"], 6, "start")):
        for place, (node, start) in enumerate(zip(sides[side], starts[side], strict=True)):
            size = node.part * thickest
            kind = _series(place) if side == "left" else "muted"
            nodes.append((kind, _geometry(at if side == "left" else at - 1), _geometry(start), _geometry(max(size, 1))))
            first = start + size / 2 + 4 - (len(node.lines) - 1) * LINE / 2
            names += [
                (_geometry(at), dx, _geometry(first + line * LINE), anchor, words)
                for line, words in enumerate(node.lines)
            ]
    told = "; ".join(f"{left[flow.left]} → {right[flow.right]} {_words(flow.value)}" for flow in flows)
    return format_html(
        '<svg class="chart flow" width="100%" height="{}" role="img" aria-label="{}: {}">'
        '<svg x="{}%" y="0" width="{}%" height="{}" viewBox="0 0 1000 {}" preserveAspectRatio="none">{}</svg>'
        "{}{}</svg>",
        _geometry(height), label, told, _geometry(edges["left"] + 1), _geometry(edges["right"] - edges["left"] - 2),
        _geometry(height), _geometry(height),
        format_html_join("", '<path class="flow-{}" d="{}" stroke-width="{}"/>', bands),
        format_html_join("", '<rect class="fill-{}" x="{}%" width="1%" y="{}" height="{}"/>', nodes),
        format_html_join("", '<text class="chart-band" x="{}%" dx="{}" y="{}" text-anchor="{}">{}</text>', names),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Node:
    """One end of flows: its name in lines, and its part of everything."""

    lines: Sequence[str]
    part: float


def _lines(name: str) -> list[str]:
    """A name in at most two lines that a phone has room for beside a drawing."""
    found = wrap(name, 15, max_lines=2, placeholder="…", break_long_words=False) or [""]
    return [_cut(line, 20) for line in found]


def _edge(nodes: Sequence[_Node]) -> float:
    """The part of the width that the names of one side take, in percent."""
    return min(38.0, _percent(max((len(line) for node in nodes for line in node.lines), default=0)))


def _series(place: int) -> str:
    return SERIES[place % len(SERIES)]


def _starts(sizes: Sequence[float], at: float) -> list[float]:
    found = []
    for size in sizes:
        found.append(at)
        at += size + GAP
    return found
