"""What flows to students and from them: people who moved, as counts; small ones are not told."""

from collections import Counter
from collections.abc import Callable, Sequence

from django.db.models import CharField, Count, F, QuerySet, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from partnerships.choices_talent import PlacementStatus, ProgramKind, TalentEventKind
from partnerships.models import Placement, TalentEvent
from reporting.queries.scopes import Scope, narrowed, period_words, records, within, year_of
from reporting.rules.answers import SMALLEST, Answer, Cell, Column, Figure, Row, hide_small

YEARS = 5
BEGUN = (
    PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED, PlacementStatus.EVALUATED, PlacementStatus.COMPLETED,
    PlacementStatus.ENDED_EARLY,
)  # fmt: skip
MOVES = "event"
PLACED = "placed"


def events(actor: Actor, scope: Scope) -> QuerySet[TalentEvent]:
    """People who moved, as recorded by day."""
    actor.require("partnerships.view_talent")
    return narrowed(TalentEvent.objects.all(), scope)


def placements(actor: Actor, scope: Scope) -> QuerySet[Placement]:
    """Placements that have begun; each is one student."""
    actor.require("partnerships.view_talent")
    return narrowed(Placement.objects.filter(status__in=BEGUN), scope)


@visible("reporting.view_insights")
def talent(actor: Actor, scope: Scope) -> Answer:
    """People by what they came for and fiscal year; one statement. Counts under five are not told."""
    years = scope.years(YEARS)
    counts = people_by_year(actor, scope, years)
    order = [(PLACED, code, str(label)) for code, label in ProgramKind.choices]
    order += [(MOVES, code, str(label)) for code, label in TalentEventKind.choices]
    shown = [each for each in order if any(key[:2] == each[:2] for key in counts)]
    span = range(years[0], years[1] + 1)
    labels = {PLACED: _("Placed: %s"), MOVES: _("Recorded: %s")}
    lines = [[counts[(*each[:2], year)] for year in span] for each in shown]

    def link(line: int | None, column: int | None) -> str:
        if line is None:
            return ""
        what, code, _label = shown[line]
        kind, needed = ("placements", "view_placements") if what == PLACED else ("talent", "view_talent_events")
        if not actor.may(f"partnerships.{needed}"):
            return ""
        during = years if column is None else (years[0] + column, years[0] + column)
        return records(scope, kind, years=during, kind=code) if kind == "talent" else records(
            scope, kind, years=during, program_kind=code
        )  # fmt: skip

    rows, totals = counted_table([(f"{what}-{code}", labels[what] % label) for what, code, label in shown], lines, link)
    number = [sum(column) for column in zip(*lines, strict=True)] if lines else [0] * len(span)
    hires = [counts[MOVES, "hire", year] for year in span]
    return Answer(
        finding=_finding(number, years, totals),
        subject=_("What for"),
        columns=(*(Column(str(year), str(year)) for year in span), Column("all", _("All"), drawn=False)),
        rows=rows,
        totals=totals,
        as_of=timezone.now(),
        source=_("Placements that have begun, one student each, and people recorded with talent events. "
                 "Counts under %(n)d are not told, nor what would give them away.") % {"n": SMALLEST},
        currency=scope.currency,
        period=period_words(years),
        figures=(
            Figure("people", _("People in %(year)d") % {"year": years[1]}, _told(number[-1]),
                   before=_told(number[-2]) if len(number) > 1 else None, before_label=str(years[1] - 1)),
            Figure("hires", _("Hires in %(year)d") % {"year": years[1]}, _told(hires[-1]),
                   before=_told(hires[-2]) if len(hires) > 1 else None, before_label=str(years[1] - 1)),
        ),
    )  # fmt: skip


def people_by_year(actor: Actor, scope: Scope, years: tuple[int, int]) -> Counter[tuple[str, str, int]]:
    """(placed or recorded, kind, year) → people."""
    placed = (
        placements(actor, scope)
        .filter(within(scope, "starts_on", *years))
        .annotate(
            what=Value(PLACED, output_field=CharField()), kind_of=F("program__kind"), year=year_of(scope, "starts_on")
        )
        .values_list("what", "kind_of", "year")
        .annotate(number=Count("pk"))
    )
    recorded = (
        events(actor, scope)
        .filter(within(scope, "occurred_on", *years))
        .annotate(what=Value(MOVES, output_field=CharField()), kind_of=F("kind"), year=year_of(scope, "occurred_on"))
        .values_list("what", "kind_of", "year")
        .annotate(number=Sum("people"))
    )
    return Counter({(what, kind, year): number for what, kind, year, number in placed.union(recorded, all=True)})


def counted_table(
    heads: Sequence[tuple[str, str]],
    lines: Sequence[Sequence[int]],
    link: Callable[[int | None, int | None], str],
) -> tuple[tuple[Row, ...], Row | None]:
    """Lines of counts of people with their totals, small ones hidden with whatever would give them away."""
    if not lines:
        return (), None
    table = [[*line, sum(line)] for line in lines]
    table.append([sum(column) for column in zip(*table, strict=True)])
    hidden = hide_small(table)
    last = len(table[0]) - 1

    def cell(line: int, column: int) -> Cell:
        if hidden[line][column]:
            return Cell(None, hidden=True)
        number = table[line][column]
        of_line = line if line < len(lines) else None
        return Cell(number, link(of_line, column if column < last else None) if number else "")

    rows = [
        Row(code, label, tuple(cell(line, column) for column in range(last + 1)))
        for line, (code, label) in enumerate([*heads, ("", _("All"))])
    ]
    return tuple(rows[:-1]), rows[-1]


def _told(number: int) -> int | None:
    return None if 0 < number < SMALLEST else number


def _finding(number: list[int], years: tuple[int, int], totals: Row | None) -> str:
    if totals is None:
        return _("No student or hire is recorded in %(period)s") % {"period": period_words(years)}
    everything = totals.cells[-1].value
    if everything is None:
        return _("Fewer than %(n)d people are recorded in %(period)s") % {"n": SMALLEST, "period": period_words(years)}
    last = totals.cells[-2]
    words = _("%(all)d people in %(period)s")
    numbers = {"all": everything, "period": period_words(years), "last": last.value, "year": years[1]}
    if last.value is not None and years[0] != years[1]:
        words += _(", %(last)d of them in %(year)d")
    return words % numbers
