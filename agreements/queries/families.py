"""What belongs together: an agreement with all made under it, amending it and renewing it, at any depth."""

from dataclasses import dataclass, field

from django.db import connection

from agreements.models import Agreement
from agreements.queries.agreements import visible_agreements
from core.actions import visible
from core.actor import Actor

# The row and whatever hangs together with it through parent, amends or renews, up and down; a circle ends by itself.
FAMILY = """
    with recursive family (id) as (
        select %(agreement)s::bigint
        union
        select other.id from family
        join agreements_agreement me on me.tenant_id = %(tenant)s and me.id = family.id
        join agreements_agreement other on other.tenant_id = %(tenant)s
         and (other.id in (me.parent_id, me.amends_id, me.renews_id)
              or me.id in (other.parent_id, other.amends_id, other.renews_id))
    )
    select family.id from family
"""


@dataclass(slots=True)
class FamilyMember:
    """One agreement in the tree. ``link`` says how it hangs on the one above: parent, amends, renews; empty at a root.

    What hangs on an agreement that the reader may not see stands as a root of its own.
    """

    agreement: Agreement
    link: str = ""
    depth: int = 0
    below: list["FamilyMember"] = field(default_factory=list)


@visible("agreements.view_agreements")
def family_of(actor: Actor, agreement: Agreement) -> list[FamilyMember]:
    """The trees to which an agreement belongs, as far as the actor may read them: found by one statement.

    An amendment stands below what it amends and a renewal below what it renews; else it stands below its parent.
    """
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, {"agreement": agreement.pk, "tenant": actor.tenant_id})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = visible_agreements(actor).filter(pk__in=ids).order_by("requested_on", "pk")
    members = {row.pk: FamilyMember(row) for row in rows}
    roots = []
    for member in members.values():
        for link in ("amends", "renews", "parent"):
            above = members.get(getattr(member.agreement, f"{link}_id"))
            if above is not None:
                member.link = link
                above.below.append(member)
                break
        else:
            roots.append(member)
    return roots


@visible("agreements.view_agreements")
def family_list(actor: Actor, agreement: Agreement) -> list[FamilyMember]:
    """The same from the top down, each with its ``depth``."""
    found: list[FamilyMember] = []
    waiting = [(root, 0) for root in reversed(family_of(actor, agreement))]
    while waiting:
        member, depth = waiting.pop()
        member.depth = depth
        found.append(member)
        waiting += [(below, depth + 1) for below in reversed(member.below)]
    return found
