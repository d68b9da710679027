"""Handovers over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from partnerships.actions.handovers import (
    cancel_handover,
    choose_successors,
    finish_handover,
    refresh_handover,
    start_handover,
)
from partnerships.filters import HandoverFilter
from partnerships.models import Handover, HandoverItem
from partnerships.queries.handovers import lines_of, visible_handovers
from tenants.queries.users import colleagues, everybody

MOST_LINES = 1000


class HandoverSerializer(TenantSerializer):
    member = Reference(help_text="Who leaves, or has left.")
    started_by = Reference(read_only=True)
    lines = serializers.IntegerField(read_only=True, help_text="How many things are handed over.")
    named = serializers.IntegerField(read_only=True, help_text="How many of them have a successor.")
    finished_at = Moment(read_only=True)
    related_reads = {"member": everybody}

    class Meta:
        model = Handover
        fields = [
            "id",
            "version",
            "member",
            "last_day",
            "note",
            "status",
            "lines",
            "named",
            "started_by",
            "finished_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["status"]


class LineSerializer(TenantSerializer):
    """Exactly one of the references says what the line is about."""

    partnership = Reference(named="organization.name", read_only=True)
    role = Reference(named="role", read_only=True)
    opportunity = Reference(named="title", read_only=True)
    followup = Reference(named="title", read_only=True)
    contact = Reference(read_only=True)
    successor = Reference(read_only=True)
    settled_at = Moment(read_only=True)

    class Meta:
        model = HandoverItem
        fields = ["id", "partnership", "role", "opportunity", "followup", "contact", "successor", "settled_at"]


class SuccessorsSerializer(serializers.Serializer):
    """Who takes over, and what."""

    successor = Reference(allow_null=True, help_text="A colleague; null takes the name away.")
    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=MOST_LINES,
        help_text="Ids of lines; left out: every line that has no successor.",
    )
    related_reads = {"successor": colleagues}


class HandoverViewSet(TenantViewSet):
    """What leaving colleagues carry, and who takes over; open ones first."""

    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    reads = staticmethod(visible_handovers)
    writes = {"create": start_handover}
    sorting = {"last_day": "last_day", "created_at": "created_at"}
    items = part(lines_of, LineSerializer, many=True, summary="List what is handed over")
    choose_successors = verb(
        choose_successors, SuccessorsSerializer, subject="handover", summary="Name a successor for lines"
    )
    refresh = verb(refresh_handover, subject="handover", summary="Bring the list up to date")
    finish = verb(
        finish_handover,
        subject="handover",
        summary="Hand everything over",
        description="All or nothing; refused with 409 while a line has no successor or the list is out of date.",
    )
    cancel = verb(cancel_handover, subject="handover", summary="Cancel a handover")
