"""Reading people."""

from django.db.models import Prefetch, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Contact, OptOut, Organization
from organizations.registry import with_last_touch


@visible("organizations.view_contacts")
def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """The office's contacts by name, with who keeps them and their affiliations, present ones first."""
    affiliations = Affiliation.objects.select_related("organization").order_by("-ended_on", "-started_on", "pk")
    return (
        Contact.objects.select_related("owner")
        .prefetch_related(Prefetch("affiliations", affiliations))
        .order_by("name_key", "pk")
    )


@visible("organizations.view_contacts")
def contacts_with_last_touch(actor: Actor) -> QuerySet[Contact]:
    """The same with ``last_touch_at``: the latest interaction with them that this actor may read."""
    return with_last_touch(actor, visible_contacts(actor))


@visible("organizations.view_contacts")
def contacts_at(actor: Actor, organization: Organization, *, on) -> QuerySet[Contact]:
    """People who work at an organization on the day ``on``."""
    present = Affiliation.objects.filter(organization=organization).filter(Q(ended_on=None) | Q(ended_on__gt=on))
    return visible_contacts(actor).filter(pk__in=present.values("contact_id"))


@visible("organizations.view_contacts")
def visible_affiliations(actor: Actor) -> QuerySet[Affiliation]:
    """Positions of people, past ones included."""
    return Affiliation.objects.select_related("contact", "organization").order_by("-ended_on", "-started_on", "pk")


def lock_contact(pk: int) -> Contact:
    """The row, locked and read anew; call inside an action."""
    return Contact.objects.select_for_update(of=("self",)).get(pk=pk)


def opt_out_of(email: str) -> OptOut | None:
    """The objection recorded for an address, whatever the case of its letters; call inside an action."""
    return OptOut.objects.filter(email_key=email.strip().lower()).first() if email.strip() else None
