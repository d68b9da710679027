from partnerships.models.health import HealthSnapshot, PartnershipHealth
from partnerships.models.interactions import Interaction, Participant
from partnerships.models.partnerships import Partnership
from partnerships.models.projects import Project, ProjectParticipant

__all__ = [
    "HealthSnapshot",
    "Interaction",
    "Participant",
    "Partnership",
    "PartnershipHealth",
    "Project",
    "ProjectParticipant",
]
