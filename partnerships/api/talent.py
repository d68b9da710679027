"""Talent events and the overview of talent over HTTP."""

from typing import Any

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.reports import ReportViewSet
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from partnerships.actions.talent import add_talent_event, delete_talent_event, edit_talent_event
from partnerships.filters_talent import TalentEventFilter
from partnerships.models import TalentEvent
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import visible_placements
from partnerships.queries.positions import visible_programs
from partnerships.queries.talent import talent_pipeline, visible_talent_events


class TalentEventSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text="Stays as it was added.")
    program = Reference(required=False, allow_null=True)
    placement = Reference(
        named="partnership.organization.name",
        required=False,
        allow_null=True,
        help_text="The placement that led to it, called by its partner.",
    )
    related_reads = {
        "partnership": visible_partnerships,
        "program": visible_programs,
        "placement": visible_placements,
    }

    class Meta:
        model = TalentEvent
        fields = [
            "id",
            "version",
            "partnership",
            "kind",
            "program",
            "placement",
            "occurred_on",
            "people",
            "title",
            "note",
            "external_id",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {"people": {"min_value": 1, "max_value": 100_000}}


class TalentEventViewSet(TenantViewSet):
    """Hires, guest lectures, career fairs and the like, latest first."""

    serializer_class = TalentEventSerializer
    filterset_class = TalentEventFilter
    reads = staticmethod(visible_talent_events)
    writes = {"create": add_talent_event, "update": edit_talent_event, "delete": delete_talent_event}
    subject = "event"
    sorting = {
        "occurred_on": "occurred_on",
        "people": "people",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }


class PipelineInputs(serializers.Serializer):
    year = serializers.IntegerField(
        required=False, min_value=1900, max_value=2200, help_text="Left out: all; for who sees counts alone, this one."
    )
    exact = serializers.BooleanField(
        required=False, default=False, help_text="Show small counts; for whoever may see the people."
    )


class ConversionSerializer(serializers.Serializer):
    eligible = serializers.IntegerField()
    offer_rate = serializers.FloatField(allow_null=True)
    acceptance_rate = serializers.FloatField(allow_null=True)
    rate = serializers.FloatField(allow_null=True)


class CountsSerializer(serializers.Serializer):
    """null: not shown, because it is small or would give a small one away."""

    contacted = serializers.IntegerField(source="contacted.value", allow_null=True)
    interns = serializers.IntegerField(source="interns.value", allow_null=True)
    capstones = serializers.IntegerField(source="capstones.value", allow_null=True)
    doctorates = serializers.IntegerField(source="doctorates.value", allow_null=True)
    hires = serializers.IntegerField(source="hires.value", allow_null=True)
    offers = serializers.IntegerField(source="offers.value", allow_null=True)


class PipelineRowSerializer(serializers.Serializer):
    partnership = serializers.SerializerMethodField()
    counts = CountsSerializer(source="cells")
    conversion = ConversionSerializer(allow_null=True)

    def get_partnership(self, row: Any) -> dict[str, Any]:
        return {"id": row.partnership_id, "name": row.name}


class PipelineSerializer(serializers.Serializer):
    year = serializers.IntegerField(allow_null=True)
    exact = serializers.BooleanField()
    smallest = serializers.IntegerField(help_text="Counts from 1 up to below this one are not shown.")
    totals = CountsSerializer()
    conversion = ConversionSerializer(allow_null=True)
    rows = PipelineRowSerializer(many=True)


class PipelineViewSet(ReportViewSet):
    """What moves between the office and each partner, as counts.

    Counts from 1 to 4 are null, and so is what would give one away. Percentages of fewer than 5 are null.
    """

    reads = staticmethod(talent_pipeline)
    inputs = PipelineInputs
    serializer_class = PipelineSerializer
    summary = "Count talent by partner"
