"""Partnerships and their health over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, part, question, verb
from organizations.queries.organizations import visible_organizations
from partnerships.actions.partnerships import (
    accept_stage,
    accept_tier,
    create_partnership,
    delete_partnership,
    edit_partnership,
    keep_stage,
    keep_tier,
)
from partnerships.api.collisions import CollisionsSerializer
from partnerships.api.health import (
    AsOfSerializer,
    HealthSerializer,
    ImaginedSerializer,
    PresentHealthSerializer,
    SnapshotSerializer,
    WhatIfSerializer,
)
from partnerships.filters import PartnershipFilter, SnapshotFilter
from partnerships.models import Partnership
from partnerships.queries.collisions import collisions
from partnerships.queries.health import visible_snapshots
from partnerships.queries.health_explanation import explained_health
from partnerships.queries.health_whatif import imagine_for
from partnerships.queries.merges import merged_partnership
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.units import open_units
from tenants.queries.users import colleagues


class ReasonSerializer(serializers.Serializer):
    """Why; kept in the history."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class NeededReasonSerializer(serializers.Serializer):
    """Why it stays; kept in the history."""

    reason = serializers.CharField(max_length=300)


class PartnershipSerializer(TenantSerializer):
    organization = Reference(help_text="Stays as it was created.")
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    unit = Reference(required=False, allow_null=True, help_text="The unit that leads.")
    health = PresentHealthSerializer(read_only=True)
    related_reads = {"organization": visible_organizations, "owner": colleagues, "unit": open_units}

    class Meta:
        model = Partnership
        fields = [
            "id",
            "version",
            "organization",
            "stage_declared",
            "stage_suggested",
            "tier",
            "tier_suggested",
            "status",
            "owner",
            "unit",
            "money_expected",
            "talent_expected",
            "next_review_on",
            "summary",
            "started_on",
            "health",
            "created_at",
            "updated_at",
        ]


class PartnershipViewSet(TenantViewSet):
    """The office's partnerships by organization's name, with their present health."""

    serializer_class = PartnershipSerializer
    filterset_class = PartnershipFilter
    reads = staticmethod(visible_partnerships)
    writes = {"create": create_partnership, "update": edit_partnership, "delete": delete_partnership}
    subject = "partnership"
    moved = staticmethod(merged_partnership)
    sorting = {
        "name": "organization__name_key",
        "score": "health__score",
        "last_contact_at": "health__last_contact_at",
        "changed_at": "health__changed_at",
        "started_on": "started_on",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    accept_stage = verb(accept_stage, ReasonSerializer, subject="partnership", summary="Accept the suggested stage")
    keep_stage = verb(keep_stage, NeededReasonSerializer, subject="partnership", summary="Keep the declared stage")
    accept_tier = verb(accept_tier, ReasonSerializer, subject="partnership", summary="Accept the suggested tier")
    keep_tier = verb(keep_tier, NeededReasonSerializer, subject="partnership", summary="Keep the given tier")
    collisions = part(
        collisions,
        CollisionsSerializer,
        summary="See who else was in touch lately",
        description="Units and colleagues in touch with the partner in the last 30 days, without what was said.",
    )
    health = part(
        explained_health,
        HealthSerializer,
        summary="Get the present health",
        description="Score, band and confidence as of now, and the dimensions that make up the latest computation. "
        "Everything is empty and the band `insufficient` until the first one, seconds after the partnership is made. "
        "`explanation` is computed anew for today or the day asked for.",
        query=AsOfSerializer,
    )
    health_what_if = question(
        imagine_for,
        WhatIfSerializer,
        ImaginedSerializer,
        path="health/what-if",
        summary="See what records would do to the score",
        description="The score is computed again as if these were recorded. Nothing is written.",
    )
    health_snapshots = part(
        visible_snapshots,
        SnapshotSerializer,
        many=True,
        summary="List the health there was",
        description="Every computed score that was kept, newest first; a snapshot never changes.",
        filterset_class=SnapshotFilter,
    )
