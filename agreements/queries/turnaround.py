"""The clock of agreements: how long one has taken, in whose court, and what is typical for its kind."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from agreements.choices import AgreementKind, Court
from agreements.models import Agreement, AgreementEvent
from agreements.queries.agreements import readable
from agreements.rules.clock import (
    Duration,
    Moved,
    Reading,
    Turnaround,
    read_clock,
    turnaround,
    working_days,
)
from core.actions import visible
from core.actor import Actor

COURTS = [Court.OFFICE, Court.LEGAL, Court.INVESTIGATOR, Court.PARTNER]


def moves_of(agreement_ids: Collection[int]) -> dict[int, list[Moved]]:
    """What the clock reads of these agreements, in the order it happened, by the office's days; one statement."""
    found: defaultdict[int, list[Moved]] = defaultdict(list)
    rows = AgreementEvent.objects.filter(agreement_id__in=agreement_ids).order_by("at", "pk")
    for pk, at, workflow, court in rows.values_list("agreement_id", "at", "to_workflow", "court"):
        found[pk].append(Moved(timezone.localdate(at), workflow, court))
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """One agreement's clock beside what is typical for its kind among those that the reader may see.

    ``reading`` is None before the request is complete. ``days_in_court``: working days since it came where it lies.
    ``moves`` are what the clock read, in the order they happened.
    """

    reading: Reading | None
    typical: Turnaround
    court: str
    days_in_court: int | None
    moves: Sequence[Moved] = ()


@visible("agreements.view_agreements")
def clock_of(actor: Actor, agreement: Agreement) -> Clock:
    """The clock of an agreement that the actor may read, as of today."""
    today = timezone.localdate()
    moves = moves_of([agreement.pk]).get(agreement.pk, [])
    end = agreement.executed_on or agreement.ended_on
    since = None
    for move in reversed(moves):
        if move.court != agreement.court:
            break
        since = move.on
    return Clock(
        reading=read_clock(moves, agreement.complete_on, end, today),
        typical=typical_turnarounds(actor, kind=agreement.kind).get(agreement.kind, turnaround([])),
        court=agreement.court,
        days_in_court=None if since is None or end is not None else working_days(since, today),
        moves=moves,
    )


@visible("agreements.view_agreements")
def typical_turnarounds(actor: Actor, *, kind: str = "") -> dict[str, Turnaround]:
    """What is typical for each kind, or one kind, among the agreements that the actor may read; one statement.

    Working days from complete request to execution, holds included. Those still open have taken at least so long,
    and so have those that were withdrawn, up to that day. Amendments are quicker work and left out.
    """
    today = timezone.localdate()
    durations: defaultdict[str, list[Duration]] = defaultdict(list)
    rows = _timed(actor, kind).values_list("kind", "complete_on", "executed_on", "ended_on")
    for code, complete_on, executed_on, ended_on in rows:
        end = executed_on or ended_on or today
        durations[code].append(Duration(working_days(complete_on, end), executed_on is not None))
    return {code: turnaround(each) for code, each in durations.items()}


def timed_agreements() -> Q:
    """Those with a clock: the request was complete, and it is no amendment."""
    return Q(complete_on__isnull=False, amends=None)


def _timed(actor: Actor, kind: str = ""):
    rows = Agreement.objects.filter(readable(actor), timed_agreements()).order_by("pk")
    return rows.filter(kind=kind) if kind else rows


@dataclass(frozen=True, slots=True)
class KindTurnaround:
    """One line of the report. Means are over the finished ones, in working days; None where none has finished.

    ``by_court`` has the mean for each court, the partner's included; with ``hold`` its values add up to the mean.
    """

    kind: str
    finished: int
    open: int
    median: int | None
    p80: int | None
    mean: float | None
    hold: float | None
    by_court: Mapping[str, float | None]

    @property
    def label(self) -> str:
        return str(AgreementKind(self.kind).label)

    @property
    def partner(self) -> float | None:
        return self.by_court[Court.PARTNER]


@visible("agreements.view_turnaround")
def turnaround_report(
    actor: Actor, *, kind: str = "", after: date | None = None, before: date | None = None, unit: int | None = None
) -> list[KindTurnaround]:
    """How long the agreements that the actor may read take, by kind, in the order of the kinds; two statements.

    ``after`` and ``before`` choose by the day on which the request was complete, both included; ``unit`` is an id.
    """
    today = timezone.localdate()
    period = Q()
    if after is not None:
        period &= Q(complete_on__gte=after)
    if before is not None:
        period &= Q(complete_on__lte=before)
    if unit is not None:
        period &= Q(unit_id=unit)
    rows = list(_timed(actor, kind).filter(period).values_list("pk", "kind", "complete_on", "executed_on", "ended_on"))
    moves = moves_of([pk for pk, *_rest in rows])
    readings: defaultdict[str, list[Reading]] = defaultdict(list)
    durations: defaultdict[str, list[Duration]] = defaultdict(list)
    for pk, code, complete_on, executed_on, ended_on in rows:
        reading = read_clock(moves.get(pk, []), complete_on, executed_on or ended_on, today)
        durations[code].append(Duration(reading.total, executed_on is not None))
        if executed_on is not None:
            readings[code].append(reading)
    return [_line(code, durations[code], readings[code]) for code in AgreementKind.values if code in durations]


def _line(kind: str, durations: list[Duration], readings: list[Reading]) -> KindTurnaround:
    def mean(values: list[int]) -> float | None:
        return round(sum(values) / len(values), 2) if values else None

    group = turnaround(durations)
    return KindTurnaround(
        kind,
        group.finished,
        group.open,
        group.median,
        group.p80,
        mean([each.total for each in readings]),
        mean([each.hold for each in readings]),
        {court: mean([each.by_court.get(court, 0) for each in readings]) for court in COURTS},
    )
