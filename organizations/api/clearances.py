"""Requests to contact people, over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from organizations.actions.clearances import (
    grant_clearance,
    refuse_clearance,
    request_clearance,
    withdraw_clearance,
)
from organizations.filters import ClearanceFilter
from organizations.models import Clearance
from organizations.queries.clearances import visible_clearances
from organizations.queries.contacts import visible_contacts
from organizations.rules.contacting import CLEARANCE_DAYS


class ClearanceSerializer(TenantSerializer):
    contact = Reference()
    requested_by = Reference(read_only=True)
    decided_by = Reference(read_only=True, allow_null=True)
    related_reads = {"contact": visible_contacts}

    class Meta:
        model = Clearance
        fields = [
            "id",
            "contact",
            "purpose",
            "state",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "valid_until",
        ]
        read_only_fields = ["state", "requested_at", "decided_at", "valid_until"]


class DaysInput(serializers.Serializer):
    days = serializers.ChoiceField(choices=CLEARANCE_DAYS, default=CLEARANCE_DAYS[0])


class ClearanceViewSet(TenantViewSet):
    """Who asked to contact people that a colleague keeps, and the answers, the latest first."""

    serializer_class = ClearanceSerializer
    filterset_class = ClearanceFilter
    reads = staticmethod(visible_clearances)
    writes = {"create": request_clearance}
    sorting = {"requested_at": "requested_at", "valid_until": "valid_until"}
    grant = verb(
        grant_clearance,
        DaysInput,
        subject="clearance",
        summary="Grant a request",
        description="Whoever keeps the person may, and managers; for 30 or 90 days.",
    )
    refuse = verb(refuse_clearance, subject="clearance", summary="Refuse a request")
    withdraw = verb(withdraw_clearance, subject="clearance", summary="Take one's own request back")
