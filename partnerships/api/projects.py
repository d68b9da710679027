"""Projects over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.organizations import organizations_and_own
from partnerships.actions.projects import create_project, edit_project
from partnerships.filters import ProjectFilter
from partnerships.models import Project, ProjectParticipant
from partnerships.queries.projects import visible_projects


class ParticipantSerializer(TenantSerializer):
    organization = Reference(help_text="The institution itself may be one.")
    related_reads = {"organization": organizations_and_own}

    class Meta:
        model = ProjectParticipant
        fields = ["organization", "role", "award"]


class ProjectSerializer(TenantSerializer):
    participants = ParticipantSerializer(
        many=True, required=False, help_text="Organizations and their awards. An update replaces the list."
    )

    class Meta:
        model = Project
        fields = [
            "id",
            "version",
            "title",
            "acronym",
            "channel",
            "status",
            "size",
            "started_on",
            "ended_on",
            "currency",
            "total_cost",
            "award",
            "programme",
            "we_coordinate",
            "website",
            "participants",
            "external_id",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {
            "currency": {"help_text": "ISO 4217, for all amounts of the project."},
            "award": {"help_text": "A decimal number as text; null: not known."},
            "total_cost": {"help_text": "A decimal number as text; null: not known."},
        }


class ProjectViewSet(TenantViewSet):
    """The office's projects, the latest start first, with the organizations that take part."""

    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    reads = staticmethod(visible_projects)
    writes = {"create": create_project, "update": edit_project}
    subject = "project"
    sorting = {
        "title": "title",
        "started_on": "started_on",
        "ended_on": "ended_on",
        "award": "award",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
