"""What happened with a partner, in order of time: interactions as far as one may read them, and what the system saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    F,
    Func,
    Prefetch,
    QuerySet,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Cast, Lag
from django.urls import reverse
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
from partnerships.queries.collisions import hidden_rows
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
        events, hidden = _beside(actor, partnership, since=timed[-1].occurred_at if more and timed else None)
    return Activity(pinned, _woven(timed, events), shown, more, hidden)


BAND, MOVE, HIDDEN = "band", "move", "hidden"


def _beside(actor: Actor, partnership: Partnership, *, since: datetime | None) -> tuple[list[Event], int]:
    """What nobody wrote down, latest first, and how many interactions are hidden; one statement."""
    rows = _bands(partnership, since).union(_hidden(actor, partnership), all=True)
    if actor.may("partnerships.view_opportunities"):
        rows = rows.union(_moves(partnership, since), all=True)
    labels, events, hidden = dict(Band.choices), [], 0
    for source, at, subject, detail, number in rows:
        if source == HIDDEN:
            hidden = number
        elif source == MOVE:
            url = reverse("partnerships:opportunity", args=[number])
            events.append(Event(at, f"{subject}: {detail}", "target-arrow", url))
        else:
            events.append(Event(_noon(at.date()), _("Health: %s") % labels[subject], "activity"))
    return sorted(events, key=lambda event: event.at, reverse=True), hidden


def _row(rows: QuerySet, source: str, *, at: str = "", subject: str = "", detail: str = "", number: Any) -> QuerySet:
    """Rows in the shape in which those of all sources are read."""
    texts = [Cast(F(each) if each else Value(""), TextField()) for each in (subject, detail)]
    moment = Cast(F(at) if at else Value(None), DateTimeField())
    number = Cast(number, BigIntegerField())
    return rows.values_list(Value(source, TextField()), moment, *texts, number)


def _bands(partnership: Partnership, since: datetime | None) -> QuerySet:
    before = Window(Lag("band"), order_by=["as_of", "pk"])
    rows = HealthSnapshot.objects.filter(partnership=partnership).annotate(before=before)
    rows = rows.exclude(band=F("before")).exclude(before=None)
    if since is not None:
        rows = rows.filter(as_of__gte=timezone.localtime(since).date())
    rows = rows.order_by("-as_of", "-pk")
    return _row(rows, BAND, at="as_of", subject="band", number=Value(None))[:MOST_EVENTS]


def _moves(partnership: Partnership, since: datetime | None) -> QuerySet:
    rows = OpportunityMove.objects.filter(opportunity__partnership=partnership)
    if since is not None:
        rows = rows.filter(moved_at__gte=since)
    rows = rows.order_by("-moved_at", "-pk")
    names = {"subject": "opportunity__title", "detail": "to_stage__name"}
    return _row(rows, MOVE, at="moved_at", number=F("opportunity_id"), **names)[:MOST_EVENTS]


def _hidden(actor: Actor, partnership: Partnership) -> QuerySet:
    rows = hidden_rows(actor, partnership_id=partnership.pk).order_by()
    return _row(rows, HIDDEN, number=Func(F("pk"), function="count"))


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
