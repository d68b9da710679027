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
from partnerships.api.health_configuration import (
    ConfigurationViewSet,
    InForceViewSet,
    PreviewViewSet,
)
from partnerships.api.interactions import InteractionViewSet
from partnerships.api.objections import ObjectionViewSet
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
    ("health/config", ConfigurationViewSet),
    ("health/config/in-force", InForceViewSet),
    ("health/config/preview", PreviewViewSet),
    ("health-objections", ObjectionViewSet),
]
