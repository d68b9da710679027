"""Colleagues over HTTP."""

from rest_framework import serializers

from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from tenants.filters import MemberFilter
from tenants.models import Membership
from tenants.queries.users import visible_members


class MemberSerializer(TenantSerializer):
    id = serializers.IntegerField(
        source="user_id", read_only=True, help_text="What `owner`, `members` and `logged_by` refer to."
    )
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "role", "job_title", "joined_at", "ended_at"]
        read_only_fields = fields


class MemberViewSet(TenantViewSet):
    """Who works here or did, by name. Roles are changed on the pages, not here."""

    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    reads = staticmethod(visible_members)
    lookup_column = "user_id"
    singular, plural = "member", "members"
    sorting = {"name": "user__name", "joined_at": "joined_at"}
