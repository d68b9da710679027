"""Reading interactions: what one may see of them is decided here and nowhere else."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Confidentiality
from partnerships.models import Interaction, Participant


def levels_of(actor: Actor) -> list[str]:
    """The levels that the actor may read whoever wrote it."""
    levels = [Confidentiality.INTERNAL]
    if actor.may("partnerships.view_confidential"):
        levels.append(Confidentiality.CONFIDENTIAL)
    if actor.may("partnerships.view_restricted"):
        levels.append(Confidentiality.RESTRICTED)
    return levels


def readable(actor: Actor) -> Q:
    """Internal ones for all who may see interactions; confidential ones for those entitled and those who took part."""
    levels = levels_of(actor)
    took_part = Exists(Participant.objects.filter(interaction=OuterRef("pk"), member_id=actor.user_id))
    return Q(confidentiality__in=levels) | Q(logged_by_id=actor.user_id) | Q(took_part)


@visible("partnerships.view_interactions")
def visible_interactions(actor: Actor) -> QuerySet[Interaction]:
    """The interactions the actor may read, newest first, with partner, author and participants of both sides."""
    participants = Participant.objects.select_related("contact", "member").order_by("pk")
    return (
        Interaction.objects.filter(readable(actor))
        .select_related("partnership__organization", "logged_by")
        .prefetch_related(Prefetch("participants", participants))
        .order_by("-occurred_at", "-pk")
    )


@visible("partnerships.view_interactions")
def visible_interaction_count(actor: Actor, *, partnership_id: int) -> int:
    """How many of a partner's interactions the actor may read."""
    return Interaction.objects.filter(readable(actor), partnership_id=partnership_id).count()


def lock_interaction(pk: int) -> Interaction:
    """The row, locked and read anew; call inside an action."""
    return Interaction.objects.select_for_update(of=("self",)).get(pk=pk)
