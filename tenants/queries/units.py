"""Reading the institution's units."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from core.actions import visible
from core.actor import Actor
from core.trees import DEEPEST
from tenants.models import Unit, UnitMember


@visible("tenants.view_units")
def visible_units(actor: Actor) -> QuerySet[Unit]:
    """The institution's units by name, closed ones included, with what they are part of and who works in them."""
    members = UnitMember.objects.select_related("member").order_by("member__name", "pk")
    return Unit.objects.select_related("parent").prefetch_related(Prefetch("members", members)).order_by("name", "pk")


@visible("tenants.view_units")
def open_units(actor: Actor) -> QuerySet[Unit]:
    """The units that are not closed: what forms offer."""
    return Unit.objects.filter(closed_on=None).order_by("name", "pk")


@visible("tenants.view_units")
def visible_unit_members(actor: Actor) -> QuerySet[UnitMember]:
    """Who works in which unit."""
    return UnitMember.objects.select_related("unit", "member").order_by("member__name", "pk")


@dataclass(slots=True)
class UnitNode:
    """A unit in the tree; ``level`` 1 stands directly below the institution."""

    unit: Unit
    level: int
    children: list["UnitNode"] = field(default_factory=list)


@visible("tenants.view_units")
def unit_tree(actor: Actor, *, with_closed: bool = False) -> list[UnitNode]:
    """All units as a tree, roots first, by name at each level. An open unit below a closed one keeps the closed one."""
    units = list(visible_units(actor))
    nodes = {unit.pk: UnitNode(unit, 1) for unit in units}
    roots: list[UnitNode] = []
    for unit in units:
        above = nodes.get(unit.parent_id)
        (above.children if above else roots).append(nodes[unit.pk])
    return [node for node in roots if _keep(node, 1, with_closed)]


def _keep(node: UnitNode, level: int, with_closed: bool) -> bool:
    """Set the levels below a node and leave out closed branches; answers whether anything of it is shown."""
    node.level = level
    if level < DEEPEST:
        node.children = [child for child in node.children if _keep(child, level + 1, with_closed)]
    return with_closed or node.unit.closed_on is None or bool(node.children)


def lock_unit(pk: int) -> Unit:
    """The row, locked and read anew; call inside an action."""
    return Unit.objects.select_for_update(of=("self",)).get(pk=pk)
