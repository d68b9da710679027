"""Engagement health over HTTP: the present value with what makes it up, and the series of what was."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.serializers import Moment, TenantSerializer
from partnerships.models import HealthSnapshot, PartnershipHealth
from partnerships.rules.health import DIMENSIONS

MEASURES = ("applicable", "score", "coverage", "weight", "points", "lost", "details")
ORDER = [dimension.code for dimension in DIMENSIONS]


class DimensionSerializer(serializers.Serializer):
    code = serializers.CharField()
    applicable = serializers.BooleanField(help_text="Whether this is measured for this partner at all.")
    score = serializers.FloatField(allow_null=True, help_text="0 to 1; null: nothing is known.")
    coverage = serializers.FloatField(help_text="0 to 1: how much of what it asks is known.")
    weight = serializers.FloatField(help_text="Its weight in the full formula, 0 to 1.")
    points = serializers.FloatField(help_text="What it adds to the score; with `lost` over all dimensions 100.")
    lost = serializers.FloatField(help_text="What it could add and does not.")
    details = serializers.DictField(help_text="What it was computed from.")


class CapSerializer(serializers.Serializer):
    code = serializers.CharField()
    limit = serializers.FloatField(help_text="The score cannot be higher while this holds.")


@extend_schema_field(DimensionSerializer(many=True))
class Dimensions(serializers.Field):
    """The dimensions of a snapshot in the formula's own order, those of other versions after them."""

    def __init__(self, snapshot: str = "", **kwargs):
        super().__init__(read_only=True, **kwargs)
        self.snapshot = snapshot

    def shower(self):
        def show(row: Any) -> list[dict[str, Any]]:
            snapshot = getattr(row, self.snapshot) if self.snapshot else row
            if snapshot is None:
                return []
            stored = snapshot.dimensions
            codes = [code for code in ORDER if code in stored] + sorted(stored.keys() - set(ORDER))
            return [{"code": code, **{name: stored[code].get(name) for name in MEASURES}} for code in codes]

        return show


@extend_schema_field(CapSerializer(many=True))
class Caps(Dimensions):
    """What held the score down, as code and limit."""

    def shower(self):
        def show(row: Any) -> list[dict[str, Any]]:
            snapshot = getattr(row, self.snapshot) if self.snapshot else row
            return [{"code": code, "limit": limit} for code, limit in (snapshot.caps if snapshot else [])]

        return show


class SnapshotSerializer(TenantSerializer):
    dimensions = Dimensions()
    caps = Caps()

    class Meta:
        model = HealthSnapshot
        fields = [
            "id",
            "as_of",
            "computed_at",
            "config_version",
            "raw",
            "score",
            "confidence",
            "band",
            "dimensions",
            "caps",
        ]


class HealthSerializer(TenantSerializer):
    as_of = serializers.DateField(
        source="snapshot.as_of", read_only=True, allow_null=True, help_text="The day the dimensions describe."
    )
    config_version = serializers.IntegerField(source="snapshot.config_version", read_only=True, allow_null=True)
    explained_score = serializers.FloatField(
        source="snapshot.score",
        read_only=True,
        allow_null=True,
        help_text="What dimensions and caps add up to on `as_of`; `score` may have decayed a little since.",
    )
    dimensions = Dimensions("snapshot")
    caps = Caps("snapshot")

    class Meta:
        model = PartnershipHealth
        fields = [
            "score",
            "band",
            "confidence",
            "previous_score",
            "previous_band",
            "changed_at",
            "last_contact_at",
            "computed_at",
            "as_of",
            "config_version",
            "explained_score",
            "dimensions",
            "caps",
        ]


class PresentHealthSerializer(TenantSerializer):
    """What a partnership's own answer says of its health."""

    computed_at = Moment(read_only=True)

    class Meta:
        model = PartnershipHealth
        fields = [
            "score",
            "band",
            "confidence",
            "previous_score",
            "previous_band",
            "changed_at",
            "last_contact_at",
            "computed_at",
        ]
        read_only_fields = fields
