"""The institution's units over HTTP."""

from core.rest.references import Reference, References
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from tenants.actions.units import create_unit, edit_unit
from tenants.filters import UnitFilter
from tenants.models import Unit
from tenants.queries.units import visible_units
from tenants.queries.users import everybody


class UnitSerializer(TenantSerializer):
    parent = Reference(required=False, allow_null=True, help_text="What it is part of; null: the institution itself.")
    members = References("members", "member", required=False, help_text="Who works in it. An update replaces all.")
    related_reads = {"parent": visible_units, "members": everybody}

    class Meta:
        model = Unit
        fields = ["id", "version", "name", "code", "kind", "parent", "closed_on", "members", "created_at", "updated_at"]
        extra_kwargs = {"closed_on": {"help_text": "A unit is closed, never deleted; null opens it again."}}


class UnitViewSet(TenantViewSet):
    """Faculties, departments, centers and offices of the institution, by name, with who works in them."""

    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    reads = staticmethod(visible_units)
    writes = {"create": create_unit, "update": edit_unit}
    subject = "unit"
    sorting = {"name": "name", "code": "code", "created_at": "created_at", "updated_at": "updated_at"}
