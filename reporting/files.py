"""A built report as a file, CSV, Excel or PDF: the whole table, with what it counts, of when and for whom."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import ActionRefused, InvalidInput
from core.exports import FORMATS, Note, Row
from core.pdf import pdf_from
from reporting.pack import TEMPLATE, column_head, report_of
from reporting.queries.builder import built_answer
from reporting.queries.kept import Kept, title_of
from reporting.registry import Question
from reporting.rules.answers import Answer, Cell
from tenants.choices import ExportFormat
from tenants.models import Tenant

# A page holds some forty lines: more than these nobody reads on paper.
MOST_ON_PAPER = 500


@dataclass(frozen=True, slots=True)
class AnswerNote(Note):
    """What the file of an answer says of itself: besides what lists say, its finding, what it counts and lacks."""

    answer: Answer

    def lines(self) -> list[tuple[str, str]]:
        answer = self.answer
        _list, chosen, *others = Note.lines(self)
        return [
            (_("Report"), self.title),
            (_("Finding"), answer.finding),
            chosen,
            *([(_("Fiscal years"), answer.period)] if answer.period else []),
            (_("What it counts"), answer.source),
            *((_("Not known"), note.text) for note in answer.notes),
            *others,
        ]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file in full, with the name to store it under; ``rows``: how many lines its table has."""

    content: bytes
    name: str
    content_type: str
    rows: int


def file_of(
    file_format: str, kept: Kept, answer: Answer, *, title: str, office: Tenant, author: str, now: datetime
) -> ReportFile:
    """The answer to a kept query as a file. ``title`` is the report's name, empty for one that was not saved.

    Refused: a format that there is not, and more lines than paper holds.
    """
    title = title or title_of(kept.recipe)
    selection = [f"{label}: {value}" for label, value in kept.words]
    local = timezone.localtime(now)
    name = f"{slugify(title) or 'report'}-{office.slug}-{local:%Y-%m-%d}.{file_format}"
    if file_format in FORMATS:
        note = AnswerNote(title, "; ".join(selection), office.name, author, local, answer)
        target = io.BytesIO()
        FORMATS[file_format].write(target, _heads(answer), _rows(answer), note)
        return ReportFile(target.getvalue(), name, FORMATS[file_format].content_type, len(answer.rows))
    if file_format != ExportFormat.PDF:
        raise InvalidInput("unknown_format", _("Choose CSV, Excel or PDF."), field="file_format")
    if len(answer.rows) > MOST_ON_PAPER:
        words = _("This has more than %(most)d lines, too many for paper. Take it as Excel or CSV, or narrow it.")
        raise ActionRefused("too_many_rows", words % {"most": MOST_ON_PAPER}, field="file_format")
    question = Question("built", title_of(kept.recipe), built_answer, kept.recipe.chart)
    data = report_of(question, answer, title=title, office=office.name, author=author, selection=selection, now=now)
    return ReportFile(pdf_from(TEMPLATE, data), name, "application/pdf", len(answer.rows))


def _heads(answer: Answer) -> list[str]:
    return [answer.subject, *(column_head(column, answer.currency) for column in answer.columns)]


def _rows(answer: Answer) -> Iterator[Row]:
    for row in [*answer.rows, *([answer.totals] if answer.totals else [])]:
        yield [row.label, *(_value(cell) for cell in row.cells)]


def _value(cell: Cell) -> object:
    return _("hidden") if cell.hidden else cell.value
