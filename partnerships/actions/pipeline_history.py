"""What of the pipeline has a history, and the move that is written down when one is undone."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.stages import visible_stages
from tenants.registry import States, register_follower, register_history


def register_pipeline_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        Opportunity,
        label=_("Opportunity"),
        visible=visible_opportunities,
        create="partnerships.create_opportunity",
        edit="partnerships.edit_opportunity",
        delete="partnerships.edit_opportunity",
        home="partnerships:opportunities",
        named_by=["partnership"],
    )
    register_history(
        OpportunityStage,
        label=_("Pipeline stage"),
        visible=visible_stages,
        create="partnerships.add_stage",
        edit="partnerships.edit_stage",
        delete="partnerships.archive_stage",
        home="partnerships:stages",
    )
    register_follower(write_moves_back)


def write_moves_back(*, actor: Actor, states: States) -> None:
    """Where putting back changed the stage of an opportunity, write that down as a move like any other."""
    touched = {values["id"] for values in states.get(Opportunity, ())}
    for row in Opportunity.objects.filter(pk__in=touched).order_by("pk"):
        last = OpportunityMove.objects.filter(opportunity=row).order_by("-moved_at", "-pk").first()
        if last is None or last.to_stage_id == row.stage_id:
            continue
        now = timezone.now()
        OpportunityMove.objects.create(
            opportunity=row,
            from_stage_id=last.to_stage_id,
            to_stage_id=row.stage_id,
            moved_at=now,
            moved_by_id=actor.user_id,
            seconds_before=max(0, int((now - last.moved_at).total_seconds())),
        )
