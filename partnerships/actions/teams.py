"""Writing who carries a partnership, and how much time colleagues have."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Contact
from partnerships.actions.partnerships import (
    change_partnership,
    check_member,
    end_other_owners,
    recompute_soon,
)
from partnerships.choices import TeamRole
from partnerships.models import Capacity, Partnership, TeamMember
from partnerships.queries.partnerships import lock_partnership
from partnerships.queries.teams import contacts_of_group, lock_capacity, lock_team_member
from tenants.models import User

MOST_DAYS = Decimal(31)
FIXED = ("partnership", "member", "contact")


@action("partnerships.add_team_member")
def add_team_member(
    *,
    actor: Actor,
    partnership: Partnership,
    role: str,
    member: User | None = None,
    contact: Contact | None = None,
    **fields: object,
) -> TeamMember:
    """Give a colleague, or a contact of the partner's group, a role. A present owner of ours owns the partnership."""
    if (member is None) == (contact is None):
        words = _("Choose a colleague or a contact, one of the two.")
        raise InvalidInput("one_person", words, field="member")
    check_member(actor, member, field="member")
    partner = lock_partnership(partnership.pk)
    today = timezone.localdate()
    if contact is not None and not contacts_of_group(actor, partner.organization, on=today).filter(pk=contact.pk):
        words = _("This person works neither at the partner nor in its group. Add the position first.")
        raise InvalidInput("works_elsewhere", words, field="contact")
    fields = {"started_on": today, "ended_on": None, **fields}
    _check_days(fields)
    row = TeamMember(partnership=partner, member=member, contact=contact, role=role, **fields)
    _check_dates(row)
    if row.ended_on is None:
        _refuse_a_second(row)
    if _owns(row):
        end_other_owners(partner, member.pk)
    row.save()
    if _owns(row):
        change_partnership(partner, {"owner": member})
    recompute_soon([partner.pk])
    return row


@action("partnerships.edit_team_member")
def edit_team_member(
    *, actor: Actor, team_member: TeamMember, seen: int | None = None, **changes: object
) -> TeamMember:
    """Change, end or take up again a role; partner and person stay. The partnership's owner follows.

    The role of an owner cannot end later than today: give the partnership to somebody else when the day comes.
    """
    partner = lock_partnership(team_member.partnership_id)
    row = lock_team_member(team_member.pk)
    for name in FIXED:
        if name in changes and changes.pop(name) != getattr(row, name):
            words = _("A role stays with its partner and its person. End it and add a new one.")
            raise ActionRefused("role_fixed", words, field=name)
    _check_days(changes)
    owned = _owns(row)
    after = TeamMember(
        partnership=partner,
        member_id=row.member_id,
        contact_id=row.contact_id,
        **{name: changes.get(name, getattr(row, name)) for name in ("role", "started_on", "ended_on")},
    )
    _check_dates(after)
    if after.ended_on is None and (row.ended_on is not None or after.role != row.role):
        _refuse_a_second(after)
    takes_over = _owns(after) and not owned
    if takes_over:
        check_member(actor, row.member, field="member")
        end_other_owners(partner, row.member_id)
    if not apply_edit(row, changes, seen=seen):
        return row
    if takes_over:
        change_partnership(partner, {"owner": row.member})
    elif owned and not _owns(row):
        change_partnership(partner, {"owner": None})
    recompute_soon([partner.pk])
    return row


@action("partnerships.set_capacity")
def set_capacity(*, actor: Actor, member: User, days_per_month: Decimal | None) -> Capacity | None:
    """Say how many days a month a colleague has for partnerships; None: not known."""
    check_member(actor, member, field="member")
    _check_days({"days_per_month": days_per_month})
    row = lock_capacity(member.pk)
    if days_per_month is None:
        if row is not None:
            row.delete()
        return None
    if row is None:
        return Capacity.objects.create(member=member, days_per_month=days_per_month)
    apply_edit(row, {"days_per_month": days_per_month}, seen=None)
    return row


def _owns(row: TeamMember) -> bool:
    return row.role == TeamRole.OWNER and row.member_id is not None and row.ended_on is None


def _refuse_a_second(row: TeamMember) -> None:
    """One open role of each kind for a person."""
    same = TeamMember.objects.filter(partnership=row.partnership, role=row.role, ended_on=None)
    if same.filter(member_id=row.member_id, contact_id=row.contact_id).exists():
        raise ActionRefused("role_held", _("This person holds this role here already."), field="role")


def _check_dates(row: TeamMember) -> None:
    if row.ended_on is not None and row.ended_on < row.started_on:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    owner = row.role == TeamRole.OWNER and row.member_id is not None
    if owner and row.ended_on is not None and row.ended_on > timezone.localdate():
        words = _("An owner's role ends today at the latest. Name the new owner when the day comes.")
        raise InvalidInput("ends_later", words, field="ended_on")


def _check_days(fields: dict[str, object]) -> None:
    days = fields.get("days_per_month")
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise InvalidInput("out_of_range", _("Give 0 to 31 days per month."), field="days_per_month")
