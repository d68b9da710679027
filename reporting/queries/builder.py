"""Answering a report that somebody built: what is counted, by what in rows and columns, in one statement."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput
from core.templatetags.ui import money_short
from reporting.queries.money import MONEY
from reporting.queries.people import counted_table
from reporting.queries.scopes import Scope, period_words, records
from reporting.queries.subjects import COUNT, MISSING, SUBJECTS, Dimension, Subject
from reporting.rules.answers import SMALLEST, Answer, Cell, Column, Kind, Note, Row

ALL = "all"
CHARTS = ("", "columns", "stacks", "heat")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a report counts, by codes: a subject, its dimension in rows and (or "") in columns, and its measure."""

    subject: str
    rows: str
    columns: str = ""
    measure: str = COUNT
    chart: str = ""

    def checked(self) -> "Recipe":
        """The same. Raises InvalidInput, naming the field, for a code that the subject does not have."""
        subject = SUBJECTS.get(self.subject)
        if subject is None:
            raise InvalidInput("unknown_subject", _("Choose what is counted."), field="subject")
        if self.rows not in subject.dimensions:
            raise InvalidInput("unknown_rows", _("Choose rows that this report can have."), field="rows")
        column = subject.dimensions.get(self.columns)
        if self.columns and (column is None or not column.is_closed or self.columns == self.rows):
            words = _("Choose other columns: not those of the rows, and only what has few values.")
            raise InvalidInput("unknown_columns", words, field="columns")
        if self.measure != COUNT and self.measure not in subject.amounts:
            raise InvalidInput("unknown_measure", _("Choose a measure that this report can have."), field="measure")
        if self.chart not in CHARTS:
            raise InvalidInput("unknown_chart", _("Choose how the report is shown."), field="chart")
        return self


@dataclass(slots=True)
class _Sums:
    """What a group of records comes to: how many, their money, and how many lack it or have another currency."""

    count: int = 0
    money: Decimal = Decimal(0)
    missing: int = 0
    foreign: int = 0

    def add(self, count: int, amount: Decimal | None, missing: int, foreign: int) -> None:
        self.count += count
        self.money += amount or Decimal(0)
        self.missing += missing
        self.foreign += foreign


@dataclass(frozen=True, slots=True)
class _Table:
    """The sums by codes of row and column, each with its words; ALL in either place stands for all of them."""

    cells: Mapping[Key, _Sums]
    rows: list[tuple[str, str]]
    columns: list[tuple[str, str]]

    @property
    def everything(self) -> _Sums:
        return self.cells.get((ALL, ALL), _Sums())


@visible("reporting.view_insights")
def built_answer(actor: Actor, scope: Scope, recipe: Recipe) -> Answer:
    """The answer to a recipe, one statement and one more where records without a day are left out.

    Every number leads to its records, as far as there are few enough people in none. Raises InvalidInput for a recipe
    that does not hold, PermissionRefused for a subject that the actor may not count.
    """
    subject = SUBJECTS[recipe.checked().subject]
    for code in (subject.reads.code, *subject.also):
        actor.require(code)
    table = _read(actor, scope, recipe, subject)

    def link(row: str, column: str, **more: str) -> str:
        if row != ALL:
            more |= {"row_by": recipe.rows, "row_is": row}
        if column != ALL:
            more |= {"column_by": recipe.columns, "column_is": column}
        return records(scope, f"built_{recipe.subject}", **more)

    rows, totals = _people(table, link) if subject.people else _lines(table, recipe, link)
    kind = Kind.COUNT if recipe.measure == COUNT else Kind.MONEY
    head = _("Number") if recipe.measure == COUNT else str(subject.amounts[recipe.measure].label)
    columns = [Column(code, label, kind) for code, label in table.columns]
    columns.append(Column(ALL, _("All") if recipe.columns else head, kind, drawn=not recipe.columns))
    years = scope.years(1) if scope.first_year or scope.last_year else None
    return Answer(
        finding=_finding(table, subject, recipe, totals, scope),
        subject=str(subject.dimensions[recipe.rows].label),
        columns=tuple(columns),
        rows=rows,
        totals=totals,
        as_of=timezone.now(),
        source=_source(subject),
        currency=scope.currency,
        period=period_words(years) if years else "",
        notes=tuple(_notes(actor, table, subject, recipe, scope, link)),
    )


def _read(actor: Actor, scope: Scope, recipe: Recipe, subject: Subject) -> _Table:
    across = subject.dimensions.get(recipe.columns)
    down = subject.dimensions[recipe.rows]
    found = _grouped(subject.within_scope(_bare(subject, actor), scope), scope, subject, recipe)
    cells: defaultdict[Key, _Sums] = defaultdict(_Sums)
    named: dict[str, dict[str, str]] = {"rows": {}, "columns": {}}
    for row, row_words, column, *sums in found:
        at = MISSING if row is None else str(row)
        named["rows"][at] = _words(down, at, row_words)
        places = {(at, ALL), (ALL, ALL)}
        if across is not None:
            beside = MISSING if column is None else str(column)
            named["columns"][beside] = _words(across, beside, None)
            places |= {(at, beside), (ALL, beside)}
        for place in places:
            cells[place].add(*sums)
    amount = recipe.measure != COUNT

    def size(code: str) -> Decimal | int:
        sums = cells[code, ALL]
        return sums.money if amount else sums.count

    rows = _ordered(down, named["rows"], size)
    return _Table(dict(cells), rows, _ordered(across, named["columns"], size) if across else [])


def _bare(subject: Subject, actor: Actor) -> QuerySet:
    """What the actor may see, without what lists load beside it."""
    return subject.reads(actor).select_related(None).prefetch_related(None).order_by()


def _grouped(rows: QuerySet, scope: Scope, subject: Subject, recipe: Recipe) -> QuerySet:
    nothing = Value(None, output_field=CharField())
    across = subject.dimensions.get(recipe.columns)
    down = subject.dimensions[recipe.rows]
    rows = rows.annotate(
        group_row=down.expression(scope),
        group_words=down.words() or nothing,
        group_column=across.expression(scope) if across else nothing,
    )
    amount = subject.amounts.get(recipe.measure)
    sums = {"sum_count": Count("pk"), "sum_money": nothing, "sum_missing": Value(0), "sum_foreign": Value(0)}
    if amount is not None:
        rows = rows.annotate(amount=amount.expression)
        known, own = Q(amount__isnull=False), Q(currency=scope.currency)
        sums |= {
            "sum_money": Sum("amount", filter=own, output_field=MONEY),
            "sum_missing": Count("pk", filter=~known),
            "sum_foreign": Count("pk", filter=known & ~own),
        }
    groups = rows.values_list("group_row", "group_words", "group_column").annotate(**sums)
    return groups.values_list("group_row", "group_words", "group_column", *sums)


def _words(dimension: Dimension, code: str, words: str | None) -> str:
    if code == MISSING:
        return _("Not recorded")
    return words or str(dict(dimension.choices).get(code) or dimension.spoken(code))


def _ordered(dimension: Dimension, named: dict[str, str], size: Callable[[str], Decimal | int]) -> list[tuple]:
    """Closed lists in their order, years from the first, all else by size; what is not recorded last."""
    places = {str(code): place for place, (code, _label) in enumerate(dimension.choices)}

    def key(item: tuple[str, str]) -> tuple:
        code, label = item
        if dimension.year:
            return (code == MISSING, int(code) if code != MISSING else 0, label)
        if places:
            return (code == MISSING, places.get(code, len(places)), label)
        return (code == MISSING, -size(code), label)

    return sorted(named.items(), key=key)


def _lines(table: _Table, recipe: Recipe, link: Callable[..., str]) -> tuple[tuple[Row, ...], Row | None]:
    codes = [*(code for code, _label in table.columns), ALL]
    more = {} if recipe.measure == COUNT else {"has": recipe.measure}

    def line(row: str, label: str) -> Row:
        cells = []
        for column in codes:
            sums = table.cells.get((row, column), _Sums())
            value = sums.count if recipe.measure == COUNT else sums.money
            cells.append(Cell(value, link(row, column, **more) if value else ""))
        return Row("" if row == ALL else row, label, tuple(cells))

    rows = tuple(line(code, label) for code, label in table.rows)
    return rows, line(ALL, _("All")) if rows else None


def _people(table: _Table, link: Callable[..., str]) -> tuple[tuple[Row, ...], Row | None]:
    """Lines of people: small counts are hidden, with what would give them away."""
    rows = [code for code, _label in table.rows]
    columns = [code for code, _label in table.columns]

    def count(row: str, column: str) -> int:
        return table.cells.get((row, column), _Sums()).count

    def address(line: int | None, column: int | None) -> str:
        row = ALL if line is None else rows[line]
        return link(row, ALL if column is None or not columns else columns[column])

    return _counted(
        table, [[count(row, column) for column in columns or [ALL]] for row in rows], address, bool(columns)
    )


def _counted(
    table: _Table, lines: list[list[int]], address: Callable[..., str], has_columns: bool
) -> tuple[tuple[Row, ...], Row | None]:
    """With columns as every table of people; without, its total is the column itself, so that stands once."""
    rows, totals = counted_table(table.rows, lines, address)
    if has_columns or totals is None:
        return rows, totals
    return tuple(Row(row.code, row.label, row.cells[-1:]) for row in rows), Row("", totals.label, totals.cells[-1:])


def _finding(table: _Table, subject: Subject, recipe: Recipe, totals: Row | None, scope: Scope) -> str:
    everything = table.everything
    if totals is None:
        return _("The records hold nothing about it in this selection")
    if subject.people:
        number = totals.cells[-1].value
        if number is None:
            return _("Fewer people than may be told of")
        return str(subject.counted % {"n": number})
    counted = str(subject.counted % {"n": everything.count})
    if recipe.measure != COUNT:
        counted = _("%(amount)s in %(counted)s") % {
            "amount": money_short(everything.money, scope.currency),
            "counted": subject.counted % {"n": everything.count - everything.missing - everything.foreign},
        }

    def size(code: str) -> Decimal | int:
        sums = table.cells[code, ALL]
        return sums.count if recipe.measure == COUNT else sums.money

    known = [(size(code), label) for code, label in table.rows if code != MISSING]
    if len(known) < 2 or not max(known)[0]:
        return counted
    most, label = max(known, key=lambda each: each[0])
    numbers = {"counted": counted, "label": label}
    numbers["most"] = most if recipe.measure == COUNT else money_short(most, scope.currency)
    return _("%(counted)s; the most, %(most)s, in: %(label)s") % numbers


def _source(subject: Subject) -> str:
    words = str(subject.source)
    if subject.people:
        words += " " + _("Counts under %(n)d are not told, nor what would give them away.") % {"n": SMALLEST}
    return words


def _notes(
    actor: Actor, table: _Table, subject: Subject, recipe: Recipe, scope: Scope, link: Callable[..., str]
) -> list[Note]:
    """What the records do not say. Of people no number is told: it could be small."""
    found = []

    def note(words: str, count: int, url: str) -> None:
        if count:
            said = _("%(what)s: missing in %(counted)s") % {"what": words, "counted": subject.counted % {"n": count}}
            found.append(Note(_("Not recorded: %s") % words if subject.people else said,
                              url, None if subject.people else count))  # fmt: skip

    for code, place in ((recipe.rows, (MISSING, ALL)), (recipe.columns, (ALL, MISSING))):
        if code:
            sums = table.cells.get(place, _Sums())
            note(str(subject.dimensions[code].label), sums.count, link(*place))
    amount = subject.amounts.get(recipe.measure)
    if amount is not None:
        note(str(amount.label), table.everything.missing, link(ALL, ALL, lacks=recipe.measure))
        if table.everything.foreign:
            words = _("In other currencies and not added: %(counted)s") % {
                "counted": subject.counted % {"n": table.everything.foreign}
            }
            found.append(Note(words, link(ALL, ALL, foreign=recipe.measure), table.everything.foreign))
    if (scope.first_year or scope.last_year) and subject.day_may_be_missing:
        undated = replace(scope, first_year=None, last_year=None)
        rows = subject.narrow(_bare(subject, actor), undated).filter(**{f"{subject.day}__isnull": True})
        url = records(undated, f"built_{recipe.subject}", row_by="year", row_is=MISSING)
        note(str(subject.dimensions["year"].label), rows.count(), url)
    return found
