"""The board pack: answers as one document, in plain words and drawings, ready to be set.

Everything that stands in it is taken from the answers, in the words of the pages.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.templatetags.ui import written_date
from reporting import drawing
from reporting.registry import Question
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Row
from reporting.templatetags.reports import figure_words, reads, value_words

TEMPLATE = "reporting/board_pack/pack.typ"
WIDTH = 640
# The colors of the light theme: paper has no other.
STYLE = """
text { font-family: "Noto Sans", "DejaVu Sans", "Liberation Sans"; font-size: 12px; fill: #525c6e; }
.map text { font-size: 18px; } .chart-number { fill: #1a2130; }
.track { fill: #e3e7ed; } .chart-rule { stroke: #d5dae2; stroke-width: 1; }
.fill-accent, .fill-s1 { fill: #1556c0; } .fill-s2 { fill: #8a3a0a; } .fill-s3 { fill: #0f9a7c; }
.fill-s4 { fill: #c9479f; } .fill-s5 { fill: #9c7d08; } .fill-s6 { fill: #343a42; }
.fill-healthy { fill: #084c5c; } .fill-watch { fill: #b87500; } .fill-risk { fill: #8f1a0c; }
.flow path { fill: none; stroke-opacity: .4; } .map-land { fill: #eef1f5; stroke: #d5dae2; }
.map-dot { fill: #1556c0; fill-opacity: .6; }
.flow-s1 { stroke: #1556c0; } .flow-s2 { stroke: #8a3a0a; } .flow-s3 { stroke: #0f9a7c; }
.flow-s4 { stroke: #c9479f; } .flow-s5 { stroke: #9c7d08; } .flow-s6 { stroke: #343a42; }
.fill-nodata { fill: #868c96; } .fill-muted { fill: #7a8699; }
"""
# The scale of shaded tables, from the palest step to the darkest, each with the color of what stands on it.
ON_PALE, ON_DARK = "#1a2130", "#ffffff"
SHADES = [
    ("#eef3fa", ON_PALE), ("#cbdcf2", ON_PALE), ("#a5c2e8", ON_PALE), ("#7ca4da", ON_PALE),
    ("#4376bb", ON_DARK), ("#285899", ON_DARK), ("#123767", ON_DARK),
]  # fmt: skip
FILLS = dict(re.findall(r"\.fill-(\w+)[^{}]*\{ fill: (#\w+)", STYLE)) | {"s1": "#1556c0"}


def pack_of(
    found: Sequence[tuple[str, Question, Answer]],
    *,
    title: str,
    office: str,
    author: str,
    selection: Sequence[str],
    period: str,
    now: datetime,
) -> dict[str, object]:
    """What the template of the pack needs, as plain values. ``found``: page, question and answer, in their order.

    ``selection`` is the filter in words, empty for all of the office.
    """
    as_of = min((answer.as_of for _page, _question, answer in found), default=now)
    return {
        "language": translation.get_language() or "en",
        "title": title,
        "office": office,
        "author": author,
        "contents": _("Contents"),
        "empty": _("The records hold nothing about it in this selection."),
        "page": _("Page"),
        "facts": [
            [_("Period"), period or _("Each question says its own.")],
            [_("Selection"), "; ".join(selection) or _("The whole office")],
            [_("As of"), _moment(as_of)],
            [_("Made by"), author],
            [_("Made on"), _moment(now)],
        ],
        "scale": [{"ground": ground, "text": text} for ground, text in SHADES],
        "caveat": _("It counts what its author may read. What each table counts stands below it."),
        "questions": [_part(page, question, answer) for page, question, answer in found],
    }


def report_of(
    question: Question,
    answer: Answer,
    *,
    title: str,
    office: str,
    author: str,
    selection: Sequence[str],
    now: datetime,
) -> dict[str, object]:
    """The same for one answer alone: its facts above it, without cover and contents. It is made when it is read."""
    found = pack_of(
        [("", question, answer)],
        title=title,
        office=office,
        author=author,
        selection=selection,
        period=answer.period or _("All years"),
        now=now,
    )
    return found | {"contents": "", "facts": found["facts"][:-1]}


def _moment(at: datetime) -> str:
    """21 Nov 2026, 14:05, in the reader's zone."""
    local = timezone.localtime(at)
    return f"{written_date(local)}, {date_format(local, 'H:i')}"


def _part(page: str, question: Question, answer: Answer) -> dict[str, object]:
    chart = "" if question.chart == "heat" else question.chart
    period = _("Fiscal years: %s.") % answer.period if answer.period else ""
    head = [answer.subject, *(column_head(column, answer.currency) for column in answer.columns)]
    rows = [] if answer.is_empty else [_line(row, answer.columns) for row in answer.rows]
    totals = _line(answer.totals, answer.columns, last=True) if answer.totals and not answer.is_empty else []
    shaded = drawing.is_shaded(question.chart)
    return {
        "code": question.code,
        "page": str(page),
        "question": str(question.title),
        "finding": answer.finding,
        "figures": [_figure(figure, answer.currency) for figure in answer.figures],
        "drawing": picture(drawing.drawn(answer, chart)),
        "words": answer.finding,
        "legend": [
            {"label": str(each["label"]), "value": str(each["value"]), "color": FILLS.get(each["kind"], FILLS["muted"])}
            for each in ([] if answer.is_empty else drawing.legend(answer, chart))
        ],
        "head": head,
        "widths": _widths(head, [*rows, totals] if totals else rows) if answer.has_words or len(head) > 6 else [],
        "text": [True, *(not column.is_number for column in answer.columns)],
        "shaded": [False, *(shaded and column.drawn for column in answer.columns)],
        "shades": drawing.shades(answer, question.chart) if rows else [],
        "rows": rows,
        "totals": totals,
        "notes": [*(note.text for note in answer.notes), *([_("The table is cut.")] if answer.more else [])],
        "source": " ".join(filter(None, [period, answer.source, _("As of"), _moment(answer.as_of) + "."])),
    }


def _widths(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[int]:
    """The parts of the width that the columns get: what their longest cell and the longest word of their head need."""
    return [
        min(36, max([len(line[place]) for line in lines] + [len(word) for word in words.split()], default=0)) + 5
        for place, words in enumerate(head)
    ]


def figure_facts(figure: Figure) -> list[str]:
    """What a figure is held against, in words: the period before, and the target."""
    facts = []
    if figure.before is not None:
        facts.append(f"{figure.before_label}: {value_words(figure.before, figure.kind)}")
    if figure.target is not None:
        facts.append(f"{_('Target')}: {value_words(figure.target, figure.kind)}")
    return facts


def figure_label(figure: Figure, currency: str) -> str:
    """What a figure is called, money with its currency."""
    return f"{figure.label}, {currency}" if figure.kind == "money" else str(figure.label)


def _figure(figure: Figure, currency: str) -> dict[str, object]:
    return {"label": figure_label(figure, currency), "value": figure_words(figure), "facts": figure_facts(figure)}


def column_head(column: Column, currency: str) -> str:
    """What a column is called, money with its currency."""
    return f"{column.label}, {currency}" if column.kind == "money" else str(column.label)


def _line(row: Row, columns: Sequence[Column], *, last: bool = False) -> list[str]:
    return [row.label, *(_words(cell, column, last) for cell, column in zip(row.cells, columns, strict=True))]


def _words(cell: Cell, column: Column, last: bool) -> str:
    if last and cell.value is None and not cell.hidden:
        return ""
    words = str(reads(cell, column))
    return words.replace(" ", "\u00a0") if column.kind == Kind.DATE else words


def picture(drawn: str) -> str:
    """A drawing of a page as an image that stands for itself: with its size, and with colors in place of the page's."""
    if not drawn:
        return ""
    head, end, rest = drawn.partition(">")
    if 'height="' in head:
        height = re.search(r'height="([\d.]+)"', head)[1]
        head = head.replace('width="100%"', f'width="{WIDTH}" viewBox="0 0 {WIDTH} {height}"')
    return head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) + end + f"<style>{STYLE}</style>" + rest
