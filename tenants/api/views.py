"""Saved views of lists over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from tenants.actions.views import choose_default_view, edit_view, pin_view, save_view
from tenants.filters import ViewFilter
from tenants.models import SavedView
from tenants.queries.sharing import teams_of
from tenants.queries.views import visible_views


class ViewSerializer(TenantSerializer):
    list_code = serializers.CharField(
        max_length=40, help_text="The code of the list, such as `partners`. Stays as it was saved."
    )
    query = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Filter, `columns`, `sort`, `size` and `shape` as in the list's address; kept in canonical form.",
    )
    unit = Reference(required=False, allow_null=True, help_text="The team that sees it; a unit that you work in.")
    owner = Reference(read_only=True)
    is_pinned = serializers.BooleanField(read_only=True, help_text="By you.")
    is_default = serializers.BooleanField(read_only=True, help_text="For you.")
    may_change = serializers.BooleanField(read_only=True, help_text="Whether you may change it.")
    related_reads = {"unit": teams_of}

    class Meta:
        model = SavedView
        fields = [
            "id",
            "version",
            "list_code",
            "name",
            "query",
            "visibility",
            "unit",
            "owner",
            "is_pinned",
            "is_default",
            "may_change",
            "created_at",
            "updated_at",
        ]


class PinSerializer(serializers.Serializer):
    pinned = serializers.BooleanField(required=False, default=True)


class DefaultSerializer(serializers.Serializer):
    default = serializers.BooleanField(required=False, default=True)


class ViewViewSet(TenantViewSet):
    """The views of lists that you see: your own, those of your teams and the office's, by name."""

    serializer_class = ViewSerializer
    filterset_class = ViewFilter
    reads = staticmethod(visible_views)
    writes = {"create": save_view, "update": edit_view}
    subject = "view"
    singular, plural = "view", "views"
    sorting = {"name": "name", "created_at": "created_at", "updated_at": "updated_at"}
    pin = verb(
        pin_view,
        PinSerializer,
        subject="view",
        summary="Pin a view",
        description="Puts it into your rail, or takes it out with `pinned` false.",
    )
    default = verb(
        choose_default_view,
        DefaultSerializer,
        subject="view",
        summary="Open a list with a view",
        description="Your pages open the list with it, or with everything again when `default` is false.",
    )
