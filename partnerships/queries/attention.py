"""Reading what one person put off."""

from datetime import date

from core.actions import visible
from core.actor import Actor
from partnerships.models import AttentionSnooze


@visible("partnerships.view_partnerships")
def put_off(actor: Actor, *, today: date) -> set[str]:
    """The keys of the lines that the actor does not want to see today."""
    rows = AttentionSnooze.objects.filter(member_id=actor.user_id, until__gt=today)
    return set(rows.values_list("key", flat=True))
