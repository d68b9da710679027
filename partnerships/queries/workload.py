"""Reading how much each colleague carries."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import PartnershipStatus
from partnerships.models import Capacity, FollowUp, Opportunity, Participant, Partnership, TeamMember
from partnerships.rules.tiers import TIER_POLICIES
from tenants.choices import Role
from tenants.models import User
from tenants.queries.users import visible_members

ACTIVITY_DAYS = 30
OFFICE = (Role.ADMINISTRATOR, Role.MANAGER, Role.OFFICER)


@dataclass(slots=True)
class Load:
    """What one colleague carries. ``load``: partners owned, each weighted by its tier. ``days``: effort per month
    agreed in teams; ``capacity``: days per month there are, None when not said. ``activity``: contacts in 30 days.
    """

    member: User
    membership_pk: int
    has_left: bool = False
    tiers: dict[str, int] = field(default_factory=dict)
    followups: int = 0
    overdue: int = 0
    opportunities: int = 0
    reviews: int = 0
    activity: int = 0
    days: Decimal = Decimal(0)
    capacity: Decimal | None = None

    @property
    def partners(self) -> int:
        return sum(self.tiers.values())

    @property
    def load(self) -> Decimal:
        return sum((TIER_POLICIES[tier].load * number for tier, number in self.tiers.items()), Decimal(0))

    @property
    def is_over(self) -> bool:
        """Whether more days are agreed than there are."""
        return self.capacity is not None and self.days > self.capacity

    @property
    def carries_nothing(self) -> bool:
        return not (self.partners or self.followups or self.opportunities or self.days)


@visible("partnerships.view_workload")
def workload(actor: Actor) -> list[Load]:
    """The load of everybody in the office who works with partners or still carries something, the heaviest first."""
    today, now = timezone.localdate(), timezone.now()
    members = list(visible_members(actor))
    loads = {row.user_id: Load(row.user, row.pk, row.ended_at is not None) for row in members}
    staff = {row.user_id for row in members if row.role in OFFICE and row.ended_at is None}
    active = Partnership.objects.filter(status=PartnershipStatus.ACTIVE, owner__isnull=False).order_by()
    for owner, tier, number, overdue in (
        active.values("owner_id", "tier")
        .annotate(number=Count("pk"), overdue=Count("pk", filter=Q(next_review_on__lt=today)))
        .values_list("owner_id", "tier", "number", "overdue")
    ):
        loads[owner].tiers[tier] = number
        loads[owner].reviews += overdue
    todo = FollowUp.objects.filter(done_at=None, assignee__isnull=False).values("assignee_id").order_by()
    for member, number, overdue in todo.annotate(
        number=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today))
    ).values_list("assignee_id", "number", "overdue"):
        loads[member].followups, loads[member].overdue = number, overdue
    hoped = Opportunity.objects.filter(closed_at=None, owner__isnull=False).values("owner_id").order_by()
    for member, number in hoped.annotate(number=Count("pk")).values_list("owner_id", "number"):
        loads[member].opportunities = number
    present = Q(ended_on=None) | Q(ended_on__gt=today)
    effort = TeamMember.objects.filter(
        present, member__isnull=False, days_per_month__isnull=False, started_on__lte=today
    )
    for member, days in (
        effort.values("member_id").order_by().annotate(days=Sum("days_per_month")).values_list("member_id", "days")
    ):
        loads[member].days = days
    touched = Participant.objects.filter(
        member__isnull=False,
        interaction__occurred_at__range=(now - timedelta(days=ACTIVITY_DAYS), now),
    )
    for member, number in (
        touched.values("member_id").order_by().annotate(number=Count("pk")).values_list("member_id", "number")
    ):
        loads[member].activity = number
    for member, days in Capacity.objects.values_list("member_id", "days_per_month"):
        loads[member].capacity = days
    shown = [load for pk, load in loads.items() if pk in staff or not load.carries_nothing]
    return sorted(shown, key=lambda load: (-load.load, load.member.name, load.member.pk))
