"""The health of a whole group: the scores of all partners in one hierarchy of organizations, brought together."""

from dataclasses import dataclass

from django.db import connection

from core.actions import visible
from core.actor import Actor
from organizations.models import Organization
from organizations.queries.groups import FAMILY, family_of
from partnerships.rules.health import HealthConfig
from partnerships.rules.health.rollup import Member, RollUp, roll_up

GROUP_HEALTH = f"""
    {FAMILY}
    select p.id, family.name, family.level, p.stage_declared, h.score, h.confidence, h.band
    from family
    join partnerships_partnership p on p.tenant_id = %(tenant)s and p.organization_id = family.id
    join partnerships_partnershiphealth h on h.tenant_id = %(tenant)s and h.partnership_id = p.id
    order by family.place, p.id
"""


@dataclass(frozen=True, slots=True)
class GroupPartner:
    """One partner of a group; ``level`` 1 is the ultimate parent. ``share``: of the figure, 0 to 1; None: left out."""

    pk: int
    name: str
    level: int
    score: float | None
    band: str
    share: float | None


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """The figure of a group by one rule, and the partners behind it from the top down."""

    rolled: RollUp
    partners: tuple[GroupPartner, ...]

    @property
    def counted(self) -> list[GroupPartner]:
        return [each for each in self.partners if each.share is not None]

    @property
    def left_out(self) -> list[GroupPartner]:
        return [each for each in self.partners if each.share is None]


@visible("partnerships.view_partnerships")
def group_health(
    actor: Actor, organization: Organization, config: HealthConfig, *, rule: str = ""
) -> GroupHealth | None:
    """The health of the group that an organization belongs to, in one statement; None with fewer than two partners.

    ``rule`` is one of ``rollup.RULES``; without one, that of the office's settings.
    """
    with connection.cursor() as cursor:
        cursor.execute(GROUP_HEALTH, family_of(organization))
        rows = cursor.fetchall()
    if len(rows) < 2:
        return None
    members = [Member(pk, stage, score, confidence, band) for pk, _name, _level, stage, score, confidence, band in rows]
    rolled = roll_up(members, rule or config.roll_up, config.bands)
    partners = tuple(
        GroupPartner(pk, name, level, score, band, rolled.shares.get(pk))
        for pk, name, level, _stage, score, _confidence, band in rows
    )
    return GroupHealth(rolled, partners)
