"""Targets over the API."""

from rest_framework import serializers

from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from reporting.actions.targets import remove_target, set_target
from reporting.filters_targets import TargetFilter
from reporting.models import Target
from reporting.queries.targets import visible_targets


class TargetSerializer(TenantSerializer):
    measure = serializers.CharField(max_length=60, help_text="Question and figure, such as `health.at_risk`.")
    fiscal_year = serializers.IntegerField(min_value=1900, max_value=2200, help_text="Named by its last day.")
    value = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)

    class Meta:
        model = Target
        fields = ["id", "version", "measure", "fiscal_year", "value", "created_at", "updated_at"]
        validators: list[object] = []  # setting one again replaces it


class TargetViewSet(TenantViewSet):
    """What figures of reports should be, the latest year first. Setting one again replaces it."""

    serializer_class = TargetSerializer
    filterset_class = TargetFilter
    reads = staticmethod(visible_targets)
    writes = {"create": set_target, "delete": remove_target}
    subject = "target"
    sorting = {"fiscal_year": "fiscal_year", "measure": "measure"}
