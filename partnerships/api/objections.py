"""Objections to health scores over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.health_objections import LONGEST, answer_objection, object_to_health
from partnerships.filters import ObjectionFilter
from partnerships.models import HealthObjection
from partnerships.queries.health_explanation import visible_objections
from partnerships.queries.partnerships import visible_partnerships


class AnswerSerializer(serializers.Serializer):
    """What was found, and what was done; it closes the objection."""

    answer = serializers.CharField(max_length=LONGEST)


class ObjectionSerializer(TenantSerializer):
    partnership = Reference(named="organization.name")
    written_by = Reference(read_only=True)
    answered_by = Reference(read_only=True)
    text = serializers.CharField(max_length=LONGEST)
    related_reads = {"partnership": visible_partnerships}

    class Meta:
        model = HealthObjection
        fields = [
            "id",
            "version",
            "partnership",
            "score",
            "band",
            "text",
            "written_by",
            "answer",
            "answered_by",
            "answered_at",
            "created_at",
        ]
        read_only_fields = ["score", "band", "answer", "answered_at", "created_at"]


class ObjectionViewSet(TenantViewSet):
    """What colleagues doubt about scores, open ones first. An objection changes no score."""

    serializer_class = ObjectionSerializer
    filterset_class = ObjectionFilter
    reads = staticmethod(visible_objections)
    writes = {"create": object_to_health}
    singular, plural = "objection to a health score", "objections to health scores"
    sorting = {"created_at": "created_at", "answered_at": "answered_at"}
    answer_objection = verb(answer_objection, AnswerSerializer, subject="objection", summary="Answer an objection")
