"""Reading follow-ups. One that was promised in a confidential interaction may say what that was about."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.models import FollowUp, Interaction
from partnerships.queries.interactions import readable


@visible("partnerships.view_followups")
def visible_followups(actor: Actor) -> QuerySet[FollowUp]:
    """What is to be done and was done: open ones first, by due date, those without one last.

    A follow-up of an interaction that the actor may not read is there only for who has to do it and who promised it,
    and never says where it comes from: ``origin`` is None then.
    """
    origin = Interaction.objects.filter(readable(actor), pk=OuterRef("interaction_id"))
    rows = FollowUp.objects.annotate(origin_readable=Exists(origin))
    mine = Q(assignee_id=actor.user_id) | Q(added_by_id=actor.user_id)
    own = mine if actor.user_id is not None else Q(pk=None)
    return (
        rows.filter(Q(interaction=None) | Q(origin_readable=True) | own)
        .select_related("partnership__organization", "assignee", "interaction", "opportunity")
        .order_by(F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    )


@visible("partnerships.view_followups")
def open_followups(actor: Actor, *, today: date, assignee_id: int | None = None) -> QuerySet[FollowUp]:
    """What is still to be done and not put off beyond today; somebody's, or everybody's."""
    rows = visible_followups(actor).filter(done_at=None)
    rows = rows.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=today))
    return rows if assignee_id is None else rows.filter(assignee_id=assignee_id)


def lock_followup(pk: int) -> FollowUp:
    """The row, locked and read anew; call inside an action."""
    return FollowUp.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pk)
