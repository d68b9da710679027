"""Follow-ups over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.followups import (
    add_followup,
    complete_followup,
    edit_followup,
    reopen_followup,
    snooze_followup,
)
from partnerships.filters import FollowUpFilter
from partnerships.models import FollowUp
from partnerships.queries.followups import visible_followups
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.users import colleagues


class FollowUpSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text="Stays as it was added.")
    origin = Reference(
        named="kind",
        required=False,
        allow_null=True,
        help_text="The interaction it was promised in; empty too where you may not read that. Stays as it was added.",
    )
    opportunity = Reference(named="title", required=False, allow_null=True)
    assignee = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    related_reads = {
        "partnership": visible_partnerships,
        "origin": visible_interactions,
        "opportunity": visible_opportunities,
        "assignee": colleagues,
    }

    class Meta:
        model = FollowUp
        fields = [
            "id",
            "version",
            "partnership",
            "origin",
            "opportunity",
            "title",
            "due_on",
            "assignee",
            "snoozed_until",
            "done_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["snoozed_until", "done_at"]


class SnoozeInput(serializers.Serializer):
    until = serializers.DateField(help_text="The day on which it comes back to Today.")


class FollowUpViewSet(TenantViewSet):
    """What is to be done and was done, open ones first. One promised in a confidential talk is there for its people."""

    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilter
    reads = staticmethod(visible_followups)
    writes = {"create": add_followup, "update": edit_followup}
    subject = "followup"
    sorting = {"due_on": "due_on", "created_at": "created_at", "updated_at": "updated_at", "done_at": "done_at"}
    complete = verb(complete_followup, subject="followup", summary="Tick off")
    reopen = verb(reopen_followup, subject="followup", summary="Take the tick back")
    snooze = verb(snooze_followup, SnoozeInput, subject="followup", summary="Hide from Today until a day")
