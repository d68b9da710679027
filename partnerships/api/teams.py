"""Roles in partnerships over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.contacts import visible_contacts
from partnerships.actions.teams import add_team_member, edit_team_member
from partnerships.filters import TeamFilter
from partnerships.models import TeamMember
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.teams import visible_team
from tenants.queries.units import visible_units
from tenants.queries.users import everybody


class TeamMemberSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text="Stays as it was created.")
    member = Reference(required=False, allow_null=True, help_text="A colleague; stays as it was created.")
    contact = Reference(
        required=False, allow_null=True, help_text="Somebody of the partner or its group; stays as it was created."
    )
    unit = Reference(required=False, allow_null=True)
    has_left = serializers.BooleanField(read_only=True, help_text="Whether the person is gone while the role stands.")
    related_reads = {
        "partnership": visible_partnerships,
        "member": everybody,
        "contact": visible_contacts,
        "unit": visible_units,
    }

    class Meta:
        model = TeamMember
        fields = [
            "id",
            "version",
            "partnership",
            "member",
            "contact",
            "role",
            "unit",
            "days_per_month",
            "started_on",
            "ended_on",
            "has_left",
            "created_at",
            "updated_at",
        ]


class TeamMemberViewSet(TenantViewSet):
    """Who carries a partnership on either side, with dates: either a colleague or a contact, in one role.

    A present `owner` of ours and the partnership's `owner` are one: changing either changes both.
    """

    serializer_class = TeamMemberSerializer
    filterset_class = TeamFilter
    reads = staticmethod(visible_team)
    writes = {"create": add_team_member, "update": edit_team_member}
    subject = "team_member"
    sorting = {"started_on": "started_on", "created_at": "created_at", "updated_at": "updated_at"}
