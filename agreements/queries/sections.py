"""What pages about partners and organizations say of agreements."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from agreements.models import Agreement, Party
from agreements.queries.ageing import with_ages
from agreements.queries.agreements import readable, visible_agreements
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor
from organizations.models import Organization
from partnerships.models import Partnership

MOST_ROWS = 200
MOST_BESIDE = 8


@visible("agreements.view_agreements")
def agreements_with(actor: Actor, partnership: Partnership) -> QuerySet[Agreement]:
    """The agreements with one partner that the actor may read, latest request first."""
    return visible_agreements(actor).filter(partnership=partnership).prefetch_related(None)


@visible("agreements.view_agreements")
def partner_agreements(actor: Actor, partnership: Partnership) -> dict[str, Any]:
    """The Agreements tab of a partner: what is being worked on, with its age, what stands, and what has ended."""
    today = timezone.localdate()
    rows = list(agreements_with(actor, partnership)[:MOST_ROWS])
    at_work = [row for row in rows if row.status in BEFORE_EXECUTION]
    ended = [
        row
        for row in rows
        if row.status in ("terminated", "withdrawn")
        or (row not in at_work and row.expires_on is not None and row.expires_on < today)
    ]
    return {
        "at_work": with_ages(actor, at_work),
        "standing": [row for row in rows if row not in at_work and row not in ended],
        "ended": ended,
    }


def count_agreements(actor: Actor) -> QuerySet[Agreement]:
    """The rows behind the figure on the tab of a partner."""
    return Agreement.objects.filter(readable(actor), partnership=OuterRef("pk"))


def agreements_section(actor: Actor, organization: Organization) -> dict[str, Any] | None:
    """The agreements to which an organization is a party; None for whoever may not see agreements, or without any."""
    if not actor.may("agreements.view_agreements"):
        return None
    mine = Party.objects.filter(organization=organization).values("agreement_id")
    rows = list(visible_agreements(actor).prefetch_related(None).filter(pk__in=mine)[: MOST_BESIDE + 1])
    if not rows:
        return None
    return {"agreements": rows[:MOST_BESIDE], "more": len(rows) > MOST_BESIDE, "today": timezone.localdate()}
