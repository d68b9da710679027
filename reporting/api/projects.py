"""The project reports over the API."""

from rest_framework import serializers

from core.rest.reports import ReportViewSet
from organizations.choices import OrganizationKind
from reporting.queries.projects import MOST_PARTNERS, project_summary, top_partners


class ProjectSummarySerializer(serializers.Serializer):
    n_projects = serializers.IntegerField()
    n_coordinated = serializers.IntegerField()
    n_partners = serializers.IntegerField()
    n_company = serializers.IntegerField()
    n_university = serializers.IntegerField()
    n_research_institute = serializers.IntegerField()
    n_public_body = serializers.IntegerField()
    n_other = serializers.IntegerField()
    n_unknown = serializers.IntegerField()
    n_partner_countries = serializers.IntegerField()
    tenant_ec_contribution_eur = serializers.DecimalField(max_digits=20, decimal_places=2)
    partners_ec_contribution_eur = serializers.DecimalField(max_digits=20, decimal_places=2)
    first_start_date = serializers.DateField(allow_null=True)
    last_end_date = serializers.DateField(allow_null=True)


class ProjectSummaryViewSet(ReportViewSet):
    """The office's projects in figures. Amounts are those of projects in euros; what is not known counts as nothing."""

    reads = staticmethod(project_summary)
    serializer_class = ProjectSummarySerializer
    summary = "Projects in figures"


class TopPartnersInput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=OrganizationKind.choices, default=OrganizationKind.COMPANY)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_PARTNERS, default=10)


class TopPartnerSerializer(serializers.Serializer):
    rank = serializers.IntegerField()
    org_id = serializers.CharField()
    name = serializers.CharField()
    n_joint_projects = serializers.IntegerField()


class TopPartnersViewSet(ReportViewSet):
    """The organizations of one kind with the most joint projects."""

    reads = staticmethod(top_partners)
    serializer_class = TopPartnerSerializer
    summary = "Partners with the most joint projects"
    inputs = TopPartnersInput
    many = True
