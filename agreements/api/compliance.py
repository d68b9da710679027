"""Screenings, conflicts of interest and the register of NDAs over HTTP."""

from rest_framework import serializers

from agreements.actions.compliance import (
    add_conflict_plan,
    approve_conflict_plan,
    decide_screening,
    delete_conflict_plan,
    edit_conflict_plan,
    edit_screening,
    record_screening,
)
from agreements.api.documents import DocumentSerializer, ShareSerializer
from agreements.choices import ScreeningResult
from agreements.filters import ConflictPlanFilter, NdaFilter, ScreeningFilter
from agreements.models import Agreement, ConflictPlan, DocumentShare, Screening
from agreements.queries.agreements import visible_agreements
from agreements.queries.compliance import (
    given_under,
    received_under,
    visible_conflict_plans,
    visible_ndas,
    visible_screenings,
)
from core.rest.references import Reference, References
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.queries.organizations import visible_organizations
from tenants.queries.users import colleagues

DECIDED = [(each.value, each.label) for each in (ScreeningResult.FALSE_HIT, ScreeningResult.TRUE_HIT)]

WRITTEN = {"created_at": "created_at", "updated_at": "updated_at"}


class ScreeningSerializer(TenantSerializer):
    organization = Reference(help_text="Stays as it was recorded.")
    screened_by = Reference(read_only=True)
    related_reads = {"organization": visible_organizations}

    class Meta:
        model = Screening
        fields = [
            "id",
            "version",
            "organization",
            "screened_on",
            "lists",
            "result",
            "note",
            "valid_until",
            "screened_by",
            "created_at",
            "updated_at",
        ]


class DecisionInput(serializers.Serializer):
    result = serializers.ChoiceField(choices=DECIDED)
    note = serializers.CharField(max_length=10_000, help_text="Why; added to what was found.")


class ScreeningViewSet(TenantViewSet):
    """Comparisons of organizations with lists of restricted parties, latest first."""

    serializer_class = ScreeningSerializer
    filterset_class = ScreeningFilter
    reads = staticmethod(visible_screenings)
    writes = {"create": record_screening, "update": edit_screening}
    subject = "screening"
    sorting = {"screened_on": "screened_on", "valid_until": "valid_until", **WRITTEN}
    decide = verb(decide_screening, DecisionInput, subject="screening", summary="Decide whether a hit is true")


class ConflictPlanSerializer(TenantSerializer):
    agreement = Reference(named="reference", help_text="Stays as it was added.")
    member = Reference(help_text="Who has the interest. Stays as it was added.")
    approved_by = Reference(read_only=True)
    related_reads = {"agreement": visible_agreements, "member": colleagues}

    class Meta:
        model = ConflictPlan
        fields = [
            "id",
            "version",
            "agreement",
            "member",
            "interest",
            "plan",
            "approved_by",
            "approved_on",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["approved_on"]


class ConflictPlanViewSet(TenantViewSet):
    """Interests of colleagues in counterparties and how they are managed: your own; staff see everybody's."""

    serializer_class = ConflictPlanSerializer
    filterset_class = ConflictPlanFilter
    reads = staticmethod(visible_conflict_plans)
    writes = {"create": add_conflict_plan, "update": edit_conflict_plan, "delete": delete_conflict_plan}
    subject = "conflict_plan"
    sorting = WRITTEN
    approve = verb(
        approve_conflict_plan,
        subject="conflict_plan",
        summary="Approve the plan",
        description="Nobody approves the plan for their own interest. Changing it afterwards takes the approval away.",
    )


class NdaSerializer(TenantSerializer):
    organizations = References("parties", "organization", read_only=True)
    owner = Reference(read_only=True)

    class Meta:
        model = Agreement
        fields = [
            "id",
            "reference",
            "title",
            "kind",
            "status",
            "level",
            "organizations",
            "owner",
            "effective_on",
            "expires_on",
            "ended_on",
        ]
        read_only_fields = fields


class GivenSerializer(ShareSerializer):
    document = Reference(named="title", read_only=True)

    class Meta(ShareSerializer.Meta):
        model = DocumentShare
        fields = ["id", "document", *ShareSerializer.Meta.fields[1:]]


class NdaViewSet(TenantViewSet):
    """Executed agreements that are or contain an NDA, those that end first, first."""

    serializer_class = NdaSerializer
    filterset_class = NdaFilter
    reads = staticmethod(visible_ndas)
    singular, plural = "NDA", "NDAs"
    sorting = {"expires_on": "expires_on", "effective_on": "effective_on", "reference": "reference"}
    given = part(given_under, GivenSerializer, many=True, summary="List what was given out under it")
    received = part(
        received_under,
        DocumentSerializer,
        many=True,
        summary="List what was received under it",
        description="Exhibits and correspondence in its file that were never given out: to return when it ends.",
    )
