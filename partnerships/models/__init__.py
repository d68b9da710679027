from partnerships.models.attachments import InteractionAttachment
from partnerships.models.attention import AttentionSnooze
from partnerships.models.followups import FollowUp
from partnerships.models.governance import Evaluation, LedgerEntry, Objective, PartnerEvent, Review
from partnerships.models.health import HealthBasis, HealthSnapshot, PartnershipHealth
from partnerships.models.health_steering import HealthAlert, HealthConfiguration, HealthObjection
from partnerships.models.interactions import Interaction, Participant
from partnerships.models.opportunities import Opportunity, OpportunityMove, OpportunityStage
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project, ProjectParticipant
from partnerships.models.teams import Capacity, Handover, HandoverItem, TeamMember

__all__ = [
    "AttentionSnooze",
    "Capacity",
    "Evaluation",
    "FollowUp",
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
