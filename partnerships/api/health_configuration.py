"""The settings of health over HTTP: every version, the one in force, and what another one would change."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.reports import QuestionViewSet, ReportViewSet
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet
from partnerships.actions.health_configuration import preview_health, publish_configuration
from partnerships.choices import Band
from partnerships.models import HealthConfiguration
from partnerships.queries.health_configuration import version_in_force, visible_configurations

SETTINGS = "All settings, as `health/config/in-force/` shows them; none may be left out."


class ConfigurationSerializer(TenantSerializer):
    settings = serializers.DictField(help_text=SETTINGS)
    seen = serializers.IntegerField(
        write_only=True, min_value=1, help_text="The version the settings were made from; an older one answers 409."
    )
    note = serializers.CharField(max_length=1_000, help_text="Why they change.")
    published_by = Reference(read_only=True)
    published_at = Moment(read_only=True)

    class Meta:
        model = HealthConfiguration
        fields = ["id", "version", "settings", "note", "seen", "published_at", "published_by"]
        read_only_fields = ["version"]


class ConfigurationViewSet(TenantViewSet):
    """The versions of the settings that the office has published, newest first. The built-in version 1 is not listed.

    A version is never changed. Publishing the next one has all scores computed anew.
    """

    serializer_class = ConfigurationSerializer
    reads = staticmethod(visible_configurations)
    writes = {"create": publish_configuration}
    sorting = {"version": "version", "published_at": "published_at"}
    singular, plural = "version of the health settings", "versions of the health settings"


class InForceSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    settings = serializers.DictField()
    note = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True, help_text="null: built in.")


class InForceViewSet(ReportViewSet):
    """The settings under which scores are computed now, the built-in ones where the office published none."""

    reads = staticmethod(version_in_force)
    serializer_class = InForceSerializer
    summary = "Get the health settings in force"


class PreviewInput(serializers.Serializer):
    settings = serializers.DictField(help_text=SETTINGS)


class ChangedSettingSerializer(serializers.Serializer):
    path = serializers.CharField(help_text="For example `half_lives.recency`.")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ShiftSerializer(serializers.Serializer):
    partnership_id = serializers.IntegerField()
    band_before = serializers.ChoiceField(choices=Band.choices)
    band_after = serializers.ChoiceField(choices=Band.choices)
    score_before = serializers.FloatField(allow_null=True)
    score_after = serializers.FloatField()


class PreviewSerializer(serializers.Serializer):
    changes = ChangedSettingSerializer(many=True)
    bands = serializers.SerializerMethodField()
    moving = ShiftSerializer(many=True, help_text="Who would change band, the largest change of score first.")

    def get_bands(self, preview) -> dict[str, list[int]]:
        """The number of partnerships by band, now and then."""
        return {band: [now, then] for band, now, then in preview.bands}


class PreviewViewSet(QuestionViewSet):
    """Everybody scored under other settings: who would change band. Nothing is stored."""

    writes = {"create": preview_health}
    inputs = PreviewInput
    serializer_class = PreviewSerializer
    summary = "See what other health settings would change"
