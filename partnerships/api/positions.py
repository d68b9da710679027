"""Programs and positions over HTTP: open to everybody; how many compete for a place, staff alone learn."""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.rest.references import Reference, References
from core.rest.serializers import LARGEST_VERSION, TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from organizations.queries.contacts import visible_contacts
from partnerships.actions.candidacies import rank_candidates
from partnerships.actions.positions import (
    approve_position,
    close_position,
    create_position,
    create_talent_program,
    delete_position,
    delete_talent_program,
    edit_position,
    edit_talent_program,
    reopen_position,
    return_position,
    submit_position,
)
from partnerships.choices_talent import ApproverRole
from partnerships.filters_talent import PositionFilter, ProgramFilter
from partnerships.models import Position, TalentProgram
from partnerships.queries.candidacies import visible_candidacies
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.queries.projects import visible_projects
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues

STAFF_ONLY = "Null to whoever may not see candidates."


class VersionInput(serializers.Serializer):
    """The version that was looked at; a later one refuses."""

    version = serializers.IntegerField(source="seen", required=False, min_value=1, max_value=LARGEST_VERSION)


class ReasonedInput(VersionInput):
    """The same, and why; kept in the history."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Roles(serializers.ListField):
    child = serializers.ChoiceField(choices=ApproverRole.choices)


class ProgramSerializer(TenantSerializer):
    unit = Reference(required=False, allow_null=True)
    coordinator = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    approvers = Roles(required=False, max_length=4, help_text="Who approves its placements, in order, each once.")
    related_reads = {"unit": visible_units, "coordinator": colleagues}

    class Meta:
        model = TalentProgram
        fields = [
            "id",
            "version",
            "name",
            "kind",
            "unit",
            "coordinator",
            "approvers",
            "approval_days",
            "closed_on",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {"approval_days": {"min_value": 1, "max_value": 90}}


class ProgramViewSet(TenantViewSet):
    """The office's talent programs by name."""

    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter
    reads = staticmethod(visible_programs)
    writes = {"create": create_talent_program, "update": edit_talent_program, "delete": delete_talent_program}
    subject = "program"
    sorting = {"name": "name", "created_at": "created_at", "updated_at": "updated_at"}


class SupervisorReference(Reference):
    """Shown where the read found that the actor may see people, else null."""

    def shower(self):
        shown = super().shower()
        allowed = attrgetter("shows_people")

        def show(row: Any) -> dict[str, Any] | None:
            return shown(row) if allowed(row) else None

        return show


class PositionSerializer(TenantSerializer):
    program = Reference(help_text="Stays as it was created.")
    partnership = Reference(named="organization.name", help_text="Stays as it was created.")
    project = Reference(
        named="title", required=False, allow_null=True, help_text="One in which the partner takes part."
    )
    supervisor = SupervisorReference(
        required=False, allow_null=True, help_text="A contact; null to whoever may not see people."
    )
    academic_lead = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    candidates = serializers.IntegerField(read_only=True, allow_null=True, help_text=STAFF_ONLY)
    taken = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=f"Places offered or accepted. {STAFF_ONLY}"
    )
    related_reads = {
        "program": visible_programs,
        "partnership": visible_partnerships,
        "project": visible_projects,
        "supervisor": visible_contacts,
        "academic_lead": colleagues,
    }

    class Meta:
        model = Position
        fields = [
            "id",
            "version",
            "program",
            "partnership",
            "project",
            "title",
            "description",
            "learning_goals",
            "status",
            "term",
            "starts_on",
            "ends_on",
            "apply_by",
            "openings",
            "candidates",
            "taken",
            "hours_per_week",
            "credit",
            "is_paid",
            "pay",
            "currency",
            "place",
            "location",
            "supervisor",
            "academic_lead",
            "needs_nda",
            "assigns_ip",
            "needs_work_permit",
            "external_id",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["status"]
        extra_kwargs = {
            "currency": {"required": False, "help_text": "ISO 4217. Default: the office's."},
            "pay": {"min_value": 0, "help_text": "An hour, as a decimal number in text; null: not known."},
            "credit": {"min_value": 0},
            "is_paid": {"help_text": "null: not known."},
        }


class RankingInput(serializers.Serializer):
    """The candidacies in order, the best first; those left out are not ranked."""

    order = References("candidacies", "candidacy", help_text="Ids of candidacies, the best first.")
    related_reads = {"order": visible_candidacies}


class PositionViewSet(TenantViewSet):
    """What partners offer, the latest start first."""

    serializer_class = PositionSerializer
    filterset_class = PositionFilter
    reads = staticmethod(visible_positions)
    writes = {"create": create_position, "update": edit_position, "delete": delete_position}
    subject = "position"
    sorting = {
        "title": "title",
        "partner": "partnership__organization__name_key",
        "starts_on": "starts_on",
        "apply_by": "apply_by",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    submit = verb(submit_position, VersionInput, subject="position", summary="Ask for a position to be approved")
    approve = verb(approve_position, VersionInput, subject="position", summary="Approve and post a position")
    send_back = verb(return_position, ReasonedInput, subject="position", summary="Send a position back as a draft")
    close = verb(close_position, VersionInput, subject="position", summary="Take no more applications")
    reopen = verb(reopen_position, VersionInput, subject="position", summary="Post a closed position again")

    rank = verb(
        rank_candidates,
        RankingInput,
        subject="position",
        summary="Record how the partner ranks the candidates",
        description="The whole list at once. Who is not ranked is not matched.",
    )
