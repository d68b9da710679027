"""Writing talent events: hires, guest lectures, career fairs, and whatever else moves people, as counts."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import recompute_soon
from partnerships.choices_talent import TalentEventKind
from partnerships.models import Partnership, Placement, TalentEvent
from partnerships.queries.talent import lock_talent_event
from tenants.actions.deletion import delete_record

MOST_PEOPLE = 100_000


@action("partnerships.add_talent_event")
def add_talent_event(*, actor: Actor, partnership: Partnership, kind: str, **fields: object) -> TalentEvent:
    """Add an event with the number of people. A placement that has begun counts by itself and needs none."""
    return make_talent_event(partnership=partnership, kind=kind, **fields)


def make_talent_event(*, partnership: Partnership, kind: str, **fields: object) -> TalentEvent:
    """The row itself, for actions that record one as part of what they do."""
    row = TalentEvent(partnership=partnership, kind=kind)
    _check(fields, row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    recompute_soon([partnership.pk])
    return row


@action("partnerships.edit_talent_event")
def edit_talent_event(*, actor: Actor, event: TalentEvent, seen: int | None = None, **changes: object) -> TalentEvent:
    """Change an event; its partner stays."""
    row = lock_talent_event(event.pk)
    given = changes.pop("partnership", None)
    if given is not None and given.pk != row.partnership_id:
        raise ActionRefused("fixed", _("An event stays with its partner. Add a new one."), field="partnership")
    _check(changes, row)
    if apply_edit(row, changes, seen=seen):
        recompute_soon([row.partnership_id])
    return row


@action("partnerships.delete_talent_event")
def delete_talent_event(*, actor: Actor, event: TalentEvent) -> None:
    """Delete an event; the recycle bin keeps it for 30 days."""
    row = lock_talent_event(event.pk)
    delete_record(actor, row)
    recompute_soon([row.partnership_id])


def _check(fields: dict[str, object], row: TalentEvent) -> None:
    kind = fields.get("kind", row.kind)
    if kind not in TalentEventKind.values:
        raise InvalidInput("unknown_kind", _("Choose a kind from the list."), field="kind")
    if "people" in fields and not 1 <= (fields["people"] or 0) <= MOST_PEOPLE:
        raise InvalidInput("out_of_range", _("Give 1 to 100,000 people."), field="people")
    check_days(fields, "occurred_on")
    day = fields.get("occurred_on", row.occurred_on)
    if kind == TalentEventKind.HIRE and day is not None and day > timezone.localdate():
        raise InvalidInput("in_future", _("A hire counts from its first day. Record it then."), field="occurred_on")
    placement: Placement | None = fields.get("placement")
    if placement is not None and placement.partnership_id != row.partnership_id:
        raise InvalidInput("other_partner", _("This placement is at another partner."), field="placement")
