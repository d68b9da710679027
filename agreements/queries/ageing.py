"""How old agreements at work are, many at once, and the board of them by where the work stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agreements.choices import WorkflowState
from agreements.models import Agreement, AgreementEvent
from agreements.queries.turnaround import typical_turnarounds
from agreements.rules.clock import Moved, read_clock, working_days
from agreements.rules.workflow import CLOSED, INTAKE, ON_HOLD
from core.actions import visible
from core.actor import Actor
from core.boards import first_of_each, number_in


@dataclass(frozen=True, slots=True)
class Age:
    """The clock of one agreement in working days; None where it has not begun, or too few tell what is typical.

    ``in_court``: since it came where it lies. ``returns_to``: where the work stood before its hold, empty without one.
    """

    day: int | None
    typical: int | None
    in_court: int | None
    running: bool
    returns_to: str = ""

    @property
    def over(self) -> int:
        """By how many days it has taken longer than is typical, 0 where it has not."""
        return max(0, self.day - self.typical) if self.running and self.day and self.typical else 0


@visible("agreements.view_agreements")
def with_ages(actor: Actor, rows: Iterable[Agreement]) -> list[Agreement]:
    """The agreements, which the actor may read, each with its ``age``; two statements, however many they are."""
    rows, today = list(rows), timezone.localdate()
    moves, before = _moves([row.pk for row in rows]) if rows else ({}, {})
    typical = typical_turnarounds(actor) if rows else {}
    for row in rows:
        made, end = moves.get(row.pk, []), row.executed_on or row.ended_on
        reading = read_clock(made, row.complete_on, end, today)
        since = None
        for move in reversed(made):
            if move.court != row.court:
                break
            since = move.on
        row.age = Age(
            day=None if reading is None else reading.total,
            typical=typical[row.kind].dependable if row.kind in typical else None,
            in_court=None if since is None or end is not None else working_days(since, today),
            running=end is None and reading is not None,
            returns_to=before.get(row.pk, INTAKE) if row.workflow == ON_HOLD else "",
        )
    return rows


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the work on the board, and the first of its cards. On hold and closed stand folded and ask."""

    key: str
    count: int
    cards: Sequence[Agreement]

    @property
    def name(self) -> str:
        return str(WorkflowState(self.key).label)

    @property
    def is_aside(self) -> bool:
        return self.key in (ON_HOLD, CLOSED)

    @property
    def hidden(self) -> int:
        """How many more there are than cards."""
        return self.count - len(self.cards)

    @property
    def stage(self) -> dict[str, object]:
        """What the board asks of a column: whether going there needs more than the move, and whether it is in use."""
        return {"is_closed": self.is_aside, "archived_at": None}


@visible("agreements.view_agreements")
def board_of(
    actor: Actor, rows: QuerySet[Agreement], *, per_column: int, widened: str = "", widest: int = 300
) -> list[Column]:
    """Every state with the first of the given rows in it, with their ages, in the order of ``rows``.

    ``widened`` names the state of which up to ``widest`` are wanted.
    """
    cards = first_of_each(
        rows.prefetch_related(None), "workflow", at_most=per_column, widened=widened or None, widest=widest
    )
    with_ages(actor, [card for held in cards.values() for card in held])
    return [Column(state, number_in(found := cards.get(state, [])), found) for state in WorkflowState.values]


@visible("agreements.view_agreements")
def stood_before_hold(actor: Actor, agreement: Agreement) -> str:
    """Where the work on an agreement that is on hold stood before, and is taken up again."""
    _made, before = _moves([agreement.pk])
    return before.get(agreement.pk, INTAKE)


def _moves(agreement_ids: Collection[int]) -> tuple[dict[int, list[Moved]], dict[int, str]]:
    """The moves of each agreement in the order they happened, and where the work stood before the latest hold."""
    moves: defaultdict[int, list[Moved]] = defaultdict(list)
    before: dict[int, str] = {}
    rows = AgreementEvent.objects.filter(agreement_id__in=agreement_ids).order_by("at", "pk")
    for pk, at, earlier, state, court in rows.values_list(
        "agreement_id", "at", "from_workflow", "to_workflow", "court"
    ):
        moves[pk].append(Moved(timezone.localdate(at), state, court))
        if state == ON_HOLD and earlier not in ("", ON_HOLD):
            before[pk] = earlier
    return moves, before
