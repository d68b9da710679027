"""Opportunities and their moves over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import LARGEST_VERSION, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.needs import visible_needs
from partnerships.actions.opportunities import create_opportunity, edit_opportunity, move_opportunity
from partnerships.choices import LossReason
from partnerships.filters import OpportunityFilter
from partnerships.models import Opportunity, OpportunityMove
from partnerships.queries.opportunities import opportunities_in_full, visible_moves
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.stages import visible_stages
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues


class OpportunitySerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text="Stays as it was created.")
    stage = Reference(required=False, help_text="Where it begins; afterwards move it. Default: the first open stage.")
    meaning = serializers.CharField(source="stage.meaning", read_only=True, help_text="What its stage means.")
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    unit = Reference(required=False, allow_null=True)
    need = Reference(named="title", required=False, allow_null=True, help_text="A need of the partner's organization.")
    capability = Reference(named="title", required=False, allow_null=True)
    related_reads = {
        "partnership": visible_partnerships,
        "stage": visible_stages,
        "owner": colleagues,
        "unit": visible_units,
        "need": visible_needs,
        "capability": visible_capabilities,
    }

    class Meta:
        model = Opportunity
        fields = [
            "id",
            "version",
            "partnership",
            "title",
            "description",
            "channel",
            "lead_source",
            "stage",
            "meaning",
            "stage_since",
            "value",
            "currency",
            "probability",
            "expected_close_on",
            "next_step",
            "next_step_on",
            "owner",
            "unit",
            "need",
            "capability",
            "loss_reason",
            "loss_note",
            "closed_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["stage_since", "closed_at"]
        extra_kwargs = {
            "currency": {"required": False, "help_text": "ISO 4217. Default: the office's."},
            "value": {"help_text": "A decimal number as text; null: not known."},
            "probability": {"help_text": "In percent; null: that of the stage."},
            "loss_reason": {"help_text": "Only for one that is lost, and then needed."},
        }


class MoveInput(serializers.Serializer):
    """Where an opportunity goes, and what that stage asks for."""

    stage = Reference(help_text="A stage in use, another than the present one.")
    version = serializers.IntegerField(source="seen", required=False, min_value=1, max_value=LARGEST_VERSION)
    loss_reason = serializers.ChoiceField(
        choices=LossReason.choices, required=False, help_text="Needed for a lost stage."
    )
    loss_note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    value = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, min_value=0, help_text="The amount as agreed."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    related_reads = {"stage": visible_stages}


class MoveSerializer(TenantSerializer):
    from_stage = Reference(read_only=True, help_text="null: it began here.")
    to_stage = Reference(read_only=True)
    moved_by = Reference(read_only=True)

    class Meta:
        model = OpportunityMove
        fields = ["id", "from_stage", "to_stage", "moved_at", "moved_by", "seconds_before", "note"]
        read_only_fields = fields
        extra_kwargs = {"seconds_before": {"help_text": "How long it stood in the stage before."}}


class OpportunityViewSet(TenantViewSet):
    """The office's opportunities, those with the nearest next step first."""

    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    reads = staticmethod(opportunities_in_full)
    writes = {"create": create_opportunity, "update": edit_opportunity}
    subject = "opportunity"
    sorting = {
        "title": "title",
        "partner": "partnership__organization__name_key",
        "stage": "stage__position",
        "stage_since": "stage_since",
        "value": "value",
        "next_step_on": "next_step_on",
        "expected_close_on": "expected_close_on",
        "closed_at": "closed_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    move = verb(
        move_opportunity,
        MoveInput,
        subject="opportunity",
        summary="Move an opportunity to another stage",
        description="Any stage in use may follow any other. A won or lost stage closes the opportunity, any other one "
        "opens it again. `version`, where given, must be the present one.",
    )
    moves = part(
        visible_moves,
        MoveSerializer,
        many=True,
        summary="List the moves of an opportunity",
        description="From where, to where, when, by whom and after how many seconds, newest first.",
    )
