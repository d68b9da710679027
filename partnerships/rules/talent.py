"""Talent in plain values: which moves there are, how conversion is counted, and which small counts are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Moves. From where → to where; what is not listed is refused.

POSITION_MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"pending"}),
    "pending": frozenset({"draft", "posted"}),
    "posted": frozenset({"closed"}),
    "closed": frozenset({"posted"}),
}

# Those still in the running may go on or back; an offer comes after somebody was looked at.
_RUNNING = frozenset({"applied", "shortlisted", "interviewed", "ranked"})
_OUT = frozenset({"rejected", "withdrawn"})
CANDIDACY_MOVES: Mapping[str, frozenset[str]] = {
    "applied": _RUNNING - {"applied"} | _OUT,
    "shortlisted": _RUNNING - {"shortlisted"} | _OUT | {"offered"},
    "interviewed": _RUNNING - {"interviewed"} | _OUT | {"offered"},
    "ranked": _RUNNING - {"ranked"} | _OUT | {"offered"},
    "offered": frozenset({"accepted", "declined", "withdrawn", "ranked"}),
    "accepted": frozenset({"withdrawn"}),
    "declined": frozenset(),
    "rejected": frozenset({"applied"}),
    "withdrawn": frozenset({"applied"}),
}
HOLDING_PLACES = frozenset({"offered", "accepted"})
MATCHED_FROM = frozenset({"applied", "shortlisted", "interviewed", "ranked"})

PLACEMENT_MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"in_approval", "canceled"}),
    "in_approval": frozenset({"approved", "needs_review", "canceled"}),
    "needs_review": frozenset({"in_approval", "canceled"}),
    "approved": frozenset({"in_progress", "canceled"}),
    "in_progress": frozenset({"checked", "evaluated", "ended_early"}),
    "checked": frozenset({"evaluated", "completed", "ended_early"}),
    "evaluated": frozenset({"completed"}),
    "completed": frozenset(),
    "ended_early": frozenset(),
    "canceled": frozenset(),
}
BEGUN = frozenset({"in_progress", "checked", "evaluated", "completed", "ended_early"})
CLOSED = frozenset({"completed", "ended_early", "canceled"})


def may_move(moves: Mapping[str, frozenset[str]], present: str, wanted: str) -> bool:
    """Whether a record may go from one state to another, by one of the tables above."""
    return wanted in moves.get(present, frozenset())


# What a placement that has begun counts as, for the talent dimension of health and for the columns of the overview.
COUNTS_AS: Mapping[str, str] = {
    "internship": "internship",
    "coop": "coop",
    "apprenticeship": "internship",
    "capstone": "capstone_team",
    "thesis": "internship",
    "joint_phd": "industrial_phd",
    "secondment": "secondment",
}  # executive education teaches people who are at the partner already: it moves nobody
# Kinds that count once however many people took part; all others count for each person.
COUNTED_ONCE = frozenset({"capstone_team", "guest_lecture", "recruiting_event"})

# The columns of the overview, and the kinds of events and placements that each of them adds up.
COLUMNS: Mapping[str, frozenset[str]] = {
    "contacted": frozenset({"guest_lecture", "recruiting_event"}),  # and whoever applied
    "interns": frozenset({"internship", "coop"}),
    "capstones": frozenset({"capstone_team"}),
    "doctorates": frozenset({"industrial_phd", "secondment"}),
    "hires": frozenset({"hire"}),
}


# Conversion


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many of those who could be asked back came: offer rate times acceptance rate.

    ``eligible``: placements whose person could take a job, where it is known whether an offer was made. ``answered``:
    offers that were accepted or declined. A rate without a denominator is None, never zero.
    """

    eligible: int
    offered: int
    answered: int
    accepted: int

    def __post_init__(self) -> None:
        if not 0 <= self.accepted <= self.answered <= self.offered <= self.eligible:
            raise ValueError("accepted, answered, offered and eligible must contain each other")

    @property
    def offer_rate(self) -> float | None:
        return self.offered / self.eligible if self.eligible else None

    @property
    def acceptance_rate(self) -> float | None:
        return self.accepted / self.answered if self.answered else None

    @property
    def rate(self) -> float | None:
        """The product; None while a factor is not known, zero where nobody was offered anything."""
        if self.eligible and not self.offered:
            return 0.0
        if self.offer_rate is None or self.acceptance_rate is None:
            return None
        return self.offer_rate * self.acceptance_rate

    @property
    def percent(self) -> int | None:
        """The rate as whole percents, for people."""
        return None if self.rate is None else round(100 * self.rate)

    def __add__(self, other: Conversion) -> Conversion:
        return Conversion(
            self.eligible + other.eligible,
            self.offered + other.offered,
            self.answered + other.answered,
            self.accepted + other.accepted,
        )

    def may_be_shown(self, smallest: int) -> bool:
        """Whether a percentage may stand there for who may not see the people: nobody hides in a small part of it."""
        parts = (self.offered, self.answered, self.accepted)
        return self.eligible >= smallest and all(part == 0 or part >= smallest for part in parts)


# Small counts

SMALLEST_CELL = 5
SMALLEST_POSSIBLE = 4  # with less, the rule below could not leave two possibilities open


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it may be shown. ``value`` None: not shown, because it is ``is_small`` or would give one away."""

    value: int | None
    is_small: bool = False


def suppress(values: Sequence[int], smallest: int = SMALLEST_CELL) -> tuple[list[Cell], Cell]:
    """A column of counts and its total, with small counts hidden so that nobody can work them out.

    Counts from 1 to ``smallest`` - 1 are hidden and marked; zeros and larger ones are shown. Where the total would
    give a small count away, one larger count is hidden beside them, and where that would not do, the total too.

    It holds against readers who know this rule: whatever is shown fits at least two values of every small count. So
    nothing may hang on a hidden number but by what is shown: the larger count is the first in order, whatever its
    size, and ``values`` must stand in an order that tells nothing of them, such as by name.
    """
    if any(value < 0 for value in values) or smallest < SMALLEST_POSSIBLE:
        raise ValueError("a count is not negative, and the smallest to be shown not below 4")
    small = {place for place, value in enumerate(values) if 0 < value < smallest}
    hidden, shows_total = set(small), True
    if small and _gives_away(len(small), sum(values[place] for place in small), smallest):
        larger = next((place for place, value in enumerate(values) if value >= smallest), None)
        # Four and more that give themselves away are all 1 or all at the border: only silence hides which.
        if larger is None or len(small) >= smallest - 1:
            shows_total = False
        else:
            hidden.add(larger)
            everything_fits = len(small) * (smallest - 1) + smallest
            shows_total = sum(values[place] for place in hidden) >= everything_fits
    cells = [
        Cell(None, is_small=place in small) if place in hidden else Cell(value) for place, value in enumerate(values)
    ]
    return cells, Cell(sum(values) if shows_total else None)


def _gives_away(number: int, together: int, smallest: int) -> bool:
    """Whether a sum of so many small counts is small itself, or leaves only one way to make it up."""
    return together < smallest or together in (number, number * (smallest - 1))
