"""What happened with a partner, in order of time: interactions as far as one may read them, and what the system saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Band
from partnerships.models import (
    FollowUp,
    HealthSnapshot,
    Interaction,
    InteractionAttachment,
    OpportunityMove,
    Partnership,
)
from partnerships.queries.collisions import hidden_count
from partnerships.queries.interactions import visible_interactions

STEP = 20
MOST = 400
MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Event:
    """Something that nobody wrote down: a change of health, a move along the pipeline."""

    at: datetime
    words: str
    icon: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline: an interaction, or the events between two interactions together."""

    interaction: Interaction | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """``pinned`` stand on top whatever their age. ``hidden``: how many more one may know of and not read."""

    pinned: Sequence[Interaction]
    entries: Sequence[Entry]
    shown: int
    more: bool
    hidden: int


def with_parts(rows: QuerySet[Interaction], actor: Actor) -> QuerySet[Interaction]:
    """Readable interactions with their files, opportunity and what was promised in them."""
    files = InteractionAttachment.objects.select_related("file").order_by("pk")
    promised = FollowUp.objects.select_related("assignee").order_by("due_on", "pk")
    rows = rows.select_related("opportunity").prefetch_related(Prefetch("followups", promised))
    return rows.prefetch_related(Prefetch("attachments", files)) if actor.may("partnerships.view_attachments") else rows


@visible("partnerships.view_interactions")
def activity_of(actor: Actor, partnership: Partnership, *, kind: str = "", q: str = "", shown: int = STEP) -> Activity:
    """The latest ``shown`` interactions of a kind, or whose note contains ``q``, with the events of the same time.

    A filter leaves out events and the count of what is hidden: neither would be an answer to it.
    """
    shown = max(STEP, min(shown, MOST))
    rows = visible_interactions(actor).filter(partnership=partnership)
    if kind:
        rows = rows.filter(kind=kind)
    if q:
        rows = rows.filter(note__icontains=q)
    rows = list(with_parts(rows, actor).order_by("-is_pinned", "-occurred_at", "-pk")[: shown + 1])
    more, rows = len(rows) > shown, rows[:shown]
    pinned = [row for row in rows if row.is_pinned]
    timed = [row for row in rows if not row.is_pinned]
    events: list[Event] = []
    hidden = 0
    if not kind and not q:
        events = _events(actor, partnership, since=timed[-1].occurred_at if more and timed else None)
        hidden = hidden_count(actor, partnership_id=partnership.pk)
    return Activity(pinned, _woven(timed, events), shown, more, hidden)


def _events(actor: Actor, partnership: Partnership, *, since: datetime | None) -> list[Event]:
    before = Window(Lag("band"), order_by=["as_of", "pk"])
    bands = HealthSnapshot.objects.filter(partnership=partnership).annotate(before=before).exclude(band=F("before"))
    if since is not None:
        bands = bands.filter(as_of__gte=timezone.localtime(since).date())
    labels = dict(Band.choices)
    events = [
        Event(_noon(row.as_of), _("Health: %s") % labels[row.band], "activity")
        for row in bands.order_by("-as_of", "-pk")[:MOST_EVENTS]
        if row.before is not None
    ]
    if actor.may("partnerships.view_opportunities"):
        moves = OpportunityMove.objects.filter(opportunity__partnership=partnership)
        if since is not None:
            moves = moves.filter(moved_at__gte=since)
        moves = moves.select_related("opportunity", "to_stage").order_by("-moved_at", "-pk")
        events += [
            Event(
                move.moved_at,
                f"{move.opportunity.title}: {move.to_stage.name}",
                "target-arrow",
                move.opportunity.get_absolute_url(),
            )
            for move in moves[:MOST_EVENTS]
        ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _woven(rows: Sequence[Interaction], events: Sequence[Event]) -> list[Entry]:
    """Both in one order of time; events that follow each other become one entry."""
    entries: list[Entry] = []
    waiting = list(events)
    for row in rows:
        together = [event for event in waiting if event.at >= row.occurred_at]
        if together:
            entries.append(Entry(events=tuple(together)))
            waiting = waiting[len(together) :]
        entries.append(Entry(interaction=row))
    if waiting:
        entries.append(Entry(events=tuple(waiting)))
    return entries
