"""People who may be in the office's records already."""

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from organizations.queries.contacts import visible_contacts
from organizations.rules.identifiers import check_identifier

MOST_SUGGESTIONS = 5


@visible("organizations.view_contacts")
def similar_contacts(
    actor: Actor, *, name: str, email: str = "", orcid: str = "", organization_ids: Collection[int] = ()
) -> list[Contact]:
    """Contacts that may be the same person: by e-mail address, ORCID, or name at one of the organizations.

    At most five. Without an organization the name alone suggests nothing, because many people share one.
    """
    signs = []
    if email.strip():
        signs.append(Q(email_key=email.strip().lower()))
    if orcid.strip() and (checked := check_identifier("orcid", orcid)).ok:
        signs.append(Q(orcid=checked.value))
    if organization_ids:
        here = Contact.objects.filter(affiliations__organization_id__in=list(organization_ids)).values("pk")
        signs.append(Q(name_key=name.strip().lower(), pk__in=here))
    return list(visible_contacts(actor).filter(reduce(or_, signs))[:MOST_SUGGESTIONS]) if signs else []
