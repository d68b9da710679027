"""Who works in projects, what comes out of them and who gets what, over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import organizations_and_own
from partnerships.actions.project_records import (
    add_project_benefit,
    add_project_output,
    add_project_person,
    delete_project_benefit,
    delete_project_output,
    delete_project_person,
    edit_project_benefit,
    edit_project_output,
    edit_project_person,
)
from partnerships.api.delivery import FIRST, LAST, STAYS, WRITTEN
from partnerships.filters_delivery import ProjectBenefitFilter, ProjectOutputFilter, ProjectPersonFilter
from partnerships.models import ProjectBenefit, ProjectOutput, ProjectPerson
from partnerships.queries.project_records import (
    visible_project_benefits,
    visible_project_outputs,
    visible_project_people,
)
from partnerships.queries.projects import visible_projects
from tenants.queries.users import everybody


class ProjectPersonSerializer(TenantSerializer):
    project = Reference(named="title", help_text=STAYS)
    member = Reference(required=False, allow_null=True, help_text="A colleague; or give a contact or a name.")
    contact = Reference(required=False, allow_null=True, help_text="Somebody of an organization in the project.")
    related_reads = {"project": visible_projects, "member": everybody, "contact": visible_contacts}

    class Meta:
        model = ProjectPerson
        fields = [*FIRST, "member", "contact", "name", "role", "days_per_month", "started_on", "ended_on", *LAST]
        extra_kwargs = {"name": {"help_text": "Of somebody who is neither a colleague nor a contact."}}


class ProjectPersonViewSet(TenantViewSet):
    """Who works, or worked, in projects; those without an end first."""

    serializer_class = ProjectPersonSerializer
    filterset_class = ProjectPersonFilter
    reads = staticmethod(visible_project_people)
    writes = {"create": add_project_person, "update": edit_project_person, "delete": delete_project_person}
    subject = "project_person"
    singular, plural = "person in a project", "people in projects"
    sorting = {"started_on": "started_on", "ended_on": "ended_on", **WRITTEN}


class ProjectOutputSerializer(TenantSerializer):
    project = Reference(named="title", help_text=STAYS)
    related_reads = {"project": visible_projects}

    class Meta:
        model = ProjectOutput
        fields = [*FIRST, "kind", "title", "doi", "reference", "url", "produced_on", "people", *LAST]
        extra_kwargs = {"doi": {"help_text": "Kept in small letters and without an address; once in a project."}}


class ProjectOutputViewSet(TenantViewSet):
    """What came out of projects, the latest first."""

    serializer_class = ProjectOutputSerializer
    filterset_class = ProjectOutputFilter
    reads = staticmethod(visible_project_outputs)
    writes = {"create": add_project_output, "update": edit_project_output, "delete": delete_project_output}
    subject = "project_output"
    singular, plural = "project output", "project outputs"
    sorting = {"produced_on": "produced_on", **WRITTEN}


class ProjectBenefitSerializer(TenantSerializer):
    project = Reference(named="title", help_text=STAYS)
    organization = Reference(
        required=False, allow_null=True, help_text="Whom of several partners; not for the university's side."
    )
    related_reads = {"project": visible_projects, "organization": organizations_and_own}

    class Meta:
        model = ProjectBenefit
        fields = [*FIRST, "side", "organization", "kind", "description", "share", *LAST]
        extra_kwargs = {"share": {"help_text": "In percent. Shares of one kind add up to 100 at most."}}


class ProjectBenefitViewSet(TenantViewSet):
    """What each side, or both, is to get out of projects, by kind."""

    serializer_class = ProjectBenefitSerializer
    filterset_class = ProjectBenefitFilter
    reads = staticmethod(visible_project_benefits)
    writes = {"create": add_project_benefit, "update": edit_project_benefit, "delete": delete_project_benefit}
    subject = "project_benefit"
    singular, plural = "project benefit", "project benefits"
    sorting = {"kind": "kind", **WRITTEN}
