"""Reading people."""

from django.db.models import Prefetch, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Contact, Organization


@visible("organizations.view_contacts")
def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """The office's contacts by name, with their affiliations, present ones first."""
    affiliations = Affiliation.objects.select_related("organization").order_by("ended_on", "-started_on", "pk")
    return Contact.objects.prefetch_related(Prefetch("affiliations", affiliations)).order_by("name_key", "pk")


@visible("organizations.view_contacts")
def contacts_at(actor: Actor, organization: Organization, *, on) -> QuerySet[Contact]:
    """People who work at an organization on the day ``on``."""
    present = Affiliation.objects.filter(organization=organization).filter(Q(ended_on=None) | Q(ended_on__gt=on))
    return visible_contacts(actor).filter(pk__in=present.values("contact_id"))


def lock_contact(pk: int) -> Contact:
    """The row, locked and read anew; call inside an action."""
    return Contact.objects.select_for_update(of=("self",)).get(pk=pk)
