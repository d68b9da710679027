"""Handing over what a leaving colleague carries: each thing to a named successor, all at once."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from partnerships.actions.partnerships import change_partnership, check_member, recompute_soon
from partnerships.choices import HandoverStatus
from partnerships.models import Handover, HandoverItem, TeamMember
from partnerships.queries.handovers import KINDS, carried_things, lock_handover, lock_thing, open_handover
from partnerships.queries.partnerships import lock_partnership
from tenants.models import Membership, User

OWNED_BY = {"opportunity": "owner", "followup": "assignee", "contact": "owner"}


@action("partnerships.start_handover")
def start_handover(*, actor: Actor, member: User, last_day: date, note: str = "") -> Handover:
    """List all that a colleague carries, for successors to be named. One open handover per colleague.

    Somebody whose membership has ended already may be handed over too.
    """
    if not Membership.objects.filter(tenant_id=actor.tenant_id, user=member).exists():
        raise InvalidInput("not_a_member", _("This person never worked here."), field="member")
    if open_handover(member.pk) is not None:
        words = _("A handover for %s is under way. Go on with that one.") % member.name
        raise ActionRefused("handover_open", words, field="member")
    row = Handover.objects.create(member=member, last_day=last_day, note=note, started_by_id=actor.user_id)
    _list(row, carried_things(member))
    return row


@action("partnerships.refresh_handover")
def refresh_handover(*, actor: Actor, handover: Handover) -> Handover:
    """Add what the colleague has taken on since, and take off the list what they carry no more."""
    row = _open(handover)
    if _bring_up_to_date(row):
        count_edit(row)
    return row


@action("partnerships.choose_successors")
def choose_successors(
    *, actor: Actor, handover: Handover, successor: User | None, items: Iterable[int] | None = None
) -> Handover:
    """Name the successor for some lines by their ids, or for every line that has none; None takes the name away."""
    row = _open(handover)
    check_member(actor, successor, field="successor")
    if successor is not None and successor.pk == row.member_id:
        words = _("%s is leaving. Choose somebody else.") % row.member.name
        raise InvalidInput("leaves_too", words, field="successor")
    lines = HandoverItem.objects.filter(handover=row, settled_at=None)
    lines = lines.filter(successor=None) if items is None else lines.filter(pk__in=items)
    if lines.update(successor=successor):
        count_edit(row)
    return row


@action("partnerships.finish_handover")
def finish_handover(*, actor: Actor, handover: Handover) -> Handover:
    """Give every line to its successor, all or nothing.

    Refused while a line has no successor, a successor does not work here any more, or the list is out of date.
    """
    row = _open(handover)
    lines = list(HandoverItem.objects.filter(handover=row, settled_at=None).select_related("successor").order_by("pk"))
    if _missing(row, lines):
        words = _("%s has taken on more since. Look again, then name the successors.") % row.member.name
        raise ActionRefused("handover_outdated", words)
    lacking = sum(line.successor_id is None for line in lines)
    if lacking:
        words = ngettext(
            "%d line has no successor yet. Name one, then finish.",
            "%d lines have no successor yet. Name them, then finish.",
            lacking,
        )
        raise ActionRefused("successor_missing", words % lacking, details={"lacking": lacking})
    for successor in {line.successor for line in lines}:
        check_member(actor, successor, field="successor")
    carried = carried_things(row.member)
    for line in lines:
        kind, pk = thing_of(line)
        if pk in carried[kind]:
            _give(kind, pk, line.successor)
    now = timezone.now()
    for line in lines:
        line.settled_at = now
    HandoverItem.objects.bulk_update(lines, ["settled_at"], batch_size=1000)
    row.status, row.finished_at = HandoverStatus.DONE, now
    count_edit(row, "status", "finished_at")
    return row


@action("partnerships.cancel_handover")
def cancel_handover(*, actor: Actor, handover: Handover) -> Handover:
    """The colleague stays: nothing changes hands."""
    row = _open(handover)
    row.status, row.finished_at = HandoverStatus.CANCELED, timezone.now()
    count_edit(row, "status", "finished_at")
    return row


def thing_of(line: HandoverItem) -> tuple[str, int]:
    """What a line is about: its kind and id."""
    return next((kind, pk) for kind in KINDS if (pk := getattr(line, f"{kind}_id")) is not None)


def _open(handover: Handover) -> Handover:
    row = lock_handover(handover.pk)
    if row.status != HandoverStatus.OPEN:
        raise ActionRefused("handover_closed", _("This handover is closed. Start a new one."))
    return row


def _list(row: Handover, things: dict[str, list[int]]) -> None:
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=row, **{f"{kind}_id": pk}) for kind, ids in things.items() for pk in ids
    )


def _missing(row: Handover, lines: list[HandoverItem]) -> dict[str, list[int]]:
    """What the colleague carries that no line names."""
    listed = {thing_of(line) for line in lines}
    carried = carried_things(row.member)
    missing = {kind: [pk for pk in ids if (kind, pk) not in listed] for kind, ids in carried.items()}
    return {kind: ids for kind, ids in missing.items() if ids}


def _bring_up_to_date(row: Handover) -> bool:
    lines = list(HandoverItem.objects.filter(handover=row, settled_at=None))
    carried = carried_things(row.member)
    gone = [line.pk for line in lines for kind, pk in [thing_of(line)] if pk not in carried[kind]]
    missing = _missing(row, lines)
    HandoverItem.objects.filter(pk__in=gone).delete()
    _list(row, missing)
    return bool(gone or missing)


def _give(kind: str, pk: int, successor: User) -> None:
    if kind == "partnership":
        change_partnership(lock_partnership(pk), {"owner": successor})
    elif kind == "role":
        _pass_role(pk, successor)
    else:
        apply_edit(lock_thing(kind, pk), {OWNED_BY[kind]: successor}, seen=None)


def _pass_role(pk: int, successor: User) -> None:
    """End a role today; the successor's begins, unless they hold it already."""
    row, today = lock_thing("role", pk), timezone.localdate()
    apply_edit(row, {"ended_on": max(today, row.started_on)}, seen=None)
    same = TeamMember.objects.filter(partnership_id=row.partnership_id, role=row.role, member=successor, ended_on=None)
    if not same.exists():
        TeamMember.objects.create(
            partnership_id=row.partnership_id,
            member=successor,
            role=row.role,
            unit_id=row.unit_id,
            days_per_month=row.days_per_month,
            started_on=max(today, row.started_on),
        )
    recompute_soon([row.partnership_id])
