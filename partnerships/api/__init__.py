"""Partnerships, their interactions, projects and health over HTTP."""

from partnerships.api.followups import FollowUpViewSet
from partnerships.api.governance import (
    EvaluationViewSet,
    LedgerEntryViewSet,
    ObjectiveViewSet,
    PartnerEventViewSet,
    ReviewViewSet,
)
from partnerships.api.handovers import HandoverViewSet
from partnerships.api.interactions import InteractionViewSet
from partnerships.api.opportunities import OpportunityViewSet
from partnerships.api.partnerships import PartnershipViewSet
from partnerships.api.projects import ProjectViewSet
from partnerships.api.stages import StageViewSet
from partnerships.api.teams import TeamMemberViewSet

routes = [
    ("partnerships", PartnershipViewSet),
    ("interactions", InteractionViewSet),
    ("follow-ups", FollowUpViewSet),
    ("projects", ProjectViewSet),
    ("opportunities", OpportunityViewSet),
    ("opportunity-stages", StageViewSet),
    ("team-members", TeamMemberViewSet),
    ("objectives", ObjectiveViewSet),
    ("ledger-entries", LedgerEntryViewSet),
    ("reviews", ReviewViewSet),
    ("partner-events", PartnerEventViewSet),
    ("evaluations", EvaluationViewSet),
    ("handovers", HandoverViewSet),
]
