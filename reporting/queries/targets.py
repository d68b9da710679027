"""Reading targets."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from reporting.models import Target


@visible("reporting.view_targets")
def visible_targets(actor: Actor) -> QuerySet[Target]:
    """The office's targets, the latest year first."""
    return Target.objects.order_by("-fiscal_year", "measure", "pk")


def lock_target(pk: int) -> Target:
    """The row, locked and read anew; call inside an action."""
    return Target.objects.select_for_update(of=("self",)).get(pk=pk)
