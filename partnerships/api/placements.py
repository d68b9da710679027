"""Placements over HTTP, for those who may see who is placed where."""

from operator import attrgetter
from typing import Any

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from organizations.queries.contacts import visible_contacts
from partnerships.actions.placements import (
    ask_evaluations,
    begin_placement,
    cancel_placement,
    check_placement,
    complete_placement,
    create_placement,
    edit_placement,
    end_placement,
    name_approvers,
    record_approval,
    record_hire,
    record_placement_evaluation,
    record_return_offer,
    resend_evaluation,
    resume_placement,
    submit_placement,
)
from partnerships.api.positions import VersionInput
from partnerships.choices_talent import ApproverRole, Decision, EvaluatorSide, ReturnOffer
from partnerships.filters_talent import PlacementFilter
from partnerships.models import Placement, PlacementApproval, PlacementEvaluation
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import visible_placements
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.queries.projects import visible_projects
from partnerships.queries.students import visible_students
from tenants.queries.users import colleagues

DECIDED = [(each.value, each.label) for each in (Decision.APPROVED, Decision.REFUSED)]
AFTER_BOTH = "Null until both sides have answered."


class ApprovalSerializer(TenantSerializer):
    class Meta:
        model = PlacementApproval
        fields = ["order", "role", "name", "email", "asked_at", "due_on", "decision", "decided_at", "note"]
        read_only_fields = fields


class AfterBoth:
    """Mixin of a field that is shown when both sides have answered, else null."""

    def shower(self):
        value_of, represent = attrgetter(self.source), self.to_representation

        def show(row: PlacementEvaluation) -> Any:
            value = value_of(row) if row.both_answered else None
            return None if value is None else represent(value)

        return show


class ScoreAfterBoth(AfterBoth, serializers.IntegerField):
    pass


class WordsAfterBoth(AfterBoth, serializers.CharField):
    pass


class PlacementEvaluationSerializer(TenantSerializer):
    rating = ScoreAfterBoth(read_only=True, allow_null=True, help_text=f"1 to 5. {AFTER_BOTH}")
    meaningful_work = ScoreAfterBoth(read_only=True, allow_null=True, help_text=f"1 to 5. {AFTER_BOTH}")
    development = ScoreAfterBoth(read_only=True, allow_null=True, help_text=f"1 to 5. {AFTER_BOTH}")
    comment = WordsAfterBoth(read_only=True, allow_null=True, help_text=AFTER_BOTH)

    class Meta:
        model = PlacementEvaluation
        fields = [
            "side",
            "asked_at",
            "due_on",
            "undelivered_at",
            "answered_at",
            "rating",
            "meaningful_work",
            "development",
            "comment",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "undelivered_at": {"help_text": "When its mail was given up; null while it is wanted, or was sent."}
        }


class PlacementSerializer(TenantSerializer):
    student = Reference(help_text="Stays as it was requested.")
    partnership = Reference(
        named="organization.name", required=False, help_text="Left out: that of the position. Stays."
    )
    program = Reference(required=False, help_text="Left out: that of the position. Stays.")
    position = Reference(named="title", required=False, allow_null=True, help_text="Stays as it was requested.")
    project = Reference(named="title", required=False, allow_null=True)
    supervisor = Reference(required=False, allow_null=True, help_text="Somebody who works at the partner.")
    academic_lead = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    approvals = ApprovalSerializer(many=True, read_only=True)
    evaluations = PlacementEvaluationSerializer(many=True, read_only=True)
    related_reads = {
        "student": visible_students,
        "partnership": visible_partnerships,
        "program": visible_programs,
        "position": visible_positions,
        "project": visible_projects,
        "supervisor": visible_contacts,
        "academic_lead": colleagues,
    }

    class Meta:
        model = Placement
        fields = [
            "id",
            "version",
            "student",
            "partnership",
            "program",
            "position",
            "project",
            "status",
            "starts_on",
            "ends_on",
            "hours_per_week",
            "credit",
            "is_paid",
            "pay",
            "currency",
            "supervisor",
            "academic_lead",
            "learning_goals",
            "review_reason",
            "checked_on",
            "check_note",
            "ended_on",
            "end_reason",
            "return_offer",
            "approvals",
            "evaluations",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "status",
            "review_reason",
            "checked_on",
            "check_note",
            "ended_on",
            "end_reason",
            "return_offer",
        ]
        extra_kwargs = {
            "currency": {"required": False, "help_text": "ISO 4217. Default: the position's, or the office's."},
            "pay": {"min_value": 0, "help_text": "An hour, as a decimal number in text; null: not known."},
            "credit": {"min_value": 0},
        }


class ApproverInput(serializers.Serializer):
    role = serializers.ChoiceField(choices=ApproverRole.choices)
    name = serializers.CharField(max_length=200)
    email = serializers.EmailField()


class ApproversInput(serializers.Serializer):
    """Who approves, in order."""

    approvers = ApproverInput(many=True, max_length=8)


class ApprovalDecisionInput(VersionInput):
    """What the approver whose turn it is has decided."""

    decision = serializers.ChoiceField(choices=DECIDED)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, help_text="Needed for a refusal.")


class CheckInput(VersionInput):
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class PlacementAnswersInput(serializers.Serializer):
    """What one side answered."""

    side = serializers.ChoiceField(choices=EvaluatorSide.choices)
    rating = serializers.IntegerField(min_value=1, max_value=5)
    meaningful_work = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    development = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    comment = serializers.CharField(max_length=5_000, required=False, allow_blank=True)


class SideInput(serializers.Serializer):
    """Which side."""

    side = serializers.ChoiceField(choices=EvaluatorSide.choices)


class EndInput(VersionInput):
    why = serializers.CharField(max_length=300)
    ended_on = serializers.DateField(required=False, help_text="Left out: today.")


class OfferInput(VersionInput):
    offer = serializers.ChoiceField(choices=ReturnOffer.choices)


class HireInput(VersionInput):
    occurred_on = serializers.DateField(required=False, help_text="Left out: today.")


class PlacementViewSet(TenantViewSet):
    """Who is placed where, the latest start first, with approvals and evaluations."""

    serializer_class = PlacementSerializer
    filterset_class = PlacementFilter
    reads = staticmethod(visible_placements)
    writes = {"create": create_placement, "update": edit_placement}
    subject = "placement"
    sorting = {
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    approvers = verb(name_approvers, ApproversInput, subject="placement", summary="Name who approves, in order")
    submit = verb(
        submit_placement,
        VersionInput,
        subject="placement",
        summary="Send a placement round for approval",
        description="The first approver gets a link by e-mail, the next one after that.",
    )
    approval = verb(
        record_approval, ApprovalDecisionInput, subject="placement", summary="Record an approval on somebody's behalf"
    )
    resume = verb(resume_placement, VersionInput, subject="placement", summary="Resume a placement after its review")
    begin = verb(begin_placement, VersionInput, subject="placement", summary="Say that it has begun")
    check = verb(check_placement, CheckInput, subject="placement", summary="Record the mid-term check")
    ask = verb(ask_evaluations, subject="placement", summary="Ask both sides for their evaluations")
    resend = verb(
        resend_evaluation,
        SideInput,
        subject="placement",
        summary="Send one side a new link to evaluate",
        description="For a side whose mail could not be delivered, or whose link is lost. Its earlier links stop "
        "working; the other side's stays good.",
    )
    evaluation = verb(
        record_placement_evaluation, PlacementAnswersInput, subject="placement", summary="Record what one side answered"
    )
    complete = verb(complete_placement, VersionInput, subject="placement", summary="Complete a placement")
    end = verb(end_placement, EndInput, subject="placement", summary="End a placement early")
    cancel = verb(cancel_placement, VersionInput, subject="placement", summary="Cancel one that has not begun")
    offer = verb(record_return_offer, OfferInput, subject="placement", summary="Record an offer to return")
    hire = verb(
        record_hire,
        HireInput,
        subject="placement",
        summary="Record a hire after a placement",
        description="A talent event of one person, linked to the placement, and the offer as accepted.",
    )
