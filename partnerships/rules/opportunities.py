"""What follows from an opportunity's figures and moves: weighted value, ageing, time spent in each stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
OPEN, ON_HOLD, WON, LOST = "open", "on_hold", "won", "lost"
CLOSED = frozenset({WON, LOST})
NEEDED = frozenset({OPEN, WON, LOST})


@dataclass(frozen=True, slots=True)
class DefaultStage:
    """One column that a new office begins with; ``code`` finds its name in ``DEFAULT_STAGE_NAMES``."""

    code: str
    meaning: str
    probability: int
    expected_days: int | None


DEFAULT_STAGES = (
    DefaultStage("lead", OPEN, 10, 30),
    DefaultStage("qualified", OPEN, 20, 30),
    DefaultStage("scoping", OPEN, 35, 45),
    DefaultStage("proposal", OPEN, 50, 30),
    DefaultStage("negotiation", OPEN, 75, 60),
    DefaultStage("on_hold", ON_HOLD, 0, None),
    DefaultStage("won", WON, 100, None),
    DefaultStage("lost", LOST, 0, None),
)


def weighted_value(value: Decimal | None, probability: int) -> Decimal | None:
    """The value times its probability in percent, to the cent; None where the value is not known."""
    return None if value is None else (value * probability / 100).quantize(CENT, ROUND_HALF_UP)


def days_since(since: datetime, now: datetime) -> int:
    """Whole days of 24 hours between two moments, never negative."""
    return max(0, (now - since) // timedelta(days=1))


def is_aged(meaning: str, days: int, expected_days: int | None) -> bool:
    """Whether an opportunity has stood longer in an open stage than its office expects there."""
    return meaning == OPEN and expected_days is not None and days > expected_days


def is_overdue(meaning: str, due: date | None, today: date) -> bool:
    """Whether the next step of an opportunity that is not closed should have been done before today."""
    return meaning not in CLOSED and due is not None and due < today


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in one stage; ``left`` is None while it lasts."""

    stage_id: int
    came: datetime
    left: datetime | None


def stays(arrivals: Sequence[tuple[int, datetime]]) -> list[Stay]:
    """The stays that moves make, ``(stage, moment)`` in the order they happened; the last one still lasts."""
    leaving = [moment for _stage, moment in arrivals[1:]]
    return [Stay(stage, came, left) for (stage, came), left in zip(arrivals, [*leaving, None], strict=True)]


def time_in_stages(arrivals: Sequence[tuple[int, datetime]], now: datetime) -> dict[int, timedelta]:
    """How long it stood in each stage, all stays together; together they are the time since the first arrival."""
    total: dict[int, timedelta] = {}
    for stay in stays(arrivals):
        total[stay.stage_id] = total.get(stay.stage_id, timedelta()) + ((stay.left or now) - stay.came)
    return total


def missing_meanings(meanings: Iterable[str]) -> list[str]:
    """Which meanings a pipeline lacks: it always has a stage that is open, one for won and one for lost."""
    return sorted(NEEDED - set(meanings))
