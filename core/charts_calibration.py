"""What was said against what came true, drawn on the server as SVG text (see ``core.charts``)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HEIGHT, PLOT, TOP = 224, 200, 12
SMALLEST, LARGEST = 4, 12
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """Some cases of which ``said`` was foretold on average and ``came_true`` happened, both from 0 to 1."""

    said: float
    came_true: float
    cases: int


def calibration_chart(dots: Sequence[Dot], label: str) -> SafeString:
    """Dots on a square with the line on which a perfect forecast would stand; the more cases, the larger the dot."""
    most = max((dot.cases for dot in dots), default=1) or 1
    rules = format_html_join(
        "",
        '<line class="chart-rule" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="chart-axis" x="0" dx="2" y="{}">{} %</text>',
        ((_y(tick), _y(tick), _y(tick) - 3, round(100 * tick)) for tick in TICKS[::2]),
    )
    axis = format_html_join(
        "",
        '<text class="chart-axis" x="{}%" y="{}" text-anchor="{}">{} %</text>',
        ((_x(tick), HEIGHT - 6, "end" if tick == 1 else "middle", round(100 * tick)) for tick in TICKS[1:]),
    )
    drawn = format_html_join(
        "",
        '<circle class="fill-s1" cx="{}%" cy="{}" r="{}"/>',
        ((_x(dot.said), _y(dot.came_true), _radius(dot.cases / most)) for dot in dots),
    )
    words = "; ".join(
        _("said %(said)s %%, came true %(true)s %% (%(cases)s)")
        % {"said": round(100 * dot.said), "true": round(100 * dot.came_true), "cases": dot.cases}
        for dot in dots
    )
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}: {}">{}'
        '<line class="chart-marker" x1="{}%" y1="{}" x2="{}%" y2="{}"/>{}{}</svg>',
        HEIGHT, label, words, rules, _x(0), _y(0), _x(1), _y(1), axis, drawn,
    )  # fmt: skip


def _x(part: float) -> float:
    return round(8 + part * 90, 2)


def _y(part: float) -> float:
    return round(PLOT - part * (PLOT - TOP), 2)


def _radius(part: float) -> float:
    return round(SMALLEST + (LARGEST - SMALLEST) * part**0.5, 1)
