"""Where merged records went."""

from core.actor import Actor
from organizations.choices import MergedKind
from organizations.models import MergedRecord
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations

READS = {MergedKind.ORGANIZATION: visible_organizations, MergedKind.CONTACT: visible_contacts}


def merged_organization(actor: Actor, old_id: int) -> int | None:
    """The id of the organization that stands for a merged one, if the actor may see that; else None."""
    return _merged_into(actor, old_id, kind=MergedKind.ORGANIZATION)


def merged_contact(actor: Actor, old_id: int) -> int | None:
    """The same for a person."""
    return _merged_into(actor, old_id, kind=MergedKind.CONTACT)


def _merged_into(actor: Actor, old_id: int, *, kind: MergedKind) -> int | None:
    new_id = MergedRecord.objects.filter(kind=kind, old_id=old_id).values_list("new_id", flat=True).first()
    if new_id is None or not READS[kind](actor).filter(pk=new_id).exists():
        return None
    return new_id
