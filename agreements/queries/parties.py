"""Who can be a party: every organization the office knows, the institution itself included."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Organization


@visible("organizations.view_organizations")
def possible_parties(actor: Actor) -> QuerySet[Organization]:
    """The office's organizations by name; the institution's own is a party too."""
    return Organization.objects.order_by("name_key", "pk")
