"""Writing the institution's units: adding, renaming, moving, closing, and who works in them."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.trees import check_parent
from core.versions import apply_edit, count_edit
from tenants.actions.members import check_colleagues
from tenants.models import Unit, UnitMember, User
from tenants.queries.tenants import lock_office
from tenants.queries.units import lock_unit


@action("tenants.create_unit")
def create_unit(*, actor: Actor, name: str, members: Iterable[User] = (), **fields: object) -> Unit:
    """Add a unit with its members. Refused: a code that another unit has, a closed parent, somebody who left."""
    unit = Unit(**{**fields, "name": name.strip(), "code": str(fields.get("code") or "").strip()})
    _check_code(unit.code, unit)
    if unit.parent is not None:
        _check_parent(unit, unit.parent)
    unit.save(force_insert=True)
    _replace_members(actor, unit, members, is_new=True)
    return unit


@action("tenants.edit_unit")
def edit_unit(
    *, actor: Actor, unit: Unit, seen: int | None = None, members: Iterable[User] | None = None, **changes: object
) -> Unit:
    """Rename or move a unit; ``members``, where given, replace the present ones.

    Refused besides: to move it below itself. ``closed_on`` None opens a closed unit again.
    """
    if changes.keys() & {"parent", "closed_on"}:
        lock_office(actor)  # before the row, as every writer of the tree does
    row = lock_unit(unit.pk)
    for name in ("name", "code"):
        if name in changes:
            changes[name] = str(changes[name]).strip()
    if "code" in changes:
        _check_code(changes["code"], row)
    parent = changes.get("parent")
    if parent is not None and parent.pk != row.parent_id:
        _check_parent(row, parent)
    if changes.get("closed_on") is not None:
        _check_closing(row, changes["closed_on"])
    edited = apply_edit(row, changes, seen=seen)
    if members is not None and _replace_members(actor, row, members) and not edited:
        count_edit(row)
    return row


@action("tenants.close_unit")
def close_unit(*, actor: Actor, unit: Unit, closed_on: date | None = None) -> Unit:
    """Close a unit on a day, today unless one is given. It stays on record. Refused while units below it are open."""
    lock_office(actor)
    row, closed_on = lock_unit(unit.pk), closed_on or timezone.localdate()
    if row.closed_on is not None:
        raise ActionRefused("closed_already", _("%s is closed already.") % row.name)
    _check_closing(row, closed_on)
    row.closed_on = closed_on
    count_edit(row, "closed_on")
    return row


@action("tenants.add_unit_member")
def add_unit_member(*, actor: Actor, unit: Unit, member: User) -> UnitMember:
    """Add a colleague to a unit; somebody may work in several. Refused for a closed unit and for who has left."""
    row = lock_unit(unit.pk)
    if row.closed_on is not None:
        raise ActionRefused("unit_closed", _("%s is closed.") % row.name, field="member")
    check_colleagues(actor, {member.pk}, field="member")
    link, created = UnitMember.objects.get_or_create(unit=row, member=member)
    if not created:
        message = _("%(name)s works in %(unit)s already.") % {"name": member.name, "unit": row.name}
        raise ActionRefused("member_twice", message, field="member")
    count_edit(row)
    return link


@action("tenants.remove_unit_member")
def remove_unit_member(*, actor: Actor, unit_member: UnitMember) -> Unit:
    """Take a colleague out of a unit; the unit is answered."""
    row = lock_unit(unit_member.unit_id)
    gone, _per_model = UnitMember.objects.filter(pk=unit_member.pk).delete()
    if gone:
        count_edit(row)
    return row


def _check_parent(row: Unit, parent: Unit) -> None:
    if parent.closed_on is not None:
        raise ActionRefused("unit_closed", _("%s is closed. Choose another.") % parent.name, field="parent")
    check_parent(row, parent)


def _check_code(code: str, row: Unit) -> None:
    taken = Unit.objects.filter(code=code).exclude(pk=row.pk).first() if code else None
    if taken is not None:
        raise ActionRefused("code_taken", _("%s has this code already.") % taken.name, field="code")


def _check_closing(row: Unit, closed_on: date) -> None:
    if closed_on > timezone.localdate():
        raise InvalidInput("in_the_future", _("The day lies in the future."), field="closed_on")
    below = Unit.objects.filter(parent=row, closed_on=None).order_by("name").first()
    if below is not None:
        message = _("%s is part of it and still open. Close or move it first.") % below.name
        raise ActionRefused("open_below", message, field="closed_on")


def _replace_members(actor: Actor, unit: Unit, members: Iterable[User], *, is_new: bool = False) -> bool:
    """Replace who works in a unit; answers whether that changed anything."""
    wanted = {member.pk for member in members}
    there = {} if is_new else {each.member_id: each.pk for each in unit.members.all()}
    new, gone = wanted - there.keys(), [pk for member, pk in there.items() if member not in wanted]
    if new:
        check_colleagues(actor, new, field="members")
        UnitMember.objects.bulk_create(UnitMember(unit=unit, member_id=pk) for pk in sorted(new))
    if gone:
        UnitMember.objects.filter(pk__in=gone).delete()
    return bool(new or gone)
