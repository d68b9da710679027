"""What the log form offers for a partner."""

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from organizations.queries.contacts import contacts_at
from partnerships.choices import Confidentiality, StageMeaning
from partnerships.models import Opportunity, Partnership

MOST_OFFERED = 300


@visible("organizations.view_contacts")
def contacts_in_touch(actor: Actor, partnership: Partnership) -> QuerySet[Contact]:
    """The partner's people, whoever was in touch last first, with their keepers.

    Only internal interactions order them: the order must not tell of a confidential one.
    """
    people = contacts_at(actor, partnership.organization, on=timezone.localdate()).prefetch_related(None)
    talks = Q(
        participations__interaction__partnership=partnership,
        participations__interaction__confidentiality=Confidentiality.INTERNAL,
    )
    people = people.annotate(last_touch=Max("participations__interaction__occurred_at", filter=talks))
    ordered = people.order_by(F("last_touch").desc(nulls_last=True), "name_key", "pk")
    return ordered.select_related("owner")[:MOST_OFFERED]


@visible("partnerships.view_opportunities")
def opportunities_to_log(actor: Actor, partnership: Partnership) -> QuerySet[Opportunity]:
    """The partner's opportunities that are open or on hold, by title."""
    rows = Opportunity.objects.filter(
        partnership=partnership, stage__meaning__in=[StageMeaning.OPEN, StageMeaning.ON_HOLD]
    )
    return rows.order_by("title", "pk")[:MOST_OFFERED]
