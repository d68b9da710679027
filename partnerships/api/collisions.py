"""Who else was in touch with a partner lately, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.serializers import Moment, TenantSerializer, moment
from partnerships.models import Partnership


class ContactingSerializer(serializers.Serializer):
    who = serializers.CharField(help_text="The unit, or the colleague where there is none.")
    at = Moment(help_text="When they were last in touch.")


@extend_schema_field(ContactingSerializer(many=True))
class Others(serializers.Field):
    """Units and colleagues, latest first."""

    def shower(self):
        return lambda row: [{"who": each.who, "at": moment(each.at)} for each in row.others]

    def to_representation(self, value: Any) -> Any:
        raise NotImplementedError("Others are shown by their serializer")


class CollisionsSerializer(TenantSerializer):
    others = Others(read_only=True)
    hidden = serializers.IntegerField(read_only=True, help_text="Contacts that you may know of and not read.")

    class Meta:
        model = Partnership
        fields = ["others", "hidden"]
