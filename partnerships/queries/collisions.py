"""Who else of the office was in touch with a partner lately: said before somebody writes, without what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Confidentiality, InteractionKind
from partnerships.models import Interaction, Partnership
from partnerships.queries.interactions import readable
from tenants.models import UnitMember

COLLISION_DAYS = 30
MOST_NAMED = 3
SILENT_KINDS = (InteractionKind.NOTE, InteractionKind.BULK_MAIL)


@dataclass(frozen=True, slots=True)
class Contacting:
    """Another unit, or a colleague by name, and when it was last in touch."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Collisions:
    """Others' contact with a partner in the last 30 days, latest first; ``hidden`` counts what one may only know of."""

    others: Sequence[Contacting] = ()
    hidden: int = 0

    def __bool__(self) -> bool:
        return bool(self.others or self.hidden)


def knowable(actor: Actor) -> Q:
    """Interactions whose existence the actor may know though not read them: one level above what they may read."""
    levels = []
    if actor.may("partnerships.view_hidden_touches"):
        levels.append(Confidentiality.CONFIDENTIAL)
    if actor.may("partnerships.view_confidential"):
        levels.append(Confidentiality.RESTRICTED)
    return Q(confidentiality__in=levels)


@visible("partnerships.view_interactions")
def hidden_rows(actor: Actor, *, partnership_id: int) -> QuerySet[Interaction]:
    """A partner's interactions that the actor may know of and not read: to be counted, never to be shown."""
    rows = Interaction.objects.filter(knowable(actor), partnership_id=partnership_id)
    return rows.exclude(pk__in=Interaction.objects.filter(readable(actor)).values("pk"))


@visible("partnerships.view_interactions")
def collisions(actor: Actor, partnership: Partnership) -> Collisions:
    """Who else was in touch with the partner in the last 30 days. Notes and mailings are no contact.

    Colleagues of the actor's own units are called by name, all others by their unit where they have one.
    """
    rows = _by_others(actor, partnership).annotate(
        is_readable=Case(When(readable(actor), then=Value(True)), default=Value(False)),
        unit_name=Subquery(
            UnitMember.objects.filter(member_id=OuterRef("logged_by_id"), unit__closed_on=None)
            .exclude(unit__in=UnitMember.objects.filter(member_id=actor.user_id).values("unit"))
            .order_by("unit__name")
            .values("unit__name")[:1],
            output_field=CharField(),
        ),
    )
    found = rows.order_by("-occurred_at").values_list("is_readable", "unit_name", "logged_by__name", "occurred_at")
    latest: dict[str, datetime] = {}
    hidden = 0
    for is_readable, unit, name, at in found[:200]:
        if not is_readable:
            hidden += 1
        elif unit or name:
            latest.setdefault(unit or name, at)
    others = [Contacting(who, at) for who, at in latest.items()]
    return Collisions(others[:MOST_NAMED], hidden)


def _by_others(actor: Actor, partnership: Partnership) -> QuerySet[Interaction]:
    since = timezone.now() - timedelta(days=COLLISION_DAYS)
    rows = Interaction.objects.filter(readable(actor) | knowable(actor), partnership=partnership)
    rows = rows.filter(occurred_at__gte=since, occurred_at__lte=timezone.now()).exclude(kind__in=SILENT_KINDS)
    return rows.exclude(logged_by_id=actor.user_id).exclude(participants__member_id=actor.user_id)
