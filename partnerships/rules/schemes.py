"""Whether a scheme would pay for something: every condition with its answer, and what is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

# The conditions in the order in which they are told.
CONDITIONS = ("offered", "opened", "deadline", "channel", "domain", "trl", "sme", "country")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme asks for. Empty lists, empty text and None ask for nothing."""

    channels: Collection[str] = ()
    domains: Collection[str] = ()
    sme_only: bool = False
    trl_from: int | None = None
    trl_to: int | None = None
    country: str = ""
    opens_on: date | None = None
    deadline_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be paid for. Empty text and None mean that it is not known.

    ``has_sme``: a small or medium-sized enterprise takes part; None where of some organization it is not known.
    ``countries``: of all who take part, the institution included; ``knows_countries`` off: some are not known.
    """

    channel: str
    domain: str = ""
    trl: int | None = None
    has_sme: bool | None = None
    countries: Collection[str] = ()
    knows_countries: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that the scheme makes: it holds, it does not, or (None) nobody knows."""

    condition: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All conditions that a scheme makes of a candidate."""

    reasons: tuple[Reason, ...]

    @property
    def is_fundable(self) -> bool:
        """Nothing speaks against it; what is not known does not."""
        return all(reason.holds is not False for reason in self.reasons)

    @property
    def is_certain(self) -> bool:
        """Every condition is known to hold."""
        return all(reason.holds is True for reason in self.reasons)

    @property
    def against(self) -> tuple[str, ...]:
        return tuple(reason.condition for reason in self.reasons if reason.holds is False)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(reason.condition for reason in self.reasons if reason.holds is None)

    @property
    def matched(self) -> tuple[str, ...]:
        """The conditions about the thing itself that are known to hold: the more, the better it fits."""
        about = ("channel", "domain", "trl", "sme", "country")
        return tuple(reason.condition for reason in self.reasons if reason.holds and reason.condition in about)


def fundable(candidate: Candidate, terms: Terms, today: date) -> Verdict:
    """Whether the scheme would pay, as far as its terms say; conditions that it does not make are left out."""
    return Verdict(tuple(_reasons(candidate, terms, today)))


def _reasons(candidate: Candidate, terms: Terms, today: date) -> Iterable[Reason]:
    if terms.closed_on is not None:
        yield Reason("offered", terms.closed_on > today)
    if terms.opens_on is not None:
        yield Reason("opened", terms.opens_on <= today)
    if terms.deadline_on is not None:
        yield Reason("deadline", today <= terms.deadline_on)
    if terms.channels:
        yield Reason("channel", candidate.channel in terms.channels)
    if terms.domains:
        yield Reason("domain", candidate.domain in terms.domains if candidate.domain else None)
    if terms.trl_from is not None or terms.trl_to is not None:
        low, high = terms.trl_from or 1, terms.trl_to or 9
        yield Reason("trl", None if candidate.trl is None else low <= candidate.trl <= high)
    if terms.sme_only:
        yield Reason("sme", candidate.has_sme)
    if terms.country:
        there = terms.country in candidate.countries
        yield Reason("country", there if there or candidate.knows_countries else None)
