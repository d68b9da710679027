"""Talent as counts: events, the overview of all partners, and the path from a first internship to a license."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear, TruncDate
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Channel
from partnerships.choices_talent import ReturnOffer, TalentEventKind
from partnerships.models import Candidacy, Partnership, Placement, ProjectParticipant, TalentEvent
from partnerships.rules.talent import BEGUN, COLUMNS, COUNTS_AS, SMALLEST_CELL, Cell, Conversion, suppress

KNOWN_OFFERS = [ReturnOffer.NONE, ReturnOffer.WAITING, ReturnOffer.ACCEPTED, ReturnOffer.DECLINED]
OFFERED = [ReturnOffer.WAITING, ReturnOffer.ACCEPTED, ReturnOffer.DECLINED]
COUNTED = (*COLUMNS, "offers", "eligible")
NOBODY = Conversion(0, 0, 0, 0)
FUNNEL = ("contacted", "interns", "offers", "hires")
TREND_YEARS = 5


@visible("partnerships.view_talent_events")
def visible_talent_events(actor: Actor) -> QuerySet[TalentEvent]:
    """The office's talent events with partner and program, latest first."""
    return TalentEvent.objects.select_related(
        "partnership__organization", "program", "placement__partnership__organization"
    ).order_by("-occurred_on", "-pk")


@visible("partnerships.view_talent_events")
def events_with(actor: Actor, partnership: Partnership) -> QuerySet[TalentEvent]:
    """The talent events of one partner."""
    return visible_talent_events(actor).filter(partnership=partnership)


def lock_talent_event(pk: int) -> TalentEvent:
    """The row, locked and read anew; call inside an action."""
    return TalentEvent.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pk)


# The overview


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One partner: a cell for each column, the conversion where it may be shown, and what only staff sees."""

    partnership_id: int
    name: str
    cells: Mapping[str, Cell]
    conversion: Conversion | None
    trend: Sequence[int] = ()
    next_event: date | None = None

    @property
    def counted(self) -> list[tuple[str, Cell]]:
        return [(code, self.cells[code]) for code in COUNTED]


@dataclass(frozen=True, slots=True)
class TalentPipeline:
    """The partners by name and their totals. ``exact``: small counts are shown, to who may see the people anyway.

    ``largest`` has the highest shown count of each column, for bars. ``years`` can be asked for, the latest first.
    """

    year: int | None
    years: Sequence[int]
    exact: bool
    smallest: int
    rows: Sequence[PipelineRow]
    totals: Mapping[str, Cell]
    conversion: Conversion | None
    largest: Mapping[str, int]

    @property
    def funnel(self) -> list[tuple[str, Cell]]:
        return [(code, self.totals[code]) for code in FUNNEL]


@dataclass(slots=True)
class _Counts:
    """What was counted for one partner."""

    columns: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    conversion: Conversion = NOBODY
    trend: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    next_event: date | None = None


@visible("partnerships.view_talent")
def talent_pipeline(
    actor: Actor,
    *,
    year: int | None = None,
    partnership: Partnership | None = None,
    program: object | None = None,
    exact: bool = False,
) -> TalentPipeline:
    """What moves between the office and each partner, as counts; small ones are hidden, and what gives them away.

    Whoever may not see placements gets one table for each year, of all programs: sums over other parts of the same
    people would give small counts away by subtraction. So their ``year`` is this one where none is given, ``program``
    and ``exact`` are theirs not, and a partner is one row of the same table. ``year`` is the one of a placement's or a
    position's start, and of an event's day.
    """
    sees_people = actor.may("partnerships.view_placements")
    today = timezone.localdate()
    if not sees_people:
        year, program, exact = year or today.year, None, False
    counts = _count(year, program)
    if sees_people:
        _add_trends(counts, program, today)
    names = _names(counts)
    rows, totals, conversion = _shown(names, counts, exact=exact)
    if partnership is not None:
        rows = [row for row in rows if row.partnership_id == partnership.pk]
    largest = {code: max((row.cells[code].value or 0 for row in rows), default=0) for code in COUNTED}
    return TalentPipeline(year, _years(today), exact, SMALLEST_CELL, rows, totals, conversion, largest)


def _count(year: int | None, program: object | None) -> dict[int, _Counts]:
    """Three statements, however many partners."""
    counts: defaultdict[int, _Counts] = defaultdict(_Counts)
    for pk, kind, number in _events(year, program):
        counts[pk].columns[_column_of(kind)] += number
    for pk, number in _applications(year, program):
        counts[pk].columns["contacted"] += number
    for pk, kind, number, eligible, offered, accepted, declined, hired in _placements(year, program):
        each = counts[pk]
        if kind in COUNTS_AS:
            each.columns[_column_of(COUNTS_AS[kind])] += number
        each.columns["hires"] += hired
        each.columns["offers"] += offered
        each.columns["eligible"] += eligible
        each.conversion += Conversion(eligible, offered, accepted + declined, accepted)
    return counts


COLUMN_OF = {kind: code for code, kinds in COLUMNS.items() for kind in kinds}


def _column_of(kind: str) -> str:
    return COLUMN_OF[kind]


def _events(year: int | None, program: object | None) -> QuerySet:
    rows = _narrowed(TalentEvent.objects.filter(occurred_on__lte=timezone.localdate()), "occurred_on", year, program)
    return rows.order_by().values_list("partnership_id", "kind").annotate(number=Sum("people"))


def _applications(year: int | None, program: object | None) -> QuerySet:
    rows = Candidacy.objects.annotate(day=Coalesce("position__starts_on", TruncDate("created_at")))
    if year is not None:
        rows = rows.filter(day__year=year)
    if program is not None:
        rows = rows.filter(position__program=program)
    return rows.order_by().values_list("position__partnership_id").annotate(number=Count("pk"))


def _placements(year: int | None, program: object | None) -> QuerySet:
    recorded = TalentEvent.objects.filter(placement=OuterRef("pk"), kind=TalentEventKind.HIRE)
    rows = _narrowed(Placement.objects.filter(status__in=BEGUN), "starts_on", year, program)
    return (
        rows.order_by()
        .annotate(is_recorded=Exists(recorded))
        .values_list("partnership_id", "program__kind")
        .annotate(
            number=Count("pk"),
            eligible=Count("pk", filter=Q(return_offer__in=KNOWN_OFFERS)),
            offered=Count("pk", filter=Q(return_offer__in=OFFERED)),
            accepted=Count("pk", filter=Q(return_offer=ReturnOffer.ACCEPTED)),
            declined=Count("pk", filter=Q(return_offer=ReturnOffer.DECLINED)),
            # a hire that is an event of its own is counted there, in its own year
            hired=Count("pk", filter=Q(return_offer=ReturnOffer.ACCEPTED, is_recorded=False)),
        )
    )


def _narrowed(rows: QuerySet, day: str, year: int | None, program: object | None) -> QuerySet:
    if year is not None:
        rows = rows.filter(**{f"{day}__year": year})
    return rows if program is None else rows.filter(program=program)


def _add_trends(counts: dict[int, _Counts], program: object | None, today: date) -> None:
    """How many people moved in each of the last years, and the next day on which something is planned."""
    since = date(today.year - TREND_YEARS + 1, 1, 1)
    placed = _narrowed(Placement.objects.filter(status__in=BEGUN, starts_on__gte=since), "starts_on", None, program)
    moved = placed.order_by().annotate(year=ExtractYear("starts_on")).values_list("partnership_id", "year")
    met = _narrowed(TalentEvent.objects.filter(occurred_on__gte=since), "occurred_on", None, program)
    met = met.filter(occurred_on__lte=today).exclude(kind__in=COLUMNS["contacted"])
    hired = met.order_by().annotate(year=ExtractYear("occurred_on")).values_list("partnership_id", "year")
    for rows in (moved.annotate(number=Count("pk")), hired.annotate(number=Sum("people"))):
        for pk, year, number in rows:
            if pk in counts:
                counts[pk].trend[year] += number
    planned = TalentEvent.objects.filter(occurred_on__gt=today).order_by().values_list("partnership_id")
    for pk, day in planned.annotate(first=Min("occurred_on")):
        counts.setdefault(pk, _Counts()).next_event = day


def _names(counts: Mapping[int, _Counts]) -> list[tuple[int, str]]:
    rows = Partnership.objects.filter(pk__in=counts).order_by("organization__name_key", "pk")
    return list(rows.values_list("pk", "organization__name"))


def _shown(
    names: Sequence[tuple[int, str]], counts: Mapping[int, _Counts], *, exact: bool
) -> tuple[list[PipelineRow], dict[str, Cell], Conversion | None]:
    cells: dict[str, list[Cell]] = {}
    totals: dict[str, Cell] = {}
    for code in COUNTED:
        values = [counts[pk].columns[code] for pk, _name in names]
        cells[code], totals[code] = (
            ([Cell(value) for value in values], Cell(sum(values))) if exact else suppress(values)
        )
    year, rows, hidden = timezone.localdate().year, [], NOBODY
    for place, (pk, name) in enumerate(names):
        each = counts[pk]
        shown = _may_be_shown(each.conversion, cells["eligible"][place], exact)
        if not shown:
            hidden += each.conversion
        trend = [each.trend[year - back] for back in range(TREND_YEARS - 1, -1, -1)] if each.trend else []
        rows.append(
            PipelineRow(
                pk,
                name,
                {code: cells[code][place] for code in COUNTED},
                each.conversion if shown else None,
                trend,
                each.next_event,
            )
        )
    everybody = sum((each.conversion for each in counts.values()), NOBODY)
    shows_total = _may_be_shown(everybody, totals["eligible"], exact)
    if not exact and hidden.eligible and not hidden.may_be_shown(SMALLEST_CELL):
        shows_total = False  # it would give away the rows without a percentage
    return rows, totals, everybody if shows_total else None


def _may_be_shown(conversion: Conversion, eligible: Cell, exact: bool) -> bool:
    """Percentages of few people mislead whoever reads them, so those of fewer than the smallest are never shown."""
    if exact:
        return conversion.eligible >= SMALLEST_CELL
    return eligible.value is not None and conversion.may_be_shown(SMALLEST_CELL)


def _years(today: date) -> list[int]:
    """The years of which anything is known, this one included; two statements."""
    first = Placement.objects.aggregate(first=Min("starts_on"))["first"]
    event = TalentEvent.objects.aggregate(first=Min("occurred_on"))["first"]
    earliest = min([day.year for day in (first, event) if day is not None] + [today.year])
    return list(range(today.year, max(earliest, today.year - 30) - 1, -1))


# The path of one partner


@dataclass(frozen=True, slots=True)
class PathStep:
    """A first of its kind on the way from meeting to a license; ``number`` of its kind so far, None where hidden."""

    kind: str
    first_on: date
    number: int | None
    last_on: date


def placed_kinds(rows: Iterable[tuple[str, date]]) -> dict[str, list[date]]:
    """The days on which placements of each kind that counts began."""
    found: defaultdict[str, list[date]] = defaultdict(list)
    for kind, day in rows:
        if kind in COUNTS_AS:
            found[COUNTS_AS[kind]].append(day)
    return found


@visible("partnerships.view_talent_events")
def talent_path(actor: Actor, partnership: Partnership) -> list[PathStep]:
    """When people first moved to or from a partner, by kind, and what followed: projects and licenses it takes part in.

    In the order of the first day of each.
    """
    today = timezone.localdate()
    begun = Placement.objects.filter(partnership=partnership, status__in=BEGUN).values_list(
        "program__kind", "starts_on"
    )
    days = placed_kinds(begun)
    events = TalentEvent.objects.filter(partnership=partnership, occurred_on__lte=today)
    numbers: defaultdict[str, int] = defaultdict(int, {kind: len(each) for kind, each in days.items()})
    for kind, day, people in events.values_list("kind", "occurred_on", "people"):
        days.setdefault(kind, []).append(day)
        numbers[kind] += people
    for channel, day in _works(partnership, today):
        kind = "license" if channel == Channel.LICENSING else "project"
        days.setdefault(kind, []).append(day)
        numbers[kind] += 1
    steps = [PathStep(kind, min(each), numbers[kind], max(each)) for kind, each in days.items()]
    return sorted(steps, key=lambda step: (step.first_on, step.kind))


FOLLOWING = [Channel.RESEARCH, Channel.JOINT_LAB, Channel.CONSORTIUM, Channel.LICENSING]


def _works(partnership: Partnership, today: date) -> QuerySet:
    rows = ProjectParticipant.objects.filter(
        organization_id=partnership.organization_id, project__started_on__lte=today, project__channel__in=FOLLOWING
    )
    return rows.values_list(F("project__channel"), F("project__started_on"))
