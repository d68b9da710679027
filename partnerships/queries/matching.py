"""The candidates and positions that a matching is about, and a matching in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.choices_talent import MatchSide, PositionStatus
from partnerships.models import Candidacy, MatchRun, Position, Student, TalentProgram
from partnerships.rules.matching import (
    Explanation,
    Market,
    blocking_pairs,
    explain,
    match_for_candidates,
    match_for_positions,
)
from partnerships.rules.talent import HOLDING_PLACES, MATCHED_FROM

MATCHERS = {MatchSide.CANDIDATES: match_for_candidates, MatchSide.POSITIONS: match_for_positions}


@dataclass(frozen=True)
class Matching:
    """A matching as computed: what each candidate got and why, and the candidacies by (student, position)."""

    market: Market
    explained: Mapping[int, Explanation]
    candidacies: Mapping[tuple[int, int], Candidacy]
    blocking: int

    @property
    def matched(self) -> list[Candidacy]:
        """The candidacies of those who got a position."""
        return [
            self.candidacies[each.candidate, each.position]
            for each in self.explained.values()
            if each.position is not None
        ]

    @property
    def is_stable(self) -> bool:
        """Whether nobody would rather have each other; it always is, and is checked each time all the same."""
        return self.blocking == 0


def compute_matching(program: TalentProgram, term: str, proposes: str, *, lock: bool = False) -> Matching:
    """Match the running candidacies of a program's term to the places still free.

    Positions take part that are posted or closed, students who hold no offer and no place in this term.
    """
    positions = Position.objects.filter(
        program=program, term=term, status__in=[PositionStatus.POSTED, PositionStatus.CLOSED]
    )
    if lock:
        list(positions.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    held = Count("candidacies", filter=Q(candidacies__status__in=HOLDING_PLACES))
    places = {
        pk: max(0, openings - taken)
        for pk, openings, taken in positions.annotate(taken=held).values_list("pk", "openings", "taken")
    }
    rows = Candidacy.objects.filter(position__in=places).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    rows = list(rows)
    settled = {row.student_id for row in rows if row.status in HOLDING_PLACES}
    running = [row for row in rows if row.status in MATCHED_FROM and row.student_id not in settled]
    market = _market(running, places)
    placed = MATCHERS[MatchSide(proposes)](market)
    return Matching(
        market,
        explain(market, placed),
        {(row.student_id, row.position_id): row for row in running},
        len(blocking_pairs(market, placed)),
    )


def _market(rows: Sequence[Candidacy], places: Mapping[int, int]) -> Market:
    wishes: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    choices: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        wishes[row.student_id]
        if row.student_rank is not None:
            wishes[row.student_id].append((row.student_rank, row.position_id))
        if row.partner_rank is not None:
            choices[row.position_id].append((row.partner_rank, row.student_id))
    return Market(
        {student: [position for _rank, position in sorted(ranked)] for student, ranked in wishes.items()},
        {position: [student for _rank, student in sorted(choices[position])] for position in places},
        places,
    )


# In words


@dataclass(frozen=True, slots=True)
class PassedBy:
    """A position that a student ranked higher, and the code of the reason why another got it."""

    position: Position | None
    rank: int
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one student got. ``rank`` is the student's own, ``partner_rank`` the other side's, of what they got."""

    student: Student | None
    position: Position | None
    rank: int | None
    partner_rank: int | None
    passed: tuple[PassedBy, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A matching as people read it, those without a position last."""

    lines: Sequence[Line]
    matched: int
    unranked: int
    free: int
    is_stable: bool

    @property
    def candidates(self) -> int:
        return len(self.lines)


@visible("partnerships.view_matchings")
def preview_matching(actor: Actor, program: TalentProgram, *, term: str, proposes: str) -> Preview:
    """What a matching would answer now; nothing is written."""
    found = compute_matching(program, term, proposes)
    return _in_words(as_result(found))


@visible("partnerships.view_matchings")
def explained_matching(actor: Actor, run: MatchRun) -> Preview:
    """A matching that was made, as it was explained then."""
    return _in_words(run.result)


def as_result(found: Matching) -> dict[str, object]:
    """A matching as it is stored: ids and reasons, no names."""
    lines = []
    for each in found.explained.values():
        row = found.candidacies.get((each.candidate, each.position)) if each.position is not None else None
        lines.append(
            {
                "student": each.candidate,
                "position": each.position,
                "candidacy": row.pk if row else None,
                "rank": each.rank,
                "partner_rank": row.partner_rank if row else None,
                "passed": [{"position": one.position, "rank": one.rank, "why": one.why} for one in each.passed],
            }
        )
    return {
        "lines": lines,
        "unranked": sum(1 for wanted in found.market.wishes.values() if not wanted),
        "free": sum(found.market.places.values()) - len(found.matched),
        "stable": found.is_stable,
    }


def _in_words(result: Mapping) -> Preview:
    lines = result["lines"]
    wanted = {line["position"] for line in lines} | {one["position"] for line in lines for one in line["passed"]}
    positions = Position.objects.select_related("partnership__organization").in_bulk(wanted - {None})
    students = Student.objects.in_bulk([line["student"] for line in lines])
    named = [
        Line(
            students.get(line["student"]),
            positions.get(line["position"]),
            line["rank"],
            line["partner_rank"],
            tuple(PassedBy(positions.get(one["position"]), one["rank"], one["why"]) for one in line["passed"]),
        )
        for line in lines
    ]
    named.sort(key=lambda line: (line.rank is None, str(line.student or ""), line.student.pk if line.student else 0))
    return Preview(
        named, sum(line.rank is not None for line in named), result["unranked"], result["free"], result["stable"]
    )


# Those that were made


@visible("partnerships.view_matchings")
def visible_matchings(actor: Actor) -> QuerySet[MatchRun]:
    """The matchings that were made, latest first."""
    return MatchRun.objects.select_related("program", "made_by").order_by("-made_at", "-pk")


@visible("partnerships.view_matchings")
def proposals_of(actor: Actor, run: MatchRun) -> QuerySet[Candidacy]:
    """The candidacies that a matching still proposes: nothing was decided about them since."""
    return Candidacy.objects.filter(matching=run, status__in=MATCHED_FROM)


def lock_matching(pk: int) -> MatchRun:
    """The row with its program, which is locked; call inside an action. A matching itself never changes."""
    run = MatchRun.objects.get(pk=pk)
    run.program = TalentProgram.objects.select_for_update(of=("self",)).get(pk=run.program_id)
    return run


@visible("partnerships.view_talent")
def terms_of(actor: Actor, program: TalentProgram) -> list[str]:
    """The terms in which a program has positions, the one with the latest start first."""
    rows = Position.objects.filter(program=program).order_by("-starts_on", "-pk").values_list("term", flat=True)
    return list(dict.fromkeys(rows))
