"""Reading ties: who on either side carries the contact with a partner.

Whoever objects to relationship scoring is left out of every figure, here and in health. Figures are made of all
contact, as health is; days of contact only of what the reader may read.
"""

import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from organizations.models import Contact
from partnerships.choices import PartnershipStatus
from partnerships.models import Interaction, Participant, Partnership
from partnerships.queries.health import SCORED, TIES, TOUCHES, health_rows
from partnerships.queries.health_configuration import health_config, health_config_beside
from partnerships.queries.interactions import readable
from partnerships.queries.partnerships import visible_partnerships
from partnerships.registry import HealthScope
from partnerships.rules.health import HealthConfig
from partnerships.rules.health.arithmetic import tie_strength
from partnerships.rules.ties import (
    CARRIED_SHARE,
    SINGLE_THREAD_SHARE,
    is_single_threaded,
    largest_share,
    strength_level,
)
from tenants.models import Tenant, User

# The mass of contact of each person; and, in rows with both, between each two people of the two sides.
TIES_AND_PAIRS = f"""
    with touch as ({TOUCHES})
    select * from ({TIES}) as tie
    union all
    select t.partnership_id, theirs.contact_id, ours.member_id,
           sum(t.weight * exp(-t.age * ln(2::float8) / %(half_life)s::float8)), false
    from touch t
    join partnerships_participant ours
      on ours.tenant_id = %(tenant)s and ours.interaction_id = t.id and ours.member_id is not null
    join partnerships_participant theirs
      on theirs.tenant_id = %(tenant)s and theirs.interaction_id = t.id and theirs.contact_id is not null
    where t.age <= %(window)s and {SCORED.format(participant="theirs")}
    group by t.partnership_id, ours.member_id, theirs.contact_id
"""

# The share of our side's contact with each partner that each colleague carries.
CARRIED = f"""
    with touch as ({TOUCHES}),
    tie as (
        select t.partnership_id, p.member_id,
               sum(t.weight * exp(-t.age * ln(2::float8) / %(half_life)s::float8)) as mass
        from touch t
        join partnerships_participant p
          on p.tenant_id = %(tenant)s and p.interaction_id = t.id and p.member_id is not null
        where t.age <= %(window)s group by t.partnership_id, p.member_id
    ),
    share as (
        select partnership_id, member_id, mass / sum(mass) over (partition by partnership_id) as share from tie
    )
    select partnership_id, share from share where member_id = %(member)s and share > %(least)s
"""


@dataclass(slots=True)
class Tie:
    """One person in touch. ``mass``: decayed contact; ``share``: of their side's; ``last``: None when not readable."""

    person: Contact | User
    mass: float
    share: float
    decides: bool = False
    last: datetime | None = None

    @property
    def strength(self) -> float:
        """0 to 1: 1 − 2^(−mass)."""
        return tie_strength(self.mass)

    @property
    def level(self) -> int:
        return strength_level(self.mass)


@dataclass(slots=True)
class TieMap:
    """Both sides of a partnership, strongest ties first; ``pairs``: the contact between (ours, theirs) by their ids."""

    theirs: list[Tie] = field(default_factory=list)
    ours: list[Tie] = field(default_factory=list)
    pairs: dict[tuple[int, int], float] = field(default_factory=dict)

    @property
    def their_share(self) -> float | None:
        return largest_share(tie.mass for tie in self.theirs)

    @property
    def our_share(self) -> float | None:
        return largest_share(tie.mass for tie in self.ours)

    @property
    def threads(self) -> list[tuple[str, Tie]]:
        """The sides where one person carries more than 70 %: "theirs" or "ours", and that person's tie."""
        sides = (("theirs", self.theirs, self.their_share), ("ours", self.ours, self.our_share))
        return [(side, ties[0]) for side, ties, share in sides if is_single_threaded(share)]


@visible("partnerships.view_ties")
def tie_map(actor: Actor, partnership: Partnership, *, time_zone: str = "") -> TieMap:
    """Who is in touch with whom, in two statements, however many people there are.

    ``time_zone`` is the office's where the caller knows it; else one statement more asks for it.
    """
    scope = scope_for(actor, (partnership.pk,), time_zone=time_zone, config=health_config_beside(partnership))
    half_life = scope.config.half_lives.ties
    external: dict[int, tuple[float, bool]] = {}
    internal: dict[int, float] = {}
    found = TieMap()
    for _partnership, contact, member, mass, decides in health_rows(TIES_AND_PAIRS, scope, half_life=half_life):
        if contact is None:
            internal[member] = mass
        elif member is None:
            external[contact] = (mass, decides)
        else:
            found.pairs[member, contact] = mass
    contacts, members = _people(actor, partnership)
    their_total, our_total = sum(mass for mass, _decides in external.values()), sum(internal.values())
    for pk, (mass, decides) in external.items():
        person, last = contacts[pk]
        found.theirs.append(Tie(person, mass, mass / their_total, decides, last))
    for pk, mass in internal.items():
        person, last = members[pk]
        found.ours.append(Tie(person, mass, mass / our_total, last=last))
    for side in (found.theirs, found.ours):
        side.sort(key=lambda tie: (-tie.mass, tie.person.name, tie.person.pk))
    return found


Known = dict[int, tuple[Any, datetime | None]]


def _people(actor: Actor, partnership: Partnership) -> tuple[Known, Known]:
    """Contacts and members who ever took part, by id, with when they last did as far as the actor may read it."""
    seen = Interaction.objects.none()
    if actor.may("partnerships.view_interactions"):
        seen = Interaction.objects.filter(readable(actor), partnership=partnership, occurred_at__lte=timezone.now())
    rows = (
        Participant.objects.filter(interaction__partnership=partnership)
        .annotate(is_seen=Case(When(interaction__in=seen.values("pk"), then=Value(True)), default=Value(False)))
        .annotate(at=F("interaction__occurred_at"))
        .select_related("contact", "member")
        .order_by("contact_id", "member_id", "-is_seen", "-at", "pk")
        .distinct("contact_id", "member_id")
    )
    contacts: Known = {}
    members: Known = {}
    for row in rows:
        last = row.at if row.is_seen else None
        if row.contact_id is not None:
            contacts[row.contact_id] = (row.contact, last)
        else:
            members[row.member_id] = (row.member, last)
    return contacts, members


def scope_for(
    actor: Actor,
    partnership_ids: tuple[int, ...] | None,
    *,
    time_zone: str = "",
    config: HealthConfig | None = None,
) -> HealthScope:
    """What a set-based read of the actor's office is asked: some partnerships (None: all), today on its calendar.

    ``config`` where the settings are known already, or are others than those in force.
    """
    zone = time_zone or Tenant.objects.values_list("time_zone", flat=True).get(pk=actor.tenant_id)
    today = timezone.localdate(timezone=zoneinfo.ZoneInfo(zone))
    return HealthScope(actor.tenant_id, partnership_ids, today, zone, config or health_config())


SINGLE_THREADED = Q(health__their_share__gt=SINGLE_THREAD_SHARE) | Q(health__our_share__gt=SINGLE_THREAD_SHARE)


@visible("partnerships.view_partnerships")
def single_threaded(actor: Actor) -> QuerySet[Partnership]:
    """Active partnerships in which one person, on either side, carries more than 70 % of the contact."""
    return visible_partnerships(actor).filter(SINGLE_THREADED, status=PartnershipStatus.ACTIVE)


@visible("partnerships.view_handovers")
def carried_by(actor: Actor, member: User) -> list[tuple[Partnership, float]]:
    """Partnerships in which a colleague carries more than half of our side's contact, with the share; most first."""
    scope = scope_for(actor, None)
    shares = dict(
        health_rows(CARRIED, scope, half_life=scope.config.half_lives.ties, member=member.pk, least=CARRIED_SHARE)
    )
    rows = visible_partnerships(actor).filter(pk__in=shares, status=PartnershipStatus.ACTIVE)
    return sorted(((row, shares[row.pk]) for row in rows), key=lambda each: -each[1])
