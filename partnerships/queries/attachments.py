"""Reading attachments: whoever may read the interaction, and nobody else."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.models import Interaction, InteractionAttachment
from partnerships.queries.interactions import readable


@visible("partnerships.view_attachments")
def visible_attachments(actor: Actor) -> QuerySet[InteractionAttachment]:
    """The files of the interactions that the actor may read, in the order in which they were added."""
    interactions = Interaction.objects.filter(readable(actor))
    rows = InteractionAttachment.objects.filter(interaction__in=interactions.values("pk"))
    return rows.select_related("file__uploaded_by", "interaction").order_by("pk")


@visible("partnerships.view_attachments")
def attachments_of(actor: Actor, interaction: Interaction) -> QuerySet[InteractionAttachment]:
    """The files of one interaction."""
    return visible_attachments(actor).filter(interaction=interaction)
