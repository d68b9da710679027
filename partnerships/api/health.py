"""Engagement health over HTTP: the present value with what makes it up, and the series of what was."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.serializers import Moment, TenantSerializer
from partnerships.choices import (
    Band,
    Channel,
    Direction,
    ImaginedDirection,
    ImaginedRecord,
    ImaginedRenewal,
    ImaginedTalent,
    InteractionKind,
    LedgerDirection,
    PointsState,
    ProjectSize,
    RatingScale,
)
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


class AsOfSerializer(serializers.Serializer):
    """The day to explain."""

    as_of = serializers.DateField(
        required=False,
        help_text="Explain the score of this day, from what is known now. Without it, that of today.",
    )


class ChangePartSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="A dimension, or `caps`.")
    points = serializers.FloatField()


class CapInForceSerializer(serializers.Serializer):
    code = serializers.CharField()
    limit = serializers.FloatField(help_text="The score cannot be higher while this holds.")
    fact = serializers.CharField(help_text="What brought it into force.")
    cure = serializers.CharField(help_text="What lifts it.")


class HelpSerializer(serializers.Serializer):
    code = serializers.CharField()
    words = serializers.CharField()
    gain = serializers.FloatField(help_text="Points that it brings, recomputed.")
    score_after = serializers.FloatField(source="after")


class PointsSerializer(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=PointsState.choices)
    got = serializers.FloatField()
    possible = serializers.FloatField()
    lost = serializers.FloatField()


class ExplanationSerializer(serializers.Serializer):
    """Why a score is what it is; numbers with one decimal, which add up as they stand."""

    as_of = serializers.DateField(help_text="The day explained, on the office's calendar.")
    config_version = serializers.IntegerField(source="config.version")
    score = serializers.FloatField(
        source="shown_score", allow_null=True, help_text="`null` where too little is known to judge."
    )
    band = serializers.ChoiceField(choices=Band.choices)
    confidence = serializers.FloatField(source="score.confidence")
    points = PointsSerializer(source="table.lines", many=True, help_text="Largest loss first.")
    held = serializers.FloatField(source="table.held", help_text="What caps take: 0 or less.")
    since = serializers.DateField(source="previous.as_of", default=None, help_text="What `change` compares with.")
    change = serializers.FloatField(source="change.points", default=None)
    change_parts = serializers.SerializerMethodField()
    words = serializers.ListField(child=serializers.CharField(), help_text="The score in sentences.")
    caps = CapInForceSerializer(many=True)
    what_would_help = HelpSerializer(source="help", many=True, help_text="At most three; best for the effort first.")
    collect = serializers.ListField(child=serializers.CharField(), help_text="What to record to know more.")

    @extend_schema_field(ChangePartSerializer(many=True))
    def get_change_parts(self, explanation: Any) -> list[dict[str, Any]]:
        parts = explanation.change.parts if explanation.change else ()
        return [{"code": code, "points": float(points)} for code, points in parts]


class HypotheticalSerializer(serializers.Serializer):
    """A record to imagine. Which fields it needs depends on its type."""

    type = serializers.ChoiceField(choices=ImaginedRecord.choices)
    kind = serializers.ChoiceField(
        choices=InteractionKind.choices, required=False, help_text="Of an interaction; needed."
    )
    direction = serializers.ChoiceField(
        choices=ImaginedDirection.choices,
        required=False,
        help_text="Of an interaction `I` or `O`, of a ledger entry `give` or `get`; the latter needs it.",
    )
    occurred_on = serializers.DateField(required=False, help_text="Of an interaction; the day explained without it.")
    contact = serializers.IntegerField(
        required=False, min_value=1, help_text="Of an interaction: whom of those in touch, or who decide."
    )
    somebody_new = serializers.BooleanField(required=False, help_text="Of an interaction: with somebody unknown yet.")
    decides = serializers.BooleanField(required=False, help_text="Of an interaction: whoever takes part decides.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text="Of a project; needed.")
    size = serializers.ChoiceField(choices=ProjectSize.choices, required=False, help_text="Of a project.")
    score = serializers.IntegerField(required=False, min_value=0, max_value=10, help_text="Of an evaluation; needed.")
    scale = serializers.ChoiceField(choices=RatingScale.choices, required=False, help_text="Of an evaluation.")
    progress = serializers.ChoiceField(
        choices=ImaginedRenewal.choices, required=False, help_text="Of a renewal of the main agreement; needed."
    )
    talent = serializers.ChoiceField(
        choices=ImaginedTalent.choices, required=False, help_text="Of talent: who moves; needed."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        sides = {"interaction": Direction.values, "ledger_entry": LedgerDirection.values}.get(data["type"])
        if "direction" in data and sides is not None and data["direction"] not in sides:
            raise serializers.ValidationError({"direction": [_("Choose any of %s.") % ", ".join(sides)]})
        return data


class WhatIfSerializer(serializers.Serializer):
    """Records that are not there."""

    records = HypotheticalSerializer(many=True, min_length=1, max_length=20)
    as_of = serializers.DateField(required=False)


class DifferenceSerializer(serializers.Serializer):
    code = serializers.CharField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    change = serializers.FloatField()


class ImaginedScoreSerializer(serializers.Serializer):
    score = serializers.FloatField()
    raw = serializers.FloatField()
    confidence = serializers.FloatField()
    band = serializers.ChoiceField(choices=Band.choices)
    caps = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_caps(self, score: Any) -> list[str]:
        return [cap.code for cap in score.caps]


class ImaginedSerializer(serializers.Serializer):
    """The score as it is and as it would be, at full precision; by dimension with one decimal."""

    before = ImaginedScoreSerializer()
    after = ImaginedScoreSerializer()
    dimensions = DifferenceSerializer(many=True)


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
    explanation = ExplanationSerializer(read_only=True)

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
            "explanation",
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
