"""What the office did with a person: for the list of people, the page about one, and requests to see what is held.

Everything here is made of interactions that the reader may read, days and strengths included: that a confidential
meeting took place does not show.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from partnerships.models import Interaction, Participant
from partnerships.queries.health_configuration import health_config
from partnerships.queries.interactions import readable, visible_interactions
from partnerships.queries.ties import Tie
from partnerships.rules.touches import TOUCH_WEIGHTS
from tenants.models import User

MOST_TOUCHES = 2000


def annotate_last_touch(actor: Actor, rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """The people with ``last_touch_at``: the latest interaction with each that this actor may read."""
    touches = Interaction.objects.filter(participants__contact=OuterRef("pk"), occurred_at__lte=timezone.now())
    if actor.may("partnerships.view_interactions"):
        touches = touches.filter(readable(actor))
    else:
        touches = touches.none()
    return rows.annotate(last_touch_at=Subquery(touches.order_by("-occurred_at").values("occurred_at")[:1]))


@visible("partnerships.view_ties")
def who_knows(actor: Actor, contact: Contact) -> list[Tie]:
    """Colleagues by how much they have been in touch with a person, decayed, the strongest first.

    Empty for somebody who objects to relationship scoring.
    """
    if contact.objects_to_scoring:
        return []
    config, now = health_config(), timezone.now()
    since = now - timedelta(days=config.window_days)
    met = Interaction.objects.filter(readable(actor), participants__contact=contact, occurred_at__range=(since, now))
    rows = Participant.objects.filter(interaction__in=met.values("pk"), member__isnull=False).order_by(
        "-interaction__occurred_at", "pk"
    )
    touches = rows.values_list("member_id", "interaction__kind", "interaction__occurred_at")
    mass: defaultdict[int, float] = defaultdict(float)
    last: dict[int, datetime] = {}
    for member, kind, at in touches[:MOST_TOUCHES]:
        mass[member] += TOUCH_WEIGHTS.get(kind, 0.0) * 0.5 ** ((now - at).days / config.half_lives.ties)
        last.setdefault(member, at)
    people = User.objects.filter(memberships__tenant_id=actor.tenant_id).in_bulk(mass)
    total = sum(mass.values())
    ties = [Tie(people[pk], mass[pk], mass[pk] / total, last=last[pk]) for pk in mass if mass[pk] > 0]
    return sorted(ties, key=lambda tie: (-tie.mass, tie.person.name, tie.person.pk))


def who_knows_section(actor: Actor, contact: Contact) -> dict[str, Any] | None:
    """What a person's page shows of ties."""
    if not (actor.may("partnerships.view_ties") and actor.may("partnerships.view_interactions")):
        return None
    return {"ties": who_knows(actor, contact), "objects": contact.objects_to_scoring}


def activity_section(actor: Actor, contact: Contact) -> dict[str, Any] | None:
    """What a person's page shows of interactions: those that the reader may read."""
    if not actor.may("partnerships.view_interactions"):
        return None
    rows = visible_interactions(actor).filter(participants__contact=contact)
    return {"interactions": rows[:20]}


def interactions_held(actor: Actor, contact: Contact) -> list[dict[str, Any]]:
    """The interactions that name a person, for a request to see what is held, as far as the actor may read them."""
    if not actor.may("partnerships.view_interactions"):
        return []
    return [
        {
            _("when"): each.occurred_at,
            _("kind"): each.get_kind_display(),
            _("partner"): each.partnership.organization.name,
            _("what happened"): each.note,
            _("logged by"): each.logged_by.name if each.logged_by else "",
        }
        for each in visible_interactions(actor).filter(participants__contact=contact)[:MOST_TOUCHES]
    ]
