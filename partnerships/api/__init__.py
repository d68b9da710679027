"""Partnerships, their interactions, projects and health over HTTP."""

from partnerships.api.candidacies import CandidacyViewSet, MatchRunViewSet
from partnerships.api.delivery import MilestoneViewSet, ProjectIssueViewSet
from partnerships.api.followups import FollowUpViewSet
from partnerships.api.funding import FundingEntryViewSet, FundingTotalsViewSet, SchemeViewSet
from partnerships.api.governance import (
    EvaluationViewSet,
    LedgerEntryViewSet,
    ObjectiveViewSet,
    PartnerEventViewSet,
    ReviewViewSet,
)
from partnerships.api.handovers import HandoverViewSet
from partnerships.api.health_alerts import AlertViewSet
from partnerships.api.health_configuration import (
    ConfigurationViewSet,
    InForceViewSet,
    PreviewViewSet,
)
from partnerships.api.interactions import InteractionViewSet
from partnerships.api.objections import ObjectionViewSet
from partnerships.api.opportunities import OpportunityViewSet
from partnerships.api.partnerships import PartnershipViewSet
from partnerships.api.placements import PlacementViewSet
from partnerships.api.positions import PositionViewSet, ProgramViewSet
from partnerships.api.project_records import (
    ProjectBenefitViewSet,
    ProjectOutputViewSet,
    ProjectPersonViewSet,
)
from partnerships.api.projects import ProjectViewSet
from partnerships.api.stages import StageViewSet
from partnerships.api.students import StudentViewSet
from partnerships.api.talent import PipelineViewSet, TalentEventViewSet
from partnerships.api.teams import TeamMemberViewSet

routes = [
    ("partnerships", PartnershipViewSet),
    ("interactions", InteractionViewSet),
    ("follow-ups", FollowUpViewSet),
    ("projects", ProjectViewSet),
    ("project-people", ProjectPersonViewSet),
    ("milestones", MilestoneViewSet),
    ("project-issues", ProjectIssueViewSet),
    ("project-outputs", ProjectOutputViewSet),
    ("project-benefits", ProjectBenefitViewSet),
    ("funding-entries", FundingEntryViewSet),
    ("funding-schemes", SchemeViewSet),
    ("funding-totals", FundingTotalsViewSet),
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
    ("health-alerts", AlertViewSet),
    ("talent-programs", ProgramViewSet),
    ("positions", PositionViewSet),
    ("students", StudentViewSet),
    ("candidacies", CandidacyViewSet),
    ("matchings", MatchRunViewSet),
    ("placements", PlacementViewSet),
    ("talent-events", TalentEventViewSet),
    ("talent/pipeline", PipelineViewSet),
]
