"""Reading placements with their approvals and evaluations."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from partnerships.choices_talent import Decision, PlacementStatus
from partnerships.models import Partnership, Placement, PlacementApproval, PlacementEvaluation, TalentEvent

OPEN = [
    PlacementStatus.REQUESTED,
    PlacementStatus.IN_APPROVAL,
    PlacementStatus.NEEDS_REVIEW,
    PlacementStatus.APPROVED,
    PlacementStatus.IN_PROGRESS,
    PlacementStatus.CHECKED,
    PlacementStatus.EVALUATED,
]


@visible("partnerships.view_placements")
def visible_placements(actor: Actor) -> QuerySet[Placement]:
    """The office's placements with student, partner and program, approvals in order and what both sides answered.

    An evaluation has ``both_answered``: until then nobody is shown what either side said.
    """
    return (
        Placement.objects.select_related(
            "student", "partnership__organization", "program", "position", "project", "supervisor", "academic_lead"
        )
        .prefetch_related(
            Prefetch("approvals", PlacementApproval.objects.order_by("order")),
            Prefetch("evaluations", _evaluations().order_by("-side")),
        )
        .order_by("-starts_on", "-pk")
    )


def _evaluations() -> QuerySet[PlacementEvaluation]:
    other = PlacementEvaluation.objects.filter(placement=OuterRef("placement"), answered_at__isnull=False)
    both = Q(answered_at__isnull=False) & Exists(other.exclude(pk=OuterRef("pk")))
    return PlacementEvaluation.objects.annotate(both_answered=ExpressionWrapper(both, output_field=BooleanField()))


@visible("partnerships.view_placements")
def placements_with(actor: Actor, partnership: Partnership) -> QuerySet[Placement]:
    """The placements at one partner."""
    return visible_placements(actor).filter(partnership=partnership)


@visible("partnerships.view_placements")
def hires_after(actor: Actor, placement: Placement) -> QuerySet[TalentEvent]:
    """What a placement led to."""
    return TalentEvent.objects.filter(placement=placement).order_by("occurred_on", "pk")


def lock_placement(pk: int) -> Placement:
    """The row with student, partner and program, locked and read anew; call inside an action."""
    rows = Placement.objects.select_for_update(of=("self",))
    return rows.select_related("student", "partnership__organization", "program", "position", "supervisor").get(pk=pk)


def approvals_of(placement: Placement) -> list[PlacementApproval]:
    """The approvals of a *locked* placement, in order."""
    return list(PlacementApproval.objects.filter(placement=placement).order_by("order"))


def whose_turn(approvals: list[PlacementApproval]) -> PlacementApproval | None:
    """The approval that is waited for; None when all have decided."""
    return next((row for row in approvals if row.decision == Decision.WAITING), None)


def overdue_approvals(today) -> QuerySet[PlacementApproval]:
    """Those that should have been given before ``today`` and are waited for."""
    late = Q(decision=Decision.WAITING, due_on__lt=today, placement__status=PlacementStatus.IN_APPROVAL)
    return PlacementApproval.objects.filter(late).order_by("placement_id", "order")


def approval_by_digest(digest: str) -> PlacementApproval | None:
    """The approval behind a link, with what its page shows; whether the link still works is for the action to say."""
    return (
        PlacementApproval.objects.filter(digest=digest)
        .select_related(
            "placement__student", "placement__partnership__organization", "placement__program", "placement__position"
        )
        .first()
    )


def evaluation_by_digest(digest: str) -> PlacementEvaluation | None:
    """The evaluation behind a link, with what its page shows."""
    return (
        PlacementEvaluation.objects.filter(digest=digest)
        .select_related("placement__student", "placement__partnership__organization", "placement__program")
        .first()
    )
