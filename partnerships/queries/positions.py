"""Reading programs and positions: what is offered. How many compete for a place, staff alone learn."""

from django.db.models import BooleanField, Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from core.actions import visible
from core.actor import Actor
from partnerships.choices_talent import PositionStatus
from partnerships.models import Candidacy, Partnership, Position, TalentProgram
from partnerships.rules.talent import HOLDING_PLACES


@visible("partnerships.view_talent")
def visible_programs(actor: Actor) -> QuerySet[TalentProgram]:
    """The office's programs by name, those no longer offered included."""
    return TalentProgram.objects.select_related("unit", "coordinator").order_by("name", "pk")


@visible("partnerships.view_talent")
def open_programs(actor: Actor) -> QuerySet[TalentProgram]:
    """The programs that are still offered: what forms offer."""
    return TalentProgram.objects.filter(closed_on=None).order_by("name", "pk")


@visible("partnerships.view_talent")
def visible_positions(actor: Actor) -> QuerySet[Position]:
    """The office's positions with program, partner and people; the latest start first.

    ``candidates`` and ``taken`` (places offered or accepted) are None for who may not see candidates; ``shows_people``
    says whether the supervisor may be named.
    """
    rows = Position.objects.select_related(
        "program", "partnership__organization", "project", "supervisor", "academic_lead"
    )
    if actor.may("partnerships.view_candidacies"):
        rows = rows.annotate(candidates=_number(), taken=_number(status__in=sorted(HOLDING_PLACES)))
    else:
        nothing = Value(None, output_field=IntegerField())
        rows = rows.annotate(candidates=nothing, taken=nothing)
    named = Value(actor.may("organizations.view_contacts"), output_field=BooleanField())
    return rows.annotate(shows_people=named).order_by("-starts_on", "-pk")


def _number(**narrowed: object) -> Coalesce:
    rows = Candidacy.objects.filter(position=OuterRef("pk"), **narrowed).order_by().values("position")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


@visible("partnerships.view_talent")
def positions_with(actor: Actor, partnership: Partnership) -> list[Position]:
    """The positions of one partner, those that can be applied for first."""
    order = {PositionStatus.POSTED: 0, PositionStatus.PENDING: 1, PositionStatus.DRAFT: 2}
    rows = list(visible_positions(actor).filter(partnership=partnership)[:200])
    return sorted(rows, key=lambda row: order.get(row.status, 3))


def lock_program(pk: int) -> TalentProgram:
    """The row, locked and read anew; call inside an action."""
    return TalentProgram.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_position(pk: int) -> Position:
    """The row with program and partner, locked and read anew; call inside an action."""
    rows = Position.objects.select_for_update(of=("self",))
    return rows.select_related("program", "partnership__organization").get(pk=pk)


def places_taken(position_id: int) -> int:
    """How many places of a *locked* position are offered or accepted."""
    return Candidacy.objects.filter(position_id=position_id, status__in=HOLDING_PLACES).count()
