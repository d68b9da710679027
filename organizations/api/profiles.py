"""Risks of organizations and how organizations work, over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from organizations.actions.profiles import clear_risk_flag, raise_risk_flag
from organizations.filters import RiskFlagFilter
from organizations.models import RiskFlag, WorkingPractices
from organizations.queries.organizations import visible_organizations
from organizations.queries.profiles import visible_risk_flags


class PracticesSerializer(TenantSerializer):
    """How an organization works. ``version`` 0: nobody has described it yet."""

    class Meta:
        model = WorkingPractices
        fields = [
            "version",
            "procurement",
            "approval_chain",
            "fiscal_year_start",
            "payment_days",
            "ip_stance",
            "publication_stance",
            "publication_delay_days",
            "constraints",
        ]


class PracticesInput(serializers.ModelSerializer):
    seen = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="The version that was looked at; 0: there was none."
    )

    class Meta:
        model = WorkingPractices
        fields = ["seen", *PracticesSerializer.Meta.fields[1:]]
        extra_kwargs = {name: {"required": False} for name in PracticesSerializer.Meta.fields[1:]}


class RiskFlagSerializer(TenantSerializer):
    organization = Reference()
    raised_by = Reference(read_only=True, allow_null=True)
    cleared_by = Reference(read_only=True, allow_null=True)
    related_reads = {"organization": visible_organizations}

    class Meta:
        model = RiskFlag
        fields = [
            "id",
            "organization",
            "kind",
            "note",
            "raised_on",
            "raised_by",
            "cleared_on",
            "cleared_by",
            "clearing_note",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["cleared_on", "clearing_note"]


class ClearingInput(serializers.Serializer):
    clearing_note = serializers.CharField(max_length=5000, help_text="Why the risk is no longer there.")


class RiskFlagViewSet(TenantViewSet):
    """Risks that somebody saw in organizations: open ones first, then the latest. A flag is cleared, never removed."""

    serializer_class = RiskFlagSerializer
    filterset_class = RiskFlagFilter
    reads = staticmethod(visible_risk_flags)
    writes = {"create": raise_risk_flag}
    sorting = {"raised_on": "raised_on", "created_at": "created_at"}
    clear = verb(clear_risk_flag, ClearingInput, subject="risk_flag", summary="Clear a risk flag")
