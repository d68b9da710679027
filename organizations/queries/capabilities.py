"""Reading capabilities."""

from django.db.models import Prefetch, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Capability, CapabilityTopic


@visible("organizations.view_capabilities")
def visible_capabilities(actor: Actor) -> QuerySet[Capability]:
    """What the institution offers, by title, with unit, lead and topics."""
    topics = CapabilityTopic.objects.order_by("scheme", "code")
    return (
        Capability.objects.select_related("unit", "lead")
        .prefetch_related(Prefetch("topics", topics))
        .order_by("title", "pk")
    )


def lock_capability(pk: int) -> Capability:
    """The row, locked and read anew; call inside an action."""
    return Capability.objects.select_for_update(of=("self",)).get(pk=pk)
