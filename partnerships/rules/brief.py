"""What to say and what to ask in a meeting with a partner: drawn from the records, at most three of each.

Deterministic and ranked: what would hurt most if it went unsaid comes first. Nothing is invented; where the records
say nothing, the list is short.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MOST = 3
SILENT_DAYS = 90
SOON_DAYS = 60


class Point(NamedTuple):
    """One statement for a person: a code to be put into words, and what belongs into it."""

    code: str
    subject: str = ""
    number: int | None = None


@dataclass(frozen=True)
class BriefFacts:
    """One partnership on the day of the brief.

    days_silent: since the last contact, None if never. overdue: what we promised and have not done, oldest first.
    steps: (title, next step) of open opportunities, the weightiest first. unmet: needs of theirs without an
    opportunity. events: what changed on their side lately. slipping: objectives overdue or at risk. thread: the one
    person who carries the contact on their side, empty when it is spread. review_due: when the next review is due.
    """

    today: date
    days_silent: int | None = None
    overdue: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    unmet: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    slipping: tuple[str, ...] = ()
    thread: str = ""
    our_sponsor: bool = True
    their_sponsor: bool = True
    their_aims_known: bool = True
    review_due: date | None = None


def talking_points(facts: BriefFacts) -> list[Point]:
    """What to bring up, most pressing first."""
    points = [Point("overdue", title) for title in facts.overdue[:1]]
    if facts.days_silent is not None and facts.days_silent > SILENT_DAYS:
        points.append(Point("silent", number=facts.days_silent))
    points += [Point("slipping", title) for title in facts.slipping[:1]]
    points += [Point("event", words) for words in facts.events[:1]]
    points += [Point("unmet", title) for title in facts.unmet[:1]]
    if facts.review_due is not None and (facts.review_due - facts.today).days <= SOON_DAYS:
        points.append(Point("review", number=(facts.review_due - facts.today).days))
    points += [Point("slipping", title) for title in facts.slipping[1:2]]
    return points[:MOST]


def asks(facts: BriefFacts) -> list[Point]:
    """What to ask for, most valuable first."""
    points = [Point("step", f"{title}: {step}") for title, step in facts.steps[:2]]
    if facts.thread:
        points.append(Point("second_contact", facts.thread))
    if not facts.their_sponsor:
        points.append(Point("their_sponsor"))
    if not facts.their_aims_known:
        points.append(Point("their_aims"))
    points += [Point("explore_need", title) for title in facts.unmet[:1]]
    points += [Point("step", f"{title}: {step}") for title, step in facts.steps[2:3]]
    if not points:
        points.append(Point("measure"))
    return points[:MOST]
