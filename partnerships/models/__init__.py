from partnerships.models.followups import FollowUp
from partnerships.models.governance import Evaluation, LedgerEntry, Objective, PartnerEvent, Review
from partnerships.models.health import HealthSnapshot, PartnershipHealth
from partnerships.models.interactions import Interaction, Participant
from partnerships.models.opportunities import Opportunity, OpportunityMove, OpportunityStage
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project, ProjectParticipant
from partnerships.models.teams import Handover, HandoverItem, TeamMember

__all__ = [
    "Evaluation",
    "FollowUp",
    "Handover",
    "HandoverItem",
    "HealthSnapshot",
    "Interaction",
    "LedgerEntry",
    "Objective",
    "Opportunity",
    "OpportunityMove",
    "OpportunityStage",
    "Participant",
    "PartnerEvent",
    "Partnership",
    "PartnershipHealth",
    "Project",
    "ProjectParticipant",
    "Review",
    "TeamMember",
]
