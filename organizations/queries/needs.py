"""Reading needs. What only some may read of them is decided here."""

from django.db.models import BooleanField, Prefetch, QuerySet, Value
from django.db.models.functions import Cast

from core.actions import visible
from core.actor import Actor
from organizations.models import Need, NeedTopic

DETAILS = ("text", "budget", "currency", "contact")


@visible("organizations.view_needs")
def visible_needs(actor: Actor) -> QuerySet[Need]:
    """The office's needs, the latest first, with organization and topics.

    ``shows_details`` says whether this actor may read text, budget and who told us; else these are not loaded, and a
    page or serializer must not ask for them.
    """
    details = actor.may("organizations.view_need_details")
    topics = NeedTopic.objects.order_by("scheme", "code")
    rows = (
        Need.objects.select_related("organization")
        .prefetch_related(Prefetch("topics", topics))
        .annotate(shows_details=Cast(Value(details), BooleanField()))
        .order_by("-created_at", "-pk")
    )
    return rows.select_related("organization", "contact") if details else rows.defer(*DETAILS)


def lock_need(pk: int) -> Need:
    """The row, locked and read anew; call inside an action."""
    return Need.objects.select_for_update(of=("self",)).get(pk=pk)
