"""IP and the rights granted in it over HTTP."""

from rest_framework import serializers

from agreements.actions.assets import (
    add_grant,
    create_ip_asset,
    delete_grant,
    delete_ip_asset,
    disclose_ip_asset,
    edit_grant,
    edit_ip_asset,
)
from agreements.choices import Exclusivity
from agreements.filters import GrantFilter, IpAssetFilter
from agreements.models import Grant, IpAsset
from agreements.queries.agreements import visible_agreements
from agreements.queries.assets import freedom_of, grants_of_asset, visible_grants, visible_ip_assets
from core.rest.references import Reference
from core.rest.reports import ReportViewSet
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from organizations.queries.organizations import visible_organizations
from tenants.queries.units import visible_units
from tenants.queries.users import colleagues

WRITTEN = {"created_at": "created_at", "updated_at": "updated_at"}


class IpAssetSerializer(TenantSerializer):
    unit = Reference(required=False, allow_null=True)
    lead = Reference(required=False, allow_null=True, help_text="Who handles it; left out when adding: you.")
    related_reads = {"unit": visible_units, "lead": colleagues}

    class Meta:
        model = IpAsset
        fields = [
            "id",
            "version",
            "reference",
            "title",
            "kind",
            "level",
            "public_summary",
            "text",
            "unit",
            "lead",
            "created_at",
            "updated_at",
        ]


class DiscloseInput(serializers.Serializer):
    organization = Reference()
    agreement = Reference(
        named="reference", required=False, help_text="Where to keep what was told, when there is no NDA."
    )
    override_reason = serializers.CharField(
        required=False, max_length=1000, help_text="Why without an NDA in force; a manager's word."
    )
    related_reads = {"organization": visible_organizations, "agreement": visible_agreements}


class GrantSerializer(TenantSerializer):
    agreement = Reference(named="reference", help_text="Stays as it was added.")
    asset = Reference(
        source="seen_asset",
        named="title",
        required=False,
        allow_null=True,
        help_text="Empty: all results; empty too where you may not read the IP.",
    )
    fields_of_use = serializers.ListField(
        source="fields", child=serializers.CharField(max_length=120), required=False, help_text="Empty: all."
    )
    territories = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, help_text="ISO country codes; empty: everywhere."
    )
    related_reads = {"agreement": visible_agreements, "asset": visible_ip_assets}

    class Meta:
        model = Grant
        fields = [
            "id",
            "version",
            "agreement",
            "asset",
            "kind",
            "exclusivity",
            "fields_of_use",
            "territories",
            "starts_on",
            "ends_on",
            "created_at",
            "updated_at",
        ]

    def to_internal_value(self, data: object) -> dict:
        values = super().to_internal_value(data)
        if "seen_asset" in values:
            values["asset"] = values.pop("seen_asset")
        return values


class IpAssetViewSet(TenantViewSet):
    """IP that you may read, by reference. It is restricted unless somebody said otherwise."""

    serializer_class = IpAssetSerializer
    filterset_class = IpAssetFilter
    reads = staticmethod(visible_ip_assets)
    writes = {"create": create_ip_asset, "update": edit_ip_asset, "delete": delete_ip_asset}
    subject = "ip_asset"
    singular, plural = "piece of IP", "IP"
    sorting = {"reference": "reference", "title": "title", **WRITTEN}
    disclose = verb(
        disclose_ip_asset,
        DiscloseInput,
        subject="ip_asset",
        summary="Disclose its description to an organization",
        description="Under the NDA in force, or with a manager's reason. What was told is kept word for word.",
    )
    grants = part(grants_of_asset, GrantSerializer, many=True, summary="List rights granted in it")


class GrantViewSet(TenantViewSet):
    """Rights that agreements which you may read grant, newest first."""

    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    reads = staticmethod(visible_grants)
    writes = {"create": add_grant, "update": edit_grant, "delete": delete_grant}
    subject = "grant"
    singular, plural = "right granted", "rights granted"
    sorting = {"starts_on": "starts_on", "ends_on": "ends_on", **WRITTEN}


class FreedomInput(serializers.Serializer):
    asset = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    exclusivity = serializers.ChoiceField(choices=Exclusivity.choices, default=Exclusivity.EXCLUSIVE)
    fields_of_use = serializers.CharField(
        source="fields", required=False, max_length=2000, help_text="Separated by semicolons; empty: all."
    )
    territories = serializers.CharField(
        required=False, max_length=400, help_text="ISO country codes separated by commas; empty: everywhere."
    )
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)

    def validate(self, attrs: dict) -> dict:
        for name, sign in (("fields", ";"), ("territories", ",")):
            if name in attrs:
                attrs[name] = [word.strip() for word in attrs[name].split(sign) if word.strip()]
        return attrs


class CollisionSerializer(serializers.Serializer):
    agreement = serializers.SerializerMethodField(help_text="Its id, empty where you may not read it.")
    words = serializers.CharField()

    def get_agreement(self, collision) -> int | None:
        return None if collision.agreement is None else collision.agreement.pk


class FreedomSerializer(serializers.Serializer):
    free = serializers.BooleanField()
    conflicts = CollisionSerializer(many=True)


class FreedomViewSet(ReportViewSet):
    """Whether a license of a piece of IP could be granted beside all rights that stand, and what is in its way."""

    reads = staticmethod(freedom_of)
    serializer_class = FreedomSerializer
    summary = "Check whether a right could be granted"
    inputs = FreedomInput
