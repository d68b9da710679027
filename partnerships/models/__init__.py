from partnerships.models.attachments import InteractionAttachment
from partnerships.models.attention import AttentionSnooze
from partnerships.models.delivery import Milestone, ProjectBenefit, ProjectIssue, ProjectOutput, ProjectPerson
from partnerships.models.followups import FollowUp
from partnerships.models.funding import FundingEntry, FundingScheme
from partnerships.models.governance import Evaluation, LedgerEntry, Objective, PartnerEvent, Review
from partnerships.models.health import HealthBasis, HealthSnapshot, PartnershipHealth
from partnerships.models.health_steering import HealthAlert, HealthConfiguration, HealthObjection
from partnerships.models.interactions import Interaction, Participant
from partnerships.models.opportunities import Opportunity, OpportunityMove, OpportunityStage
from partnerships.models.partnerships import Partnership
from partnerships.models.placements import Placement, PlacementApproval, PlacementEvaluation, TalentEvent
from partnerships.models.projects import Project, ProjectParticipant
from partnerships.models.talent import Candidacy, MatchRun, Position, Student, TalentProgram
from partnerships.models.teams import Capacity, Handover, HandoverItem, TeamMember

__all__ = [
    "AttentionSnooze",
    "Candidacy",
    "Capacity",
    "Evaluation",
    "FollowUp",
    "FundingEntry",
    "FundingScheme",
    "Handover",
    "HandoverItem",
    "HealthAlert",
    "HealthBasis",
    "HealthConfiguration",
    "HealthObjection",
    "HealthSnapshot",
    "Interaction",
    "InteractionAttachment",
    "LedgerEntry",
    "MatchRun",
    "Milestone",
    "Objective",
    "Opportunity",
    "OpportunityMove",
    "OpportunityStage",
    "Participant",
    "PartnerEvent",
    "Partnership",
    "PartnershipHealth",
    "Placement",
    "PlacementApproval",
    "PlacementEvaluation",
    "Position",
    "Project",
    "ProjectBenefit",
    "ProjectIssue",
    "ProjectOutput",
    "ProjectParticipant",
    "ProjectPerson",
    "Review",
    "Student",
    "TalentEvent",
    "TalentProgram",
    "TeamMember",
]
