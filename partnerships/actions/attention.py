"""Putting a line of Today off."""

import re
from datetime import date

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from partnerships.actions.followups import check_snooze
from partnerships.models import AttentionSnooze

KEY = re.compile(r"[a-z_]{1,40}-[0-9]{1,18}")


@action("partnerships.snooze_item")
def snooze_item(*, actor: Actor, key: str, until: date) -> AttentionSnooze:
    """Hide an item from the actor's own Today before the day ``until``; nobody else's changes."""
    if not KEY.fullmatch(key):
        raise InvalidInput("no_such_item", _("There is no such item."), field="key")
    check_snooze(until)
    row, _created = AttentionSnooze.objects.update_or_create(
        tenant_id=actor.tenant_id, member_id=actor.user_id, key=key, defaults={"until": until}
    )
    return row
