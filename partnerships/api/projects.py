"""Projects over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.organizations import organizations_and_own
from partnerships.actions.projects import create_project, delete_project, edit_project
from partnerships.filters import ProjectFilter
from partnerships.models import Project, ProjectParticipant
from partnerships.queries.projects import visible_projects
from tenants.queries.units import visible_units
from tenants.queries.users import everybody


class ParticipantSerializer(TenantSerializer):
    organization = Reference(help_text="The institution itself may be one.")
    related_reads = {"organization": organizations_and_own}

    class Meta:
        model = ProjectParticipant
        fields = ["organization", "role", "award", "share"]
        extra_kwargs = {"share": {"help_text": "Of the cost, in percent. All together are 100 at most."}}


class ProjectSerializer(TenantSerializer):
    participants = ParticipantSerializer(
        many=True, required=False, help_text="Organizations, awards and shares. An update replaces the list."
    )
    unit = Reference(required=False, allow_null=True, help_text="Which unit of the institution does it.")
    lead = Reference(required=False, allow_null=True, help_text="The principal investigator, who works here now.")
    related_reads = {"unit": visible_units, "lead": everybody}

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
            "form",
            "domain",
            "summary",
            "unit",
            "lead",
            "trl_start",
            "trl_now",
            "trl_target",
            "trl_evidence",
            "light",
            "light_reason",
            "membership_tier",
            "annual_fee",
            "participants",
            "external_id",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {
            "currency": {"help_text": "ISO 4217, for all amounts of the project."},
            "award": {"help_text": "A decimal number as text; null: not known."},
            "total_cost": {"help_text": "A decimal number as text; null: not known."},
            "trl_start": {"help_text": "Level of technology readiness at the start, 1 to 9."},
            "trl_now": {"help_text": "It may fall."},
            "trl_target": {"help_text": "Not below the one at the start."},
            "light_reason": {"help_text": "Needed unless it is green."},
            "membership_tier": {"help_text": "Of a consortium only."},
            "annual_fee": {"help_text": "Of a consortium only, in the currency of the project."},
        }


class ProjectViewSet(TenantViewSet):
    """The office's projects, the latest start first, with the organizations that take part."""

    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    reads = staticmethod(visible_projects)
    writes = {"create": create_project, "update": edit_project, "delete": delete_project}
    subject = "project"
    sorting = {
        "title": "title",
        "started_on": "started_on",
        "ended_on": "ended_on",
        "award": "award",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
