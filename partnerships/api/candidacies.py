"""Candidates and matchings over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import LARGEST_VERSION, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from partnerships.actions.candidacies import add_candidacy, edit_candidacy, move_candidacy
from partnerships.actions.matching import accept_matching, run_matching
from partnerships.choices_talent import CandidateStatus, MatchSide
from partnerships.filters_talent import CandidacyFilter, MatchRunFilter
from partnerships.models import Candidacy, MatchRun
from partnerships.queries.candidacies import visible_candidacies
from partnerships.queries.matching import explained_matching, visible_matchings
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.queries.students import visible_students


class CandidacySerializer(TenantSerializer):
    position = Reference(named="title", help_text="Stays as it was added.")
    student = Reference(help_text="Stays as it was added.")
    matching = serializers.IntegerField(
        source="matching_id", read_only=True, allow_null=True, help_text="The matching that proposes it."
    )
    related_reads = {"position": visible_positions, "student": visible_students}

    class Meta:
        model = Candidacy
        fields = [
            "id",
            "version",
            "position",
            "student",
            "status",
            "partner_rank",
            "student_rank",
            "matching",
            "note",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["status"]
        extra_kwargs = {
            "partner_rank": {"min_value": 1, "max_value": 500, "help_text": "From 1; null: not ranked."},
            "student_rank": {"min_value": 1, "max_value": 500, "help_text": "From 1; null: not ranked."},
        }


class MoveCandidacyInput(serializers.Serializer):
    """Where a candidate goes."""

    status = serializers.ChoiceField(choices=CandidateStatus.choices)
    version = serializers.IntegerField(source="seen", required=False, min_value=1, max_value=LARGEST_VERSION)


class CandidacyViewSet(TenantViewSet):
    """Who is a candidate for what, as partners rank them."""

    serializer_class = CandidacySerializer
    filterset_class = CandidacyFilter
    reads = staticmethod(visible_candidacies)
    writes = {"create": add_candidacy, "update": edit_candidacy}
    subject = "candidacy"
    sorting = {
        "partner_rank": "partner_rank",
        "student_rank": "student_rank",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    move = verb(
        move_candidacy,
        MoveCandidacyInput,
        subject="candidacy",
        summary="Move a candidate along",
        description="There are never more offers than places; a student accepts one place in a program's term.",
    )


class MatchRunSerializer(TenantSerializer):
    program = Reference()
    proposes = serializers.ChoiceField(
        choices=MatchSide.choices, required=False, help_text="Whom the matching serves best: the side that proposes."
    )
    made_by = Reference(read_only=True)
    related_reads = {"program": visible_programs}

    class Meta:
        model = MatchRun
        fields = ["id", "program", "term", "proposes", "candidates", "matched", "made_at", "made_by"]
        read_only_fields = ["candidates", "matched", "made_at"]


REASONS = [
    ("full", "All places went to candidates ranked higher"),
    ("not_ranked", "It did not rank this student"),
    ("no_places", "It has no free place"),
]


class PassedSerializer(serializers.Serializer):
    position = serializers.IntegerField(source="position.pk", allow_null=True, default=None)
    rank = serializers.IntegerField()
    why = serializers.ChoiceField(choices=REASONS)


class MatchLineSerializer(serializers.Serializer):
    student = serializers.IntegerField(source="student.pk", allow_null=True, default=None)
    position = serializers.IntegerField(source="position.pk", allow_null=True, default=None)
    rank = serializers.IntegerField(allow_null=True, help_text="The student's own rank of what they got.")
    partner_rank = serializers.IntegerField(allow_null=True)
    passed = PassedSerializer(many=True)


class MatchExplanationSerializer(serializers.Serializer):
    """What each student got, and why nothing better."""

    is_stable = serializers.BooleanField(help_text="Nobody would rather have each other.")
    candidates = serializers.IntegerField()
    matched = serializers.IntegerField()
    unranked = serializers.IntegerField(help_text="Students who rank no position.")
    free = serializers.IntegerField(help_text="Places left.")
    lines = MatchLineSerializer(many=True)

    @classmethod
    def show(cls, found: object) -> dict:
        return cls(found).data


class MatchRunViewSet(TenantViewSet):
    """Matchings as they were made, latest first. Making one proposes; accepting it makes the offers."""

    serializer_class = MatchRunSerializer
    filterset_class = MatchRunFilter
    reads = staticmethod(visible_matchings)
    writes = {"create": run_matching}
    sorting = {"made_at": "made_at"}
    accept = verb(
        accept_matching,
        subject="matching",
        summary="Make the offers that a matching proposes",
        description="All or none; refused where places or candidates have changed since.",
    )
    explanation = part(explained_matching, MatchExplanationSerializer, summary="See what each student got, and why")
