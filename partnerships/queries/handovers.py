"""Reading handovers, and what a colleague carries."""

from django.db.models import CharField, Count, Model, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from partnerships.choices import HandoverStatus, PartnershipStatus, TeamRole
from partnerships.models import FollowUp, Handover, HandoverItem, Opportunity, Partnership, TeamMember
from tenants.models import User
from tenants.registry import LeavingNotice

# What somebody carries, by the name of the reference in a line of a handover.
KINDS: dict[str, type[Model]] = {
    "partnership": Partnership,
    "role": TeamMember,
    "opportunity": Opportunity,
    "followup": FollowUp,
    "contact": Contact,
}


@visible("partnerships.view_handovers")
def visible_handovers(actor: Actor) -> QuerySet[Handover]:
    """Handovers with ``lines`` and how many are ``named`` and ``settled``; open ones first, then the latest."""
    settled = Count("items", filter=Q(items__settled_at__isnull=False))
    return (
        Handover.objects.select_related("member", "started_by")
        .annotate(lines=Count("items"), named=Count("items", filter=Q(items__successor__isnull=False)), settled=settled)
        .order_by("finished_at", "-last_day", "-pk")
    )


@visible("partnerships.view_handovers")
def lines_of(actor: Actor, handover: Handover) -> QuerySet[HandoverItem]:
    """The lines of a handover with what they are about."""
    return (
        HandoverItem.objects.filter(handover=handover)
        .select_related(
            "partnership__organization",
            "role__partnership__organization",
            "role__member",
            "followup__partnership__organization",
            "opportunity__partnership__organization",
            "contact",
            "successor",
        )
        .order_by("pk")
    )


def open_handover(member_id: int) -> Handover | None:
    """The handover under way for a colleague."""
    return Handover.objects.filter(member_id=member_id, status=HandoverStatus.OPEN).first()


def carried_things(member: User) -> dict[str, list[int]]:
    """The ids of all that a colleague carries now, by kind: what has to go to somebody else when they leave."""
    today = timezone.localdate()
    present = Q(ended_on=None) | Q(ended_on__gt=today)
    rows = {
        "partnership": Partnership.objects.filter(owner=member).exclude(status=PartnershipStatus.ENDED),
        "role": TeamMember.objects.filter(present, member=member).exclude(role=TeamRole.OWNER),
        "opportunity": Opportunity.objects.filter(owner=member, closed_at=None),
        "followup": FollowUp.objects.filter(assignee=member, done_at=None),
        "contact": Contact.objects.filter(owner=member),
    }
    parts = [rows[kind].order_by().annotate(what=Value(kind, CharField())).values_list("what", "pk") for kind in KINDS]
    things: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for kind, pk in sorted(parts[0].union(*parts[1:], all=True)):
        things[kind].append(pk)
    return things


def lock_handover(pk: int) -> Handover:
    """The row, locked and read anew; call inside an action."""
    return Handover.objects.select_for_update(of=("self",)).select_related("member").get(pk=pk)


def lock_thing(kind: str, pk: int) -> Model:
    """A thing that is handed over, locked and read anew; call inside an action."""
    return KINDS[kind].objects.select_for_update(of=("self",)).get(pk=pk)


def still_carried(actor: Actor, member: User) -> LeavingNotice | None:
    """What to tell before a colleague's membership ends; None when they carry nothing."""
    things = carried_things(member)
    number = sum(len(ids) for ids in things.values())
    if not number:
        return None
    words = ngettext(
        "%(name)s still carries %(number)d thing: partners, roles, opportunities, follow-ups or contacts.",
        "%(name)s still carries %(number)d things: partners, roles, opportunities, follow-ups or contacts.",
        number,
    )
    under_way = open_handover(member.pk)
    address = reverse("partnerships:handover_new") + f"?member={member.pk}"
    return LeavingNotice(
        text=words % {"name": member.name, "number": number},
        address=under_way.get_absolute_url() if under_way else address,
        action=_("Go on with the handover") if under_way else _("Hand it over first"),
    )
