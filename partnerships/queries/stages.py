"""Reading the stages of an office's pipeline."""

from django.db.models import Count, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.choices import StageMeaning
from partnerships.models import OpportunityStage


@visible("partnerships.view_opportunities")
def visible_stages(actor: Actor) -> QuerySet[OpportunityStage]:
    """Every stage in the order of the pipeline, archived ones too."""
    return OpportunityStage.objects.order_by("position", "pk")


@visible("partnerships.view_opportunities")
def stages_in_use(actor: Actor) -> QuerySet[OpportunityStage]:
    """The stages that an opportunity may come to, in the order of the pipeline."""
    return visible_stages(actor).filter(archived_at=None)


@visible("partnerships.view_opportunities")
def stages_with_counts(actor: Actor) -> QuerySet[OpportunityStage]:
    """Every stage with ``held``, the number of opportunities that stand in it now."""
    return visible_stages(actor).annotate(held=Count("opportunities"))


def first_stage() -> OpportunityStage:
    """Where an opportunity begins: the first open stage in use. An office always has one."""
    return OpportunityStage.objects.filter(meaning=StageMeaning.OPEN, archived_at=None).order_by("position", "pk")[0]


def lock_stage(pk: int) -> OpportunityStage:
    """The row, locked and read anew; call inside an action."""
    return OpportunityStage.objects.select_for_update(of=("self",)).get(pk=pk)
