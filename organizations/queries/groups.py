"""Reading groups: an organization, all that it is part of, and all that is part of these."""

from dataclasses import dataclass

from django.db import connection

from core.actions import visible
from core.actor import Actor
from core.trees import DEEPEST
from organizations.models import Organization

MOST_SHOWN = 200

# The whole group of one organization, from its ultimate parent downwards; other statements may go on from ``family``.
FAMILY = """
    with recursive above (id, parent_id, level) as (
        select o.id, o.parent_id, 1 from organizations_organization o
        where o.tenant_id = %(tenant)s and o.id = %(organization)s
        union all
        select o.id, o.parent_id, above.level + 1 from above
        join organizations_organization o on o.tenant_id = %(tenant)s and o.id = above.parent_id
        where above.level < %(deepest)s
    ),
    family (id, name, city, level, place) as (
        select o.id, o.name, o.city, 1, array[o.name_key] from organizations_organization o
        where o.tenant_id = %(tenant)s and o.id = (select above.id from above order by above.level desc limit 1)
        union all
        select o.id, o.name, o.city, family.level + 1, family.place || o.name_key from family
        join organizations_organization o on o.tenant_id = %(tenant)s and o.parent_id = family.id
        where family.level < %(deepest)s
    )
"""

GROUP = f"""
    {FAMILY}
    select family.id, family.name, family.city, family.level, count(*) over () from family
    order by family.place, family.id limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One organization of a group; ``level`` 1 is the ultimate parent."""

    pk: int
    name: str
    city: str
    level: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group as a tree, read from top to bottom; ``total`` counts all of it, ``members`` holds at most 200."""

    members: tuple[GroupMember, ...]
    total: int

    @property
    def top(self) -> GroupMember:
        return self.members[0]

    @property
    def more(self) -> int:
        return self.total - len(self.members)


def family_of(organization: Organization) -> dict[str, object]:
    """The parameters of ``FAMILY``."""
    return {"tenant": organization.tenant_id, "organization": organization.pk, "deepest": DEEPEST, "most": MOST_SHOWN}


@visible("organizations.view_organizations")
def group_of(actor: Actor, organization: Organization) -> Group | None:
    """The group that an organization belongs to, in one statement; None when it stands alone."""
    with connection.cursor() as cursor:
        cursor.execute(GROUP, family_of(organization))
        rows = cursor.fetchall()
    if len(rows) < 2:
        return None
    return Group(tuple(GroupMember(*row[:4]) for row in rows), total=rows[0][4])
