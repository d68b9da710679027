"""Alerts of health over HTTP: read, put off, dealt with. They are raised and ended by the computation alone."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.health_alerts import (
    LONGEST_NOTE,
    settle_health_alert,
    snooze_health_alert,
    wake_health_alert,
)
from partnerships.alert_wording import alert_words, numbers_of
from partnerships.filters import AlertFilter
from partnerships.models import HealthAlert
from partnerships.queries.health_alerts import visible_alerts


@extend_schema_field(serializers.CharField(help_text="What it tells, as of today."))
class Words(serializers.Field):
    """The alert as a sentence."""

    def shower(self):
        return lambda row: alert_words(row, timezone.localdate())


@extend_schema_field(serializers.DictField(help_text="The numbers in the sentence, as of today."))
class Numbers(serializers.Field):
    """The numbers behind the sentence."""

    def shower(self):
        return lambda row: numbers_of(row, timezone.localdate())


class SnoozeAlertInput(serializers.Serializer):
    """The day on which it comes back."""

    until = serializers.DateField(required=False, help_text="Without it, in 30 days.")


class SettleInput(serializers.Serializer):
    """What was done about it; its rule then keeps quiet about this partner for 30 days."""

    end_note = serializers.CharField(max_length=LONGEST_NOTE)


class AlertSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", read_only=True)
    routed_to = Reference(read_only=True, help_text="The owner, else the deputy; null where there is neither.")
    ended_by = Reference(read_only=True, help_text="Null when it ended because it was no longer true.")
    words = Words(read_only=True)
    numbers = Numbers(read_only=True)

    class Meta:
        model = HealthAlert
        fields = [
            "id",
            "version",
            "partnership",
            "rule",
            "words",
            "numbers",
            "raised_on",
            "routed_to",
            "quiet_until",
            "ended_at",
            "ended_by",
            "end",
            "end_note",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["rule", "raised_on", "quiet_until", "ended_at", "end", "end_note"]


class AlertViewSet(TenantViewSet):
    """What the office should know about the health of its partners: open alerts first, then those put off or ended."""

    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    reads = staticmethod(visible_alerts)
    singular, plural = "alert of health", "alerts of health"
    sorting = {"raised_on": "raised_on", "ended_at": "ended_at", "updated_at": "updated_at"}
    snooze = verb(snooze_health_alert, SnoozeAlertInput, subject="alert", summary="Put an alert off until a day")
    wake = verb(wake_health_alert, subject="alert", summary="Take back an alert that was put off")
    settle = verb(settle_health_alert, SettleInput, subject="alert", summary="Say that an alert was dealt with")
