"""Charts drawn on the server as SVG text.

Everything here is a pure function of numbers and words: no ORM, no request, no clock. The drawings carry
classes and geometry attributes only, because the content security policy forbids style attributes; colours
live in the style sheet and follow the reader's theme. Widths are percentages wherever possible, so that a
chart fills its column without shrinking its text on a phone.

Every drawing is one image to assistive technology (role="img" with a label that states the values). The page
that shows it also prints the same numbers as text or as a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number = int | float | Decimal

# The only class names a caller may ask for: an unknown kind would draw in black on both themes.
KINDS = frozenset({"accent", "healthy", "watch", "risk", "nodata", "muted", "s1", "s2", "s3", "s4", "s5", "s6"})
HEAT_STEPS = 7


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a stacked bar."""

    label: str
    value: Number
    kind: str = "accent"


@dataclass(frozen=True, slots=True)
class BandArea:
    """A horizontal band behind a line, from `low` to `high` on the value axis."""

    label: str
    low: Number
    high: Number
    kind: str


@dataclass(frozen=True, slots=True)
class Marker:
    """An event on the time axis: a short sign above the line at the point with this index.

    ``at`` places it between points instead, from 0 to 1 along the axis; ``name`` is then how its moment is called.
    """

    index: int
    sign: str
    label: str
    at: float | None = None
    name: str = ""


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"unknown chart kind {kind!r}")
    return kind


def _geometry(value: float) -> str:
    """A coordinate with at most two decimals, never in the reader's locale: "1,5" is not a coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _words(value: Number) -> str:
    """A number as the reader writes it, thousands apart, with one decimal at most."""
    rounded = round(Decimal(str(value)), 1)
    places = 0 if rounded == rounded.to_integral_value() else 1
    return number_format(rounded, decimal_pos=places, force_grouping=True)


def share(value: Number, maximum: Number) -> float:
    """The part of `maximum` that `value` fills, between 0 and 1; nothing fills an empty maximum."""
    if maximum <= 0:
        return 0.0
    return min(1.0, max(0.0, float(value) / float(maximum)))


def _runs(values: Sequence[Number | None]) -> Iterable[list[tuple[int, Number]]]:
    """The values with their positions, cut wherever one is missing: a gap is a gap, not a straight line."""
    run: list[tuple[int, Number]] = []
    for index, value in enumerate(values):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((index, value))
    if run:
        yield run


def _path(values: Sequence[Number | None], x, y) -> str:
    pieces = []
    for run in _runs(values):
        points = [f"{_geometry(x(index))} {_geometry(y(value))}" for index, value in run]
        # A lone value is drawn as a dot: a zero-length line with round caps.
        pieces.append("M" + "L".join(points if len(points) > 1 else points * 2))
    return "".join(pieces)


def _series_words(label: str, values: Sequence[Number | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return _("%(label)s: no values") % {"label": label}
    return _("%(label)s: from %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % {
        "label": label,
        "first": _words(known[0]),
        "last": _words(known[-1]),
        "low": _words(min(known)),
        "high": _words(max(known)),
    }


def sparkline(values: Sequence[Number | None], label: str, *, width: int = 96, height: int = 24) -> SafeString:
    """A small line without axes. The label names the first, last, lowest and highest value."""
    values = list(values)
    known = [float(value) for value in values if value is not None]
    words = _series_words(label, values)
    if not known:
        return format_html(
            '<svg class="spark" width="{}" height="{}" role="img" aria-label="{}"></svg>',
            width,
            height,
            words,
        )
    margin = 3
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    step = (width - 2 * margin) / max(1, len(values) - 1)

    def x(index: int) -> float:
        return margin + index * step

    def y(value: Number) -> float:
        if high == low:
            return height / 2
        return height - margin - (float(value) - low) / reach * (height - 2 * margin)

    last = max(index for index, value in enumerate(values) if value is not None)
    return format_html(
        '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        width, height, width, height, words,
        _path(values, x, y), _geometry(x(last)), _geometry(y(values[last])),
    )  # fmt: skip


def bar(value: Number | None, maximum: Number, label: str = "", *, kind: str = "accent", height: int = 8) -> SafeString:
    """A bar of `value` against `maximum`. Without a value it shows an empty hatched track."""
    _kind(kind)
    if value is None:
        words = _("%(label)s: no value") % {"label": label} if label else _("No value")
        part = 0.0
    else:
        words = _("%(value)s of %(maximum)s") % {"value": _words(value), "maximum": _words(maximum)}
        if label:
            words = f"{label}: {words}"
        part = share(value, maximum)
    radius = _geometry(height / 2)
    fill = (
        format_html(
            '<rect class="fill-{}" width="{}%" height="{}" rx="{}"/>',
            kind,
            _geometry(part * 100),
            height,
            radius,
        )
        if part
        else ""
    )
    return format_html(
        '<svg class="bar" width="100%" height="{}" role="img" aria-label="{}">'
        '<rect class="{}" width="100%" height="{}" rx="{}"/>{}</svg>',
        height, words, "track-empty" if value is None else "track", height, radius, fill,
    )  # fmt: skip


def stacked_bar(parts: Iterable[Part], label: str, *, height: int = 12) -> SafeString:
    """One bar of 100 %. Parts of nothing are left out; the label lists every part with its value."""
    parts = list(parts)
    if any(part.value < 0 for part in parts):
        raise ValueError("a stacked bar cannot hold a negative part")
    total = sum(float(part.value) for part in parts)
    words = label + ": " + ", ".join(f"{part.label} {_words(part.value)}" for part in parts)
    pieces, start = [], 0.0
    for part in parts:
        size = share(part.value, Decimal(str(total))) * 100
        if size:
            pieces.append((_kind(part.kind), _geometry(start), _geometry(size), height))
        start += size
    return format_html(
        '<svg class="bar bar-stacked" width="100%" height="{}" role="img" aria-label="{}">'
        '<rect class="track" width="100%" height="{}"/>{}</svg>',
        height, words, height,
        format_html_join("", '<rect class="fill-{}" x="{}%" width="{}%" height="{}"/>', pieces),
    )  # fmt: skip


def heat_level(value: Number | None, maximum: Number) -> int:
    """The step of the sequential scale for a table cell: 0 is empty, 1 the palest and 7 the darkest."""
    if not value or value < 0 or maximum <= 0:
        return 0
    return max(1, min(HEAT_STEPS, int(-(-share(value, maximum) * HEAT_STEPS // 1))))


def line_chart(
    values: Sequence[Number | None],
    names: Sequence[str],
    label: str,
    *,
    low: Number = 0,
    high: Number | None = None,
    bands: Sequence[BandArea] = (),
    markers: Sequence[Marker] = (),
    kind: str = "s1",
    height: int = 200,
    at: Sequence[float] = (),
) -> SafeString:
    """One line over time with optional band areas and event markers.

    Points are equally far apart, or stand where ``at`` says, from 0 to 1 along the axis.

    The line is drawn in its own stretched coordinate system and the words around it in pixels and
    percentages, so that the chart may become any width and the text stays readable.
    """
    values = list(values)
    if len(values) != len(names):
        raise ValueError("every value of a line needs a name on the time axis")
    if at and len(at) != len(values):
        raise ValueError("every value of a line needs a place on the time axis")
    known = [value for value in values if value is not None]
    top = float(high if high is not None else max([*known, low], default=0)) or 1.0
    bottom = float(low)
    if top <= bottom:
        top = bottom + 1.0
    plot = height - 24
    count = max(1, len(values) - 1)

    def x_percent(index: int) -> float:
        if at:
            return at[index] * 98 + 1
        return 50.0 if len(values) == 1 else index / count * 98 + 1

    def x_marker(marker: Marker) -> float:
        return x_percent(marker.index) if marker.at is None else marker.at * 98 + 1

    def y(value: Number) -> float:
        part = (min(max(float(value), bottom), top) - bottom) / (top - bottom)
        return plot - part * (plot - 12)

    areas = format_html_join(
        "",
        '<rect class="area-{}" x="0" width="100%" y="{}" height="{}"/>',
        ((_kind(band.kind), _geometry(y(band.high)), _geometry(y(band.low) - y(band.high))) for band in bands),
    )
    band_names = format_html_join(
        "",
        '<text class="chart-band" x="100%" dx="-4" y="{}" text-anchor="end">{}</text>',
        ((_geometry(y(band.high) + 13), band.label) for band in bands),
    )
    rules = format_html_join(
        "",
        '<line class="chart-rule" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="chart-axis" x="0" dx="2" y="{}">{}</text>',
        (
            (_geometry(y(value)), _geometry(y(value)), _geometry(y(value) - 3), _words(value))
            for value in (bottom, (bottom + top) / 2, top)
        ),
    )
    signs = format_html_join(
        "",
        '<line class="chart-marker" x1="{}%" x2="{}%" y1="12" y2="{}"/>'
        '<text class="chart-sign" x="{}%" y="10" text-anchor="middle">{}</text>',
        (
            (_geometry(x_marker(marker)), _geometry(x_marker(marker)), plot,
             _geometry(x_marker(marker)), marker.sign)
            for marker in markers
        ),
    )  # fmt: skip
    line = format_html(
        '<svg x="0" y="0" width="100%" height="{}" viewBox="0 0 1000 {}" preserveAspectRatio="none">'
        '<path class="line-{}" d="{}"/></svg>',
        plot, plot, _kind(kind), _path(values, lambda index: x_percent(index) * 10, y),
    )  # fmt: skip
    dots = format_html_join(
        "",
        '<circle class="fill-{}" cx="{}%" cy="{}" r="3"/>',
        (
            (kind, _geometry(x_percent(index)), _geometry(y(value)))
            for index, value in enumerate(values)
            if value is not None
        ),
    )
    words = _series_words(label, values)
    if markers:
        words += ". " + "; ".join(f"{marker.name or names[marker.index]}: {marker.label}" for marker in markers)
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}{}{}{}{}{}{}</svg>',
        height, words, areas, rules, signs, line, dots, band_names, _time_axis(names, x_percent, height),
    )  # fmt: skip


def _time_axis(names: Sequence[str], x_percent, height: int) -> SafeString:
    """The first, middle and last name only: more would collide on a phone."""
    if not names:
        return SafeString("")
    shown = sorted({0, len(names) // 2, len(names) - 1})
    if len(names) < 5:
        shown = sorted({0, len(names) - 1})
    if len(shown) == 3 and min(abs(x_percent(shown[1]) - x_percent(end)) for end in (shown[0], shown[2])) < 25:
        shown = [shown[0], shown[2]]

    def anchor(index: int) -> str:
        if len(names) == 1:
            return "start" if x_percent(0) < 10 else "end" if x_percent(0) > 90 else "middle"
        return "start" if index == 0 else "end" if index == len(names) - 1 else "middle"

    return format_html_join(
        "",
        '<text class="chart-axis" x="{}%" y="{}" text-anchor="{}">{}</text>',
        ((_geometry(x_percent(index)), height - 6, anchor(index), names[index]) for index in shown),
    )


@dataclass(frozen=True, slots=True)
class TieLine:
    """What runs between two people: their places in the two columns, and a strength from 0 to 1."""

    left: int
    right: int
    strength: float


def tie_chart(left: Sequence[str], right: Sequence[str], lines: Iterable[TieLine], label: str) -> SafeString:
    """Two columns of names with lines between them, the wider the stronger.

    Names stand at the edges in percentages of the width, so that they keep their size; the page prints the same ties as
    a table, because names as long as half a phone are cut off here.
    """
    row, most = 32, max(len(left), len(right), 1)
    height = most * row

    def y(place: int, count: int) -> float:
        return height / (count or 1) * (place + 0.5)

    lines = sorted(lines, key=lambda line: line.strength)
    drawn = format_html_join(
        "",
        '<line class="tie-line" x1="34%" x2="66%" y1="{}" y2="{}" stroke-width="{}" stroke-opacity="{}"/>',
        (
            (_geometry(y(line.left, len(left))), _geometry(y(line.right, len(right))),
             _geometry(1 + 7 * line.strength), _geometry(0.35 + 0.65 * line.strength))
            for line in lines
        ),
    )  # fmt: skip
    names = format_html_join(
        "",
        '<circle class="fill-{}" cx="{}%" cy="{}" r="5"/><text x="{}%" dx="{}" y="{}" text-anchor="{}">{}</text>',
        [
            ("s1", 34, _geometry(y(place, len(left))), 34, -10, _geometry(y(place, len(left)) + 4), "end", _cut(name))
            for place, name in enumerate(left)
        ]
        + [
            (
                "s2",
                66,
                _geometry(y(place, len(right))),
                66,
                10,
                _geometry(y(place, len(right)) + 4),
                "start",
                _cut(name),
            )
            for place, name in enumerate(right)
        ],
    )
    words = (
        label
        + ": "
        + "; ".join(
            _("%(left)s and %(right)s %(strength)s %%")
            % {"left": left[line.left], "right": right[line.right], "strength": round(100 * line.strength)}
            for line in reversed(lines)
        )
    )
    return format_html(
        '<svg class="chart tie-chart" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
        height, words, drawn, names,
    )  # fmt: skip


def _cut(name: str, longest: int = 24) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
