"""What can be said about a project from its records: readiness, exposure of risks, lateness, and one-sided deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

OURS, THEIRS, SHARED = "ours", "theirs", "shared"
WHOLE = Decimal(100)
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 9
SEVERITIES: dict[str, int] = {"low": 1, "medium": 2, "high": 3, "critical": 4}
LIKELIHOODS = range(1, 6)
GRAVE, CONSIDERABLE = 12, 6


def missing_side(sides: Iterable[str]) -> str:
    """Of records that each belong to one side or to both: the side that has none, empty if both have some or none."""
    present = set(sides)
    if not present:
        return ""
    if SHARED in present:
        present |= {OURS, THEIRS}
    return "" if {OURS, THEIRS} <= present else THEIRS if OURS in present else OURS


@dataclass(frozen=True)
class Mismatch:
    """Who is left out of a project: the side without an objective, and the side that gets nothing. Empty: nobody."""

    objectives: str = ""
    benefits: str = ""

    def __bool__(self) -> bool:
        return bool(self.objectives or self.benefits)


def mismatch(objective_sides: Iterable[str], benefit_sides: Iterable[str]) -> Mismatch:
    """Whether only one side wants something of a project, and whether only one side gets something out of it.

    Where nothing is recorded nothing is said.
    """
    return Mismatch(missing_side(objective_sides), missing_side(benefit_sides))


def falls_short(start: int | None, target: int | None) -> bool:
    """Whether a project aims below where it began. Where it stands now may fall: setbacks are part of research."""
    return start is not None and target is not None and target < start


def exposure(severity: str, likelihood: int | None) -> int | None:
    """Severity, 1 to 4, times likelihood, 1 to 5; None while nobody has said how likely. KeyError for no severity."""
    if likelihood is None:
        return None
    if likelihood not in LIKELIHOODS:
        raise ValueError(f"likelihood {likelihood} is not from 1 to 5")
    return SEVERITIES[severity] * likelihood


def gravity(points: int) -> str:
    """How an exposure is shown: "high" from 12, "medium" from 6, else "low"."""
    return "high" if points >= GRAVE else "medium" if points >= CONSIDERABLE else "low"


def days_late(due_on: date, done_on: date | None, today: date) -> int:
    """Whole days after the due day: to the day it was done, or to today while it is open; 0 while there is time."""
    return max(0, ((done_on or today) - due_on).days)


def share_left(shares: Iterable[Decimal | None]) -> Decimal:
    """What of 100 % nobody carries; negative where they carry more than there is. An unknown share counts as none."""
    return WHOLE - sum((share for share in shares if share is not None), Decimal(0))
